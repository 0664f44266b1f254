// A row of which several slots stand for its parts counts once wherever it does not matter which part is meant: in the
// total above all products, and in the others of the top three.
import { isSplitTable, type ColumnTable } from '#shared/analytics/column-table.ts';
import type { CodedDimension } from '#shared/analytics/pivot/coded-dimension.ts';

/** Of the dimensions those in which the slots of one row may differ. */
export function splitDimensions(table: ColumnTable, dimensions: readonly CodedDimension[]): readonly CodedDimension[] {
  if (!isSplitTable(table)) return [];
  return dimensions.filter(({ dimension }) => table.part(dimension.field) !== undefined);
}

/** One slot for each row and group of these dimensions. `chosen`, and the answer: 1 for a slot that counts; null: all do. */
export function countOnce(
  table: ColumnTable,
  dimensions: readonly CodedDimension[],
  chosen: Uint8Array | null,
): Uint8Array | null {
  if (!isSplitTable(table)) return chosen;
  const { records, slots } = table;
  const split = splitDimensions(table, dimensions);
  const once = new Uint8Array(slots);
  const seen = new Set<string>();
  let record = -1;
  for (let slot = 0; slot < slots; slot += 1) {
    if (records[slot] !== record) {
      record = records[slot] ?? -1;
      seen.clear();
    }
    if (chosen !== null && chosen[slot] !== 1) continue;
    const group = split.map(({ codes }) => codes[slot]).join(' ');
    if (seen.has(group)) continue;
    seen.add(group);
    once[slot] = 1;
  }
  return once;
}

/**
 * The same for one slot as the table is now: true when an earlier slot of its row is in the group. `isIn`: whether a slot
 * counts at all.
 */
export function isCountedBefore(
  table: ColumnTable,
  split: readonly CodedDimension[],
  slot: number,
  isIn: (slot: number) => boolean,
): boolean {
  if (!isSplitTable(table)) return false;
  const row = table.records[slot];
  for (let before = slot - 1; before >= 0 && table.records[before] === row; before -= 1) {
    if (table.live[before] !== 1 || !isIn(before)) continue;
    if (split.every((dimension) => dimension.codeAt(before) === dimension.codeAt(slot))) return true;
  }
  return false;
}
