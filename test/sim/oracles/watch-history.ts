// The history of deals, told once more from what is written: whatever changed in a deal that its history keeps has an
// entry with what was there before and after, and nothing else has one. Looks at a commit from outside: the deal before,
// the deal after, the entries between. Several changes of a deal in one commit are a chain from the one to the other. The
// move of somebody who came second, to where the deal is already, changes nothing and has its entry all the same.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { CommitRows } from '#server/sync/sync-store.ts';
import { demand } from '#test/sim/oracles/violation.ts';
import type { Committed } from '#test/sim/server/model-store.ts';

/** Of a deal, and where an entry holds it: before, after. */
const kept: readonly (readonly [string, string, string])[] = [
  ['amount', 'amountBefore', 'amountAfter'],
  ['currency', 'currencyBefore', 'currency'],
  ['closeDate', 'closeDateBefore', 'closeDateAfter'],
  ['probability', 'probabilityBefore', 'probabilityAfter'],
  ['forecastCategory', 'forecastCategoryBefore', 'forecastCategoryAfter'],
  ['ownerId', 'ownerBefore', 'ownerAfter'],
];

const textOf = (values: readonly unknown[]): string => toCanonicalJson(values.map((value) => value ?? null));
const worthOf = (deal: AnyRecord): string => textOf(kept.map(([field]) => deal[field]));
const beforeOf = (entry: AnyRecord): string => textOf(kept.map(([, before]) => entry[before]));
const afterOf = (entry: AnyRecord): string => textOf(kept.map(([, , after]) => entry[after]));
const isMove = (entry: AnyRecord): boolean => (entry['fromStage'] ?? null) !== entry['toStage'];

/** Checks every deal of a commit; answers how many entries without a move there were. */
export function watchHistory(rows: CommitRows, before: Committed['before']): number {
  // Entries that a later change of the commit gives to somebody else stand in it twice.
  const begins = rows.changes.filter(({ action }) => action === 'create');
  const placeOf = ({ seq, n }: { readonly seq: number; readonly n: number }): number => seq * 10_000 + n;
  const order = new Map(begins.map((change) => [change.id, placeOf(change)]));
  const last = rows.changes.at(-1)?.ts ?? 0;
  const made = rows.created
    .filter(({ kind }) => kind === 'stageChange')
    .sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
    .map(({ record }) => record);
  const byDeal = Map.groupBy(made, (entry) => String(entry['dealId']));
  for (const entry of made)
    demand(Date.parse(String(entry['occurredAt'])) <= last, 'SYNC-57', () => `${entry.id} happened after it arrived`);
  for (const row of rows.updated) {
    const old = before.get(`${row.coll}/${row.id}`);
    if (row.kind !== 'deal' || old === undefined) continue;
    const changedAt = rows.changes.filter(({ id, coll }) => id === row.id && coll === row.coll).map(placeOf);
    const entries = (byDeal.get(row.id) ?? []).filter((entry, position, all) => {
      const at = order.get(entry.id) ?? 0;
      const lastAt = position === 0 ? 0 : (order.get(all[position - 1]?.id ?? '') ?? 0);
      return !isMove(entry) || changedAt.some((place) => place > lastAt && place < at);
    });
    watchDeal(old.record, row.record, entries);
    byDeal.delete(row.id);
  }
  const isNew = new Set(rows.created.filter(({ kind }) => kind === 'deal').map(({ id }) => id));
  for (const [dealId, entries] of byDeal) {
    const strange = isNew.has(dealId) ? undefined : entries.find((entry) => !isMove(entry));
    demand(
      strange === undefined,
      'SYNC-57',
      () => `${String(strange?.id)} tells of a change of ${dealId} that was none`,
    );
  }
  return made.filter((entry) => !isMove(entry)).length;
}

function watchDeal(old: AnyRecord, now: AnyRecord, entries: readonly AnyRecord[]): void {
  let stood = worthOf(old);
  for (const entry of entries) {
    demand(beforeOf(entry) === stood, 'SYNC-57', () => `${entry.id} begins with ${beforeOf(entry)}, it was ${stood}`);
    const isIdle = !isMove(entry) && afterOf(entry) === stood;
    demand(!isIdle, 'SYNC-57', () => `${entry.id} of ${now.id} tells of no change`);
    stood = afterOf(entry);
  }
  demand(stood === worthOf(now), 'SYNC-57', () => `${now.id} is ${worthOf(now)}, its history ends with ${stood}`);
  const isMoved = old['stageId'] !== now['stageId'];
  demand(!isMoved || entries.some(isMove), 'SYNC-57', () => `${now.id} moved, and its history does not tell`);
}
