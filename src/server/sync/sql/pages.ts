// Reading pages in SQL: entries of the log by the keys of a user, and visible records as text that goes out unparsed.
import { entityOf } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import { noticedChange, noticedRecord } from '#server/sync/field-filter.ts';
import type { ReadPlan } from '#server/sync/keys.ts';
import { IN_PLACES, placeParameters } from '#server/sync/stored-record.ts';
import { SqlParameters, visibleCondition } from '#server/sync/sql/visible-condition.ts';
import type { ChangedPlace, Chunk, CurrentRow, TextRow, VisibleRange } from '#server/sync/sync-store.ts';

export async function readChanges(
  session: SqlSession,
  tenantId: TenantId,
  plan: ReadPlan,
  [afterSeq, headSeq]: readonly [number, number],
  limit: number,
): Promise<readonly ChangedPlace[]> {
  const parameters = new SqlParameters();
  const tenant = parameters.add(tenantId);
  const range = `seq > ${parameters.add(afterSeq)} AND seq <= ${parameters.add(headSeq)}`;
  const inScope = visibleCondition(plan, parameters, ['keys_before', 'keys_after']);
  const visible = `${inScope} AND ${noticedChange(plan.fields, parameters)}`;
  if (plan.logKeys === null) {
    return session.query<ChangedPlace>(
      `SELECT coll, id, kind, seq FROM change WHERE tenant = ${tenant} AND ${range} AND ${visible} ORDER BY seq, n LIMIT ${String(limit)}`,
      parameters.values,
    );
  }
  const keys = parameters.add(plan.logKeys);
  return session.query<ChangedPlace>(
    `SELECT c.coll, c.id, c.kind, c.seq FROM (
       SELECT DISTINCT seq, n FROM change_key WHERE tenant = ${tenant} AND key = ANY(${keys}::text[]) AND ${range}
     ) AS k JOIN change c ON c.tenant = ${tenant} AND c.seq = k.seq AND c.n = k.n
     WHERE ${visible} ORDER BY c.seq, c.n LIMIT ${String(limit)}`,
    parameters.values,
  );
}

export function readTexts(
  session: SqlSession,
  tenantId: TenantId,
  places: readonly { readonly coll: string; readonly id: string }[],
): Promise<readonly CurrentRow[]> {
  return session.query<CurrentRow>(
    `SELECT coll, id, kind, deleted AS "isDeleted", scope_keys AS "scopeKeys", field_rev AS "fieldRev",
       CASE WHEN deleted THEN '' ELSE data::text END AS text FROM record
     WHERE tenant = $1 AND ${IN_PLACES}`,
    [tenantId, ...placeParameters(places)],
  );
}

/** The part of a plan that can be true in one collection: the less there is to try on every row. */
function planWithin(plan: ReadPlan, coll: string): ReadPlan {
  const isInside = (kind: string): boolean => entityOf(kind)?.collection === coll;
  const groups = plan.groups.map(({ kinds, keySet }) => ({ kinds: kinds.filter(isInside), keySet }));
  return { ...plan, groups: groups.filter(({ kinds }) => kinds.length > 0) };
}

function rangeSql(tenantId: TenantId, plan: ReadPlan, range: VisibleRange, parameters: SqlParameters): string {
  const conditions = [
    `tenant = ${parameters.add(tenantId)}`,
    `coll = ${parameters.add(range.coll)}`,
    `id > ${parameters.add(range.afterId)}`,
    'NOT deleted',
    visibleCondition(planWithin(plan, range.coll), parameters, ['scope_keys']),
    noticedRecord(plan.fields, parameters),
  ];
  if (range.part === 'mine') conditions.push(`owner = ${parameters.add(range.userId)}`);
  if (range.part === 'others') conditions.push(`owner IS DISTINCT FROM ${parameters.add(range.userId)}`);
  return `SELECT id, kind, field_rev, data FROM record WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ${String(range.limit)}`;
}

export function readVisibleTexts(
  session: SqlSession,
  tenantId: TenantId,
  plan: ReadPlan,
  range: VisibleRange,
): Promise<readonly TextRow[]> {
  const parameters = new SqlParameters();
  const rows = rangeSql(tenantId, plan, range, parameters);
  return session.query<TextRow>(
    `SELECT id, kind, field_rev AS "fieldRev", data::text AS text FROM (${rows}) AS page ORDER BY id`,
    parameters.values,
  );
}

export async function readVisibleItems(
  session: SqlSession,
  tenantId: TenantId,
  plan: ReadPlan,
  range: VisibleRange,
): Promise<Chunk> {
  const parameters = new SqlParameters();
  const rows = rangeSql(tenantId, plan, range, parameters);
  // The rows come in order already; asking for it once more would sort the texts of whole records.
  const found = await session.query<Chunk>(
    `SELECT coalesce(string_agg('{"t":"put","coll":"${range.coll}","record":' || data::text || '}', ','), '') AS json,
       count(*) AS count, coalesce(max(id), '') AS "lastId" FROM (${rows}) AS page`,
    parameters.values,
  );
  return found[0] ?? { json: '', count: 0, lastId: '' };
}

export async function countVisible(session: SqlSession, tenantId: TenantId, plan: ReadPlan): Promise<number> {
  const parameters = new SqlParameters();
  const tenant = parameters.add(tenantId);
  const rows = await session.query<{ count: number }>(
    `SELECT count(*) AS count FROM record
     WHERE tenant = ${tenant} AND NOT deleted AND ${visibleCondition(plan, parameters, ['scope_keys'])}
       AND ${noticedRecord(plan.fields, parameters)}`,
    parameters.values,
  );
  return rows[0]?.count ?? 0;
}
