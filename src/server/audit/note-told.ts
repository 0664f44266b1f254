import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlDatabase } from '#server/store/database.ts';

/** What became of telling somebody. */
export async function noteTold(
  db: SqlDatabase,
  tenantId: TenantId,
  id: string,
  told: 'sent' | 'failed' | 'noMail',
): Promise<void> {
  await db.inTenant(tenantId, (session) =>
    session.query('UPDATE audit_alert SET told = $3 WHERE tenant = $1 AND id = $2', [tenantId, id, told]),
  );
}
