// A pivot by fields that hold several values: a deal with three products stands under each of them with its whole amount, and
// once in every total above. Each level is counted over one slot for each row and combination of the lists on that level;
// without lists one counting is right for all levels.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
import { isCountedBefore, countOnce, splitDimensions } from '#shared/analytics/pivot/count-once.ts';
import type { CodedDimension } from '#shared/analytics/pivot/coded-dimension.ts';
import { countAll, putIn, type Counting } from '#shared/analytics/pivot/counting.ts';
import type { Grid } from '#shared/analytics/pivot/grid.ts';
import type { Layout } from '#shared/analytics/pivot/lay-out.ts';
import type { Figures } from '#shared/analytics/pivot/tally.ts';

/** A counting in which the slots of a row count once for each group of some dimensions. */
export interface CountedOnce {
  readonly counting: Counting;
  /** Those in which the slots of a row differ; none: a row counts once. */
  readonly split: readonly CodedDimension[];
}

export interface CountedLevels {
  readonly countings: readonly CountedOnce[];
  /** Figures of every level, from the counting that is right for it. */
  readonly whole: Counting;
}

/** @throws OutpostError as `calculatePivot`. */
export function countLevels(table: ColumnTable, layout: Layout): CountedLevels {
  const { grid } = layout;
  const countings = new Map<string, CountedOnce>();
  const byLevel = grid.sizes.map((_, level) => {
    const split = splitDimensions(table, dimensionsAt(grid, level));
    const key = split.map(({ dimension }) => dimension.field).join('\n');
    const known = countings.get(key);
    if (known !== undefined) return known.counting;
    const counting = countAll(table, { ...layout, chosen: countOnce(table, split, layout.chosen) });
    countings.set(key, { counting, split });
    return counting;
  });
  const [first] = byLevel;
  if (first === undefined) throw new RangeError('a pivot without levels');
  return { countings: [...countings.values()], whole: countings.size === 1 ? first : combine(grid, first, byLevel) };
}

/** Puts a slot in, unless an earlier one of its row stands for it. False: there is no room for it, count all again. */
export function putInOnce(table: ColumnTable, { counting, split }: CountedOnce, slot: number): boolean {
  const cells = counting.placements[0]?.cells;
  const isIn = (before: number): boolean => (cells?.[before] ?? counting.grid.leaves) !== counting.grid.leaves;
  return isCountedBefore(table, split, slot, isIn) || putIn(counting, slot);
}

function dimensionsAt(grid: Grid, level: number): readonly CodedDimension[] {
  return [
    ...grid.rows.dimensions.slice(0, Math.floor(level / grid.columnDepths)),
    ...grid.columns.dimensions.slice(0, level % grid.columnDepths),
  ];
}

function combine(grid: Grid, first: Counting, byLevel: readonly Counting[]): Counting {
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
