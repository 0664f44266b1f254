// An account is a user who can sign in: a password hash beside the user's record. One e-mail address names one account
// of the whole server, because it is all that is known before the tenant is.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface AccountPlace {
  readonly tenantId: TenantId;
  readonly userId: UserId;
}

/** Without control characters, which no column and no screen takes. */
export function toOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}

/** E-mail addresses are compared without regard to case and to the ways of writing the same letter. */
export function foldEmail(email: string): string {
  return toOneLine(email).normalize('NFKC').toLowerCase();
}

/** Nobody has this tenant: it lets an unknown name take the same steps as a known one. */
const NOWHERE = { tenantId: 'nowhere' as TenantId, userId: 'nobody' as UserId };

export async function findAccount(
  database: SqlDatabase,
  email: string,
): Promise<{ readonly place: AccountPlace; readonly passwordHash: string | null }> {
  const names = await database.transaction((session) =>
    session.query<AccountPlace>('SELECT tenant AS "tenantId", user_id AS "userId" FROM sign_in_name WHERE name = $1', [
      foldEmail(email),
    ]),
  );
  const place = names[0] ?? NOWHERE;
  return { place, passwordHash: await readPasswordHash(database, place) };
}

/** Null when the user cannot sign in. */
export async function readPasswordHash(
  database: SqlDatabase,
  { tenantId, userId }: AccountPlace,
): Promise<string | null> {
  const accounts = await database.inTenant(tenantId, (session) =>
    session.query<{ passwordHash: string }>(
      'SELECT password_hash AS "passwordHash" FROM account WHERE tenant = $1 AND user_id = $2',
      [tenantId, userId],
    ),
  );
  return accounts[0]?.passwordHash ?? null;
}

export async function replacePasswordHash(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  passwordHash: string,
  nowMs: number,
): Promise<void> {
  await session.query(
    'UPDATE account SET password_hash = $3, password_changed_at = $4 WHERE tenant = $1 AND user_id = $2',
    [tenantId, userId, passwordHash, nowMs],
  );
}

interface NewAccount extends AccountPlace {
  readonly email: string;
  readonly passwordHash: string;
}

/** Gives users a password, or a new one. Throws `duplicate` when the address signs in somebody else. */
export async function saveAccounts(
  database: SqlDatabase,
  accounts: readonly NewAccount[],
  nowMs: number,
): Promise<void> {
  for (const { tenantId, userId, email, passwordHash } of accounts) {
    await database.inTenant(tenantId, async (session) => {
      await session.query(
        `INSERT INTO account (tenant, user_id, password_hash, password_changed_at, created_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (tenant, user_id) DO UPDATE SET password_hash = $3, password_changed_at = $4`,
        [tenantId, userId, passwordHash, nowMs],
      );
      const names = await session.query<{ name: string }>(
        `INSERT INTO sign_in_name (name, tenant, user_id) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET name = sign_in_name.name
           WHERE sign_in_name.tenant = $2 AND sign_in_name.user_id = $3 RETURNING name`,
        [foldEmail(email), tenantId, userId],
      );
      if (names.length === 0)
        throw new OutpostError('duplicate', 'This e-mail address already signs in to another account.');
    });
  }
}
