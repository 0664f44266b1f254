// Tallies over a grid with the places of the records in it: counted once from the whole table, then kept up with single records.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
import { countAtOnce } from '#shared/analytics/pivot/count-at-once.ts';
import { cellsAbove, type Grid } from '#shared/analytics/pivot/grid.ts';
import type { Measures } from '#shared/analytics/pivot/measures.ts';
import { placeRecords } from '#shared/analytics/pivot/place-records.ts';
import type { Placement } from '#shared/analytics/pivot/tally.ts';

export interface Counting {
  readonly grid: Grid;
  readonly measures: Measures;
  /** Of each group of measures; the first is that of all records. */
  readonly placements: readonly Placement[];
}

export interface ToCount {
  readonly grid: Grid;
  /** Plans what is counted; see `planMeasures` for `isTrusting`. */
  readonly plan: (isTrusting: boolean) => Measures;
  /** 1 for a slot that counts; null: all slots of the table do. */
  readonly chosen: Uint8Array | null;
  /** True when somebody asks for the places of the records afterwards. */
  readonly isKept: boolean;
}

/** Counts the slots of a table: on trust first, and again with care when numbers are not what they were taken for. */
export function countAll(table: ColumnTable, { grid, plan, chosen, isKept }: ToCount): Counting {
  if (!isKept) {
    const measures = plan(true);
    const isDone = chosen === null && countAtOnce(grid, table.slots, measures.groups);
    const placements = isDone ? [] : placeRecords(grid, table.slots, chosen, measures.groups);
    const tallies = measures.groups.flatMap((group) => group.tallies);
    if (tallies.every(({ isSound }) => isSound?.() ?? true)) return { grid, measures, placements };
  }
  const measures = plan(false);
  return { grid, measures, placements: placeRecords(grid, table.slots, chosen, measures.groups) };
}

/** Takes a record out, while the table still holds it as it was counted. False: count all again. */
export function takeOut({ grid, measures, placements }: Counting, slot: number): boolean {
  const cells = new Int32Array(grid.sizes.length);
  let isDone = true;
  for (const [at, group] of measures.groups.entries()) {
    const placement = placements[at];
    const leaf = placement?.cells[slot] ?? grid.leaves;
    if (placement === undefined || leaf === grid.leaves) continue;
    cellsAbove(grid, leaf, cells);
    for (const tally of group.tallies) isDone = tally.change(slot, cells, -1, placement) && isDone;
    placement.cells[slot] = grid.leaves;
  }
  return isDone;
}

/** Puts a record in as the table holds it now. False: there is no room for it, count all again. */
export function putIn({ grid, measures, placements }: Counting, slot: number): boolean {
  const row = grid.rows.leafAt(slot);
  const column = grid.columns.leafAt(slot);
  if (row < 0 || column < 0) return false;
  const leaf = row * (grid.columns.sizes.at(-1) ?? 1) + column;
  const cells = new Int32Array(grid.sizes.length);
  cellsAbove(grid, leaf, cells);
  let isDone = true;
  for (const [at, group] of measures.groups.entries()) {
    const placement = placements[at];
    if (placement === undefined) continue;
    makeRoom(placement, slot, grid.leaves);
    if (group.filter !== null && !group.filter.test(slot)) continue;
    for (const tally of group.tallies) isDone = tally.change(slot, cells, 1, placement) && isDone;
    placement.cells[slot] = leaf;
  }
  return isDone;
}

/** Makes every figure readable after changes. */
export function settle({ measures, placements }: Counting): void {
  for (const [at, group] of measures.groups.entries()) {
    const placement = placements[at];
    if (placement !== undefined) for (const tally of group.tallies) tally.settle(placement);
  }
}

function makeRoom(placement: Placement, slot: number, nowhere: number): void {
  if (slot >= placement.cells.length) {
    const larger = new Int32Array(Math.max(slot + 1, Math.ceil(placement.cells.length * 1.25))).fill(nowhere);
    larger.set(placement.cells);
    placement.cells = larger;
  }
  placement.slots = Math.max(placement.slots, slot + 1);
}
