// What an organization decides for all its computers. Kept with the tenant, delivered with every session.
import { toLeaseDays } from '#shared/sync/lease.ts';
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { OrganizationSettings } from '#shared/sync/messages.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export async function readOrganizationSettings(db: SqlDatabase, tenantId: TenantId): Promise<OrganizationSettings> {
  const rows = await db.inTenant(tenantId, (session) =>
    session.query<{ days: unknown }>(`SELECT settings->'offlineLeaseDays' AS days FROM tenant WHERE tenant = $1`, [
      tenantId,
    ]),
  );
  return { offlineLeaseDays: toLeaseDays(rows[0]?.days) };
}

/** @throws OutpostError `action_forbidden` for somebody who may not configure the organization. */
export async function writeOrganizationSettings(
  db: SqlDatabase,
  actor: Actor,
  deviceId: string,
  settings: OrganizationSettings,
  nowMs: number,
): Promise<OrganizationSettings> {
  if (!actor.permissions.includes('org.configure_settings')) {
    throw new OutpostError('action_forbidden', 'Only an administrator can change settings of the organization.');
  }
  const tenantId = actor.tenantId as TenantId;
  const next = { offlineLeaseDays: toLeaseDays(settings.offlineLeaseDays) };
  await db.inTenant(tenantId, async (session) => {
    await session.query('UPDATE tenant SET settings = settings || $2::jsonb WHERE tenant = $1', [
      tenantId,
      JSON.stringify(next),
    ]);
    await session.query(
      `INSERT INTO audit (tenant, actor, device, at, command, entity, id, groups, outcome)
       VALUES ($1, $2, $3, $4, 'setOrganizationSettings', 'organization', $1, ARRAY['offlineLeaseDays'], 'applied')`,
      [tenantId, actor.userId, deviceId, nowMs],
    );
  });
  return next;
}
