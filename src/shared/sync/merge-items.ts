// Merging lists of things that have ids (the steps of a checklist): what one adds, ticks off, rewords, moves or takes away stands
// beside what the other did with other items, and with other parts of the same item.
import { isJsonEqual, isPlainObject } from '#shared/kernel/json.ts';

type Item = Readonly<Record<string, unknown>> & { readonly id: string };

function itemsOf(value: unknown): readonly Item[] | undefined {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) return undefined;
  const items = value.filter((item: unknown): item is Item => isPlainObject(item) && typeof item['id'] === 'string');
  const isWhole = items.length === value.length && new Set(items.map((item) => item.id)).size === items.length;
  return isWhole ? items : undefined;
}

const byId = (items: readonly Item[]): ReadonlyMap<string, Item> => new Map(items.map((item) => [item.id, item]));

interface MergedItem {
  readonly item: Item;
  readonly isLossless: boolean;
}

/** Part by part. Where both changed one to something else, mine holds. */
function mergeItem(base: Item | undefined, current: Item, mine: Item): MergedItem {
  const merged: Record<string, unknown> = {};
  let isLossless = true;
  for (const part of new Set([...Object.keys(current), ...Object.keys(mine)])) {
    const [before, theirs, ours] = [base?.[part] ?? null, current[part] ?? null, mine[part] ?? null];
    const isTheirs = isJsonEqual(ours, before) || isJsonEqual(ours, theirs);
    if (!isTheirs && !isJsonEqual(theirs, before)) isLossless = false;
    const value = isTheirs ? theirs : ours;
    if (value !== null) merged[part] = value;
  }
  return { item: { ...merged, id: mine.id }, isLossless };
}

/** Ids in the order that `mine` gives them where it changed the order, with what only the other has behind its predecessor. */
function orderOf(base: readonly Item[], current: readonly Item[], mine: readonly Item[]): readonly string[] {
  const ids = (items: readonly Item[]): readonly string[] => items.map((item) => item.id);
  const known = new Set(ids(base));
  const common = (items: readonly Item[]): readonly string[] => ids(items).filter((id) => known.has(id));
  const [leading, other] = isMoved(common(base), common(mine)) ? [ids(mine), ids(current)] : [ids(current), ids(mine)];
  const order = [...leading];
  for (const [place, id] of other.entries()) {
    if (order.includes(id)) continue;
    const before = other.slice(0, place).findLast((earlier) => order.includes(earlier));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
  }
  return order;
}

/** True when items that are in both stand in another order. */
function isMoved(before: readonly string[], after: readonly string[]): boolean {
  const kept = before.filter((id) => after.includes(id));
  return !isJsonEqual(
    kept,
    after.filter((id) => kept.includes(id)),
  );
}

/** Undefined when a side is no list of such items. An item that one took away and the other changed stays. */
export function mergeItems(
  base: unknown,
  current: unknown,
  mine: unknown,
): { readonly items: readonly Item[] | null; readonly isLossless: boolean } | undefined {
  const [before, theirs, ours] = [itemsOf(base), itemsOf(current), itemsOf(mine)];
  if (before === undefined || theirs === undefined || ours === undefined) return undefined;
  const [inBase, inCurrent, inMine] = [byId(before), byId(theirs), byId(ours)];
  let isLossless = true;
  const items = orderOf(before, theirs, ours).flatMap((id): readonly Item[] => {
    const [old, their, our] = [inBase.get(id), inCurrent.get(id), inMine.get(id)];
    if (their !== undefined && our !== undefined) {
      const merged = mergeItem(old, their, our);
      isLossless &&= merged.isLossless;
      return [merged.item];
    }
    const kept = their ?? our;
    return kept === undefined || (old !== undefined && isJsonEqual(old, kept)) ? [] : [kept];
  });
  return { items: items.length === 0 ? null : items, isLossless };
}
