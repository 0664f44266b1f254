// Numbers of a pivot as a chart draws them: totals are never drawn beside their parts, and every mark knows its cell.
import { describe, expect, test } from 'vitest';
import { chartDataOf, type ChartLabels } from '#shared/analytics/chart-data.ts';
import type { Member, PivotResult } from '#shared/analytics/pivot-result.ts';

const total: Member = { path: [], parent: -1 };
// Country › city over two quarters.
const rows: readonly Member[] = [
  total,
  { path: ['de'], parent: 0 },
  { path: ['de', 'berlin'], parent: 1 },
  { path: ['fr'], parent: 0 },
  { path: ['fr', 'paris'], parent: 3 },
];
const columns: readonly Member[] = [total, { path: ['Q1'], parent: 0 }, { path: ['Q2'], parent: 0 }];
const values = ['sum', 'count'];
/** A number that tells its place: row, column, value. */
const cells = Float64Array.from(
  rows.flatMap((_row, row) =>
    columns.flatMap((_column, column) => values.map((_value, value) => row * 100 + column * 10 + value)),
  ),
);
const pivot: PivotResult = { rows, columns, values, cells, records: 9 };
const labels: ChartLabels = {
  member: (_axis, path) => String(path.at(-1)).toUpperCase(),
  level: ({ axis, level }) => `${axis} ${String(level)}`,
  value: (id) => `value ${id}`,
};

describe('a chart of a pivot', () => {
  test('ANA-16 draws the first level of the rows, one series for each column and value', () => {
    const data = chartDataOf(pivot, { type: 'bar', y: ['sum'] }, labels);
    expect(data.axis).toBe('rows 1');
    expect(data.categories).toEqual([{ label: 'DE' }, { label: 'FR' }]);
    expect(data.series.map(({ label, numbers }) => [label, ...numbers])).toEqual([
      ['Q1', 110, 310],
      ['Q2', 120, 320],
    ]);
    expect(data.series[1]?.marks[1]).toEqual({ rows: ['fr'], columns: ['Q2'], value: 'sum' });
    const both = chartDataOf(pivot, { type: 'bar' }, labels);
    expect(both.series.map(({ label }) => label)).toEqual([
      'Q1 · value sum',
      'Q2 · value sum',
      'Q1 · value count',
      'Q2 · value count',
    ]);
  });

  test('ANA-16 takes another axis and a deeper level, and names what stands above', () => {
    const across = chartDataOf(
      pivot,
      { type: 'line', x: { axis: 'columns', level: 1 }, y: ['count'], colorBy: { axis: 'rows', level: 2 } },
      labels,
    );
    expect(across.categories.map(({ label }) => label)).toEqual(['Q1', 'Q2']);
    expect(across.series.map(({ label, numbers }) => [label, ...numbers])).toEqual([
      ['BERLIN', 211, 221],
      ['PARIS', 411, 421],
    ]);
    expect(across.series[0]?.marks[0]).toEqual({ rows: ['de', 'berlin'], columns: ['Q1'], value: 'count' });
    const deep = chartDataOf(pivot, { type: 'bar', x: { axis: 'rows', level: 2 }, colorBy: null, y: ['sum'] }, labels);
    expect(deep.categories.map(({ label }) => label)).toEqual(['DE › BERLIN', 'FR › PARIS']);
    expect(deep.series[0]?.numbers).toEqual([200, 400]);
  });

  test('ANA-16 a pie has one series, a scatter two numbers and a size for each point', () => {
    expect(chartDataOf(pivot, { type: 'pie' }, labels).series.map(({ numbers }) => numbers)).toEqual([[100, 300]]);
    const scatter = chartDataOf(pivot, { type: 'scatter', y: ['sum', 'count'], sizeBy: 'sum' }, labels);
    expect(scatter.across).toEqual({ label: 'value sum', value: 'sum', numbers: [100, 300] });
    expect(scatter.series.map(({ value, numbers }) => [value, ...numbers])).toEqual([['count', 101, 301]]);
    expect(scatter.sizes?.numbers).toEqual([100, 300]);
  });

  test('ANA-16 a gauge shows the whole, and a waterfall ends in it', () => {
    const gauge = chartDataOf(pivot, { type: 'gauge', y: ['count'] }, labels);
    expect(gauge.categories).toHaveLength(1);
    expect(gauge.series).toMatchObject([
      { label: 'value count', numbers: [1], marks: [{ rows: [], columns: [], value: 'count' }] },
    ]);
    const waterfall = chartDataOf(pivot, { type: 'waterfall' }, labels);
    expect(waterfall.categories.map(({ isTotal }) => isTotal)).toEqual([undefined, undefined, true]);
    expect(waterfall.series[0]?.numbers).toEqual([100, 300, 0]);
  });

  test('ANA-16 values and levels that the pivot does not have any more are left out, never wrong', () => {
    const data = chartDataOf(pivot, { type: 'bar', y: ['gone', 'count'], x: { axis: 'rows', level: 3 } }, labels);
    expect(data.categories).toEqual([]);
    expect(data.series.every(({ value, numbers }) => value === 'count' && numbers.length === 0)).toBe(true);
    const nothing: PivotResult = {
      rows: [total],
      columns: [total],
      values: [],
      cells: new Float64Array(0),
      records: 0,
    };
    expect(chartDataOf(nothing, { type: 'bar' }, labels).series).toEqual([]);
  });
});
