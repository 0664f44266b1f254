// A pivot by fields that hold several values: a deal with three products stands under each of them with its whole amount, and
// once in every total above. Each level is counted over one slot for each record and combination of the lists on that level.
import type { SplitTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import type { PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { assemble } from '#shared/analytics/pivot/assemble.ts';
import { countOnce, splitDimensions } from '#shared/analytics/pivot/count-once.ts';
import { countAll, type Counting } from '#shared/analytics/pivot/counting.ts';
import type { Grid } from '#shared/analytics/pivot/grid.ts';
import { layOut } from '#shared/analytics/pivot/lay-out.ts';
import type { Figures } from '#shared/analytics/pivot/tally.ts';

/** @throws OutpostError as `calculatePivot`. */
export function calculateSplitPivot(table: SplitTable, spec: PivotSpec, context: PivotContext): PivotResult {
  const layout = layOut(table, spec, context, { isLive: false, isKept: false });
  const { grid } = layout;
  const countings = new Map<string, Counting>();
  const byLevel = grid.sizes.map((_, level) => {
    const dimensions = splitDimensions(table, dimensionsAt(grid, level));
    const key = dimensions.map(({ dimension }) => dimension.field).join('\n');
    const known = countings.get(key);
    if (known !== undefined) return known;
    const counting = countAll(table, { ...layout, chosen: countOnce(table, dimensions, layout.chosen) });
    countings.set(key, counting);
    return counting;
  });
  return assemble(combine(grid, byLevel), spec, context);
}

function dimensionsAt(grid: Grid, level: number) {
  return [
    ...grid.rows.dimensions.slice(0, Math.floor(level / grid.columnDepths)),
    ...grid.columns.dimensions.slice(0, level % grid.columnDepths),
  ];
}

/** Figures of each level from the counting that is right for it. */
function combine(grid: Grid, byLevel: readonly Counting[]): Counting {
  const [first] = byLevel;
  if (first === undefined) throw new RangeError('a pivot without levels');
  const figures = (of: (counting: Counting) => Figures): Figures => {
    const levels = byLevel.map(of);
    const at = (level: number): Figures => levels[level] ?? of(first);
    return { read: (level, cell) => at(level).read(level, cell), all: (level) => at(level).all(level) };
  };
  const known = new Map<string, Figures>();
  return {
    grid,
    placements: [],
    measures: {
      groups: [],
      records: { ...first.measures.records, ...figures(({ measures }) => measures.records) },
      figuresOf(id) {
        const before = known.get(id);
        if (before !== undefined) return before;
        const made = figures(({ measures }) => measures.figuresOf(id));
        known.set(id, made);
        return made;
      },
    },
  };
}
