// A record of which several slots stand for its parts counts once wherever it does not matter which part is meant: in the
// total above all products, and in the others of the top three.
import { isSplitTable, type ColumnTable } from '#shared/analytics/column-table.ts';
import type { CodedDimension } from '#shared/analytics/pivot/coded-dimension.ts';

/** Of the dimensions those in which the slots of one record may differ. */
export function splitDimensions(table: ColumnTable, dimensions: readonly CodedDimension[]): readonly CodedDimension[] {
  if (!isSplitTable(table)) return [];
  return dimensions.filter(({ dimension }) => table.part(dimension.field) !== undefined);
}

/** One slot for each record and group of these dimensions. `chosen`, and the answer: 1 for a slot that counts; null: all do. */
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
