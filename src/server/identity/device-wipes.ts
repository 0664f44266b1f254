// The order to erase a device: kept with the device until the device says that it is done, given to it at its next contact
// whatever that is (a request, a refreshed session, a sign-in), and never taken for done because it was given. The receipt is
// random and goes to that device alone, so only it can say so; it opens nothing.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { RandomSource } from '#shared/kernel/ports.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { createRefreshToken, tenantOfRefreshToken } from '#server/identity/refresh-tokens.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface DevicePlace {
  readonly tenantId: TenantId;
  readonly userId: string;
  readonly deviceId: string;
}

/** Orders it; asking again keeps what was ordered, unless that was done. */
export async function orderWipe(
  session: SqlSession,
  { tenantId, userId, deviceId }: DevicePlace,
  orderedBy: string,
  random: RandomSource,
  nowMs: number,
): Promise<void> {
  await session.query(
    `INSERT INTO device (tenant, device, user_id, created_at, last_seen_at, wipe_ordered_at, wipe_ordered_by, wipe_receipt)
     VALUES ($1, $2, $3, $4, $4, $4, $5, $6)
     ON CONFLICT (tenant, device, user_id) DO UPDATE SET wipe_ordered_at = $4, wipe_ordered_by = $5, wipe_receipt = $6,
       wipe_told_at = NULL, wiped_at = NULL
     WHERE device.wipe_ordered_at IS NULL OR device.wiped_at IS NOT NULL`,
    // The same shape as a refresh token: the tenant must be known to find it.
    [tenantId, deviceId, userId, nowMs, orderedBy, createRefreshToken(tenantId, random)],
  );
}

/** Takes it back while the device was not told; false when it was, or when nothing was ordered. */
export async function cancelWipe(session: SqlSession, { tenantId, userId, deviceId }: DevicePlace): Promise<boolean> {
  const cancelled = await session.query(
    `UPDATE device SET wipe_ordered_at = NULL, wipe_ordered_by = NULL, wipe_receipt = NULL
     WHERE tenant = $1 AND device = $2 AND user_id = $3 AND wipe_ordered_at IS NOT NULL AND wipe_told_at IS NULL
     RETURNING device`,
    [tenantId, deviceId, userId],
  );
  return cancelled.length > 0;
}

/** What the device is answered when it is to erase itself, and that it was told; null when it is not. */
export function tellWipe(
  database: SqlDatabase,
  tenantId: TenantId,
  { deviceId, userId }: { readonly deviceId: string; readonly userId?: string },
  nowMs: number,
): Promise<OutpostError | null> {
  return database.inTenant(tenantId, async (session) => {
    const [order] = await session.query<{ receipt: string; userId: string; isFirst: boolean }>(
      `UPDATE device d SET wipe_told_at = coalesce(d.wipe_told_at, $4)
       FROM device was WHERE was.tenant = d.tenant AND was.device = d.device AND was.user_id = d.user_id
         AND d.tenant = $1 AND d.device = $2 AND ($3::text IS NULL OR d.user_id = $3)
         AND d.wipe_ordered_at IS NOT NULL AND d.wiped_at IS NULL
       RETURNING d.wipe_receipt AS receipt, d.user_id AS "userId", was.wipe_told_at IS NULL AS "isFirst"`,
      [tenantId, deviceId, userId ?? null, nowMs],
    );
    if (order === undefined) return null;
    if (order.isFirst) await note(session, { tenantId, userId: order.userId, deviceId }, 'device.toldToWipe', nowMs);
    return new OutpostError('device_wiped', 'This device was erased by order of its user or an administrator.', {
      receipt: order.receipt,
    });
  });
}

/** The device says it is done. Throws `not_found` for a receipt nobody was given. */
export async function confirmWipe(database: SqlDatabase, receipt: string, nowMs: number): Promise<void> {
  const tenantId = tenantOfRefreshToken(receipt);
  const isKnown =
    tenantId !== null &&
    (await database.inTenant(tenantId, async (session) => {
      const [done] = await session.query<{ userId: string; deviceId: string }>(
        `UPDATE device SET wiped_at = $3 WHERE tenant = $1 AND wipe_receipt = $2 AND wipe_told_at IS NOT NULL AND wiped_at IS NULL
         RETURNING user_id AS "userId", device AS "deviceId"`,
        [tenantId, receipt, nowMs],
      );
      if (done !== undefined) await note(session, { tenantId, ...done }, 'device.wiped', nowMs);
      return done !== undefined;
    }));
  if (!isKnown) throw new OutpostError('not_found', 'There is no such receipt.');
}

function note(session: SqlSession, place: DevicePlace, command: string, nowMs: number): Promise<void> {
  const { tenantId, userId, deviceId } = place;
  const what = { command, entity: 'user', id: userId, groups: [], outcome: 'applied' };
  return appendAudit(session, tenantId, nowMs, [{ actor: userId, device: deviceId, ...what }]);
}
