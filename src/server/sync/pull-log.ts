// The log after a number, for one user. Changes are found through the user's own keys, so the work and the number of
// pages follow what is visible, not what the organization does. Several changes of a record become one item with its
// state now; a page ends only between numbers, never inside a commit.
import { meets } from '#shared/access/scope.ts';
import { keySetOfKind } from '#server/sync/keys.ts';
import type { PullContext } from '#server/sync/pull-context.ts';
import { toGoneJson, toPutJsons } from '#server/sync/pull-items.ts';
import type { ChangedPlace, CurrentRow } from '#server/sync/sync-store.ts';

export interface LogPage {
  readonly itemsJson: string;
  readonly itemCount: number;
  /** Everything visible up to this number has been delivered. */
  readonly seq: number;
}

/** What the user sees of the log after a number: of a snapshot, which has an end. */
export function readLogChanges(
  { transaction, plan, limit }: PullContext,
  afterSeq: number,
): Promise<readonly ChangedPlace[]> {
  return transaction.readChanges(plan, afterSeq, Number.MAX_SAFE_INTEGER, limit + MOST_CHANGES_OF_A_COMMIT);
}

/** `changes`: from readLogChanges, of the same snapshot as the head. */
export async function readLogPage(
  context: PullContext,
  changes: readonly ChangedPlace[],
  headSeq: number,
): Promise<LogPage> {
  const end = changes.length <= context.limit ? headSeq : endOfLastWholeCommit(changes, context.limit, headSeq);
  // Nothing else visible happened up to the head: where the head is says nothing then, also of a page longer than the limit.
  const isRead = changes.length < context.limit + MOST_CHANGES_OF_A_COMMIT;
  const seq = isRead && changes.every((change) => change.seq <= end) ? headSeq : end;
  const places = new Map<string, ChangedPlace>();
  for (const change of changes) if (change.seq <= seq) places.set(`${change.coll}/${change.id}`, change);
  const items = await readItems(context, [...places.values()]);
  return { itemsJson: items.join(','), itemCount: items.length, seq };
}

/** One row more than the limit tells whether there is more. A commit is at most as large as a push. */
const MOST_CHANGES_OF_A_COMMIT = 2000;

/** The number the page ends with: the last commit that fits wholly, or the first one when it alone is too large. */
function endOfLastWholeCommit(changes: readonly ChangedPlace[], limit: number, headSeq: number): number {
  const first = changes[0]?.seq ?? headSeq;
  const beyond = changes[limit]?.seq ?? headSeq;
  const fitting = changes.slice(0, limit).findLast((change) => change.seq < beyond);
  return fitting?.seq ?? first;
}

async function readItems(context: PullContext, places: readonly ChangedPlace[]): Promise<readonly string[]> {
  if (places.length === 0) return [];
  const rows = await context.transaction.readTexts(places);
  const current = new Map(rows.map((row) => [`${row.coll}/${row.id}`, row]));
  const isVisible = (row: CurrentRow): boolean => {
    const keySet = keySetOfKind(context.plan, row.kind);
    return keySet !== null && meets(keySet, row.scopeKeys);
  };
  const shown = places.flatMap((place) => {
    const row = current.get(`${place.coll}/${place.id}`);
    return row === undefined || row.isDeleted || !isVisible(row) ? [] : [row];
  });
  const puts = await toPutJsons(context, shown);
  const putOf = new Map(shown.map((row, index) => [row, puts[index] ?? null]));
  return places.flatMap((place) => {
    const row = current.get(`${place.coll}/${place.id}`);
    if (row === undefined) return [toGoneJson('del', place.coll, place.id)];
    // Deleted after it left the user's sight: that it was deleted is no longer this user's business.
    if (row.isDeleted) return [toGoneJson(isVisible(row) ? 'del' : 'remove', place.coll, place.id)];
    const put = putOf.get(row);
    // In reach, and about nothing this user sees: there is no such record, and there never was.
    if (put === null) return [];
    return [put ?? toGoneJson('remove', place.coll, place.id)];
  });
}
