// Sorting a whole collection for one index. Each field's distinct values are ranked once, the ranks are packed into one
// number with the place in primary key order as the last digit, and the numbers are sorted natively: no comparison function.
import { compareValues } from '#renderer/data/storage/index-key.ts';
import type { StoredDocument } from '#renderer/data/storage/segment-codec.ts';

type ReadField = (document: StoredDocument) => unknown;

/** The given slots (in primary key order) in the order of the fields; ties stay in primary key order. */
export function rankSlots(
  fields: readonly ReadField[],
  documents: readonly (StoredDocument | undefined)[],
  slotsById: Int32Array,
): Int32Array {
  const count = slotsById.length;
  let keys = new Float64Array(count);
  for (let place = 0; place < count; place += 1) keys[place] = place;
  let order = slotsById;
  // Fields from the last to the first, each a stable pass: `keys` always is rank × count + place in the current order.
  let pending: ReadField[] = fields.slice(0, -1);
  while (pending.length > 0) {
    const used = packRanks(pending, documents, order, keys);
    keys.sort();
    order = order.slice().map((_, place) => order[(keys[place] ?? 0) % count] ?? 0);
    pending = pending.slice(0, pending.length - used);
    keys = keys.map((_, place) => place);
  }
  return order;
}

/** Adds as many of the last fields to the keys as fit into 53 bits (at least one); returns how many. */
function packRanks(
  fields: readonly ReadField[],
  documents: readonly (StoredDocument | undefined)[],
  order: Int32Array,
  keys: Float64Array,
): number {
  let weight = order.length;
  let used = 0;
  for (const field of fields.toReversed()) {
    const { ranks, distinct } = rankField(field, documents, order);
    if (used > 0 && weight * distinct > Number.MAX_SAFE_INTEGER) break;
    if (distinct > 1)
      for (let place = 0; place < ranks.length; place += 1)
        keys[place] = (keys[place] ?? 0) + (ranks[place] ?? 0) * weight;
    weight *= distinct;
    used += 1;
  }
  return used;
}

function rankField(
  field: ReadField,
  documents: readonly (StoredDocument | undefined)[],
  order: Int32Array,
): { readonly ranks: Int32Array; readonly distinct: number } {
  const numbers = new Map<unknown, number>();
  const ranks = new Int32Array(order.length);
  for (let place = 0; place < order.length; place += 1) {
    const document = documents[order[place] ?? -1];
    // Missing and null have one rank, as in comparisons.
    const value = (document ? field(document) : null) ?? null;
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(value, number);
    }
    ranks[place] = number;
  }
  const rankOfNumber = new Int32Array(numbers.size);
  const values = [...numbers.keys()].sort(compareValues);
  let rank = -1;
  values.forEach((value, place) => {
    if (place === 0 || compareValues(values[place - 1], value) !== 0) rank += 1;
    rankOfNumber[numbers.get(value) ?? 0] = rank;
  });
  for (let place = 0; place < ranks.length; place += 1) ranks[place] = rankOfNumber[ranks[place] ?? 0] ?? 0;
  return { ranks, distinct: rank + 1 };
}
