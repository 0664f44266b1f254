import type { Actor } from '#shared/access/actor.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AuditAlerts } from '#shared/sync/audit-messages.ts';
import { assertAuditReader } from '#server/audit/read-audit.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const SHOWN = 200;

interface AlertRow {
  readonly id: string;
  readonly at: number;
  readonly policy: string;
  readonly recipient: string | null;
  readonly numbers: number[];
  readonly hits: number;
  readonly told: string;
}

/** What policies found, newest first. @throws OutpostError `action_forbidden`. */
export async function readAlerts(db: SqlDatabase, actor: Actor): Promise<AuditAlerts['alerts']> {
  assertAuditReader(actor);
  const tenantId = actor.tenantId as TenantId;
  const rows = await db.inTenant(tenantId, (session) =>
    session.query<AlertRow>(
      `SELECT id, at, policy, recipient, to_json(numbers) AS numbers, hits, told FROM audit_alert WHERE tenant = $1
       ORDER BY at DESC, id LIMIT ${String(SHOWN)}`,
      [tenantId],
    ),
  );
  return rows.map(({ at, ...row }) => ({ ...row, at: toInstant(at) }));
}
