// Between a first proof of identity and a session: what is still owed, by whom, on which computer. The key is 256 bits, kept as
// a hash, lives ten minutes, is bound to the computer that began, and dies with the fifth wrong answer. It is no session:
// no route takes it but the ones that answer it.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { SignInNeed } from '#shared/sync/sign-in-messages.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import { hashRefreshToken } from '#server/identity/refresh-tokens.ts';
import type { ProvedBy, SignInFrom } from '#server/identity/sign-in-from.ts';
import type { SqlSession } from '#server/store/database.ts';

export const CHALLENGE_LIFETIME_MS = 10 * 60_000;
/** With it nobody goes on; signing in begins anew. */
export const MOST_WRONG_ANSWERS = 5;

export interface Challenge extends AccountPlace {
  readonly from: SignInFrom;
  readonly provedBy: ProvedBy;
  /** What is owed, the next first. */
  readonly needs: readonly SignInNeed[];
  readonly expiresAtMs: number;
}

interface ChallengeRow {
  readonly userId: string;
  readonly device: string;
  readonly deviceName: string;
  readonly address: string;
  readonly provedBy: ProvedBy;
  readonly needs: readonly SignInNeed[];
  readonly expiresAtMs: number;
}

/** Key and row; what nobody can answer any more goes. */
export async function openChallenge(
  session: SqlSession,
  token: string,
  { tenantId, userId, from, provedBy, needs }: Omit<Challenge, 'expiresAtMs'>,
  nowMs: number,
): Promise<void> {
  await session.query('DELETE FROM sign_in_challenge WHERE tenant = $1 AND expires_at <= $2', [tenantId, nowMs]);
  await session.query(
    `INSERT INTO sign_in_challenge (tenant, token_hash, user_id, device, device_name, address, proved_by, needs, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tenantId,
      hashRefreshToken(token),
      userId,
      from.deviceId,
      from.deviceName,
      from.address,
      provedBy,
      needs,
      nowMs,
      nowMs + CHALLENGE_LIFETIME_MS,
    ],
  );
}

/** Locked until the end of the transaction. Null for one that is not, is over, or was given to another computer. */
export async function lockChallenge(
  session: SqlSession,
  tenantId: TenantId,
  { challenge, deviceId }: { readonly challenge: string; readonly deviceId: string },
  nowMs: number,
): Promise<Challenge | null> {
  const [row] = await session.query<ChallengeRow>(
    `SELECT user_id AS "userId", device, device_name AS "deviceName", address, proved_by AS "provedBy", needs,
       expires_at AS "expiresAtMs"
     FROM sign_in_challenge WHERE tenant = $1 AND token_hash = $2 FOR UPDATE`,
    [tenantId, hashRefreshToken(challenge)],
  );
  if (row === undefined || row.expiresAtMs <= nowMs || row.device !== deviceId) return null;
  const { userId, device, deviceName, address, provedBy, needs, expiresAtMs } = row;
  return {
    tenantId,
    userId: userId as UserId,
    from: { deviceId: device, deviceName, address },
    provedBy,
    needs,
    expiresAtMs,
  };
}

export async function setNeeds(
  session: SqlSession,
  tenantId: TenantId,
  token: string,
  needs: readonly SignInNeed[],
): Promise<void> {
  await session.query('UPDATE sign_in_challenge SET needs = $3 WHERE tenant = $1 AND token_hash = $2', [
    tenantId,
    hashRefreshToken(token),
    needs,
  ]);
}

export async function closeChallenge(session: SqlSession, tenantId: TenantId, token: string): Promise<void> {
  await session.query('DELETE FROM sign_in_challenge WHERE tenant = $1 AND token_hash = $2', [
    tenantId,
    hashRefreshToken(token),
  ]);
}

/** Counts it; the last one ends the challenge. */
export async function countWrongAnswer(session: SqlSession, tenantId: TenantId, token: string): Promise<void> {
  const values = [tenantId, hashRefreshToken(token)];
  await session.query(
    'UPDATE sign_in_challenge SET wrong_answers = wrong_answers + 1 WHERE tenant = $1 AND token_hash = $2',
    values,
  );
  await session.query('DELETE FROM sign_in_challenge WHERE tenant = $1 AND token_hash = $2 AND wrong_answers >= $3', [
    ...values,
    MOST_WRONG_ANSWERS,
  ]);
}

/** Of a person whose password or standing changed: what was begun before ends. */
export async function closeChallengesOf(
  session: SqlSession,
  { tenantId, userId }: { readonly tenantId: TenantId; readonly userId: UserId },
): Promise<void> {
  await session.query('DELETE FROM sign_in_challenge WHERE tenant = $1 AND user_id = $2', [tenantId, userId]);
}

/** A page did what is owed, and `doneHash` is of what shows it. False for a challenge that is not any more. */
export async function setPageDone(
  session: SqlSession,
  tenantId: TenantId,
  tokenHash: string,
  doneHash: string,
): Promise<boolean> {
  const rows = await session.query<{ one: number }>(
    'UPDATE sign_in_challenge SET page_done_hash = $3 WHERE tenant = $1 AND token_hash = $2 RETURNING 1 AS one',
    [tenantId, tokenHash, doneHash],
  );
  return rows.length > 0;
}

/** Whether a page did what is owed, for whoever has this code. */
export async function isPageDone(
  session: SqlSession,
  tenantId: TenantId,
  token: string,
  code: string,
): Promise<boolean> {
  const rows = await session.query<{ one: number }>(
    'SELECT 1 AS one FROM sign_in_challenge WHERE tenant = $1 AND token_hash = $2 AND page_done_hash = $3',
    [tenantId, hashRefreshToken(token), hashRefreshToken(code)],
  );
  return rows.length > 0;
}
