// The second factors of a person: one authenticator app and any number of passkeys. One that is being set up opens nothing
// until its first answer was right. Whether a code was taken before is decided by the row, so it is decided once for all servers.
import type { RandomSource } from '#shared/kernel/ports.ts';
import type { FactorWay } from '#shared/sync/sign-in-messages.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import { findStep, TOTP_SECRET_BYTES } from '#server/identity/factors/totp.ts';
import { openSecret, sealSecret } from '#server/store/sealed-secret.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface KeptFactor {
  readonly factorId: string;
  readonly kind: 'totp' | 'passkey';
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

const TOTP = 'totp';
/** Set up and not confirmed: the one before it stays in force. */
const NEW_TOTP = 'totp-new';

function contextOf({ tenantId, userId }: AccountPlace): string {
  return `totp ${tenantId} ${userId}`;
}

/** Those that open something. */
export async function readFactors(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
): Promise<readonly KeptFactor[]> {
  return session.query<KeptFactor>(
    `SELECT factor_id AS "factorId", kind, name, created_at AS "createdAt", last_used_at AS "lastUsedAt" FROM second_factor
     WHERE tenant = $1 AND user_id = $2 AND confirmed_at IS NOT NULL ORDER BY created_at, factor_id`,
    [tenantId, userId],
  );
}

/** With what somebody may show a second factor. Recovery codes stand in for one that there is. */
export async function readWays(session: SqlSession, { tenantId, userId }: AccountPlace): Promise<readonly FactorWay[]> {
  const rows = await session.query<{ way: FactorWay }>(
    `SELECT DISTINCT kind AS way FROM second_factor WHERE tenant = $1 AND user_id = $2 AND confirmed_at IS NOT NULL
     UNION ALL SELECT * FROM (SELECT 'recoveryCode' FROM recovery_code
       WHERE tenant = $1 AND user_id = $2 AND used_at IS NULL LIMIT 1) AS codes`,
    [tenantId, userId],
  );
  const ways = rows.map(({ way }) => way);
  return ways.some((way) => way !== 'recoveryCode') ? ways : [];
}

/** The secret of an authenticator app that is being set up; asking again makes another one. */
export async function beginTotp(
  session: SqlSession,
  place: AccountPlace,
  random: RandomSource,
  nowMs: number,
): Promise<Uint8Array> {
  const secret = random.bytes(TOTP_SECRET_BYTES);
  await session.query(
    `INSERT INTO second_factor (tenant, user_id, factor_id, kind, name, secret, created_at) VALUES ($1, $2, $3, 'totp', '', $4, $5)
     ON CONFLICT (tenant, user_id, factor_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at`,
    [place.tenantId, place.userId, NEW_TOTP, await sealSecret(session, contextOf(place), secret), nowMs],
  );
  return secret;
}

interface TotpRow {
  readonly secret: Uint8Array;
  readonly lastStep: number;
}

async function takeCode(
  session: SqlSession,
  place: AccountPlace,
  factorId: string,
  code: string,
  nowMs: number,
): Promise<number | null> {
  const [row] = await session.query<TotpRow>(
    `SELECT secret, last_step AS "lastStep" FROM second_factor WHERE tenant = $1 AND user_id = $2 AND factor_id = $3 FOR UPDATE`,
    [place.tenantId, place.userId, factorId],
  );
  if (row === undefined) return null;
  return findStep(await openSecret(session, contextOf(place), row.secret), code, nowMs, row.lastStep);
}

/** The app shows the right code: it takes the place of the one before. False otherwise. */
export async function confirmTotp(
  session: SqlSession,
  place: AccountPlace,
  code: string,
  nowMs: number,
): Promise<boolean> {
  const step = await takeCode(session, place, NEW_TOTP, code, nowMs);
  if (step === null) return false;
  await removeFactor(session, place, TOTP);
  await session.query(
    `UPDATE second_factor SET factor_id = $4, confirmed_at = $5, last_step = $6 WHERE tenant = $1 AND user_id = $2 AND factor_id = $3`,
    [place.tenantId, place.userId, NEW_TOTP, TOTP, nowMs, step],
  );
  return true;
}

/** True when it is a code of now that was not used before. */
export async function useTotp(session: SqlSession, place: AccountPlace, code: string, nowMs: number): Promise<boolean> {
  const step = await takeCode(session, place, TOTP, code, nowMs);
  if (step === null) return false;
  await session.query(
    'UPDATE second_factor SET last_step = $4, last_used_at = $5 WHERE tenant = $1 AND user_id = $2 AND factor_id = $3',
    [place.tenantId, place.userId, TOTP, step, nowMs],
  );
  return true;
}

/** False when there is none of that id. */
export async function removeFactor(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  factorId: string,
): Promise<boolean> {
  const gone = await session.query<{ credentialId: string | null }>(
    'DELETE FROM second_factor WHERE tenant = $1 AND user_id = $2 AND factor_id = $3 RETURNING credential_id AS "credentialId"',
    [tenantId, userId, factorId],
  );
  for (const { credentialId } of gone)
    if (credentialId !== null) await session.query('DELETE FROM passkey_name WHERE credential_id = $1', [credentialId]);
  return gone.length > 0;
}
