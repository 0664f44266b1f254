// A tally is one figure of every cell on every level: how many records, a sum, a smallest value … Records are added block
// after block to the leaves; then everything above is rolled up. A live pivot adds and removes single records afterwards.
import { rollUpSteps, type Grid } from '#shared/analytics/pivot/grid.ts';
import type { NumberSource } from '#shared/analytics/pivot/number-source.ts';
import { isWhole, type Scale } from '#shared/analytics/pivot/decimals.ts';

/** The records behind the cells, for tallies that look at them again. */
export interface Placement {
  /** Leaf cell of each slot; `grid.leaves` for a slot that does not count. Grows with the table. */
  cells: Int32Array;
  slots: number;
}

export interface Tally {
  /** Adds slots `from` … `from + count − 1`; `keys` holds their leaf cells. */
  addBlock(keys: Int32Array, from: number, count: number): void;
  /** Everything above the leaves, after the last block. */
  finish(placement: Placement): void;
  /** The figure of a cell; NaN is empty. */
  readonly read: (level: number, cell: number) => number;
  /**
   * One record more (`sign` 1) or less (−1); `cells` are its cells on all levels. Called while the table holds the values
   * to add or remove. False: the tally cannot take it, everything must be counted again.
   */
  change(slot: number, cells: Int32Array, sign: 1 | -1, placement: Placement): boolean;
  /** After changes, before reading: what can only be found by looking at the records again. */
  settle(placement: Placement): void;
}

/** A sum; its average is divided only once, so that it has no dust either. */
export interface SumTally extends Tally {
  /** The sum divided by `count`. */
  divide(level: number, cell: number, count: number): number;
}

/** One array for each level, the leaves with one cell more for what is not counted. */
export function createLevels(grid: Grid, initial = 0): Float64Array[] {
  return grid.sizes.map((size, level) => {
    const cells = new Float64Array(level === grid.leafLevel ? size + 1 : size);
    return initial === 0 ? cells : cells.fill(initial);
  });
}

function addUp(grid: Grid, levels: readonly Float64Array[]): void {
  for (const { from, to, eachPair } of rollUpSteps(grid)) {
    const [finer, coarser] = [levels[from], levels[to]];
    if (finer === undefined || coarser === undefined) continue;
    eachPair((source, target) => {
      coarser[target] = (coarser[target] ?? 0) + (finer[source] ?? 0);
    });
  }
}

function addToAll(levels: readonly Float64Array[], cells: Int32Array, amount: number): void {
  for (let level = 0; level < levels.length; level += 1) {
    const values = levels[level];
    const cell = cells[level] ?? 0;
    if (values !== undefined) values[cell] = (values[cell] ?? 0) + amount;
  }
}

/** Records; with a source only those that have a value there. */
export function countTally(grid: Grid, source: NumberSource | null): Tally {
  const levels = createLevels(grid);
  const leaves = levels.at(-1) ?? new Float64Array(1);
  const numbers = source?.all() ?? null;
  return {
    addBlock(keys, from, count) {
      if (numbers === null) countBlock(leaves, keys, count);
      else countValues(leaves, keys, numbers, from, count);
    },
    finish: () => addUp(grid, levels),
    read: (level, cell) => levels[level]?.[cell] ?? 0,
    change(slot, cells, sign) {
      if (source === null || !Number.isNaN(source.at(slot))) addToAll(levels, cells, sign);
      return true;
    },
    settle() {
      // Counts are right after every change.
    },
  };
}

function countBlock(leaves: Float64Array, keys: Int32Array, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const key = keys[at] as number;
    leaves[key] = (leaves[key] as number) + 1;
  }
}

function countValues(leaves: Float64Array, keys: Int32Array, numbers: Float64Array, from: number, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const key = keys[at] as number;
    if (!Number.isNaN(numbers[from + at])) leaves[key] = (leaves[key] as number) + 1;
  }
}

/** Whole numbers, or decimals made whole by `scale`: exact. `seen` counts the values; the sum of none is empty. */
export function exactSumTally(
  grid: Grid,
  source: NumberSource,
  scale: Scale,
  hasEmpty: boolean,
  seen: Tally,
): SumTally {
  const levels = createLevels(grid);
  const leaves = levels.at(-1) ?? new Float64Array(1);
  const numbers = source.all();
  const { factor } = scale;
  return {
    addBlock(keys, from, count) {
      if (factor === 1 && !hasEmpty) sumBlock(leaves, keys, numbers, from, count);
      else sumScaled(leaves, keys, numbers, from, count, factor);
    },
    finish: () => addUp(grid, levels),
    read: (level, cell) => (seen.read(level, cell) === 0 ? Number.NaN : (levels[level]?.[cell] ?? 0) / factor),
    divide: (level, cell, count) => (levels[level]?.[cell] ?? 0) / (factor * count),
    change(slot, cells, sign) {
      const value = source.at(slot);
      if (Number.isNaN(value)) return true;
      if (!isWhole(value, factor)) return false;
      addToAll(levels, cells, sign * Math.round(value * factor));
      return Math.abs(levels[0]?.[0] ?? 0) <= Number.MAX_SAFE_INTEGER;
    },
    settle() {
      // Whole numbers are added and taken away exactly.
    },
  };
}

function sumBlock(leaves: Float64Array, keys: Int32Array, numbers: Float64Array, from: number, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const key = keys[at] as number;
    leaves[key] = (leaves[key] as number) + (numbers[from + at] as number);
  }
}

function sumScaled(
  leaves: Float64Array,
  keys: Int32Array,
  numbers: Float64Array,
  from: number,
  count: number,
  factor: number,
): void {
  for (let at = 0; at < count; at += 1) {
    const value = numbers[from + at] as number;
    if (Number.isNaN(value)) continue;
    const key = keys[at] as number;
    leaves[key] = (leaves[key] as number) + Math.round(value * factor);
  }
}
