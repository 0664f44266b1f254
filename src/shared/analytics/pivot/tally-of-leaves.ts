// Tallies that grow one record at a time but cannot forget one: smallest, largest, first, last, and sums of numbers that no
// double holds exactly. When a record leaves, the leaf it was in is counted again from its records, and only that leaf.
import { createLevels, readAll, type Placement, type SumTally, type Tally } from '#shared/analytics/pivot/tally.ts';
import { eachPair, rollUpSteps, type Grid } from '#shared/analytics/pivot/grid.ts';
import type { NumberSource } from '#shared/analytics/pivot/number-source.ts';

interface Leaves {
  /** Takes the record of a slot into a cell of the leaf level. */
  addOne(cell: number, slot: number): void;
  /** Makes cell of a level empty. */
  clear(level: number, cell: number): void;
  /** Takes a cell of one level into a cell of another. */
  merge(from: number, source: number, to: number, target: number): void;
  readonly read: (level: number, cell: number) => number;
}

function tallyOfLeaves(grid: Grid, leaves: Leaves): Tally {
  const steps = rollUpSteps(grid);
  const dirty = new Set<number>();
  let isStale = false;
  const rollUp = (isFresh: boolean): void => {
    for (const step of steps) {
      const { from, to } = step;
      if (!isFresh) for (let cell = 0; cell < (grid.sizes[to] ?? 0); cell += 1) leaves.clear(to, cell);
      eachPair(step, (source, target) => leaves.merge(from, source, to, target));
    }
  };
  return {
    needsPlaces: false,
    addBlock(keys, slots, count) {
      for (let at = 0; at < count; at += 1) leaves.addOne(keys[at] ?? 0, slots[at] ?? 0);
    },
    finish: () => rollUp(true),
    read: leaves.read,
    all: (level) => readAll(leaves.read, level, grid.sizes[level] ?? 0),
    change(slot, cells, sign) {
      const cell = cells[grid.leafLevel] ?? 0;
      if (sign === 1) leaves.addOne(cell, slot);
      else dirty.add(cell);
      isStale = true;
      return true;
    },
    settle(placement) {
      if (!isStale) return;
      if (dirty.size > 0) countAgain(grid, leaves, dirty, placement);
      dirty.clear();
      isStale = false;
      rollUp(false);
    },
  };
}

function countAgain(grid: Grid, leaves: Leaves, dirty: ReadonlySet<number>, { cells, slots }: Placement): void {
  const isDirty = new Uint8Array(grid.leaves + 1);
  for (const cell of dirty) {
    isDirty[cell] = 1;
    leaves.clear(grid.leafLevel, cell);
  }
  for (let slot = 0; slot < slots; slot += 1) {
    const cell = cells[slot] ?? 0;
    if (isDirty[cell] === 1) leaves.addOne(cell, slot);
  }
}

/** Smallest (`sign` 1) or largest (−1) value. */
export function extremeTally(grid: Grid, source: NumberSource, sign: 1 | -1): Tally {
  const none = sign * Number.POSITIVE_INFINITY;
  const levels = createLevels(grid, none);
  const take = (level: number, cell: number, value: number): void => {
    const values = levels[level];
    if (values !== undefined && value * sign < (values[cell] ?? none) * sign) values[cell] = value;
  };
  return tallyOfLeaves(grid, {
    addOne(cell, slot) {
      const value = source.at(slot);
      if (!Number.isNaN(value)) take(grid.leafLevel, cell, value);
    },
    clear(level, cell) {
      const values = levels[level];
      if (values !== undefined) values[cell] = none;
    },
    merge: (from, cell, to, target) => take(to, target, levels[from]?.[cell] ?? none),
    read(level, cell) {
      const value = levels[level]?.[cell] ?? none;
      return value === none ? Number.NaN : value;
    },
  });
}

/** Value of the record that is first (`sign` 1) or last (−1) by `order`, then by slot; records without either are passed over. */
export function edgeTally(grid: Grid, source: NumberSource, order: NumberSource, sign: 1 | -1): Tally {
  const none = Number.NaN;
  const [orders, slots, values] = [createLevels(grid, none), createLevels(grid), createLevels(grid, none)];
  const take = (level: number, cell: number, place: number, slot: number, value: number): void => {
    const ordersHere = orders[level];
    const slotsHere = slots[level];
    const valuesHere = values[level];
    if (ordersHere === undefined || slotsHere === undefined || valuesHere === undefined) return;
    const best = ordersHere[cell] ?? none;
    const isBetter = Number.isNaN(best) || place * sign < best * sign;
    const isTie = place === best && slot * sign < (slotsHere[cell] ?? 0) * sign;
    if (!isBetter && !isTie) return;
    ordersHere[cell] = place;
    slotsHere[cell] = slot;
    valuesHere[cell] = value;
  };
  return tallyOfLeaves(grid, {
    addOne(cell, slot) {
      const value = source.at(slot);
      const place = order.at(slot);
      if (!Number.isNaN(value) && !Number.isNaN(place)) take(grid.leafLevel, cell, place, slot, value);
    },
    clear(level, cell) {
      for (const levels of [orders, values]) {
        const cells = levels[level];
        if (cells !== undefined) cells[cell] = none;
      }
    },
    merge(from, cell, to, target) {
      const place = orders[from]?.[cell] ?? none;
      if (!Number.isNaN(place)) take(to, target, place, slots[from]?.[cell] ?? 0, values[from]?.[cell] ?? none);
    },
    read: (level, cell) => values[level]?.[cell] ?? none,
  });
}

/** Sum of numbers that cannot be made whole, with what each addition loses carried along (Neumaier 1974). */
export function carriedSumTally(grid: Grid, source: NumberSource, seen: Tally): SumTally {
  const [sums, carries] = [createLevels(grid), createLevels(grid)];
  const take = (level: number, cell: number, value: number, carry: number): void => {
    const [sumsHere, carriesHere] = [sums[level], carries[level]];
    if (sumsHere === undefined || carriesHere === undefined) return;
    const before = sumsHere[cell] ?? 0;
    const after = before + value;
    const lost = Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
    sumsHere[cell] = after;
    carriesHere[cell] = (carriesHere[cell] ?? 0) + lost + carry;
  };
  const total = (level: number, cell: number): number => (sums[level]?.[cell] ?? 0) + (carries[level]?.[cell] ?? 0);
  const tally = tallyOfLeaves(grid, {
    addOne(cell, slot) {
      const value = source.at(slot);
      if (!Number.isNaN(value)) take(grid.leafLevel, cell, value, 0);
    },
    clear(level, cell) {
      for (const levels of [sums, carries]) {
        const cells = levels[level];
        if (cells !== undefined) cells[cell] = 0;
      }
    },
    merge: (from, cell, to, target) => take(to, target, sums[from]?.[cell] ?? 0, carries[from]?.[cell] ?? 0),
    read: (level, cell) => (seen.read(level, cell) === 0 ? Number.NaN : total(level, cell)),
  });
  const average = (level: number, cell: number): number => total(level, cell) / seen.read(level, cell);
  return {
    ...tally,
    average: { read: average, all: (level) => readAll(average, level, grid.sizes[level] ?? 0) },
  };
}
