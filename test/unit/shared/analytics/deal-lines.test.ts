import { describe, expect, it } from 'vitest';
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import { missingFields } from '#shared/analytics/check-pivot.ts';
import { valueOfLine } from '#shared/analytics/deal-lines.ts';
import { createPivots } from '#shared/analytics/pivots.ts';
import type { PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { entities } from '#shared/entities/registry.ts';
import { pivotFieldsOf } from '#shared/analytics/pivot-fields.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { toDay } from '#shared/kernel/calendar.ts';
import { createSeededRandom, type SeededRandom } from '#shared/kernel/seeded-random.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import { openDuckDb, toSql } from '../../../support/duckdb/open-duckdb.ts';
import { cellOf, rowKeys } from '../../../support/read-pivot.ts';

const at = '2026-01-02T03:04:05.000Z';

function record(kind: EntityName, id: string, values: Readonly<Record<string, unknown>>): LocalRecord {
  const envelope = { id, kind, rev: 1, ownerId: null, teamId: null, createdAt: at, createdBy: null, updatedAt: at };
  return { ...envelope, updatedBy: null, pending: [], ...values };
}

const line = (productId: string | null, quantity: number, unitPrice: number, discountPercent = 0) => ({
  productId,
  quantity,
  unitPrice,
  discountPercent,
});

function put(mirror: RecordMirror, records: readonly LocalRecord[]): void {
  mirror.change(records.map((after) => ({ entity: after.kind, id: after.id, after })));
}

const pivotsOf = (mirror: RecordMirror) => createPivots({ source: mirror, today: () => '2026-01-05' }, toDay);

const total = { kind: 'field', id: 'total', aggregation: 'sum', field: 'lines.total' } as const;
const count = { kind: 'field', id: 'n', aggregation: 'count' } as const;
const ofLines = (more: Partial<PivotSpec>): PivotSpec => ({
  source: 'dealLine',
  rows: [],
  columns: [],
  values: [count, total],
  ...more,
});

const world = [
  record('product', 'p1', { name: 'Pump', family: 'machines' }),
  record('product', 'p2', { name: 'Valve', family: 'parts' }),
  record('account', 'a1', { name: 'Acme', industry: 'retail' }),
  record('deal', 'd1', {
    currency: 'EUR',
    status: 'won',
    accountId: 'a1',
    amount: 1,
    closeDate: '2026-02-01',
    lines: [line('p1', 2, 100), line('p2', 3, 999, 12.5), line('p1', 1, 50)],
  }),
  record('deal', 'd2', { currency: 'EUR', status: 'open', amount: 5, lines: [line('p2', 1, 7)] }),
  record('deal', 'd3', { currency: 'EUR', status: 'open', amount: 5, lines: [] }),
  record('deal', 'd4', { currency: 'EUR', status: 'open', amount: 5, lines: 'gone wrong' }),
];

describe('CRM-17 the lines of deals as a source', () => {
  it('CRM-17 ANA-15 a line counts by itself, with its product and with everything its deal has', () => {
    const mirror = createRecordMirror();
    put(mirror, world);
    const spec = ofLines({
      rows: [{ field: 'lines.productId.family' }, { field: 'lines.productId' }],
      columns: [{ field: 'accountId.industry' }, { field: 'status' }],
    });
    const { result, labels } = pivotsOf(mirror).answer({ spec }).value;
    expect(rowKeys(result)).toEqual(['', 'machines', 'machines › p1', 'parts', 'parts › p2']);
    expect(labels['p1']).toBe('Pump');
    expect(cellOf(result, ['machines', 'p1'], ['retail', 'won'], 'total')).toBe(250);
    expect(cellOf(result, ['parts'], [], 'total')).toBe(2622 + 7);
    expect(cellOf(result, [], [], 'n')).toBe(4);
    expect(result.records).toBe(4);
  });

  it('CRM-17 the total of a line is exact to the minor unit, halves away from zero, whatever the decimals', () => {
    const of = (quantity: number, unitPrice: number, discountPercent = 0) => {
      const one = line('p', quantity, unitPrice, discountPercent);
      return [valueOfLine(one, 'total'), valueOfLine(one, 'discount')];
    };
    expect(of(3, 999, 12.5)).toEqual([2622, 375]);
    expect(of(1.005, 1000)).toEqual([1005, 0]);
    expect(of(0.5, 1)).toEqual([1, 0]);
    expect(of(1, 5, 10)).toEqual([5, 0]);
    expect(of(1.1, 1.1e9, 0.1)).toEqual([1_208_790_000, 1_210_000]);
    expect(of(1e-7, 5_000_000)).toEqual([1, 0]);
    expect(of(-1, 5, 50)).toEqual([-3, -2]);
    expect(of(2, 100, 100)).toEqual([0, 200]);
    expect(valueOfLine({ ...line('p', 1, 1), quantity: null }, 'total')).toBeNull();
  });

  it('CRM-17 ANA-11 follows a deal, a product, a rate; every cell leads to its deals', () => {
    const mirror = createRecordMirror();
    put(mirror, world);
    const pivots = pivotsOf(mirror);
    const spec = ofLines({ rows: [{ field: 'lines.productId.family' }] });
    const answer = () => pivots.answer({ spec }).value;
    answer();
    const of = (row: readonly string[]) => cellOf(answer().result, row, [], 'total');
    put(mirror, [record('deal', 'd3', { currency: 'EUR', lines: [line('p1', 1, 1000), line('p2', 1, 1)] })]);
    expect([of(['machines']), of(['parts'])]).toEqual([1250, 2630]);
    expect([...pivots.recordsOf({ spec, row: ['machines'], column: [] })].sort()).toEqual(['d1', 'd3']);
    put(mirror, [record('product', 'p2', { name: 'Valve', family: 'machines' })]);
    expect(of(['machines'])).toBe(3880);
    mirror.change([{ entity: 'deal', id: 'd1', after: undefined }]);
    expect(of(['machines'])).toBe(1008);
    put(mirror, [record('deal', 'd2', { currency: 'USD', closeDate: '2026-01-01', lines: [line('p2', 1, 7)] })]);
    expect([of(['machines']), answer().withoutRate]).toEqual([1001, { USD: 1 }]);
    const rate = { currency: 'USD', homeCurrency: 'EUR', day: '2025-12-31', rate: '0.5' };
    put(mirror, [record('exchangeRate', 'r1', rate)]);
    expect([of(['machines']), answer().withoutRate]).toEqual([1005, {}]);
  });

  it('CRM-17 whoever does not see lines, products or amounts is asked for none of what tells them', () => {
    const spec = ofLines({
      rows: [{ field: 'lines.productId.family' }],
      values: [total, { kind: 'field', id: 'q', aggregation: 'sum', field: 'lines.quantity' }],
    });
    const all = Object.fromEntries(Object.keys(entities.deal.fields).map((field) => [field, 'view'] as const));
    const hiding = (field: string): FieldPolicy => ({ deal: { ...all, [field]: 'hidden' } });
    expect(missingFields(spec, hiding('lines'))).toEqual(['lines.productId.family', 'lines.total', 'lines.quantity']);
    expect(missingFields(spec, hiding('amount'))).toEqual(['lines.total']);
    expect(missingFields(spec, hiding('productIds'))).toEqual(['lines.productId.family']);
    expect(missingFields(spec, hiding('currency'))).toEqual(['lines.total']);
    expect(missingFields(spec, hiding('name'))).toEqual([]);
  });

  it('CRM-17 ANA-15 offers the fields of the line, of its product and of its deal', () => {
    const paths = pivotFieldsOf('dealLine', entities).map(({ path }) => path);
    const some = ['lines.productId', 'lines.productId.family', 'lines.total', 'stageId', 'accountId.industry'];
    expect(paths).toEqual(expect.arrayContaining([...some, 'ownerId.teamId', 'closeDate']));
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('ANA-13 on a past day deals are what they were, and lines those of today, which is said', () => {
    const mirror = createRecordMirror();
    put(mirror, world);
    const spec = ofLines({ rows: [{ field: 'status' }], asOf: '2026-01-03' });
    const { result, past } = pivotsOf(mirror).answer({ spec }).value;
    expect(past?.ofToday).toEqual(['lines']);
    expect(cellOf(result, [], [], 'n')).toBe(4);
  });

  it('CRM-17 ANA-15 every cell is what DuckDB makes of the unnested lines, and stays so with every change', async () => {
    const connection = await openDuckDb();
    for (let seed = 1; seed <= 10; seed += 1) {
      const random = createSeededRandom(seed);
      const mirror = createRecordMirror();
      const deals = new Map<string, LocalRecord>();
      const change = (id: string): void => {
        const after = random.chance(0.15) ? undefined : randomDeal(random, id);
        if (after === undefined) deals.delete(id);
        else deals.set(id, after);
        mirror.change([{ entity: 'deal', id, after }]);
      };
      for (let step = 0; step < 40; step += 1) change(`d${String(random.integer(0, 50))}`);
      const fields = random.pick([
        ['lines.productId', 'status', 'tags'],
        ['status', 'lines.productId'],
        ['tags', 'lines.quantity'],
      ]);
      const isFiltered = random.chance(0.5);
      const spec = ofLines({
        rows: fields.map((field) => ({ field })),
        values: [
          count,
          total,
          { kind: 'field', id: 'q', aggregation: 'sum', field: 'lines.quantity' },
          { kind: 'field', id: 'p', aggregation: 'distinct', field: 'lines.productId' },
        ],
        ...(isFiltered ? { filter: { field: 'lines.discountPercent', op: 'gt', value: 0 } } : {}),
      });
      const pivots = pivotsOf(mirror);
      for (let step = 0; step < 6; step += 1) {
        const { result } = pivots.answer({ spec }).value;
        const cells = await ask(fields, [...deals.values()], isFiltered);
        expect({ seed, step, cells: cellsOf(result) }).toEqual({ seed, step, cells });
        for (let more = 0; more < 4; more += 1) change(`d${String(random.integer(0, 50))}`);
      }
    }

    async function ask(fields: readonly string[], deals: readonly LocalRecord[], isFiltered: boolean) {
      await connection.run(
        'create or replace table d (status VARCHAR, tags VARCHAR[], lines STRUCT(product VARCHAR, hundredths BIGINT, price BIGINT, discount BIGINT)[])',
      );
      if (deals.length > 0) await connection.run(`insert into d values ${deals.map(toRow).join(', ')}`);
      const cells: Record<string, readonly (number | null)[]> = {};
      for (let depth = 0; depth <= fields.length; depth += 1) {
        const by = fields.slice(0, depth).map((field) => keys[field] ?? field);
        const each = by.includes('tag')
          ? ', unnest(case when len(tags) = 0 then [null] else list_distinct(tags) end) t(tag)'
          : '';
        const sum = 'sum((hundredths * price * (1000 - discount) + 50000) // 100000)';
        const reader = await connection.runAndReadAll(
          `select ${[...by, 'count(*)', sum, 'sum(hundredths)', 'count(distinct product)'].join(', ')}
           from (select status, tags, unnest(lines, recursive := true) from d)${each}
           ${isFiltered ? 'where discount > 0' : ''} ${by.length === 0 ? '' : `group by ${by.join(', ')}`}`,
        );
        for (const values of reader.getRowsJson()) {
          const [n, money, hundredths, products] = values.slice(depth).map((value) => Number(value ?? 0));
          const path = values.slice(0, depth).map((value) => (typeof value === 'string' ? value : null));
          if (n !== 0) cells[JSON.stringify(path)] = [n ?? 0, money ?? 0, (hundredths ?? 0) / 100, products ?? 0];
        }
      }
      return cells;
    }
  });
});

const keys: Readonly<Record<string, string>> = {
  'lines.productId': 'product',
  'lines.quantity': "regexp_replace((hundredths / 100)::varchar, '\\.0$', '')",
  tags: 'tag',
};

function randomDeal(random: SeededRandom, id: string): LocalRecord {
  const lines = Array.from({ length: random.integer(0, 4) }, () =>
    line(
      random.chance(0.1) ? null : random.pick(['p1', 'p2', 'p3']),
      random.integer(1, 300) / 100,
      random.integer(1, 99_999),
      random.chance(0.5) ? 0 : random.integer(1, 999) / 10,
    ),
  );
  const tags = ['new', 'big', 'hot'].filter(() => random.chance(0.4));
  return record('deal', id, { currency: 'EUR', status: random.pick(['open', 'won', 'lost']), tags, lines });
}

function toRow({ status, tags, lines }: LocalRecord): string {
  const list = (tags as readonly string[]).map(toSql).join(', ');
  const rows = (lines as readonly ReturnType<typeof line>[]).map(
    ({ productId, quantity, unitPrice, discountPercent }) => {
      const hundredths = String(Math.round(quantity * 100));
      const product = productId === null ? 'null' : toSql(productId);
      const discount = String(Math.round(discountPercent * 10));
      return `{'product': ${product}, 'hundredths': ${hundredths}, 'price': ${String(unitPrice)}, 'discount': ${discount}}`;
    },
  );
  const structs = `[${rows.join(', ')}]::STRUCT(product VARCHAR, hundredths BIGINT, price BIGINT, discount BIGINT)[]`;
  return `(${toSql(String(status))}, [${list}]::VARCHAR[], ${structs})`;
}

function cellsOf({ rows, cells, values }: PivotResult): Record<string, readonly (number | null)[]> {
  const found: Record<string, readonly (number | null)[]> = {};
  for (const [row, { path }] of rows.entries()) {
    const own = cells.subarray(row * values.length, (row + 1) * values.length);
    if ((own[0] ?? 0) > 0) found[JSON.stringify(path)] = [...own];
  }
  return found;
}
