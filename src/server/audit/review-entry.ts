// That somebody looked at an entry: who, when, and what they found. It is kept beside the entry, which nobody can change, and
// is an entry itself.
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { LINE_SQL, readSubjects, toLine, type LineRow } from '#server/audit/audit-lines.ts';
import { assertAuditReader } from '#server/audit/read-audit.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface Review {
  readonly actor: Actor;
  readonly deviceId: string;
  readonly nowMs: number;
  readonly no: number;
  readonly note: string;
}

/** The entry as this reader sees it. @throws OutpostError `not_found`, also for one that does not exist for this reader. */
export async function findLine(session: SqlSession, actor: Actor, no: number): Promise<AuditLine> {
  const tenantId = actor.tenantId as TenantId;
  const rows = await session.query<LineRow>(`${LINE_SQL} WHERE a.tenant = $1 AND a.no = $2::bigint`, [tenantId, no]);
  const known = await readSubjects(session, tenantId, rows);
  const line = rows.map((row) => toLine(actor, row, known))[0] ?? null;
  if (line === null) throw new OutpostError('not_found', 'There is no such entry in the audit.');
  return line;
}

/** @throws OutpostError `action_forbidden`, `not_found`. */
export function reviewEntry(db: SqlDatabase, { actor, deviceId, nowMs, no, note }: Review): Promise<AuditLine> {
  assertAuditReader(actor);
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(tenantId, async (session) => {
    await findLine(session, actor, no);
    await session.query(
      `INSERT INTO audit_review (tenant, no, reviewed_at, reviewed_by, note) VALUES ($1, $2::bigint, $3::bigint, $4, $5)
       ON CONFLICT (tenant, no) DO UPDATE SET reviewed_at = excluded.reviewed_at, reviewed_by = excluded.reviewed_by,
         note = excluded.note`,
      [tenantId, no, nowMs, actor.userId, note],
    );
    const what = { command: 'audit.review', entity: 'audit', id: String(no), groups: [], outcome: 'applied' };
    const values = note === '' ? null : { note: [null, note] as const };
    await appendAudit(session, tenantId, nowMs, [{ actor: actor.userId, device: deviceId, ...what, values }]);
    return findLine(session, actor, no);
  });
}
