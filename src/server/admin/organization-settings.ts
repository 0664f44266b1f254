// What an organization decides for all its computers. Kept with the tenant, delivered with every session.
import { FILE_QUOTA_GB, FILE_SIZE_MB, toSetting } from '#shared/files/file-limits.ts';
import { IDLE_LOCK_MINUTES } from '#shared/sync/idle-lock.ts';
import { toLeaseDays } from '#shared/sync/lease.ts';
import { differenceOf } from '#shared/audit/audited-values.ts';
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { OrganizationSettings } from '#shared/sync/messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

/** Names as they stand in the database. */
const names = ['offlineLeaseDays', 'fileSizeMb', 'fileQuotaGb', 'secondFactorRoles', 'idleLockMinutes'] as const;

function toRoles(kept: unknown): string[] {
  return Array.isArray(kept) ? kept.filter((role) => typeof role === 'string') : [];
}

function toSettings(kept: Readonly<Record<string, unknown>>): Required<OrganizationSettings> {
  return {
    offlineLeaseDays: toLeaseDays(kept['offlineLeaseDays']),
    fileSizeMb: toSetting(kept['fileSizeMb'], FILE_SIZE_MB),
    fileQuotaGb: toSetting(kept['fileQuotaGb'], FILE_QUOTA_GB),
    secondFactorRoles: toRoles(kept['secondFactorRoles']),
    idleLockMinutes: toSetting(kept['idleLockMinutes'], IDLE_LOCK_MINUTES),
  };
}

/** Within a transaction of the tenant. */
export async function readSettingsIn(session: SqlSession, tenantId: TenantId): Promise<Required<OrganizationSettings>> {
  const rows = await session.query<{ settings: Readonly<Record<string, unknown>> }>(
    'SELECT settings FROM tenant WHERE tenant = $1',
    [tenantId],
  );
  return toSettings(rows[0]?.settings ?? {});
}

export function readOrganizationSettings(db: SqlDatabase, tenantId: TenantId): Promise<Required<OrganizationSettings>> {
  return db.inTenant(tenantId, (session) => readSettingsIn(session, tenantId));
}

/** What a change does not name stays. @throws OutpostError `action_forbidden` for somebody who may not configure the organization. */
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
  return db.inTenant(tenantId, async (session) => {
    const before = await readSettingsIn(session, tenantId);
    const next = toSettings({ ...before, ...settings });
    await session.query('UPDATE tenant SET settings = settings || $2::jsonb WHERE tenant = $1', [
      tenantId,
      JSON.stringify(next),
    ]);
    const changed = names.filter((name) => JSON.stringify(next[name]) !== JSON.stringify(before[name]));
    const what = { command: 'setOrganizationSettings', entity: 'organization', id: tenantId, groups: changed };
    await appendAudit(session, tenantId, nowMs, [
      { actor: actor.userId, device: deviceId, ...what, outcome: 'applied', values: differenceOf(before, next) },
    ]);
    return next;
  });
}
