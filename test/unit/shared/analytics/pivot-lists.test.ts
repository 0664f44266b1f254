import { describe, expect, it } from 'vitest';
import { isPivotSpec } from '#shared/analytics/check-pivot.ts';
import { firstSpecOf } from '#shared/analytics/edit-spec.ts';
import { pivotFieldsOf } from '#shared/analytics/pivot-fields.ts';
import { pivotSources } from '#shared/analytics/pivot-source.ts';
import { createPivots } from '#shared/analytics/pivots.ts';
import { OTHERS, type PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toDay } from '#shared/kernel/calendar.ts';
import { createSeededRandom, type SeededRandom } from '#shared/kernel/seeded-random.ts';
import { openDuckDb, toSql } from '../../../support/duckdb/open-duckdb.ts';
import { cellOf, rowKeys } from '../../../support/read-pivot.ts';

const at = '2026-01-02T03:04:05.000Z';

function record(kind: EntityName, id: string, values: Readonly<Record<string, unknown>>): LocalRecord {
  const envelope = { id, kind, rev: 1, ownerId: null, teamId: null, createdAt: at, createdBy: null, updatedAt: at };
  return { ...envelope, updatedBy: null, pending: [], ...values };
}

function put(mirror: RecordMirror, records: readonly LocalRecord[]): void {
  mirror.change(records.map((after) => ({ entity: after.kind, id: after.id, after })));
}

function pivotsOf(mirror: RecordMirror) {
  return createPivots({ source: mirror, today: () => '2026-01-05' }, toDay);
}

const count = { kind: 'field', id: 'n', aggregation: 'count' } as const;
const amount = { kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' } as const;
const deal = (id: string, products: readonly string[], minorUnits: number, values = {}): LocalRecord =>
  record('deal', id, { amount: minorUnits, currency: 'EUR', productIds: products, ...values });

const three = [
  deal('d1', ['p1', 'p2'], 100, { status: 'won', tags: ['new', 'big'] }),
  deal('d2', ['p2', 'p3', 'p3'], 40, { status: 'open' }),
  deal('d3', [], 7, { status: 'won', tags: ['big'] }),
];
const products = [
  record('product', 'p1', { name: 'Pump', family: 'machines' }),
  record('product', 'p2', { name: 'Valve', family: 'parts' }),
  record('product', 'p3', { name: 'Ring', family: 'parts' }),
];

function answer(spec: Partial<PivotSpec>, records: readonly LocalRecord[] = [...three, ...products]): PivotResult {
  const mirror = createRecordMirror();
  put(mirror, records);
  const whole = { source: 'deal', rows: [], columns: [], values: [count, amount], ...spec } as const;
  return pivotsOf(mirror).answer({ spec: whole }).value.result;
}

describe('ANA-15 fields with several values', () => {
  it('ANA-15 a record stands under each of its values, and once in the total', () => {
    const result = answer({ rows: [{ field: 'productIds' }], columns: [{ field: 'status' }] });
    expect(rowKeys(result)).toEqual(['', 'p1', 'p3', 'p2', '']);
    expect(cellOf(result, ['p1'], [], 'sum')).toBe(100);
    expect(cellOf(result, ['p2'], [], 'sum')).toBe(140);
    expect(cellOf(result, ['p3'], [], 'n')).toBe(1);
    expect(cellOf(result, [null], ['won'], 'sum')).toBe(7);
    expect(cellOf(result, [], [], 'sum')).toBe(147);
    expect(cellOf(result, [], ['won'], 'n')).toBe(2);
    expect(result.records).toBe(3);
  });

  it('ANA-15 what the values name can be asked, too; two products of one kind are one deal of that kind', () => {
    const result = answer({ rows: [{ field: 'productIds.family' }, { field: 'productIds' }] });
    expect(cellOf(result, ['parts'], [], 'n')).toBe(2);
    expect(cellOf(result, ['parts'], [], 'sum')).toBe(140);
    expect(cellOf(result, ['parts', 'p3'], [], 'sum')).toBe(40);
    expect(cellOf(result, ['machines', 'p1'], [], 'sum')).toBe(100);
    expect(rowKeys(result)).not.toContain('machines › p2');
  });

  it('ANA-15 top members are ranked by what each value has, and others count a record once', () => {
    const top = { count: 1, measure: 'sum', others: true };
    const result = answer({ rows: [{ field: 'productIds', top }] });
    expect(rowKeys(result)).toEqual(['', 'p2', OTHERS]);
    expect(cellOf(result, ['p2'], [], 'sum')).toBe(140);
    expect(cellOf(result, [OTHERS], [], 'sum')).toBe(147);
    const only = answer({ rows: [{ field: 'productIds', top: { ...top, others: false } }] });
    expect(cellOf(only, [], [], 'sum')).toBe(140);
    expect(only.records).toBe(2);
  });

  it('ANA-15 the records behind a member are found, each once, and a change is followed', () => {
    const mirror = createRecordMirror();
    put(mirror, [...three, ...products]);
    const pivots = pivotsOf(mirror);
    const spec: PivotSpec = { source: 'deal', rows: [{ field: 'productIds' }], columns: [], values: [amount] };
    expect([...pivots.recordsOf({ spec, row: ['p2'], column: [] })].sort()).toEqual(['d1', 'd2']);
    expect([...pivots.recordsOf({ spec, row: [], column: [] })].sort()).toEqual(['d1', 'd2', 'd3']);
    expect(cellOf(pivots.answer({ spec }).value.result, ['p1'], [], 'sum')).toBe(100);
    put(mirror, [deal('d3', ['p1'], 7), deal('d1', ['p2'], 100)]);
    expect(cellOf(pivots.answer({ spec }).value.result, ['p1'], [], 'sum')).toBe(7);
    put(mirror, [record('product', 'p2', { name: 'A valve', family: 'machines' })]);
    const byKind: PivotSpec = { ...spec, rows: [{ field: 'productIds.family' }] };
    expect(cellOf(pivots.answer({ spec: byKind }).value.result, ['machines'], [], 'sum')).toBe(147);
  });

  it('ANA-15 ANA-11 is after every change what a pivot over the changed records is, and no record is read again for it', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const random = createSeededRandom(seed);
      const mirror = createRecordMirror();
      put(mirror, [
        ...products,
        ...Array.from({ length: random.integer(1, 60) }, (_, at) => randomDeal(random, `d${String(at)}`)),
      ]);
      let walks = 0;
      const counted: RecordMirror = {
        ...mirror,
        all(entity) {
          if (entity === 'deal') walks += 1;
          return mirror.all(entity);
        },
      };
      const spec = randomListSpec(random);
      const pivots = pivotsOf(counted);
      pivots.answer({ spec });
      for (let step = 0; step < 12; step += 1) {
        mirror.change(
          Array.from({ length: random.integer(1, 3) }, () => {
            const id = `d${String(random.integer(0, 70))}`;
            return { entity: 'deal', id, after: random.chance(0.2) ? undefined : randomDeal(random, id) } as const;
          }),
        );
        walks = 0;
        const { result } = pivots.answer({ spec }).value;
        const isRanked = [...spec.rows, ...spec.columns].some(({ top }) => top !== undefined);
        if (!isRanked) expect([seed, step, walks]).toEqual([seed, step, 0]);
        const fresh = pivotsOf(mirror).answer({ spec }).value.result;
        expect([seed, step, JSON.stringify(spec), readable(result)]).toEqual([
          seed,
          step,
          JSON.stringify(spec),
          readable(fresh),
        ]);
      }
    }
  });

  it('ANA-15 follows lists and values that lie in other records', () => {
    const mirror = createRecordMirror();
    const account = (tags: readonly string[]): LocalRecord => record('account', 'a1', { name: 'Acme', tags });
    put(mirror, [...products, account(['old', 'big']), deal('d1', ['p1', 'p2'], 100, { accountId: 'a1' })]);
    const pivots = pivotsOf(mirror);
    const byTag: PivotSpec = { source: 'deal', rows: [{ field: 'accountId.tags' }], columns: [], values: [amount] };
    const byKind: PivotSpec = { ...byTag, rows: [{ field: 'productIds.family' }] };
    const keys = (spec: PivotSpec) => rowKeys(pivots.answer({ spec }).value.result);
    expect([keys(byTag), keys(byKind)]).toEqual([
      ['', 'big', 'old'],
      ['', 'machines', 'parts'],
    ]);
    put(mirror, [account(['new']), record('product', 'p2', { name: 'Valve', family: 'machines' })]);
    expect([keys(byTag), keys(byKind)]).toEqual([
      ['', 'new'],
      ['', 'machines'],
    ]);
    put(mirror, [account(['new', 'hot'])]);
    put(mirror, [deal('d2', ['p3'], 1, { accountId: 'a1' })]);
    const { result } = pivots.answer({ spec: byTag }).value;
    expect([cellOf(result, ['hot'], [], 'sum'), cellOf(result, [], [], 'sum')]).toEqual([101, 101]);
  });

  it('ANA-15 every level is what DuckDB counts of the unfolded lists, for random deals', async () => {
    const connection = await openDuckDb();
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = createSeededRandom(seed);
      const deals = Array.from({ length: random.pick([1, 30, 300]) }, (_, at) => randomDeal(random, `d${String(at)}`));
      await connection.run(
        'create or replace table d (id VARCHAR, status VARCHAR, amount BIGINT, products VARCHAR[], tags VARCHAR[])',
      );
      await connection.run(`insert into d values ${deals.map(toRow).join(', ')}`);
      const axes = random.pick([
        { rows: ['products', 'status'], columns: ['tags'] },
        { rows: ['status', 'tags'], columns: ['products'] },
        { rows: ['tags', 'products'], columns: [] },
      ]);
      const result = answer(
        {
          rows: axes.rows.map((name) => ({ field: fieldNames[name] ?? name })),
          columns: axes.columns.map((name) => ({ field: fieldNames[name] ?? name })),
        },
        deals,
      );
      expect({ seed, cells: cellsOf(result) }).toEqual({ seed, cells: await ask(axes) });
    }

    async function ask(axes: { readonly rows: readonly string[]; readonly columns: readonly string[] }) {
      const cells: Record<string, readonly (number | null)[]> = {};
      for (let row = 0; row <= axes.rows.length; row += 1) {
        for (let column = 0; column <= axes.columns.length; column += 1) {
          const [rows, columns] = [axes.rows.slice(0, row), axes.columns.slice(0, column)];
          const by = [...rows, ...columns];
          const keys = by.map((name) => (name === 'status' ? 'status' : `${name}_each`));
          const from = by
            .filter((name) => name !== 'status')
            .map(
              (name) =>
                `, unnest(case when len(${name}) = 0 then [null] else list_distinct(${name}) end) t_${name}(${name}_each)`,
            );
          const group = keys.length === 0 ? '' : ` group by ${keys.join(', ')}`;
          const reader = await connection.runAndReadAll(
            `select ${[...keys, 'count(*)', 'sum(amount)'].join(', ')} from d${from.join('')}${group}`,
          );
          for (const values of reader.getRowsJson()) {
            const path = JSON.stringify([values.slice(0, row), values.slice(row, by.length)]);
            const sum = values[by.length + 1];
            cells[path] = [Number(values[by.length]), sum === null ? null : Number(sum)];
          }
        }
      }
      return cells;
    }
  });
});

const fieldNames: Readonly<Record<string, string>> = { products: 'productIds' };

function randomDeal(random: SeededRandom, id: string): LocalRecord {
  const some = (names: readonly string[]): readonly string[] => names.filter(() => random.integer(0, 2) === 0);
  return deal(id, some(['p1', 'p2', 'p3', 'p4']), random.integer(1, 1000), {
    status: random.pick(['open', 'won']),
    tags: some(['new', 'big', 'hot']),
  });
}

/** Lists on any axis, alone, with each other and with plain fields; top members, filters, every kind of figure. */
function randomListSpec(random: SeededRandom): PivotSpec {
  const values: PivotSpec['values'] = [
    count,
    amount,
    { kind: 'field', id: 'kinds', aggregation: 'distinct', field: 'status' },
    { kind: 'field', id: 'middle', aggregation: 'median', field: 'amount' },
    { kind: 'field', id: 'largest', aggregation: 'max', field: 'amount' },
    {
      kind: 'field',
      id: 'won',
      aggregation: 'sum',
      field: 'amount',
      filter: { field: 'status', op: 'eq', value: 'won' },
    },
    { kind: 'formula', id: 'share', formula: 'won / sum' },
  ];
  const top = () =>
    random.chance(0.25) ? { top: { count: random.integer(1, 3), measure: 'sum', others: random.chance(0.5) } } : {};
  const names = ['productIds', 'tags', 'productIds.family', 'status'];
  const axis = () => (random.chance(0.5) ? [{ field: random.pick(names), ...top() }] : []);
  return {
    source: 'deal',
    rows: [{ field: random.pick(['productIds', 'tags']), ...top() }, ...axis()],
    columns: axis(),
    values,
    ...(random.chance(0.4) ? { filter: { field: 'tags', op: 'contains', value: 'big' } } : {}),
  };
}

/** By the keys of the members: what is counted in another order has them in the same one. */
function readable({ rows, columns, cells, records }: PivotResult) {
  return { rows: rows.map(({ path }) => path), columns: columns.map(({ path }) => path), cells, records };
}

function toRow(record: LocalRecord): string {
  const list = (values: unknown): string => `[${(values as readonly string[]).map(toSql).join(', ')}]::VARCHAR[]`;
  const { id, status, amount: minorUnits, productIds, tags } = record;
  return `(${toSql(id)}, ${toSql(String(status))}, ${String(minorUnits)}, ${list(productIds)}, ${list(tags)})`;
}

/** Cells that have records. */
function cellsOf({ rows, columns, cells }: PivotResult): Record<string, readonly (number | null)[]> {
  const found: Record<string, readonly (number | null)[]> = {};
  for (const [row, { path }] of rows.entries()) {
    for (const [column, member] of columns.entries()) {
      const first = (row * columns.length + column) * 2;
      if (cells[first] !== 0)
        found[JSON.stringify([path, member.path])] = [cells[first] ?? 0, cells[first + 1] ?? null];
    }
  }
  return found;
}

describe('ANA-15 the catalog, people and campaigns', () => {
  it('ANA-15 are counted by what they are, and every one of their first questions has an answer', () => {
    const mirror = createRecordMirror();
    put(mirror, [
      ...products,
      record('user', 'u1', { name: 'Ann', role: 'manager', isActive: true }),
      record('user', 'u2', { name: 'Ben', role: 'representative', isActive: true, managerId: 'u1' }),
      record('user', 'u3', { name: 'Cem', role: 'representative', isActive: false, managerId: 'u1' }),
      record('campaign', 'c1', { name: 'May', state: 'sent', recipients: 10, scheduledAt: at }),
      record('campaign', 'c2', { name: 'June', state: 'draft', recipients: 0 }),
    ]);
    const rows = (source: 'product' | 'user' | 'campaign') => {
      const { result } = pivotsOf(mirror).answer({ spec: firstSpecOf(source) }).value;
      const keys = rowKeys(result).filter((key) => key !== '');
      return keys.map((key) => [key, cellOf(result, [key], [], 'count')]);
    };
    expect(rows('product')).toEqual([
      ['machines', 1],
      ['parts', 2],
    ]);
    expect(rows('user').map(([, found]) => found)).toEqual([1, 2]);
    expect(rows('campaign').map(([, found]) => found)).toEqual([1, 1]);
    for (const source of pivotSources) expect(isPivotSpec(firstSpecOf(source)), source).toBe(true);
    expect(pivotFieldsOf('user', entities).map(({ path }) => path)).toContain('managerId');
  });
});
