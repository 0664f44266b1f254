// What the server need not know any more. The log of changes is kept for as long as a device can be away and go on from
// where it stood; one that comes later compares what it holds with the manifest and loses nothing. Answers to operations are kept for
// more than a year; what is sent again after that has no effect, because its number is used. Records, audit and erasures stay.
import type { TenantId } from '#shared/kernel/ids.ts';
import { readSettingsIn } from '#server/admin/organization-settings.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const DAY_MS = 86_400_000;
/** At least; twice the offline lease where that is longer. */
export const LOG_DAYS = 90;
export const RESULT_DAYS = 400;
/** Of a transaction: others write in between. */
const ROWS_AT_ONCE = 5000;

export interface Expired {
  readonly changes: number;
  readonly results: number;
}

/** The newest number of the oldest changes, when all of them are older than that. */
async function findExpired(session: SqlSession, tenantId: TenantId, beforeMs: number): Promise<number | null> {
  const [row] = await session.query<{ seq: number | null }>(
    `SELECT max(seq) AS seq FROM (
       SELECT seq, ts FROM change WHERE tenant = $1 ORDER BY seq, n LIMIT ${String(ROWS_AT_ONCE)}
     ) AS oldest WHERE ts < $2::bigint`,
    [tenantId, beforeMs],
  );
  return row?.seq ?? null;
}

/** Numbers and times rise together, so what is expired is the beginning of the log. Its end moves in the same transaction. */
async function expireChanges(session: SqlSession, tenantId: TenantId, nowMs: number): Promise<number> {
  const { offlineLeaseDays } = await readSettingsIn(session, tenantId);
  const days = Math.max(LOG_DAYS, 2 * offlineLeaseDays);
  const seq = await findExpired(session, tenantId, nowMs - days * DAY_MS);
  if (seq === null) return 0;
  await session.query('DELETE FROM change_key WHERE tenant = $1 AND seq <= $2', [tenantId, seq]);
  const [gone] = await session.query<{ count: number }>(
    `WITH gone AS (DELETE FROM change WHERE tenant = $1 AND seq <= $2 RETURNING 1) SELECT count(*) AS count FROM gone`,
    [tenantId, seq],
  );
  await session.query('UPDATE tenant_head SET min_seq = greatest(min_seq, $2::bigint) WHERE tenant = $1', [
    tenantId,
    seq,
  ]);
  return gone?.count ?? 0;
}

async function expireResults(session: SqlSession, tenantId: TenantId, nowMs: number): Promise<number> {
  const [gone] = await session.query<{ count: number }>(
    `WITH old AS (SELECT device, op_id FROM op_result WHERE tenant = $1 AND at < $2::bigint LIMIT ${String(ROWS_AT_ONCE)}),
       gone AS (DELETE FROM op_result r USING old WHERE r.tenant = $1 AND r.device = old.device AND r.op_id = old.op_id RETURNING 1)
     SELECT count(*) AS count FROM gone`,
    [tenantId, nowMs - RESULT_DAYS * DAY_MS],
  );
  return gone?.count ?? 0;
}

/** Removes what one organization need not keep any more, a part after the other. */
export async function expire(db: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<Expired> {
  async function allOf(part: (session: SqlSession) => Promise<number>): Promise<number> {
    let total = 0;
    for (let count = -1; count !== 0; total += count) count = await db.inTenant(tenantId, part);
    return total;
  }
  return {
    changes: await allOf((session) => expireChanges(session, tenantId, nowMs)),
    results: await allOf((session) => expireResults(session, tenantId, nowMs)),
  };
}
