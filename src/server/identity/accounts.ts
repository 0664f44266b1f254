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
export const NOWHERE: AccountPlace = { tenantId: 'nowhere' as TenantId, userId: 'nobody' as UserId };

/** What an account opens with. */
export interface Credentials {
  /** Null when the user cannot sign in. */
  readonly passwordHash: string | null;
  /** An instant: the password was given by an administrator and must be replaced, until then, at the first sign-in. */
  readonly oneTimeUntilMs: number | null;
  /** When it was chosen; null when the user cannot sign in. The same password may have been hashed anew since. */
  readonly chosenAtMs: number | null;
  /** Long enough only beside a second factor. */
  readonly isShort: boolean;
}

const noCredentials: Credentials = { passwordHash: null, oneTimeUntilMs: null, chosenAtMs: null, isShort: false };

export async function findAccount(
  database: SqlDatabase,
  email: string,
): Promise<Credentials & { readonly place: AccountPlace }> {
  const names = await database.transaction((session) =>
    session.query<AccountPlace>('SELECT tenant AS "tenantId", user_id AS "userId" FROM sign_in_name WHERE name = $1', [
      foldEmail(email),
    ]),
  );
  const place = names[0] ?? NOWHERE;
  const credentials = await database.inTenant(place.tenantId, (session) => readCredentials(session, place, false));
  return { place, ...credentials };
}

/** `lock` keeps them from being replaced until the commit. */
export async function readCredentials(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  lock: boolean,
): Promise<Credentials> {
  const accounts = await session.query<Credentials>(
    `SELECT password_hash AS "passwordHash", one_time_until AS "oneTimeUntilMs",
       password_changed_at AS "chosenAtMs", password_is_short AS "isShort" FROM account
     WHERE tenant = $1 AND user_id = $2 ${lock ? 'FOR UPDATE' : ''}`,
    [tenantId, userId],
  );
  return accounts[0] ?? noCredentials;
}

/** The person's own choice; a one-time password is used up by it. */
export async function replacePasswordHash(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  { hash, isShort }: { readonly hash: string; readonly isShort: boolean },
  nowMs: number,
): Promise<void> {
  await session.query(
    `UPDATE account SET password_hash = $3, password_is_short = $4, password_changed_at = $5, one_time_until = NULL
     WHERE tenant = $1 AND user_id = $2`,
    [tenantId, userId, hash, isShort, nowMs],
  );
}

/** The same password, hashed anew; nothing when it was replaced meanwhile. */
export async function renewPasswordHash(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<void> {
  await session.query(
    'UPDATE account SET password_hash = $4 WHERE tenant = $1 AND user_id = $2 AND password_hash = $3',
    [tenantId, userId, before, after],
  );
}

interface NewAccount extends AccountPlace {
  readonly email: string;
  readonly passwordHash: string;
  readonly oneTimeUntilMs?: number;
}

/** Gives a user a password, or a new one. Throws `duplicate` when the address signs in somebody else. */
export async function saveAccount(session: SqlSession, account: NewAccount, nowMs: number): Promise<void> {
  const { tenantId, userId, email, passwordHash, oneTimeUntilMs = null } = account;
  await session.query(
    `INSERT INTO account (tenant, user_id, password_hash, password_changed_at, created_at, one_time_until)
     VALUES ($1, $2, $3, $4, $4, $5)
     ON CONFLICT (tenant, user_id) DO UPDATE SET password_hash = $3, password_changed_at = $4, one_time_until = $5,
       password_is_short = false`,
    [tenantId, userId, passwordHash, nowMs, oneTimeUntilMs],
  );
  await giveSignInName(session, account, email);
}

/** {@link saveAccount}, each in a transaction of its own. */
export async function saveAccounts(
  database: SqlDatabase,
  accounts: readonly NewAccount[],
  nowMs: number,
): Promise<void> {
  for (const account of accounts)
    await database.inTenant(account.tenantId, (session) => saveAccount(session, account, nowMs));
}

/** The address the user signs in with from now on. Throws `duplicate` when it signs in somebody else. */
export async function giveSignInName(session: SqlSession, place: AccountPlace, email: string): Promise<void> {
  const { tenantId, userId } = place;
  const name = foldEmail(email);
  await freeNameOfDeleted(session, place, name);
  const holders = await session.query<AccountPlace>(
    'SELECT tenant AS "tenantId", user_id AS "userId" FROM sign_in_name WHERE name = $1',
    [name],
  );
  if (holders.some((holder) => holder.tenantId !== tenantId || holder.userId !== userId))
    throw new OutpostError('duplicate', 'This e-mail address already signs in to another account.');
  await session.query(
    `INSERT INTO sign_in_name (name, tenant, user_id) VALUES ($1, $2, $3)
     ON CONFLICT (tenant, user_id) DO UPDATE SET name = excluded.name`,
    [name, tenantId, userId],
  );
}

/** Whoever is removed and added again gets the old address back; the removed user keeps no way in. */
async function freeNameOfDeleted(session: SqlSession, { tenantId, userId }: AccountPlace, name: string): Promise<void> {
  const freed = await session.query<{ userId: string }>(
    `DELETE FROM sign_in_name n USING record r
     WHERE n.name = $2 AND n.tenant = $1 AND n.user_id <> $3
       AND r.tenant = $1 AND r.coll = 'people' AND r.id = n.user_id AND r.deleted RETURNING n.user_id AS "userId"`,
    [tenantId, name, userId],
  );
  for (const former of freed)
    await session.query('DELETE FROM account WHERE tenant = $1 AND user_id = $2', [tenantId, former.userId]);
}
