// Whether an account is used on a computer it was never used on, as far as its history tells.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import type { SqlSession } from '#server/store/database.ts';

/** Whoever begins to use an account sets up the own computers then, and is not told of each. */
const SETTLING_MS = 3_600_000;

export interface NewDevice {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly sessionId: string;
}

/** Asked before the sign-in is written down. Never of the first device of an account. */
export async function isNewDevice(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  deviceId: string,
  nowMs: number,
): Promise<boolean> {
  const [known] = await session.query<{ readonly first: number | null; readonly here: number }>(
    `SELECT min(at) AS first, count(*) FILTER (WHERE device = $3)::int AS here FROM sign_in_event
     WHERE tenant = $1 AND user_id = $2 AND outcome = 'signedIn'`,
    [tenantId, userId, deviceId],
  );
  if (known === undefined || known.first === null || known.here > 0) return false;
  return nowMs - known.first >= SETTLING_MS;
}

/** Where a session was opened; null when it is not there any more. */
export async function readSessionOrigin(
  session: SqlSession,
  { tenantId, userId, sessionId }: NewDevice,
): Promise<{ readonly deviceName: string; readonly address: string; readonly atMs: number } | null> {
  const [row] = await session.query<{ readonly deviceName: string; readonly address: string; readonly atMs: number }>(
    `SELECT device_name AS "deviceName", address, created_at AS "atMs" FROM session
     WHERE tenant = $1 AND session_id = $2 AND user_id = $3`,
    [tenantId, sessionId, userId],
  );
  return row ?? null;
}
