import type { TenantId } from '#shared/kernel/ids.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { SqlDatabase } from '#server/store/database.ts';

/** That everything was read for a backup stands in the audit of every organization. It is not in that backup itself. */
export async function noteBackup(db: SqlDatabase, nowMs: number): Promise<void> {
  const tenants = await db.asOwner((session) =>
    session.query<{ tenant: TenantId }>('SELECT tenant FROM audit_head ORDER BY tenant'),
  );
  for (const { tenant } of tenants) {
    const what = { command: 'backup', entity: 'organization', id: tenant, groups: [], outcome: 'applied' };
    await db.inTenant(tenant, (session) =>
      appendAudit(session, tenant, nowMs, [{ actor: null, device: null, ...what }]),
    );
  }
}
