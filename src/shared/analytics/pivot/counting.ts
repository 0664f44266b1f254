// Tallies over a grid with the places of the records in it: counted once from the whole table, then kept up with single records.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
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

/** Counts the slots of a table; `chosen`: 1 for those that count, null: all do. */
export function countAll(table: ColumnTable, grid: Grid, measures: Measures, chosen: Uint8Array | null): Counting {
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
