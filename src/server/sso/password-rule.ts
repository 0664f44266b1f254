// Whether somebody whose password is right may come in with it: not where the organization signs in with a provider, except for
// the one administrator who is kept for the day on which the provider fails, and whoever no provider signs in.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import type { SqlSession } from '#server/store/database.ts';
import { domainOf } from '#server/sso/domains.ts';
import { findRecord } from '#server/sync/write-record.ts';

/** Asked after the password was checked, so that only its owner learns the answer. @throws OutpostError `password_off` */
export async function assertPasswordAllowed(session: SqlSession, place: AccountPlace, email: string): Promise<void> {
  const { tenantId, userId } = place;
  const [rule] = await session.query<{ breakGlass: string | null; hasProvider: boolean; bySuper: boolean }>(
    `SELECT (SELECT user_id FROM sso_break_glass WHERE tenant = $1) AS "breakGlass",
       EXISTS (SELECT 1 FROM sso_provider WHERE tenant = $1 AND is_active) AS "hasProvider",
       EXISTS (SELECT 1 FROM sso_provider WHERE tenant = $1 AND is_active AND saved_by_role = 'super_admin') AS "bySuper"
     FROM sso_domain WHERE tenant = $1 AND domain = $2 AND password_off AND verified_at IS NOT NULL`,
    [tenantId, domainOf(email) ?? ''],
  );
  if (rule === undefined || !rule.hasProvider || rule.breakGlass === userId) return;
  if (!rule.bySuper && (await isSuperAdmin(session, tenantId, userId))) return;
  throw new OutpostError('password_off', 'Your organization signs in with its provider, not with a password.');
}

async function isSuperAdmin(session: SqlSession, tenantId: TenantId, userId: string): Promise<boolean> {
  const user = await findRecord(session, tenantId, 'user', userId);
  return user?.record['role'] === 'super_admin';
}
