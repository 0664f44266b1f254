// Numbers and rows of a commit, in SQL.
import type { TenantId } from '#shared/kernel/ids.ts';
import { CHANGE_CHANNEL, toJsonBytes, type ChangeNotice, type SqlSession } from '#server/store/database.ts';
import type { CommitRows, RecordRow } from '#server/sync/sync-store.ts';

export async function drawNumbers(
  session: SqlSession,
  tenantId: TenantId,
  count: number,
  nowMs: number,
): Promise<{ readonly seq: number; readonly lastTs: number } | null> {
  const rows = await session.query<{ seq: number; lastTs: number }>(
    `UPDATE tenant_head SET seq = seq + $2::int, last_ts = greatest(last_ts + 1, $3::bigint) + $2::int - 1
     WHERE tenant = $1 RETURNING seq, last_ts AS "lastTs"`,
    [tenantId, count, nowMs],
  );
  return rows[0] ?? null;
}

/** All at once: the statements follow each other without waiting for answers. */
export function writeCommit(session: SqlSession, tenantId: TenantId, rows: CommitRows): Promise<unknown> {
  return Promise.all([
    insertRecords(session, tenantId, rows.created),
    updateRecords(session, tenantId, rows.updated),
    session.query(
      `INSERT INTO change (tenant, seq, n, coll, id, kind, action, groups, keys_before, keys_after, op_id, device, actor, ts)
       SELECT $1, c.* FROM json_to_recordset($2::json) AS c(seq bigint, n int, coll text, id text, kind text, action text,
         groups text[], "keysBefore" text[], "keysAfter" text[], "opId" text, device text, actor text, ts bigint)`,
      [tenantId, toJsonBytes(rows.changes)],
    ),
    session.query(
      `INSERT INTO change_key (tenant, key, seq, n)
       SELECT $1, k.* FROM json_to_recordset($2::json) AS k(key text, seq bigint, n int)`,
      [tenantId, toJsonBytes(rows.changeKeys)],
    ),
    notifyOfChanges(session, tenantId, rows),
  ]);
}

/** In the order of the columns of `record`. */
const ROW_TYPES = `coll text, id text, kind text, rev bigint, owner text, "scopeKeys" text[], "fieldRev" json,
  "isDeleted" boolean, "deletedAtMs" bigint, subject text, record json`;

/** No ON CONFLICT: a record that somebody else created in the meantime must fail here, so that it is judged again. */
async function insertRecords(session: SqlSession, tenantId: TenantId, rows: readonly RecordRow[]): Promise<void> {
  if (rows.length === 0) return;
  await session.query(
    `INSERT INTO record (tenant, coll, id, kind, rev, owner, scope_keys, field_rev, deleted, deleted_at, subject, data)
     SELECT $1, r.* FROM json_to_recordset($2::json) AS r(${ROW_TYPES})`,
    [tenantId, toJsonBytes(rows)],
  );
}

/** An upsert of rows that exist and are locked: it goes through the primary key whatever the planner believes. */
async function updateRecords(session: SqlSession, tenantId: TenantId, rows: readonly RecordRow[]): Promise<void> {
  if (rows.length === 0) return;
  await session.query(
    `INSERT INTO record (tenant, coll, id, kind, rev, owner, scope_keys, field_rev, deleted, deleted_at, subject, data)
     SELECT $1, r.* FROM json_to_recordset($2::json) AS r(${ROW_TYPES})
     ON CONFLICT (tenant, coll, id) DO UPDATE SET rev = excluded.rev, owner = excluded.owner,
       scope_keys = excluded.scope_keys, field_rev = excluded.field_rev, deleted = excluded.deleted,
       deleted_at = excluded.deleted_at, subject = excluded.subject, data = excluded.data`,
    [tenantId, toJsonBytes(rows)],
  );
}

/** A notification of PostgreSQL holds at most 8,000 bytes. */
const MOST_NOTICE_BYTES = 7000;

async function notifyOfChanges(
  session: SqlSession,
  tenantId: TenantId,
  { seq, touchedKeys, edits }: CommitRows,
): Promise<void> {
  const named: ChangeNotice = { tenantId, seq, keys: touchedKeys, ...(edits === undefined ? {} : { edits }) };
  const text = JSON.stringify(named);
  const short: ChangeNotice = { tenantId, seq, keys: null };
  await session.query('SELECT pg_notify($1, $2)', [
    CHANGE_CHANNEL,
    Buffer.byteLength(text) <= MOST_NOTICE_BYTES ? text : JSON.stringify(short),
  ]);
}
