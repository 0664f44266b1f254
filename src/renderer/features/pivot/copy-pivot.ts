import { toHtmlTable, toPlainTable, toTabbedText } from '#renderer/features/pivot/copy-table.ts';
import { columnOrder, memberName, type ShownPivot } from '#shared/analytics/export-pivot.ts';
import { cellAt, columnTree, shownRows } from '#shared/analytics/pivot-axis.ts';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';

/** A pivot that is copied as it is read: its cells in words. */
export interface CopiedPivot extends ShownPivot {
  readonly names: PivotNames;
}

export function tableOfPivot(shown: CopiedPivot) {
  const { spec, folded, answer, names } = shown;
  const { result, currency } = answer;
  const rows = [
    ...shownRows(result.rows, new Set(folded)),
    ...result.rows.slice(0, 1).map((member) => ({ index: 0, member, level: 0, hasChildren: false, isFolded: false })),
  ];
  return toPlainTable(
    rows,
    columnOrder(columnTree(result.columns)),
    spec.values.map((measure) => names.measure(spec, measure)),
    {
      corner: spec.rows.map((dimension) => names.dimension(spec.source, dimension)).join(' › '),
      row: ({ member: { path } }) => memberName(shown, 'rows', path, Math.max(0, path.length - 1)),
      column: (column) =>
        spec.columns.map((_, level) => memberName(shown, 'columns', result.columns[column]?.path ?? [], level)),
      cell(row, column, value) {
        const measure = spec.values[value];
        return measure === undefined ? '' : names.cell(spec, measure, cellAt(result, row, column, value), currency);
      },
    },
  );
}

/** Puts the pivot on the clipboard as it is shown. */
export async function copyPivot(shown: CopiedPivot): Promise<void> {
  const table = tableOfPivot(shown);
  const text = (type: string, content: string): Blob => new Blob([content], { type });
  await navigator.clipboard.write([
    new ClipboardItem({
      'text/plain': text('text/plain', toTabbedText(table)),
      'text/html': text('text/html', toHtmlTable(table)),
    }),
  ]);
}
