// Medians of a few cells after a change, in one walk over the records: the new median lies next to the old one. Beside it the two
// next smaller and the two next larger values are kept; when that is not enough (many changes at once), the values of the
// cell are collected and the middle is looked for among them.
import { tableAbove, type Grid } from '#shared/analytics/pivot/grid.ts';
import type { Placement } from '#shared/analytics/pivot/tally.ts';

export type Middle = (low: number, high: number) => number;

/** What lies around the median as it was. */
interface Around {
  readonly guess: number;
  below: number;
  same: number;
  above: number;
  /** Largest and second largest below. */
  lower: readonly [number, number];
  /** Smallest and second smallest above. */
  higher: readonly [number, number];
}

/** Looks once at all records and answers the median of each touched cell. `levels`: the medians before. */
export function lookAround(
  grid: Grid,
  levels: readonly Float64Array[],
  touched: readonly ReadonlySet<number>[],
  numbers: Float64Array,
  { cells, slots }: Placement,
): (level: number, cell: number, middle: Middle) => number {
  const found = new Map<string, Around>();
  const tables = touched.map((_, level) => tableAbove(grid, level));
  for (const [level, set] of touched.entries()) {
    for (const cell of set) {
      const around = createAround(levels[level]?.[cell] ?? Number.NaN);
      found.set(nameOf(level, cell), around);
      const isInside = Uint8Array.from(tables[level] ?? [], (above) => (above === cell ? 1 : 0));
      takeAll(around, isInside, numbers, cells, slots);
    }
  }
  return (level, cell, middle) => {
    const around = found.get(nameOf(level, cell)) ?? createAround(Number.NaN);
    const count = around.below + around.same + around.above;
    if (count === 0) return Number.NaN;
    const [low, high] = [valueAt(around, (count - 1) >> 1), valueAt(around, count >> 1)];
    if (low !== null && high !== null) return middle(low, high);
    const values = collect(tables[level] ?? new Int32Array(0), cell, numbers, cells, slots);
    return middle(values[(count - 1) >> 1] ?? Number.NaN, values[count >> 1] ?? Number.NaN);
  };
}

const nameOf = (level: number, cell: number): string => `${String(level)} ${String(cell)}`;

/** A cell that was empty may have any values now: all of them are above the guess. */
const createAround = (median: number): Around => ({
  guess: Number.isNaN(median) ? -Infinity : median,
  below: 0,
  same: 0,
  above: 0,
  lower: [-Infinity, -Infinity],
  higher: [Infinity, Infinity],
});

function takeAll(around: Around, isInside: Uint8Array, numbers: Float64Array, cells: Int32Array, slots: number): void {
  const { guess } = around;
  let [below, same, above] = [0, 0, 0];
  let [lower, nextLower, higher, nextHigher] = [-Infinity, -Infinity, Infinity, Infinity];
  for (let slot = 0; slot < slots; slot += 1) {
    // A record that does not count has a place behind the last cell, where nothing is inside.
    if (isInside[cells[slot] as number] !== 1) continue;
    const value = numbers[slot] as number;
    if (value < guess) {
      below += 1;
      if (value > nextLower) [lower, nextLower] = value > lower ? [value, lower] : [lower, value];
    } else if (value > guess) {
      above += 1;
      if (value < nextHigher) [higher, nextHigher] = value < higher ? [value, higher] : [higher, value];
    } else if (value === guess) {
      same += 1;
    }
  }
  Object.assign(around, { below, same, above, lower: [lower, nextLower], higher: [higher, nextHigher] });
}

/** The value with so many before it; null where the neighbours do not tell. */
function valueAt({ guess, below, same, lower, higher }: Around, rank: number): number | null {
  if (rank >= below && rank < below + same) return guess;
  if (rank < below) return lower[below - 1 - rank] ?? null;
  return higher[rank - below - same] ?? null;
}

/** The values of a cell, sorted. */
function collect(
  table: Int32Array,
  cell: number,
  numbers: Float64Array,
  cells: Int32Array,
  slots: number,
): Float64Array {
  const values = new Float64Array(slots);
  let count = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const value = numbers[slot] as number;
    if (table[cells[slot] as number] !== cell || Number.isNaN(value)) continue;
    values[count] = value;
    count += 1;
  }
  return values.subarray(0, count).sort();
}
