import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { RandomSource } from '#shared/kernel/ports.ts';
import {
  deriveSuccessor,
  GRACE_MS,
  lockRefreshRow,
  type RefreshRow,
  rotateToken,
} from '#server/identity/refresh-tokens.ts';
import { type EndReason, prolongSession, revokeSession, type SessionState } from '#server/identity/sessions.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface RefreshAttempt {
  readonly refreshToken: string;
  readonly deviceId: string;
  readonly address: string;
}

/** Answered, not thrown: ending a family must be committed. */
export type Exchange =
  | { readonly userId: UserId; readonly sessionId: string; readonly refreshToken: string }
  | { readonly ended: Exclude<SessionState, 'living'> };

/** The successor again, when this can only be the repetition of a request whose answer was lost. */
function repeatLostAnswer(tenantId: TenantId, row: RefreshRow, attempt: RefreshAttempt, nowMs: number): string | null {
  const { usedAt, successorNonce, successorUsedAt } = row;
  if (usedAt === null || successorNonce === null || successorUsedAt !== null) return null;
  if (nowMs - usedAt > GRACE_MS || row.device !== attempt.deviceId) return null;
  return deriveSuccessor(tenantId, attempt.refreshToken, successorNonce);
}

/** One use of a refresh token, in one transaction. */
export async function exchangeRefreshToken(
  session: SqlSession,
  tenantId: TenantId,
  attempt: RefreshAttempt,
  random: RandomSource,
  nowMs: number,
): Promise<Exchange> {
  const row = await lockRefreshRow(session, tenantId, attempt.refreshToken);
  if (row === null) return { ended: 'expired' };
  const userId = row.userId as UserId;
  const place = { tenantId, userId, sessionId: row.sessionId };
  if (row.revokedAt !== null) return { ended: (row.revokeReason as EndReason | null) ?? 'ended' };
  if (row.expiresAt <= nowMs) return { ended: 'expired' };
  const repeated = repeatLostAnswer(tenantId, row, attempt, nowMs);
  if (repeated !== null) return { userId, sessionId: row.sessionId, refreshToken: repeated };
  // Used before, or held by another device: two people have it, and nobody can tell which one is right.
  if (row.usedAt !== null || row.device !== attempt.deviceId) {
    await revokeSession(session, place, 'refresh_reused', nowMs);
    return { ended: 'refresh_reused' };
  }
  const refreshToken = await rotateToken(session, tenantId, row, attempt.refreshToken, random, nowMs);
  await prolongSession(session, tenantId, row.sessionId, attempt.address, nowMs);
  return { userId, sessionId: row.sessionId, refreshToken };
}
