// A session is one person on one device. It lives while it is used, is listed for its owner, and ends at once for every
// process of the server: the rows are asked at each request, sockets are told by a notice at the commit.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { SessionList } from '#shared/sync/messages.ts';
import { SESSION_CHANNEL, type SessionNotice } from '#server/live/session-notice.ts';
import { closeChallengesOf } from '#server/identity/challenges.ts';
import { readPolicies } from '#server/platform/policies.ts';
import { SESSION_LIFETIME_MS } from '#server/identity/refresh-tokens.ts';
import type { ProvedBy } from '#server/identity/sign-in-from.ts';
import type { SqlSession } from '#server/store/database.ts';

export type EndReason =
  | 'signed_out'
  | 'ended'
  | 'replaced'
  | 'refresh_reused'
  | 'password_changed'
  | 'deactivated'
  | 'wiped';

export interface NewSession {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly sessionId: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly address: string;
  readonly provedBy: ProvedBy;
}

interface EndedRow {
  readonly sessionId: string;
}

async function announceEnd(session: SqlSession, tenantId: TenantId, rows: readonly EndedRow[]): Promise<void> {
  for (const { sessionId } of rows) {
    const notice: SessionNotice = { tenantId, sessionId };
    await session.query('SELECT pg_notify($1, $2)', [SESSION_CHANNEL, JSON.stringify(notice)]);
  }
}

/** How long a device may stay away, by the rules in force. */
async function readLifetime(session: SqlSession, tenantId: TenantId): Promise<number> {
  const { sessionDays } = await readPolicies(session, tenantId);
  return sessionDays * 86_400_000;
}

/** Opens a session; an older one of the same person on the same device ends, and rows nobody needs go. */
export async function openSession(session: SqlSession, opened: NewSession, nowMs: number): Promise<void> {
  const { tenantId, userId, sessionId, deviceId, deviceName, address, provedBy } = opened;
  const replaced = await session.query<EndedRow>(
    `UPDATE session SET revoked_at = $4, revoke_reason = 'replaced'
     WHERE tenant = $1 AND user_id = $2 AND device = $3 AND revoked_at IS NULL RETURNING session_id AS "sessionId"`,
    [tenantId, userId, deviceId, nowMs],
  );
  await announceEnd(session, tenantId, replaced);
  const stale = `SELECT session_id FROM session WHERE tenant = $1 AND user_id = $2 AND greatest(expires_at, revoked_at) < $3`;
  const staleValues = [tenantId, userId, nowMs - SESSION_LIFETIME_MS];
  await session.query(
    `WITH stale AS (${stale}),
       tokens AS (DELETE FROM refresh_family WHERE tenant = $1 AND session_id IN (SELECT session_id FROM stale))
     DELETE FROM session WHERE tenant = $1 AND session_id IN (SELECT session_id FROM stale)`,
    staleValues,
  );
  await session.query(
    `INSERT INTO session (tenant, session_id, user_id, device, device_name, address, created_at, last_seen_at, expires_at,
       proved_at, proved_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $7, $9)`,
    [
      tenantId,
      sessionId,
      userId,
      deviceId,
      deviceName,
      address,
      nowMs,
      nowMs + (await readLifetime(session, tenantId)),
      provedBy,
    ],
  );
}

export async function prolongSession(
  session: SqlSession,
  tenantId: TenantId,
  sessionId: string,
  address: string,
  nowMs: number,
): Promise<void> {
  await session.query(
    'UPDATE session SET last_seen_at = $3, expires_at = $4, address = $5 WHERE tenant = $1 AND session_id = $2',
    [tenantId, sessionId, nowMs, nowMs + (await readLifetime(session, tenantId)), address],
  );
}

/** Ends a living session of this user; false when there is none of that id. */
export async function revokeSession(
  session: SqlSession,
  place: { readonly tenantId: TenantId; readonly userId: UserId; readonly sessionId: string },
  reason: EndReason,
  nowMs: number,
): Promise<boolean> {
  const ended = await session.query<EndedRow>(
    `UPDATE session SET revoked_at = $4, revoke_reason = $5
     WHERE tenant = $1 AND user_id = $2 AND session_id = $3 AND revoked_at IS NULL RETURNING session_id AS "sessionId"`,
    [place.tenantId, place.userId, place.sessionId, nowMs, reason],
  );
  await announceEnd(session, place.tenantId, ended);
  return ended.length > 0;
}

/** Ends every living session of this user, except the one named, and what was begun to open another. */
export async function revokeSessionsOf(
  session: SqlSession,
  place: { readonly tenantId: TenantId; readonly userId: UserId },
  reason: EndReason,
  nowMs: number,
  keptSessionId = '',
): Promise<void> {
  const ended = await session.query<EndedRow>(
    `UPDATE session SET revoked_at = $4, revoke_reason = $5
     WHERE tenant = $1 AND user_id = $2 AND session_id <> $3 AND revoked_at IS NULL RETURNING session_id AS "sessionId"`,
    [place.tenantId, place.userId, keptSessionId, nowMs, reason],
  );
  await closeChallengesOf(session, place);
  await announceEnd(session, place.tenantId, ended);
}

/**
 * Ends every living session of this user on one device. Erasing goes further: sessions that ended before say so, too, so that
 * whatever the device comes with is answered with the order.
 */
export async function revokeDevice(
  session: SqlSession,
  place: { readonly tenantId: TenantId; readonly userId: string; readonly deviceId: string },
  reason: EndReason,
  nowMs: number,
): Promise<void> {
  const ended = await session.query<EndedRow>(
    `UPDATE session SET revoked_at = $4, revoke_reason = $5
     WHERE tenant = $1 AND user_id = $2 AND device = $3 AND revoked_at IS NULL RETURNING session_id AS "sessionId"`,
    [place.tenantId, place.userId, place.deviceId, nowMs, reason],
  );
  await announceEnd(session, place.tenantId, ended);
  if (reason !== 'wiped') return;
  await session.query(`UPDATE session SET revoke_reason = 'wiped' WHERE tenant = $1 AND user_id = $2 AND device = $3`, [
    place.tenantId,
    place.userId,
    place.deviceId,
  ]);
}

/** `living`, or why it is not; `absent` when there is no such session. */
export type SessionState = 'living' | 'expired' | 'absent' | EndReason;

/** What the row of a session says about it. */
export interface SessionEnd {
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly reason: EndReason | null;
}

export function stateOf({ expiresAt, revokedAt, reason }: SessionEnd, nowMs: number): SessionState {
  if (revokedAt !== null) return reason ?? 'ended';
  return expiresAt > nowMs ? 'living' : 'expired';
}

export async function readSessions(
  session: SqlSession,
  tenantId: TenantId,
  userId: UserId,
  currentId: string,
  nowMs: number,
): Promise<SessionList['sessions']> {
  const rows = await session.query<{
    id: string;
    deviceId: string;
    deviceName: string;
    createdAt: number;
    lastSeenAt: number;
    address: string;
  }>(
    `SELECT session_id AS id, device AS "deviceId", device_name AS "deviceName", created_at AS "createdAt",
       last_seen_at AS "lastSeenAt", address
     FROM session WHERE tenant = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3
     ORDER BY last_seen_at DESC, session_id`,
    [tenantId, userId, nowMs],
  );
  return rows.map((row) => ({
    ...row,
    createdAt: toInstant(row.createdAt),
    lastSeenAt: toInstant(row.lastSeenAt),
    current: row.id === currentId,
  }));
}
