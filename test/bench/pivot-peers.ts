// The peers of the pivot, each asked in its own words, with the deals loaded before: DuckDB with closed lists as enums and with
// texts, in memory on all cores; Arquero with plain columns.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import * as aq from 'arquero';
import { DEAL_COUNT, dimensionFields, textsOf, type PivotDeals } from '#test/bench/pivot-deals.ts';

/** Sum, count and average by the values of the four fields. */
export type PeerCells = ReadonlyMap<string, readonly [number, number, number]>;

export interface PivotPeer {
  readonly name: string;
  readonly form: 'enum' | 'text' | 'arquero';
  /** Works the cells out; done when they can be read as plain values. */
  run(): Promise<unknown>;
  read(): Promise<PeerCells>;
  close(): void;
}

export function openPivotPeer(form: PivotPeer['form'], deals: PivotDeals): Promise<PivotPeer> {
  return form === 'arquero' ? Promise.resolve(openArquero(deals)) : openDuckDb(form, deals);
}

async function openDuckDb(form: 'enum' | 'text', deals: PivotDeals): Promise<PivotPeer> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await loadDuckDb(connection, form, deals);
  const fields = dimensionFields.join(', ');
  const query = `select ${fields}, sum(amount), count(*), avg(amount) from deals group by ${fields}`;
  return {
    name: `DuckDB, ${form === 'enum' ? 'enums' : 'texts'}`,
    form,
    run: async () => (await connection.runAndReadAll(query)).getColumnsJS(),
    async read() {
      const answer = await connection.runAndReadAll(query);
      return toCells(answer.getRowsJS());
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function loadDuckDb(connection: DuckDBConnection, form: 'enum' | 'text', deals: PivotDeals): Promise<void> {
  await connection.run(
    `create table raw (${dimensionFields.map((field) => `${field} varchar`).join(', ')}, amount bigint)`,
  );
  const appender = await connection.createAppender('raw');
  const texts = dimensionFields.map((field) =>
    textsOf(deals.codes[field] ?? { kind: 'codes', codes: new Int32Array(0), values: [] }),
  );
  for (let slot = 0; slot < DEAL_COUNT; slot += 1) {
    for (const column of texts) appender.appendVarchar(column[slot] ?? '');
    appender.appendBigInt(BigInt(deals.amounts[slot] ?? 0));
    appender.endRow();
  }
  appender.closeSync();
  const casts: string[] = [];
  for (const field of dimensionFields) {
    if (form === 'enum') await connection.run(`create type ${field}_list as enum (select distinct ${field} from raw)`);
    casts.push(form === 'enum' ? `${field}::${field}_list as ${field}` : field);
  }
  await connection.run(`create table deals as select ${casts.join(', ')}, amount from raw`);
  await connection.run('drop table raw');
}

function openArquero(deals: PivotDeals): PivotPeer {
  const texts = dimensionFields.map((field) => {
    const column = deals.codes[field];
    return [field, column === undefined ? [] : textsOf(column)] as const;
  });
  const table = aq.table({ ...Object.fromEntries(texts), amount: deals.amounts });
  const run = (): aq.ColumnTable =>
    table
      .groupby(...dimensionFields)
      .rollup({ sum: aq.op.sum('amount'), count: aq.op.count(), average: aq.op.mean('amount') });
  return {
    name: 'Arquero',
    form: 'arquero',
    run: () => Promise.resolve(run()),
    read: () =>
      Promise.resolve(
        toCells(
          run()
            .objects()
            .map((row) => Object.values(row) as unknown[]),
        ),
      ),
    close() {
      // Its columns are arrays.
    },
  };
}

function toCells(rows: readonly (readonly unknown[])[]): PeerCells {
  const at = dimensionFields.length;
  return new Map(
    rows.map((row) => [
      row.slice(0, at).join(' '),
      [Number(row[at]), Number(row[at + 1]), Number(row[at + 2])] as const,
    ]),
  );
}
