// From a figure to the records behind it.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { Axis } from '#shared/analytics/pivot/axis.ts';
import { countAll } from '#shared/analytics/pivot/counting.ts';
import { tableAbove } from '#shared/analytics/pivot/grid.ts';
import { layOut } from '#shared/analytics/pivot/lay-out.ts';

type Path = readonly (string | null)[];

/**
 * Slots of the records a cell is made of, in the order of the table; the paths are those of its members, shorter ones stand
 * for subtotals. A member that has no records (any more) has no slots. Filters of single measures are not applied.
 * @throws OutpostError as `calculatePivot`.
 */
export function slotsOfCell(
  table: ColumnTable,
  spec: PivotSpec,
  context: PivotContext,
  rowPath: Path,
  columnPath: Path,
): Int32Array {
  const layout = layOut(table, spec, context, {
    isLive: false,
    isKept: true,
    isWithoutValues: true,
  });
  const { grid } = layout;
  const [row, column] = [groupOf(grid.rows, rowPath), groupOf(grid.columns, columnPath)];
  if (row < 0 || column < 0) return new Int32Array(0);
  const { placements } = countAll(table, layout);
  const level = rowPath.length * grid.columnDepths + columnPath.length;
  const wanted = row * (grid.columns.sizes[columnPath.length] ?? 1) + column;
  const above = tableAbove(grid, level);
  const cells = placements[0]?.cells ?? new Int32Array(0);
  return Int32Array.from([...cells.keys()].filter((slot) => above[cells[slot] ?? grid.leaves] === wanted));
}

/** The group of a path; −1 when there is none. */
function groupOf(axis: Axis, path: Path): number {
  let group = 0;
  for (const [level, key] of path.entries()) {
    const dimension = axis.dimensions[level];
    const parents = axis.parents[level + 1] ?? new Int32Array(0);
    const codes = axis.codes[level + 1] ?? new Int32Array(0);
    const above = group;
    group = parents.findIndex((parent, at) => {
      const code = codes[at] ?? -1;
      return parent === above && (code < 0 ? key === null : dimension?.keyOf(code) === key);
    });
    if (group < 0) return -1;
  }
  return group;
}
