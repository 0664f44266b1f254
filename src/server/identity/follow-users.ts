// What a change of a user's record means for signing in, in the same transaction: whoever is switched off or removed has
// no living session and no API key any more, also not after coming back; a changed address is the new sign-in name.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { giveSignInName } from '#server/identity/accounts.ts';
import { revokeSessionsOf } from '#server/identity/sessions.ts';
import { revokeKeysOf } from '#server/keys/key-rows.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface ChangedUser {
  readonly userId: UserId;
  /** False when the user is switched off or removed. */
  readonly isActive: boolean;
  /** The address when it is another one. */
  readonly newEmail: string | null;
}

export async function followUsers(
  session: SqlSession,
  tenantId: TenantId,
  users: readonly ChangedUser[],
  nowMs: number,
): Promise<void> {
  for (const { userId, isActive, newEmail } of users) {
    const place = { tenantId, userId };
    if (!isActive) {
      await revokeSessionsOf(session, place, 'deactivated', nowMs);
      await revokeKeysOf(session, place, 'ownerDeactivated', nowMs);
    }
    if (newEmail !== null && (await canSignIn(session, place))) await giveSignInName(session, place, newEmail);
  }
}

async function canSignIn(
  session: SqlSession,
  place: { readonly tenantId: TenantId; readonly userId: UserId },
): Promise<boolean> {
  const rows = await session.query('SELECT 1 AS one FROM sign_in_name WHERE tenant = $1 AND user_id = $2', [
    place.tenantId,
    place.userId,
  ]);
  return rows.length > 0;
}
