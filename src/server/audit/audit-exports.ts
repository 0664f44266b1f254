// Files of the audit: asked for, made by a job with the rights its requester has when it runs, kept for a week, and given to
// nobody but the requester. That somebody asked, and for what, is an entry before there is a file.
import type { Actor } from '#shared/access/actor.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AuditExport, AuditExportWish } from '#shared/sync/audit-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { assertAuditReader } from '#server/audit/read-audit.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 7;
const MOST_WAITING = 3;
const SHOWN = 50;

interface ExportRow {
  readonly id: string;
  readonly at: number;
  readonly wish: AuditExportWish;
  readonly state: AuditExport['state'];
  readonly entries: number;
  readonly fileName: string | null;
  readonly error: string | null;
}

const COLUMNS = 'id, at, wish, state, entries, file_name AS "fileName", error';

function toExport({ at, wish, ...row }: ExportRow): AuditExport {
  return { ...row, at: toInstant(at), format: wish.format };
}

interface Request {
  readonly actor: Actor;
  readonly deviceId: string;
  readonly nowMs: number;
  readonly id: string;
}

/** Notes the wish; the caller sends the job. @throws OutpostError `action_forbidden`, `limit`. */
export function askExport(
  db: SqlDatabase,
  { actor, deviceId, nowMs, id }: Request,
  wish: AuditExportWish,
): Promise<AuditExport> {
  assertAuditReader(actor);
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(tenantId, async (session) => {
    const waiting = await session.query(
      `SELECT id FROM audit_export WHERE tenant = $1 AND user_id = $2 AND state = 'waiting'`,
      [tenantId, actor.userId],
    );
    if (waiting.length >= MOST_WAITING)
      throw new OutpostError('limit', 'Other files of yours are still being made. Wait for them first.');
    const [row] = await session.query<ExportRow>(
      `INSERT INTO audit_export (tenant, id, user_id, at, wish, state) VALUES ($1, $2, $3, $4::bigint, $5::json, 'waiting')
       RETURNING ${COLUMNS}`,
      [tenantId, id, actor.userId, nowMs, JSON.stringify(wish)],
    );
    const { format, query, report } = wish;
    const values = {
      format: [null, format] as const,
      ...(query === undefined ? {} : { query: [null, { ...query }] as const }),
      ...(report === undefined ? {} : { report: [null, { ...report }] as const }),
    };
    const what = { command: 'audit.export', entity: 'audit', id, groups: [], outcome: 'applied', values };
    await appendAudit(session, tenantId, nowMs, [{ actor: actor.userId, device: deviceId, ...what }]);
    if (row === undefined) throw new Error('An export that was just written is not there.');
    return toExport(row);
  });
}

/** Those of this reader, newest first. @throws OutpostError `action_forbidden`. */
export function listExports(db: SqlDatabase, actor: Actor): Promise<readonly AuditExport[]> {
  assertAuditReader(actor);
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(tenantId, async (session) => {
    const rows = await session.query<ExportRow>(
      `SELECT ${COLUMNS} FROM audit_export WHERE tenant = $1 AND user_id = $2 ORDER BY at DESC, id LIMIT ${String(SHOWN)}`,
      [tenantId, actor.userId],
    );
    return rows.map(toExport);
  });
}

export interface ExportFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** The file, for whoever asked for it. @throws OutpostError `action_forbidden`; `not_found`, also for one of somebody else. */
export function readExportFile(db: SqlDatabase, actor: Actor, id: string): Promise<ExportFile> {
  assertAuditReader(actor);
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(tenantId, async (session) => {
    const [file] = await session.query<ExportFile>(
      `SELECT file_name AS "fileName", media_type AS "mediaType", content FROM audit_export
       WHERE tenant = $1 AND id = $2 AND user_id = $3 AND state = 'done' AND content IS NOT NULL`,
      [tenantId, id, actor.userId],
    );
    if (file === undefined) throw new OutpostError('not_found', 'There is no such file, or it is too old.');
    return file;
  });
}

/** What was asked for, and by whom; null when it is done or was taken back. */
export async function findWaiting(session: SqlSession, tenantId: TenantId, id: string) {
  const [row] = await session.query<{ userId: string; wish: AuditExportWish }>(
    `SELECT user_id AS "userId", wish FROM audit_export WHERE tenant = $1 AND id = $2 AND state = 'waiting'`,
    [tenantId, id],
  );
  return row ?? null;
}

export async function settleExport(
  session: SqlSession,
  tenantId: TenantId,
  id: string,
  nowMs: number,
  outcome: (ExportFile & { readonly entries: number }) | { readonly error: string },
): Promise<void> {
  const isFile = 'content' in outcome;
  await session.query(
    `UPDATE audit_export SET state = $3, done_at = $4::bigint, entries = $5, file_name = $6, media_type = $7, content = $8, error = $9
     WHERE tenant = $1 AND id = $2 AND state = 'waiting'`,
    [
      tenantId,
      id,
      isFile ? 'done' : 'failed',
      nowMs,
      isFile ? outcome.entries : 0,
      isFile ? outcome.fileName : null,
      isFile ? outcome.mediaType : null,
      isFile ? outcome.content : null,
      isFile ? null : outcome.error,
    ],
  );
}

/** Files nobody should need any more. `all`: of any age, because a person is in them who is not any more. */
export async function expireExports(session: SqlSession, tenantId: TenantId, beforeMs: number | 'all'): Promise<void> {
  await session.query(
    `UPDATE audit_export SET state = 'expired', content = NULL WHERE tenant = $1 AND state = 'done' AND at < $2::bigint`,
    [tenantId, beforeMs === 'all' ? Number.MAX_SAFE_INTEGER : beforeMs],
  );
}

/** Those of a week ago. */
export function sweepExports(session: SqlSession, tenantId: TenantId, nowMs: number): Promise<void> {
  return expireExports(session, tenantId, nowMs - KEPT_DAYS * DAY_MS);
}
