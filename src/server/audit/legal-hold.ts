// A legal hold: as long as one stands, nothing leaves the audit, however old. Who set it, why and who released it stays.
import type { Actor } from '#shared/access/actor.ts';
import { retentionDays } from '#shared/audit/policy/audit-policy.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { RetentionState } from '#shared/sync/audit-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { assertAuditKeeper, readPolicies } from '#server/audit/policies.ts';
import { assertAuditReader } from '#server/audit/read-audit.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

interface HoldRow {
  readonly id: string;
  readonly reason: string;
  readonly heldAt: number;
  readonly heldBy: string | null;
  readonly releasedAt: number | null;
  readonly releasedBy: string | null;
}

function readHolds(session: SqlSession, tenantId: TenantId): Promise<readonly HoldRow[]> {
  return session.query<HoldRow>(
    `SELECT id, reason, held_at AS "heldAt", held_by AS "heldBy", released_at AS "releasedAt", released_by AS "releasedBy"
     FROM audit_hold WHERE tenant = $1 ORDER BY released_at IS NOT NULL, held_at DESC LIMIT 100`,
    [tenantId],
  );
}

/** How long entries are kept, and what holds them. @throws OutpostError `action_forbidden`. */
export function readRetention(db: SqlDatabase, actor: Actor): Promise<RetentionState> {
  assertAuditReader(actor);
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(
    tenantId,
    async (session) => {
      const [ends] = await session.query<{ head: number; base: number; until: number | null }>(
        `SELECT coalesce((SELECT no FROM audit_head WHERE tenant = $1), 0) AS head,
           coalesce((SELECT no FROM audit_base WHERE tenant = $1), 0) AS base,
           (SELECT min(at) FROM audit WHERE tenant = $1 AND no = (SELECT min(no) FROM audit WHERE tenant = $1)) AS until`,
        [tenantId],
      );
      const { head = 0, base = 0, until = null } = ends ?? {};
      return {
        days: retentionDays(await readPolicies(session, tenantId)),
        entries: head - base,
        archived: base,
        archivedUntil: base === 0 || until === null ? null : toInstant(until),
        holds: (await readHolds(session, tenantId)).map(({ heldAt, releasedAt, ...hold }) => ({
          ...hold,
          heldAt: toInstant(heldAt),
          releasedAt: releasedAt === null ? null : toInstant(releasedAt),
        })),
      };
    },
    { snapshot: true },
  );
}

interface Holding {
  readonly actor: Actor;
  readonly deviceId: string;
  readonly nowMs: number;
  readonly id: string;
}

/** @throws OutpostError `action_forbidden`. */
export function setHold(db: SqlDatabase, { actor, deviceId, nowMs, id }: Holding, reason: string): Promise<void> {
  assertAuditKeeper(actor);
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(tenantId, async (session) => {
    await session.query(
      'INSERT INTO audit_hold (tenant, id, reason, held_at, held_by) VALUES ($1, $2, $3, $4::bigint, $5)',
      [tenantId, id, reason, nowMs, actor.userId],
    );
    const what = { command: 'audit.hold', entity: 'audit', id, groups: [], outcome: 'applied' };
    const values = { reason: [null, reason] as const };
    await appendAudit(session, tenantId, nowMs, [{ actor: actor.userId, device: deviceId, ...what, values }]);
  });
}

/** @throws OutpostError `action_forbidden`, `not_found`. */
export function releaseHold(db: SqlDatabase, { actor, deviceId, nowMs, id }: Holding): Promise<void> {
  assertAuditKeeper(actor);
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(tenantId, async (session) => {
    const released = await session.query(
      `UPDATE audit_hold SET released_at = $3::bigint, released_by = $4
       WHERE tenant = $1 AND id = $2 AND released_at IS NULL RETURNING id`,
      [tenantId, id, nowMs, actor.userId],
    );
    if (released.length === 0) throw new OutpostError('not_found', 'There is no such legal hold.');
    const what = { command: 'audit.release', entity: 'audit', id, groups: [], outcome: 'applied' };
    await appendAudit(session, tenantId, nowMs, [{ actor: actor.userId, device: deviceId, ...what }]);
  });
}
