// The value in the middle of a cell's records; of an even number half-way between the two. Records are walked once for each
// level in the order of their values: the middle of a cell is met when half of its records have passed.
import { createLevels, type Placement, type Tally } from '#shared/analytics/pivot/tally.ts';
import { tableAbove, type Grid } from '#shared/analytics/pivot/grid.ts';
import type { NumberSource } from '#shared/analytics/pivot/number-source.ts';
import { orderByValue } from '#shared/analytics/pivot/order-by-value.ts';

type Middle = (low: number, high: number) => number;

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
      const numbers = source.all();
      for (const [level, set] of touched.entries()) {
        const table = tableAbove(grid, level);
        for (const cell of set) {
          const medians = levels[level];
          const values = collect(numbers, placement, grid.leaves, table, cell);
          if (medians !== undefined) medians[cell] = medianOf(values, medians[cell] ?? Number.NaN, middle);
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

/** The values of a cell as the table is now. */
function collect(
  numbers: Float64Array,
  { cells, slots }: Placement,
  nowhere: number,
  table: Int32Array,
  wanted: number,
): Float64Array {
  const values = new Float64Array(slots);
  let count = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const leaf = cells[slot] as number;
    if (leaf === nowhere || table[leaf] !== wanted) continue;
    const value = numbers[slot] as number;
    values[count] = value;
    if (!Number.isNaN(value)) count += 1;
  }
  return values.subarray(0, count);
}

/** `guess`: the median before, which the new one is near. */
function medianOf(values: Float64Array, guess: number, middle: Middle): number {
  if (values.length === 0) return Number.NaN;
  const [low, high] = [(values.length - 1) >> 1, values.length >> 1];
  const first = selectRank(values, low, guess);
  return middle(first, high === low ? first : nextAbove(values, first, high));
}

/** The value with so many smaller ones before it; looks close to the guess first. */
function selectRank(values: Float64Array, rank: number, guess: number): number {
  let [below, same] = [0, 0];
  let [nextLower, nextHigher] = [-Infinity, Infinity];
  for (const value of values) {
    if (value < guess) {
      below += 1;
      if (value > nextLower) nextLower = value;
    } else if (value > guess) {
      if (value < nextHigher) nextHigher = value;
    } else {
      same += 1;
    }
  }
  if (!Number.isNaN(guess)) {
    if (rank >= below && rank < below + same) return guess;
    if (rank === below - 1) return nextLower;
    if (rank === below + same) return nextHigher;
  }
  return values.slice().sort()[rank] ?? Number.NaN;
}

/** The value at the rank after that of `first`: the same again, or the next larger one. */
function nextAbove(values: Float64Array, first: number, rank: number): number {
  let [upTo, next] = [0, Infinity];
  for (const value of values) {
    if (value <= first) upTo += 1;
    else if (value < next) next = value;
  }
  return upTo > rank ? first : next;
}
