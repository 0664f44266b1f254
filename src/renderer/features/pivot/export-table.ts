// A pivot as a table to export: what is shown, with typed numbers, the columns under their headings, totals marked as such.
import { columnOrder, memberName, type ShownPivot } from '#renderer/features/pivot/copy-pivot.ts';
import { kindOfMeasure, type MeasureKind } from '#renderer/blocks/measure-kind.ts';
import { cellAt, columnTree, shownRows } from '#renderer/features/pivot/pivot-axis.ts';
import type { PivotMeasure } from '#shared/analytics/pivot-spec.ts';
import {
  inBatches,
  type ExportCell,
  type ExportColumn,
  type ExportRow,
  type ExportTable,
  type ExportType,
  type HeaderCell,
} from '#shared/export/export-table.ts';

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
  return kind === 'day' ? new Date(value).toISOString().slice(0, 10) : value;
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

export function exportTableOf(shown: ShownPivot, title: string, subtitle: readonly string[]): ExportTable {
  const { spec, look, answer, names, total } = shown;
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
    ...shownRows(result.rows, new Set(look.folded)).map(({ index, level, hasChildren, member }): ExportRow => ({
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
