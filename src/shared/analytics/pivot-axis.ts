// The two axes of a result as they are shown: which rows are unfolded, and how columns stand in groups.
import type { Member, PivotResult } from '#shared/analytics/pivot-result.ts';

export interface ShownRow {
  /** Place in `result.rows`. */
  readonly index: number;
  readonly member: Member;
  readonly level: number;
  readonly hasChildren: boolean;
  readonly isFolded: boolean;
}

export function keyOfPath(path: Member['path']): string {
  return JSON.stringify(path);
}

/** Rows in order without those below a folded one; the total stands apart. */
export function shownRows(rows: readonly Member[], folded: ReadonlySet<string>): readonly ShownRow[] {
  const parents = new Set(rows.map(({ parent }) => parent));
  const hidden = new Set<number>();
  const shown: ShownRow[] = [];
  for (const [index, member] of rows.entries()) {
    if (member.path.length === 0) continue;
    const isFolded = folded.has(keyOfPath(member.path));
    const isHidden = hidden.has(member.parent);
    if (isHidden || isFolded) hidden.add(index);
    if (!isHidden)
      shown.push({ index, member, level: member.path.length - 1, hasChildren: parents.has(index), isFolded });
  }
  return shown;
}

export interface ColumnNode {
  /** Place in `result.columns`. */
  readonly index: number;
  readonly member: Member;
  readonly children: readonly ColumnNode[];
}

/** The columns as a tree below their total. */
export function columnTree(columns: readonly Member[]): ColumnNode | null {
  const nodes = columns.map((member, index): ColumnNode & { children: ColumnNode[] } => ({
    index,
    member,
    children: [],
  }));
  for (const node of nodes) if (node.member.parent >= 0) nodes[node.member.parent]?.children.push(node);
  return nodes[0] ?? null;
}

export function cellAt(result: PivotResult, row: number, column: number, value: number): number {
  const { columns, values, cells } = result;
  return cells[(row * columns.length + column) * values.length + value] ?? NaN;
}

/** Smallest and largest number of each value among cells that are no totals: what colours are measured by. */
export function rangesOf(
  result: PivotResult,
  depth: { readonly rows: number; readonly columns: number },
): readonly [number, number][] {
  const ranges = result.values.map((): [number, number] => [Infinity, -Infinity]);
  for (const [row, { path }] of result.rows.entries()) {
    if (path.length !== depth.rows) continue;
    for (const [column, member] of result.columns.entries()) {
      if (member.path.length !== depth.columns) continue;
      for (const [value, range] of ranges.entries()) {
        const number = cellAt(result, row, column, value);
        if (number < range[0]) range[0] = number;
        if (number > range[1]) range[1] = number;
      }
    }
  }
  return ranges;
}
