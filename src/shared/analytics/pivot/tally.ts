// A tally is one figure of every cell on every level: how many records, a sum, a smallest value … Records are added block
// after block to the leaves; then everything above is rolled up. A live pivot adds and removes single records afterwards.
import { addUp, rollUpSteps, type Grid } from '#shared/analytics/pivot/grid.ts';
import type { NumberSource } from '#shared/analytics/pivot/number-source.ts';
import { addSizes, areExact, createSizes, isWhole, type Scale, type Sizes } from '#shared/analytics/pivot/decimals.ts';

/** The records behind the cells, for tallies that look at them again. */
export interface Placement {
  /** Leaf cell of each slot; `grid.leaves` for a slot that does not count. Grows with the table. */
  cells: Int32Array;
  slots: number;
}

/** A figure of any cell of any level; NaN is empty. */
export type Reader = (level: number, cell: number) => number;

/** A figure of all cells. */
export interface Figures {
  readonly read: Reader;
  /** Of all cells of a level; not to be changed. */
  readonly all: (level: number) => Float64Array;
}

/** Without numbers every record counts one. */
export interface Simple {
  readonly leaves: Float64Array;
  readonly numbers: Float64Array | null;
  readonly sizes: Sizes;
}

export interface Tally extends Figures {
  /** True for a tally that looks at the places of the records when it finishes. */
  readonly needsPlaces: boolean;
  /** Adds the first `count` of `slots`; `keys` holds their leaf cells. */
  addBlock(keys: Int32Array, slots: Int32Array, count: number): void;
  /** Everything above the leaves, after the last block. */
  finish(placement: Placement): void;
  /**
   * One record more (`sign` 1) or less (−1); `cells` are its cells on all levels. Called while the table holds the values
   * to add or remove. False: the tally cannot take it, everything must be counted again.
   */
  change(slot: number, cells: Int32Array, sign: 1 | -1, placement: Placement): boolean;
  /** After changes, before reading: what can only be found by looking at the records again. */
  settle(placement: Placement): void;
  /** Set when all there is to do for a record is to add one, or a number, to its leaf. */
  readonly simple?: Simple;
  /** False: it was planned on trust, and the numbers are not what they were taken for. */
  readonly isSound?: () => boolean;
}

/** A sum; its average is divided only once, so that it has no dust either. */
export interface SumTally extends Tally {
  /** What each cell has on average; empty where there is nothing. */
  readonly average: Figures;
}

/** One array for each level. */
export function createLevels(grid: Grid, initial = 0): Float64Array[] {
  return grid.sizes.map((size) => {
    const cells = new Float64Array(size);
    return initial === 0 ? cells : cells.fill(initial);
  });
}

/** Every figure of a level, one by one. */
export function readAll(read: Reader, level: number, size: number): Float64Array {
  const figures = new Float64Array(size);
  for (let cell = 0; cell < size; cell += 1) figures[cell] = read(level, cell);
  return figures;
}

function addAllUp(grid: Grid, levels: readonly Float64Array[]): void {
  for (const step of rollUpSteps(grid)) {
    const [finer, coarser] = [levels[step.from], levels[step.to]];
    if (finer !== undefined && coarser !== undefined) addUp(step, finer, coarser);
  }
}

function addToAll(levels: readonly Float64Array[], cells: Int32Array, amount: number): void {
  for (let level = 0; level < levels.length; level += 1) {
    const values = levels[level];
    const cell = cells[level] ?? 0;
    if (values !== undefined) values[cell] = (values[cell] ?? 0) + amount;
  }
}

const NO_CELLS = new Float64Array(0);

/** Records; with a source only those that have a value there. */
export function countTally(grid: Grid, source: NumberSource | null): Tally {
  const levels = createLevels(grid);
  const leaves = levels.at(-1) ?? NO_CELLS;
  const numbers = source?.all() ?? null;
  return {
    needsPlaces: false,
    ...(numbers === null ? { simple: { leaves, numbers: null, sizes: createSizes() } } : {}),
    addBlock(keys, slots, count) {
      if (numbers === null) countBlock(leaves, keys, count);
      else countValues(leaves, keys, numbers, slots, count);
    },
    finish: () => addAllUp(grid, levels),
    read: (level, cell) => levels[level]?.[cell] ?? 0,
    all: (level) => levels[level] ?? NO_CELLS,
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

function countValues(
  leaves: Float64Array,
  keys: Int32Array,
  numbers: Float64Array,
  slots: Int32Array,
  count: number,
): void {
  for (let at = 0; at < count; at += 1) {
    const key = keys[at] as number;
    if (!Number.isNaN(numbers[slots[at] as number])) leaves[key] = (leaves[key] as number) + 1;
  }
}

/**
 * Whole numbers, or decimals made whole by `scale`: exact. `seen` counts the values; the sum of none is empty. Numbers that
 * were taken on trust are looked at while they are added.
 */
export function exactSumTally(grid: Grid, source: NumberSource, scale: Scale, seen: Tally): SumTally {
  const levels = createLevels(grid);
  const leaves = levels.at(-1) ?? NO_CELLS;
  const numbers = source.all();
  const { factor } = scale;
  const isSimple = factor === 1 && !scale.hasEmpty;
  const sizes = createSizes();
  return {
    needsPlaces: false,
    ...(isSimple ? { simple: { leaves, numbers, sizes }, isSound: () => areExact(sizes) } : {}),
    addBlock(keys, slots, count) {
      if (isSimple) sumBlock(leaves, keys, numbers, slots, count, sizes);
      else sumScaled(leaves, keys, numbers, slots, count, factor);
    },
    finish: () => addAllUp(grid, levels),
    read: (level, cell) => (seen.read(level, cell) === 0 ? Number.NaN : (levels[level]?.[cell] ?? 0) / factor),
    all: (level) => sumsOf(levels[level] ?? NO_CELLS, seen.all(level), factor),
    average: {
      read: (level, cell) => (levels[level]?.[cell] ?? 0) / (factor * seen.read(level, cell)),
      all: (level) => averagesOf(levels[level] ?? NO_CELLS, seen.all(level), factor),
    },
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

function sumsOf(sums: Float64Array, counts: Float64Array, factor: number): Float64Array {
  const figures = new Float64Array(sums.length);
  for (let cell = 0; cell < sums.length; cell += 1) {
    figures[cell] = (counts[cell] as number) === 0 ? Number.NaN : (sums[cell] as number) / factor;
  }
  return figures;
}

/** Nothing divided by nothing is empty. */
function averagesOf(sums: Float64Array, counts: Float64Array, factor: number): Float64Array {
  const figures = new Float64Array(sums.length);
  for (let cell = 0; cell < sums.length; cell += 1) {
    figures[cell] = (sums[cell] as number) / (factor * (counts[cell] as number));
  }
  return figures;
}

function sumBlock(
  leaves: Float64Array,
  keys: Int32Array,
  numbers: Float64Array,
  slots: Int32Array,
  count: number,
  sizes: Sizes,
): void {
  let [size, fractions] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    const key = keys[at] as number;
    const value = numbers[slots[at] as number] as number;
    leaves[key] = (leaves[key] as number) + value;
    size += Math.abs(value);
    fractions += value - Math.floor(value);
  }
  addSizes(sizes, size, fractions);
}

/** A count and a sum of the same records together. */
export function countAndSum(count: Simple, sum: Simple, keys: Int32Array, slots: Int32Array, records: number): void {
  const [counts, sums, numbers] = [count.leaves, sum.leaves, sum.numbers ?? NO_CELLS];
  let [size, fractions] = [0, 0];
  for (let at = 0; at < records; at += 1) {
    const key = keys[at] as number;
    const value = numbers[slots[at] as number] as number;
    counts[key] = (counts[key] as number) + 1;
    sums[key] = (sums[key] as number) + value;
    size += Math.abs(value);
    fractions += value - Math.floor(value);
  }
  addSizes(sum.sizes, size, fractions);
}

function sumScaled(
  leaves: Float64Array,
  keys: Int32Array,
  numbers: Float64Array,
  slots: Int32Array,
  count: number,
  factor: number,
): void {
  for (let at = 0; at < count; at += 1) {
    const value = numbers[slots[at] as number] as number;
    if (Number.isNaN(value)) continue;
    const key = keys[at] as number;
    leaves[key] = (leaves[key] as number) + Math.round(value * factor);
  }
}
