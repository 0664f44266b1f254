// What a chart draws, and its table shows: categories, and series of numbers over them. Every mark knows the place it
// stands for, so that a click on it can filter or open its records. Made of a pivot here; figures make their own.
import type { ChartLevel, ChartSpec } from '#shared/analytics/chart-spec.ts';
import { singleSeriesTypes } from '#shared/analytics/chart-spec.ts';
import type { Member, PivotResult } from '#shared/analytics/pivot-result.ts';

export type MemberPath = Member['path'];

/** Where a mark comes from; of a pivot the paths of its row and column. */
export interface ChartMark {
  readonly rows: MemberPath;
  readonly columns: MemberPath;
  readonly value: string;
}

export interface ChartCategory {
  readonly label: string;
  /** Of a waterfall: the number is a level that was reached, not a change. */
  readonly isTotal?: boolean;
  /** Of a waterfall: how a change is coloured, where that is not by its direction. */
  readonly isGood?: boolean;
}

export interface ChartSeries {
  /** Unlike all others of the chart. */
  readonly id: string;
  readonly label: string;
  /** Id of the value that is drawn: it says how the numbers are written. */
  readonly value: string;
  /** One for each category; NaN is empty. */
  readonly numbers: readonly number[];
  /** One for each category; null where nothing stands behind a mark. */
  readonly marks: readonly (ChartMark | null)[];
}

export interface ChartData {
  /** What the categories are: the name of the field. */
  readonly axis: string;
  readonly categories: readonly ChartCategory[];
  readonly series: readonly ChartSeries[];
  /** Of a scatter: the numbers across and, if asked for, the sizes; one for each category. */
  readonly across?: { readonly label: string; readonly value: string; readonly numbers: readonly number[] };
  readonly sizes?: { readonly label: string; readonly value: string; readonly numbers: readonly number[] };
}

/** How members and values are called; the screen knows names, languages and formats. */
export interface ChartLabels {
  /** The last part of a path, in words. */
  member(axis: ChartLevel['axis'], path: MemberPath): string;
  /** The field at a level, '' for none. */
  level(level: ChartLevel): string;
  value(id: string): string;
}

interface Placed {
  readonly index: number;
  readonly path: MemberPath;
}

function membersAt(members: readonly Member[], level: number): readonly Placed[] {
  return members.flatMap(({ path }, index) => (path.length === level ? [{ index, path }] : []));
}

const totalOf: Placed = { index: 0, path: [] };

function deepest(members: readonly Member[]): number {
  return members.reduce((most, { path }) => Math.max(most, path.length), 0);
}

/** The level that is drawn along: the one asked for, else the first there is. */
function categoryLevel(result: PivotResult, spec: ChartSpec): ChartLevel {
  if (spec.x !== undefined) return spec.x;
  return deepest(result.rows) > 0 ? { axis: 'rows', level: 1 } : { axis: 'columns', level: 1 };
}

/**
 * The level that makes the series. It lies across the categories, on the other axis: members of the same axis lie below
 * one another and have no number in common.
 */
function seriesLevel(result: PivotResult, spec: ChartSpec, x: ChartLevel): ChartLevel | null {
  if (spec.colorBy === null || singleSeriesTypes.has(spec.type) || spec.type === 'scatter') return null;
  if (spec.colorBy !== undefined) return spec.colorBy.axis === x.axis ? null : spec.colorBy;
  const axis = x.axis === 'rows' ? 'columns' : 'rows';
  return deepest(result[axis]) > 0 ? { axis, level: 1 } : null;
}

/** The whole as one figure: a gauge has one hand. */
function wholeOf(result: PivotResult, value: string | undefined, labels: ChartLabels): ChartData {
  if (value === undefined) return { axis: '', categories: [], series: [] };
  const number = result.cells[result.values.indexOf(value)] ?? Number.NaN;
  const mark = { rows: [], columns: [], value };
  return {
    axis: '',
    categories: [{ label: labels.member('rows', []) }],
    series: [{ id: value, label: labels.value(value), value, numbers: [number], marks: [mark] }],
  };
}

/** What a waterfall arrives at, as its last bar. */
function withTotal(data: ChartData, labels: ChartLabels, { axis }: ChartLevel, result: PivotResult): ChartData {
  const [one] = data.series;
  if (one === undefined || data.categories.length === 0) return data;
  const number = result.cells[result.values.indexOf(one.value)] ?? Number.NaN;
  const mark = { rows: [], columns: [], value: one.value };
  return {
    ...data,
    categories: [...data.categories, { label: labels.member(axis, []), isTotal: true }],
    series: [{ ...one, numbers: [...one.numbers, number], marks: [...one.marks, mark] }],
  };
}

/** The drawn numbers of a pivot. Levels and values the pivot does not have (any more) are left out. */
export function chartDataOf(result: PivotResult, spec: ChartSpec, labels: ChartLabels): ChartData {
  const x = categoryLevel(result, spec);
  const along = membersAt(result[x.axis], x.level);
  const by = seriesLevel(result, spec, x);
  const across = by === null ? [totalOf] : membersAt(result[by.axis], by.level);
  const known = (spec.y ?? result.values).filter((id) => result.values.includes(id));
  if (spec.type === 'gauge') return wholeOf(result, known[0], labels);

  const numberAt = (category: Placed, other: Placed, value: string): number => {
    const [row, column] = x.axis === 'rows' ? [category, other] : [other, category];
    const place = (row.index * result.columns.length + column.index) * result.values.length;
    return result.cells[place + result.values.indexOf(value)] ?? Number.NaN;
  };
  const markAt = (category: Placed, other: Placed, value: string): ChartMark =>
    x.axis === 'rows'
      ? { rows: category.path, columns: other.path, value }
      : { rows: other.path, columns: category.path, value };
  const numbersOf = (value: string): readonly number[] => along.map((category) => numberAt(category, totalOf, value));

  const isScatter = spec.type === 'scatter';
  const [acrossValue] = known;
  const drawn = isScatter ? known.slice(-1) : singleSeriesTypes.has(spec.type) ? known.slice(0, 1) : known;
  const series = drawn.flatMap((value) =>
    across.map((other): ChartSeries => {
      const name = by === null ? '' : labels.member(by.axis, other.path);
      return {
        id: JSON.stringify([value, other.path]),
        label: by === null ? labels.value(value) : drawn.length > 1 ? `${name} · ${labels.value(value)}` : name,
        value,
        numbers: along.map((category) => numberAt(category, other, value)),
        marks: along.map((category) => markAt(category, other, value)),
      };
    }),
  );
  const named = (value: string) => ({ label: labels.value(value), value, numbers: numbersOf(value) });
  const { sizeBy } = spec;
  const data: ChartData = {
    axis: labels.level(x),
    categories: along.map(({ path }) => ({ label: labelOfPath(labels, x, path) })),
    series,
    ...(isScatter && acrossValue !== undefined ? { across: named(acrossValue) } : {}),
    ...(isScatter && sizeBy !== undefined && result.values.includes(sizeBy) ? { sizes: named(sizeBy) } : {}),
  };
  return spec.type === 'waterfall' ? withTotal(data, labels, x, result) : data;
}

/** Deeper members carry the names of those above them: `Berlin` of two countries are two places. */
function labelOfPath(labels: ChartLabels, { axis }: ChartLevel, path: MemberPath): string {
  return path.map((_key, index) => labels.member(axis, path.slice(0, index + 1))).join(' › ');
}
