// Passkeys as rows. One that is known anywhere is refused a second time; the count of an authenticator only grows.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface KeptPasskey {
  readonly factorId: string;
  readonly credentialId: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
}

/** False when this passkey is known already, of whomever. */
export async function savePasskey(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  passkey: KeptPasskey & { readonly name: string },
  nowMs: number,
): Promise<boolean> {
  const named = await session.query<{ one: number }>(
    `INSERT INTO passkey_name (credential_id, tenant, user_id) VALUES ($1, $2, $3)
     ON CONFLICT (credential_id) DO NOTHING RETURNING 1 AS one`,
    [passkey.credentialId, tenantId, userId],
  );
  if (named.length === 0) return false;
  await session.query(
    `INSERT INTO second_factor (tenant, user_id, factor_id, kind, name, secret, credential_id, last_step, transports, created_at, confirmed_at)
     VALUES ($1, $2, $3, 'passkey', $4, $5, $6, $7, $8, $9, $9)`,
    [
      tenantId,
      userId,
      passkey.factorId,
      passkey.name,
      passkey.publicKey,
      passkey.credentialId,
      passkey.counter,
      passkey.transports,
      nowMs,
    ],
  );
  return true;
}

const columns = `factor_id AS "factorId", credential_id AS "credentialId", secret AS "publicKey", last_step AS counter, transports`;

export function readPasskeys(session: SqlSession, { tenantId, userId }: AccountPlace): Promise<readonly KeptPasskey[]> {
  return session.query<KeptPasskey>(
    `SELECT ${columns} FROM second_factor WHERE tenant = $1 AND user_id = $2 AND kind = 'passkey' AND confirmed_at IS NOT NULL`,
    [tenantId, userId],
  );
}

/** Locked until the end of the transaction. */
export async function lockPasskey(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  credentialId: string,
): Promise<KeptPasskey | null> {
  const [row] = await session.query<KeptPasskey>(
    `SELECT ${columns} FROM second_factor
     WHERE tenant = $1 AND user_id = $2 AND credential_id = $3 AND kind = 'passkey' AND confirmed_at IS NOT NULL FOR UPDATE`,
    [tenantId, userId, credentialId],
  );
  return row ?? null;
}

export async function notePasskeyUse(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  { factorId }: KeptPasskey,
  counter: number,
  nowMs: number,
): Promise<void> {
  await session.query(
    'UPDATE second_factor SET last_step = $4, last_used_at = $5 WHERE tenant = $1 AND user_id = $2 AND factor_id = $3',
    [tenantId, userId, factorId, counter, nowMs],
  );
}

/** Whose passkey this is; null for nobody's. */
export async function findPasskeyOwner(session: SqlSession, credentialId: string): Promise<AccountPlace | null> {
  const [row] = await session.query<{ tenantId: TenantId; userId: UserId }>(
    'SELECT tenant AS "tenantId", user_id AS "userId" FROM passkey_name WHERE credential_id = $1',
    [credentialId],
  );
  return row ?? null;
}
