// Maintenance that is announced ahead: kept with the organization, told to every connected computer at the commit, and to every
// other one when it connects.
import { Value } from 'typebox/value';
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { findMaintenanceProblem, MaintenanceSchema, stillPlanned, type Maintenance } from '#shared/sync/maintenance.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { SqlDatabase } from '#server/store/database.ts';

/** Sent at the commit of an announcement: payload is the tenant. */
export const MAINTENANCE_CHANNEL = 'outpost_maintenance';

/** Null actor: the operator of the server. */
export interface Announcer {
  readonly actorId: string | null;
  readonly deviceId: string | null;
}

export async function readMaintenance(db: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<Maintenance | null> {
  const [row] = await db.inTenant(
    tenantId,
    (session) =>
      session.query<{ planned: unknown }>(`SELECT settings->'maintenance' AS planned FROM tenant WHERE tenant = $1`, [
        tenantId,
      ]),
    { snapshot: true },
  );
  return Value.Check(MaintenanceSchema, row?.planned) ? stillPlanned(row.planned, nowMs) : null;
}

/** Null takes back what was announced. @throws OutpostError `invalid` for a time that is over or ends before it begins. */
export async function announceMaintenance(
  db: SqlDatabase,
  tenantId: TenantId,
  planned: Maintenance | null,
  { actorId, deviceId }: Announcer,
  nowMs: number,
): Promise<void> {
  const problem = planned === null ? null : findMaintenanceProblem(planned, nowMs);
  if (problem !== null) {
    throw new OutpostError('invalid', 'Maintenance begins before it ends, and ends in the future.', {
      problems: [problem],
    });
  }
  await db.inTenant(tenantId, async (session) => {
    await session.query(
      `UPDATE tenant SET settings = settings || jsonb_build_object('maintenance', $2::jsonb) WHERE tenant = $1`,
      [tenantId, JSON.stringify(planned)],
    );
    const command = planned === null ? 'cancelMaintenance' : 'announceMaintenance';
    const what = { command, entity: 'organization', id: tenantId, groups: [], outcome: 'applied' };
    await session.query('SELECT pg_notify($1, $2)', [MAINTENANCE_CHANNEL, tenantId]);
    await appendAudit(session, tenantId, nowMs, [{ actor: actorId, device: deviceId, ...what }]);
  });
}

/** @throws OutpostError `action_forbidden` for somebody who may not configure the organization. */
export function assertMayAnnounce(actor: Actor): void {
  if (actor.permissions.includes('org.configure_settings')) return;
  throw new OutpostError('action_forbidden', 'Only an administrator announces maintenance.');
}
