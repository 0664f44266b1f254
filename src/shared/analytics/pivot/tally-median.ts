// The value in the middle of a cell's records; of an even number half-way between the two. Records are walked once for each
// level in the order of their values: the middle of a cell is met when half of its records have passed.
import { createLevels, type Tally } from '#shared/analytics/pivot/tally.ts';
import { tableAbove, type Grid } from '#shared/analytics/pivot/grid.ts';
import type { NumberSource } from '#shared/analytics/pivot/number-source.ts';
import { lookAround, type Middle } from '#shared/analytics/pivot/median-around.ts';
import { orderByValue } from '#shared/analytics/pivot/order-by-value.ts';

/** `seen` counts the values of each cell; `middle` is half-way between two numbers. */
export function medianTally(grid: Grid, source: NumberSource, seen: Tally, middle: Middle): Tally {
  const levels = createLevels(grid, Number.NaN);
  const touched = grid.sizes.map(() => new Set<number>());
  return {
    needsPlaces: true,
    addBlock() {
      // Values are met in their order, not in that of the slots.
    },
    finish({ cells, slots }) {
      const numbers = source.all();
      const order = orderByValue(numbers, slots, cells, grid.leaves);
      const leaves = order.map((slot) => cells[slot] ?? 0);
      const values = Float64Array.from(order, (slot) => numbers[slot] ?? 0);
      for (const [level, medians] of levels.entries()) {
        findMedians(medians, seen.all(level), middle, leaves, values, tableAbove(grid, level));
      }
    },
    read: (level, cell) => levels[level]?.[cell] ?? Number.NaN,
    all: (level) => levels[level] ?? new Float64Array(0),
    change(slot, cells) {
      if (Number.isNaN(source.at(slot))) return true;
      for (const [level, set] of touched.entries()) set.add(cells[level] ?? 0);
      return true;
    },
    settle(placement) {
      if (touched.every((set) => set.size === 0)) return;
      const around = lookAround(grid, levels, touched, source.all(), placement);
      for (const [level, set] of touched.entries()) {
        for (const cell of set) {
          const medians = levels[level];
          if (medians !== undefined) medians[cell] = around(level, cell, middle);
        }
        set.clear();
      }
    },
  };
}

function findMedians(
  medians: Float64Array,
  counts: Float64Array,
  middle: Middle,
  leaves: Int32Array,
  values: Float64Array,
  table: Int32Array,
): void {
  const passed = new Int32Array(medians.length);
  const low = new Float64Array(medians.length);
  for (let at = 0; at < leaves.length; at += 1) {
    const cell = table[leaves[at] as number] as number;
    const rank = passed[cell] as number;
    const count = counts[cell] as number;
    passed[cell] = rank + 1;
    if (rank === (count - 1) >> 1) low[cell] = values[at] as number;
    if (rank === count >> 1) medians[cell] = middle(low[cell] as number, values[at] as number);
  }
}
