// Figures that no subtotal can be made of other figures for: distinct values and the median. The records are walked once for
// each level in the order of their values: a value that comes again stands next to itself, and the middle of a cell is
// met when half of its records have passed.
import { createLevels, type Placement, type Tally } from '#shared/analytics/pivot/tally.ts';
import { cellsAbove, tableAbove, type Grid } from '#shared/analytics/pivot/grid.ts';
import type { NumberSource } from '#shared/analytics/pivot/number-source.ts';
import { orderByValue } from '#shared/analytics/pivot/order-by-value.ts';

/** How many different values the records of a cell have; empty is none. */
export function distinctTally(grid: Grid, source: NumberSource): Tally {
  const levels = createLevels(grid);
  const tally: Tally = {
    addBlock() {
      // Values are met in their order, not in that of the slots.
    },
    finish({ cells, slots }) {
      const numbers = source.all();
      const order = orderByValue(numbers, slots, cells, grid.leaves);
      for (const [level, counts] of levels.entries()) {
        countDistinct(counts, order, numbers, cells, tableAbove(grid, level));
      }
    },
    read: (level, cell) => levels[level]?.[cell] ?? 0,
    change(slot, cells, sign, placement) {
      const isFirst = levelsWithout(grid, source, slot, cells, placement);
      for (const [level, counts] of levels.entries()) {
        const cell = cells[level] ?? 0;
        if (isFirst[level] === 1) counts[cell] = (counts[cell] ?? 0) + sign;
      }
      return true;
    },
    settle() {
      // Counts are right after every change.
    },
  };
  return tally;
}

function countDistinct(
  counts: Float64Array,
  order: Int32Array,
  numbers: Float64Array,
  cells: Int32Array,
  table: Int32Array,
): void {
  const last = new Float64Array(counts.length).fill(Number.NaN);
  for (const slot of order) {
    const cell = table[cells[slot] ?? 0] ?? 0;
    const value = numbers[slot] ?? 0;
    if (last[cell] === value) continue;
    last[cell] = value;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
}

/** 1 for every level whose cell has no other record with the value of this slot. */
function levelsWithout(
  grid: Grid,
  source: NumberSource,
  slot: number,
  cells: Int32Array,
  placement: Placement,
): Uint8Array {
  const value = source.at(slot);
  const isFirst = new Uint8Array(grid.sizes.length);
  if (Number.isNaN(value)) return isFirst;
  isFirst.fill(1);
  const numbers = source.all();
  const others = new Int32Array(grid.sizes.length);
  const looked = new Set<number>();
  for (let other = 0; other < placement.slots; other += 1) {
    if (numbers[other] !== value || other === slot) continue;
    const leaf = placement.cells[other] ?? grid.leaves;
    if (leaf === grid.leaves || looked.has(leaf)) continue;
    looked.add(leaf);
    cellsAbove(grid, leaf, others);
    for (let level = 0; level < others.length; level += 1) if (others[level] === cells[level]) isFirst[level] = 0;
  }
  return isFirst;
}

/** The value in the middle; of an even number of records half-way between the two. `middle` adds without dust. */
export function medianTally(
  grid: Grid,
  source: NumberSource,
  seen: Tally,
  middle: (low: number, high: number) => number,
): Tally {
  const levels = createLevels(grid, Number.NaN);
  const touched = grid.sizes.map(() => new Set<number>());
  return {
    addBlock() {
      // Values are met in their order, not in that of the slots.
    },
    finish({ cells, slots }) {
      const numbers = source.all();
      const order = orderByValue(numbers, slots, cells, grid.leaves);
      for (const [level, medians] of levels.entries()) {
        const countOf = (cell: number): number => seen.read(level, cell);
        findMedians(medians, countOf, middle, order, numbers, cells, tableAbove(grid, level));
      }
    },
    read: (level, cell) => levels[level]?.[cell] ?? Number.NaN,
    change(slot, cells) {
      if (!Number.isNaN(source.at(slot))) for (const [level, set] of touched.entries()) set.add(cells[level] ?? 0);
      return true;
    },
    settle({ cells, slots }) {
      if (touched.every((set) => set.size === 0)) return;
      const numbers = source.all();
      for (const [level, set] of touched.entries()) {
        const table = tableAbove(grid, level);
        for (const cell of set) {
          const found: number[] = [];
          for (let slot = 0; slot < slots; slot += 1) {
            const leaf = cells[slot] ?? grid.leaves;
            const value = numbers[slot] ?? Number.NaN;
            if (leaf !== grid.leaves && table[leaf] === cell && !Number.isNaN(value)) found.push(value);
          }
          const sorted = Float64Array.from(found).sort();
          const low = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
          const high = sorted[sorted.length >> 1] ?? Number.NaN;
          const medians = levels[level];
          if (medians !== undefined) medians[cell] = middle(low, high);
        }
        set.clear();
      }
    },
  };
}

function findMedians(
  medians: Float64Array,
  countOf: (cell: number) => number,
  middle: (low: number, high: number) => number,
  order: Int32Array,
  numbers: Float64Array,
  cells: Int32Array,
  table: Int32Array,
): void {
  const passed = new Int32Array(medians.length);
  const low = new Float64Array(medians.length);
  for (const slot of order) {
    const cell = table[cells[slot] ?? 0] ?? 0;
    const rank = passed[cell] ?? 0;
    passed[cell] = rank + 1;
    const count = countOf(cell);
    if (rank === (count - 1) >> 1) low[cell] = numbers[slot] ?? 0;
    if (rank === count >> 1) medians[cell] = middle(low[cell] ?? 0, numbers[slot] ?? 0);
  }
}
