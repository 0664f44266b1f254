// The log after a number, for one user. Changes are found through the user's own keys, so the work and the number of
// pages follow what is visible, not what the organization does. Several changes of a record become one item with its
// state now; a page ends only between numbers, never inside a commit.
import { meets } from '#shared/access/scope.ts';
import { noticedChange } from '#server/sync/field-filter.ts';
import { keySetOfKind, SqlParameters, visibleCondition } from '#server/sync/keys.ts';
import type { PullContext } from '#server/sync/pull-context.ts';
import { IN_PLACES, placeParameters } from '#server/sync/stored-record.ts';
import { toGoneJson, toPutJsons } from '#server/sync/pull-items.ts';

export interface LogPage {
  readonly itemsJson: string;
  readonly itemCount: number;
  /** Everything visible up to this number has been delivered. */
  readonly seq: number;
}

interface ChangedPlace {
  readonly coll: string;
  readonly id: string;
  readonly kind: string;
  readonly seq: number;
}

interface CurrentRow {
  readonly coll: string;
  readonly id: string;
  readonly kind: string;
  readonly deleted: boolean;
  readonly scope_keys: readonly string[];
  readonly text: string;
  readonly field_rev: Readonly<Record<string, number>>;
}

export async function readLogPage(context: PullContext, afterSeq: number, headSeq: number): Promise<LogPage> {
  if (afterSeq >= headSeq) return { itemsJson: '', itemCount: 0, seq: headSeq };
  const changes = await readChanges(context, afterSeq, headSeq);
  // Fewer than asked for: nothing else visible happened up to the head.
  const isComplete = changes.length <= context.limit;
  const seq = isComplete ? headSeq : endOfLastWholeCommit(changes, context.limit, headSeq);
  const places = new Map<string, ChangedPlace>();
  for (const change of changes) if (change.seq <= seq) places.set(`${change.coll}/${change.id}`, change);
  const items = await readItems(context, [...places.values()]);
  return { itemsJson: items.join(','), itemCount: items.length, seq };
}

/** One row more than the limit tells whether there is more. A commit is at most as large as a push. */
const MOST_CHANGES_OF_A_COMMIT = 2000;

async function readChanges(context: PullContext, afterSeq: number, headSeq: number): Promise<readonly ChangedPlace[]> {
  const parameters = new SqlParameters();
  const tenant = parameters.add(context.tenantId);
  const range = `seq > ${parameters.add(afterSeq)} AND seq <= ${parameters.add(headSeq)}`;
  const inScope = visibleCondition(context.plan, parameters, ['keys_before', 'keys_after']);
  const visible = `${inScope} AND ${noticedChange(context.actor.fields, parameters)}`;
  const limit = context.limit + MOST_CHANGES_OF_A_COMMIT;
  if (context.plan.logKeys === null) {
    return context.session.query<ChangedPlace>(
      `SELECT coll, id, kind, seq FROM change WHERE tenant = ${tenant} AND ${range} AND ${visible} ORDER BY seq, n LIMIT ${limit}`,
      parameters.values,
    );
  }
  const keys = parameters.add(context.plan.logKeys);
  return context.session.query<ChangedPlace>(
    `SELECT c.coll, c.id, c.kind, c.seq FROM (
       SELECT DISTINCT seq, n FROM change_key WHERE tenant = ${tenant} AND key = ANY(${keys}::text[]) AND ${range}
     ) AS k JOIN change c ON c.tenant = ${tenant} AND c.seq = k.seq AND c.n = k.n
     WHERE ${visible} ORDER BY c.seq, c.n LIMIT ${limit}`,
    parameters.values,
  );
}

/** The number the page ends with: the last commit that fits wholly, or the first one when it alone is too large. */
function endOfLastWholeCommit(changes: readonly ChangedPlace[], limit: number, headSeq: number): number {
  const first = changes[0]?.seq ?? headSeq;
  const beyond = changes[limit]?.seq ?? headSeq;
  const fitting = changes.slice(0, limit).findLast((change) => change.seq < beyond);
  return fitting?.seq ?? first;
}

async function readItems(context: PullContext, places: readonly ChangedPlace[]): Promise<readonly string[]> {
  if (places.length === 0) return [];
  const rows = await context.session.query<CurrentRow>(
    `SELECT coll, id, kind, deleted, scope_keys, field_rev, CASE WHEN deleted THEN '' ELSE data::text END AS text FROM record
     WHERE tenant = $1 AND ${IN_PLACES}`,
    [context.tenantId, ...placeParameters(places)],
  );
  const current = new Map(rows.map((row) => [`${row.coll}/${row.id}`, row]));
  const isVisible = (row: CurrentRow): boolean => {
    const keySet = keySetOfKind(context.plan, row.kind);
    return keySet !== null && meets(keySet, row.scope_keys);
  };
  const shown = places.flatMap((place) => {
    const row = current.get(`${place.coll}/${place.id}`);
    return row === undefined || row.deleted || !isVisible(row) ? [] : [row];
  });
  const puts = await toPutJsons(
    context,
    shown.map((row) => ({ coll: row.coll, kind: row.kind, text: row.text, fieldRev: row.field_rev })),
  );
  const putOf = new Map(shown.map((row, index) => [row, puts[index] ?? null]));
  return places.map((place) => {
    const row = current.get(`${place.coll}/${place.id}`);
    if (row === undefined) return toGoneJson('del', place.coll, place.id);
    // Deleted after it left the user's sight: that it was deleted is no longer this user's business.
    if (row.deleted) return toGoneJson(isVisible(row) ? 'del' : 'remove', place.coll, place.id);
    return putOf.get(row) ?? toGoneJson('remove', place.coll, place.id);
  });
}
