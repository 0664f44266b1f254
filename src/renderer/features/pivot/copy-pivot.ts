import { toHtmlTable, toPlainTable, toTabbedText } from '#renderer/features/pivot/copy-table.ts';
import { cellAt, columnTree, shownRows, type ColumnNode } from '#renderer/features/pivot/pivot-axis.ts';
import type { PivotLook } from '#renderer/features/pivot/pivot-look.ts';
import type { PivotNames } from '#renderer/blocks/use-pivot-names.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';

export interface ShownPivot {
  readonly spec: PivotSpec;
  readonly look: PivotLook;
  readonly answer: PivotAnswer;
  readonly names: PivotNames;
  /** What a total is called. */
  readonly total: string;
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

export function tableOfPivot(shown: ShownPivot) {
  const { spec, look, answer, names } = shown;
  const { result, currency } = answer;
  const rows = [
    ...shownRows(result.rows, new Set(look.folded)),
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
export async function copyPivot(shown: ShownPivot): Promise<void> {
  const table = tableOfPivot(shown);
  const text = (type: string, content: string): Blob => new Blob([content], { type });
  await navigator.clipboard.write([
    new ClipboardItem({
      'text/plain': text('text/plain', toTabbedText(table)),
      'text/html': text('text/html', toHtmlTable(table)),
    }),
  ]);
}
