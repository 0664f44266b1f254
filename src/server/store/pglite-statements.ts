// Statements of the PGlite thread, prepared once and run many times: taking a statement apart, adding the rules of row level
// security to it and describing it costs several times what running it does. Each run is planned anew with its own values and
// the tables as they are now (a plan made while they were empty would stay for ever: nothing here analyses tables). The
// number of prepared statements is bounded; whichever was not run for longest goes.
import { protocol, type PGlite } from '@electric-sql/pglite';
import type { SqlValue } from '#server/store/database.ts';

const MOST_STATEMENTS = 300;
const { serialize, messages } = protocol;

interface Column {
  readonly name: string;
  readonly parse: (value: string) => unknown;
}

interface Statement {
  readonly name: string;
  readonly serializers: readonly ((value: SqlValue) => string)[];
  readonly columns: readonly Column[];
}

export interface PgliteStatements {
  /** Errors of the engine come as they are. */
  run(sql: string, params: readonly SqlValue[]): Promise<readonly object[]>;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

const asText = (value: SqlValue): string => String(value);

export function createPgliteStatements(db: PGlite): PgliteStatements {
  const prepared = new Map<string, Statement>();
  let lastNumber = 0;
  let toClose: readonly Uint8Array[] = [];

  function parserOf(oid: number): Column['parse'] {
    const parse = db.parsers[oid];
    return parse === undefined ? (value) => value : (value) => parse(value, oid) as unknown;
  }

  async function prepare(sql: string): Promise<Statement> {
    lastNumber += 1;
    const name = `s${String(lastNumber)}`;
    const described = await db.execProtocol(
      join([
        ...toClose,
        serialize.parse({ name, text: sql }),
        serialize.describe({ type: 'S', name }),
        serialize.sync(),
      ]),
    );
    toClose = [];
    let serializers: Statement['serializers'] = [];
    let columns: readonly Column[] = [];
    for (const message of described.messages) {
      if (message instanceof messages.ParameterDescriptionMessage)
        serializers = message.dataTypeIDs.map(
          (oid) => (db.serializers[oid] as Statement['serializers'][number]) ?? asText,
        );
      if (message instanceof messages.RowDescriptionMessage)
        columns = message.fields.map((field) => ({ name: field.name, parse: parserOf(field.dataTypeID) }));
    }
    return { name, serializers, columns };
  }

  async function find(sql: string): Promise<Statement> {
    const known = prepared.get(sql);
    const statement = known ?? (await prepare(sql));
    prepared.delete(sql);
    prepared.set(sql, statement);
    const [oldest] = prepared;
    if (prepared.size > MOST_STATEMENTS && oldest !== undefined) {
      prepared.delete(oldest[0]);
      toClose = [...toClose, serialize.close({ type: 'S', name: oldest[1].name })];
    }
    return statement;
  }

  function toRow(columns: readonly Column[], values: readonly (string | null)[]): object {
    return Object.fromEntries(
      columns.map(({ name, parse }, index) => {
        const value = values[index] ?? null;
        return [name, value === null ? null : parse(value)];
      }),
    );
  }

  return {
    async run(sql, params) {
      const { name, serializers, columns } = await find(sql);
      const values = params.map((value, index) => (value === null ? null : (serializers[index] ?? asText)(value)));
      const answer = await db.execProtocol(
        join([serialize.bind({ statement: name, values }), serialize.execute({}), serialize.sync()]),
      );
      return answer.messages.flatMap((message) =>
        message instanceof messages.DataRowMessage ? [toRow(columns, message.fields)] : [],
      );
    },
  };
}
