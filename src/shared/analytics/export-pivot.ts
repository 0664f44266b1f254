// A pivot as a table to export: what is shown, with typed numbers, the columns under their headings, totals marked as such.
import { kindOfMeasure, type MeasureKind } from '#shared/analytics/measure-kind.ts';
import { cellAt, columnTree, shownRows, type ColumnNode } from '#shared/analytics/pivot-axis.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';
import type { PivotDimension, PivotMeasure, PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { toDay } from '#shared/kernel/calendar.ts';
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import {
  inBatches,
  type ExportCell,
  type ExportColumn,
  type ExportRow,
  type ExportTable,
  type ExportType,
  type HeaderCell,
} from '#shared/export/export-table.ts';

type MemberTexts = Pick<PivotAnswer, 'labels' | 'currency'>;

/** What the parts of a pivot are called, in the language of whoever reads it. */
export interface PivotWords {
  dimension(source: PivotSource, dimension: PivotDimension): string;
  measure(spec: PivotSpec, measure: PivotMeasure): string;
  member(source: PivotSource, dimension: PivotDimension, key: string | null, answer: MemberTexts): string;
}

export interface ShownPivot {
  readonly spec: PivotSpec;
  readonly answer: PivotAnswer;
  readonly names: PivotWords;
  /** What a total is called. */
  readonly total: string;
  /** Rows that are folded in, as JSON of their path. */
  readonly folded: readonly string[];
}

/** Columns as the grid shows them: what belongs together, then its total. */
export function columnOrder(node: ColumnNode | null): readonly number[] {
  if (node === null) return [];
  return [...node.children.flatMap((child) => columnOrder(child)), node.index];
}

/** What a level of a path is called; `total` at the level where it ends, '' below. */
export function memberName(
  { spec, answer, names, total }: ShownPivot,
  axis: 'rows' | 'columns',
  path: readonly (string | null)[],
  level: number,
): string {
  const dimension = spec[axis][level];
  if (level >= path.length || dimension === undefined) return level === path.length ? total : '';
  return names.member(spec.source, dimension, path[level] ?? null, answer);
}

const typeOfKind: Readonly<Record<MeasureKind, ExportType>> = {
  number: 'number',
  money: 'money',
  percent: 'percent',
  share: 'percent',
  day: 'date',
};

function cellOf(kind: MeasureKind, value: number): ExportCell {
  if (Number.isNaN(value)) return null;
  if (kind === 'share') return value * 100;
  return kind === 'day' ? toDay(value) : value;
}

/** Neighbours of one name under one heading. */
function toHeader(labels: readonly string[]): readonly HeaderCell[] {
  const cells: { label: string; span: number }[] = [];
  for (const label of labels) {
    const last = cells.at(-1);
    if (last?.label === label) last.span += 1;
    else cells.push({ label, span: 1 });
  }
  return cells;
}

export interface HeldTable extends ExportTable {
  readonly rows: Iterable<readonly ExportRow[]>;
}

export function exportTableOf(shown: ShownPivot, title: string, subtitle: readonly string[]): HeldTable {
  const { spec, answer, names, total, folded } = shown;
  const { result, currency } = answer;
  const order = columnOrder(columnTree(result.columns));
  const values: readonly { readonly measure: PivotMeasure; readonly kind: MeasureKind; readonly index: number }[] =
    spec.values.map((measure, index) => ({ measure, kind: kindOfMeasure(spec, measure), index }));
  const places = order.flatMap((column) => values.map((value) => ({ column, ...value })));
  const columns: ExportColumn[] = [
    {
      key: 'row',
      label: spec.rows.map((dimension) => names.dimension(spec.source, dimension)).join(' › '),
      type: 'text',
    },
    ...places.map(({ column, measure, kind }): ExportColumn => ({
      key: [...(result.columns[column]?.path ?? []).map((part) => part ?? ''), measure.id].join(' | '),
      label: names.measure(spec, measure),
      type: typeOfKind[kind],
      ...(kind === 'money' ? { currency } : {}),
    })),
  ];
  const headers = spec.columns.map((_, level) =>
    toHeader([
      '',
      ...places.map(({ column }) => memberName(shown, 'columns', result.columns[column]?.path ?? [], level)),
    ]),
  );
  const rows = [
    ...shownRows(result.rows, new Set(folded)).map(({ index, level, hasChildren, member }): ExportRow => ({
      cells: [
        memberName(shown, 'rows', member.path, level),
        ...places.map(({ column, kind, index: value }) => cellOf(kind, cellAt(result, index, column, value))),
      ],
      kind: hasChildren ? 'subtotal' : 'row',
      level,
    })),
    {
      cells: [total, ...places.map(({ column, kind, index: value }) => cellOf(kind, cellAt(result, 0, column, value)))],
      kind: 'total' as const,
    },
  ];
  return { title, subtitle, columns, headers, rows: inBatches(rows), rowCount: rows.length };
}
