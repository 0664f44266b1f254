import { describe, expect, it } from 'vitest';
import { calculatePivot } from '#shared/analytics/pivot.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { OTHERS } from '#shared/analytics/pivot-result.ts';
import { displays, MOST_CELLS, type PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { columnsOf, contextOf, type Row, type Types } from '../../../support/columns-of.ts';
import { cellOf, columnKeys, rowKeys } from '../../../support/read-pivot.ts';

const types: Types = {
  region: 'text',
  owner: 'reference',
  stage: 'select',
  amount: 'money',
  rate: 'number',
  closeDate: 'date',
  isHot: 'boolean',
};
const rows: readonly Row[] = [
  { region: 'North', owner: 'u1', stage: 'won', amount: 100, rate: 0.1, closeDate: '2026-01-15', isHot: true },
  { region: 'North', owner: 'u2', stage: 'lost', amount: 50, rate: 0.2, closeDate: '2026-02-10', isHot: false },
  { region: 'South', owner: 'u1', stage: 'won', amount: 30, rate: null, closeDate: '2025-01-20', isHot: null },
  { region: 'South', owner: 'u3', stage: 'open', amount: null, rate: 0.4, closeDate: null, isHot: true },
  { region: null, owner: 'u1', stage: 'won', amount: 7, rate: 0.3, closeDate: '2026-01-31', isHot: true },
];

function pivot(spec: Partial<PivotSpec>, own: readonly Row[] = rows, more: Partial<PivotContext> = {}) {
  return calculatePivot(
    columnsOf(types, own),
    { source: 'deal', rows: [], columns: [], values: [], ...spec },
    {
      ...contextOf(types, { ...more, optionsOf: (path) => (path === 'stage' ? ['open', 'won', 'lost'] : undefined) }),
    },
  );
}

describe('ANA-15 a pivot', () => {
  it('ANA-15 counts and adds up every cell, subtotal and total from the records', () => {
    const result = pivot({
      rows: [{ field: 'region' }, { field: 'owner' }],
      columns: [{ field: 'stage' }],
      values: [
        { kind: 'field', id: 'n', aggregation: 'count' },
        { kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' },
        { kind: 'field', id: 'avg', aggregation: 'average', field: 'amount' },
        { kind: 'field', id: 'owners', aggregation: 'distinct', field: 'owner' },
        { kind: 'field', id: 'middle', aggregation: 'median', field: 'amount' },
      ],
    });
    expect(rowKeys(result)).toEqual([
      '',
      'North',
      'North › u1',
      'North › u2',
      'South',
      'South › u1',
      'South › u3',
      '',
      ' › u1',
    ]);
    expect(columnKeys(result)).toEqual(['', 'open', 'won', 'lost']);
    expect(cellOf(result, [], [], 'n')).toBe(5);
    expect(cellOf(result, [], [], 'sum')).toBe(187);
    expect(cellOf(result, [], [], 'avg')).toBe(46.75);
    expect(cellOf(result, [], [], 'owners')).toBe(3);
    expect(cellOf(result, [], ['won'], 'middle')).toBe(30);
    expect(cellOf(result, [], [], 'middle')).toBe(40);
    expect(cellOf(result, ['South', 'u3'], ['open'], 'sum')).toBeNull();
    expect(cellOf(result, ['South', 'u3'], ['won'], 'n')).toBe(0);
    expect(cellOf(result, [null], ['won'], 'sum')).toBe(7);
    expect(result.records).toBe(5);
  });

  it('ANA-15 names the field that does not exist any more', () => {
    expect(problem(() => pivot({ rows: [{ field: 'gone' }] }))).toMatchObject({
      code: 'unknown_field',
      details: { field: 'gone' },
    });
  });

  it('ANA-15 of nothing is one empty cell, and of empty values an empty figure', () => {
    const values = [
      { kind: 'field', id: 'n', aggregation: 'count' },
      ...(['sum', 'average', 'min', 'max', 'median', 'first', 'last'] as const).map(
        (aggregation) => ({ kind: 'field', id: aggregation, aggregation, field: 'amount' }) as const,
      ),
    ] as const;
    const nothing = pivot({ rows: [{ field: 'region' }], values }, []);
    expect(rowKeys(nothing)).toEqual(['']);
    const empty = pivot({ rows: [{ field: 'region' }], values }, [{ region: 'North' }, { region: 'North' }]);
    expect(rowKeys(empty)).toEqual(['', 'North']);
    const noFigures = Array.from({ length: 7 }, () => Number.NaN);
    expect([...nothing.cells]).toEqual([0, ...noFigures]);
    expect(Array.from(empty.cells).slice(8)).toEqual([2, ...noFigures]);
  });

  it('ANA-15 adds decimals without dust and money exactly, however large', () => {
    const values = (['sum', 'average', 'median'] as const).map(
      (aggregation) => ({ kind: 'field', id: aggregation, aggregation, field: 'rate' }) as const,
    );
    const dust = pivot({ values }, [{ rate: 0.1 }, { rate: 0.2 }]);
    expect([...dust.cells]).toEqual([0.3, 0.15, 0.15]);
    const random = createSeededRandom(3);
    const own = Array.from({ length: 2000 }, () => ({ rate: random.integer(-99_999, 99_999) / 1000 }));
    const exact = own.reduce((sum, { rate }) => sum + BigInt(Math.round(rate * 1000)), 0n);
    expect(cellOf(pivot({ values }, own), [], [], 'sum')).toBe(Number(exact) / 1000);
    const large = [9_007_199_254_740_991, 1, -9_007_199_254_740_991, 1].map((amount) => ({ amount }));
    const sum = [{ kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' }] as const;
    expect(cellOf(pivot({ values: sum }, large), [], [], 'sum')).toBe(2);
  });

  it('ANA-15 averages records, never averages', () => {
    const result = pivot(
      {
        rows: [{ field: 'region' }],
        values: [
          { kind: 'field', id: 'avg', aggregation: 'average', field: 'amount' },
          { kind: 'field', id: 'middle', aggregation: 'median', field: 'amount' },
          { kind: 'field', id: 'owners', aggregation: 'distinct', field: 'owner' },
        ],
      },
      [
        { region: 'North', amount: 10, owner: 'u1' },
        { region: 'South', amount: 20, owner: 'u1' },
        { region: 'South', amount: 60, owner: 'u1' },
        { region: 'South', amount: 70, owner: 'u2' },
      ],
    );
    expect(['avg', 'middle', 'owners'].map((id) => cellOf(result, [], [], id))).toEqual([40, 40, 2]);
  });

  it('ANA-15 sorts closed lists by their order, dates by time, bins by size, names as people read them', () => {
    const labels: Readonly<Record<string, string>> = { u1: 'Zoe', u2: 'Émile' };
    const own = calculatePivot(
      columnsOf(types, rows),
      { source: 'deal', rows: [{ field: 'owner' }], columns: [], values: [] },
      contextOf(types, { labelOf: (_, key) => labels[key] ?? null }),
    );
    expect(rowKeys(own)).toEqual(['', 'u2', 'u1', 'u3']);
    expect(rowKeys(pivot({ rows: [{ field: 'stage', sort: { by: 'label', direction: 'desc' } }] }))).toEqual([
      '',
      'lost',
      'won',
      'open',
    ]);
    const month = { field: 'closeDate', bucket: { kind: 'date', unit: 'month' } } as const;
    expect(columnKeys(pivot({ columns: [month] }))).toEqual(['', '2025-01', '2026-01', '2026-02', '']);
    const bins = { field: 'rate', bucket: { kind: 'bins', size: 0.1 } } as const;
    expect(rowKeys(pivot({ rows: [bins] }))).toEqual(['', '0.1', '0.2', '0.3', '0.4', '']);
  });

  it('ANA-15 keeps the largest members of each parent, and the others as one', () => {
    const values = [{ kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' }] as const;
    const own: readonly Row[] = [
      ...['u1', 'u2', 'u3', 'u4'].map((owner, at) => ({ region: 'North', owner, amount: 10 * (at + 1) })),
      ...['u1', 'u2', 'u3'].map((owner, at) => ({ region: 'South', owner, amount: 10 * (5 - at) })),
      { region: 'South', owner: null, amount: 900 },
    ];
    const top = { count: 2, measure: 'sum', others: true };
    const sort = { by: 'measure', measure: 'sum', direction: 'desc' } as const;
    const withOthers = pivot({ rows: [{ field: 'region' }, { field: 'owner', top, sort }], values }, own);
    expect(withOthers.rows.map(({ path }) => path.slice(1)).filter(({ length }) => length > 0)).toEqual([
      ['u4'],
      ['u3'],
      [OTHERS],
      ['u1'],
      ['u2'],
      [OTHERS],
    ]);
    expect(cellOf(withOthers, ['South', OTHERS], [], 'sum')).toBe(930);
    expect(cellOf(withOthers, [], [], 'sum')).toBe(1120);
    const without = pivot(
      { rows: [{ field: 'region' }, { field: 'owner', top: { ...top, others: false } }], values },
      own,
    );
    expect(cellOf(without, ['South'], [], 'sum')).toBe(90);
    expect(cellOf(without, [], [], 'sum')).toBe(160);
    expect(without.records).toBe(4);
  });

  it('ANA-15 shows shares, running totals and changes', () => {
    const base = { kind: 'field', aggregation: 'sum', field: 'amount' } as const;
    const own: readonly Row[] = [
      ['2023-02-28', 'North', 40],
      ['2023-12-05', 'North', 60],
      ['2024-02-29', 'North', 50],
      ['2024-12-31', 'South', 30],
      ['2025-01-01', 'North', 90],
      [null, 'North', 5],
    ].map(([closeDate, region, amount]) => ({ closeDate, region, amount }) as Row);
    const result = pivot(
      {
        rows: [{ field: 'region' }],
        columns: [
          { field: 'closeDate', bucket: { kind: 'date', unit: 'year' }, sort: { by: 'label', direction: 'desc' } },
          { field: 'closeDate', bucket: { kind: 'date', unit: 'month' } },
        ],
        values: displays.map((display) => ({ ...base, id: display, display })),
      },
      own,
    );
    const at = (column: readonly (string | null)[], id: string, row: readonly string[] = ['North']) =>
      cellOf(result, row, column, id);
    expect(at(['2023'], 'rowShare')).toBe(100 / 245);
    expect(at(['2024'], 'columnShare')).toBe(50 / 80);
    expect(at(['2024'], 'totalShare')).toBe(50 / 275);
    expect(['2023', '2024', '2025', null].map((year) => at([year], 'runningTotal'))).toEqual([100, 150, 240, 245]);
    expect(at(['2023', '2023-12'], 'runningTotal')).toBe(100);
    expect(at(['2024', '2024-02'], 'runningTotal')).toBe(50);
    // The members of a year are followed by those of the next.
    expect(at(['2024', '2024-02'], 'changeFromPrevious')).toBe(-10);
    expect(at(['2025', '2025-01'], 'changeFromPrevious', [])).toBe(60);
    expect(at(['2023', '2023-02'], 'changeFromPrevious')).toBeNull();
    expect(at([null], 'changeFromPrevious')).toBeNull();
    expect(at([], 'changeFromPrevious')).toBeNull();
    expect(at(['2024'], 'percentFromPrevious')).toBe(-0.5);
    expect(at(['2024', '2024-02'], 'changeFromSamePeriod')).toBe(10);
    expect(at(['2024', '2024-12'], 'changeFromSamePeriod')).toBe(-60);
    expect(at(['2024'], 'percentFromSamePeriod')).toBe(-0.5);
    expect(at(['2024'], 'percentFromSamePeriod', ['South'])).toBeNull();
    expect(at(['2023'], 'changeFromSamePeriod')).toBeNull();
  });

  it('ANA-15 compares 29 February with 28 February, as it does 28 February', () => {
    const result = pivot(
      {
        rows: [{ field: 'closeDate' }],
        values: [{ kind: 'field', id: 'change', aggregation: 'sum', field: 'amount', display: 'changeFromSamePeriod' }],
      },
      [
        { closeDate: '2023-02-28', amount: 10 },
        { closeDate: '2024-02-28', amount: 15 },
        { closeDate: '2024-02-29', amount: 40 },
      ],
    );
    expect(['2024-02-28', '2024-02-29'].map((day) => cellOf(result, [day], [], 'change'))).toEqual([5, 30]);
  });

  it('ANA-15 calculates measures from measures, and refuses circles and names that are not there', () => {
    const won = { field: 'stage', op: 'eq', value: 'won' } as const;
    const lost = { field: 'stage', op: 'eq', value: 'lost' } as const;
    const values = [
      { kind: 'field', id: 'won', aggregation: 'sum', field: 'amount', filter: won },
      { kind: 'field', id: 'lost', aggregation: 'sum', field: 'amount', filter: lost },
      { kind: 'formula', id: 'all', formula: 'won + lost' },
      { kind: 'formula', id: 'rate', formula: 'won / all' },
    ] as const;
    const result = pivot({ rows: [{ field: 'owner' }], columns: [{ field: 'region' }], values });
    expect(cellOf(result, ['u2'], ['North'], 'rate')).toBe(0);
    expect(cellOf(result, ['u1'], ['North'], 'rate')).toBe(1);
    expect(cellOf(result, ['u3'], ['South'], 'rate')).toBeNull();
    expect(cellOf(result, ['u3'], ['North'], 'all')).toBeNull();
    expect(cellOf(result, [], [], 'rate')).toBe(137 / 187);
    const problemOf = (formula: string, more = 'won'): unknown =>
      problem(() =>
        pivot({
          values: [values[0], { kind: 'formula', id: 'f', formula }, { kind: 'formula', id: 'g', formula: more }],
        }),
      );
    expect(problemOf('won + nobody')).toMatchObject({
      code: 'wrong_formula',
      details: { problem: 'unknownMeasure', position: 7 },
    });
    expect(problemOf('1 + f')).toMatchObject({ code: 'wrong_formula', details: { problem: 'circle', position: 5 } });
    expect(problemOf('g', 'f')).toMatchObject({ code: 'wrong_formula', details: { measure: 'g', problem: 'circle' } });
  });

  it('ANA-15 calculates with amounts as people read them, not with the cents they are kept in', () => {
    const values = [
      { kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' },
      { kind: 'field', id: 'n', aggregation: 'count' },
      { kind: 'formula', id: 'same', formula: 'sum' },
      { kind: 'formula', id: 'fee', formula: 'sum * 0.1 + 1', format: 'money' },
      { kind: 'formula', id: 'each', formula: 'fee / n', format: 'money' },
      { kind: 'formula', id: 'isLarge', formula: 'if(sum > 1.5, 1, 0)' },
    ] as const;
    const result = pivot({ rows: [{ field: 'owner' }], values }, rows, { moneyScale: 100 });
    // 137 cents: 1.37.
    expect(values.map(({ id }) => cellOf(result, ['u1'], [], id))).toEqual([137, 3, 1.37, 113.7, 37.9, 0]);
    expect(cellOf(result, [], [], 'isLarge')).toBe(1);
  });

  it('ANA-15 refuses what is too large before making it, with a way out', () => {
    const many = Array.from({ length: 4000 }, (_, at) => ({ owner: `u${String(at)}`, region: `r${String(at)}` }));
    const values = [{ kind: 'field', id: 'n', aggregation: 'count' }] as const;
    expect(
      problem(() => pivot({ rows: [{ field: 'owner' }], columns: [{ field: 'region' }], values }, many)),
    ).toMatchObject({
      code: 'too_many_cells',
      details: { rows: 4000, columns: 4000, most: MOST_CELLS },
    });
  });

  it('ANA-15 says what does not fit: no such field in a filter, measure or order, buckets of texts, sums of texts', () => {
    const n = { kind: 'field', id: 'n', aggregation: 'count' } as const;
    const gone = { field: 'gone', op: 'isEmpty' } as const;
    const unknown = { code: 'unknown_field', details: { field: 'gone' } };
    expect(problem(() => pivot({ filter: { not: gone }, values: [n] }))).toMatchObject(unknown);
    expect(problem(() => pivot({ values: [{ ...n, filter: gone }] }))).toMatchObject(unknown);
    expect(
      problem(() => pivot({ values: [{ ...n, aggregation: 'first', field: 'amount', orderBy: 'gone' }] })),
    ).toMatchObject(unknown);
    expect(problem(() => pivot({ values: [{ ...n, aggregation: 'sum', field: 'region' }] }))).toMatchObject({
      details: { problems: ['region:number'] },
    });
    expect(problem(() => pivot({ values: [{ ...n, aggregation: 'sum' }] }))).toMatchObject({
      details: { problems: ['n:required'] },
    });
    expect(problem(() => pivot({ values: [n, n] }))).toMatchObject({ code: 'invalid' });
    expect(problem(() => pivot({ rows: [{ field: 'region', bucket: { kind: 'date', unit: 'year' } }] }))).toMatchObject(
      { details: { problems: ['region:date'] } },
    );
    expect(problem(() => pivot({ rows: [{ field: 'amount', bucket: { kind: 'bins', size: 0 } }] }))).toMatchObject({
      details: { problems: ['amount:range'] },
    });
    expect(
      problem(() =>
        pivot({ rows: [{ field: 'owner', sort: { by: 'measure', measure: 'x', direction: 'asc' } }], values: [n] }),
      ),
    ).toMatchObject({ details: { problems: ['x:unknown'] } });
  });
});

function problem(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
