// What the server remembers of a device: the number of the last operation it answered.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';

interface DeviceOwner {
  readonly deviceId: string;
  readonly userId: string;
}

/** Number of the last operation of each device; locked, so that two pushes of one device take turns. */
export async function lockDevices(
  session: SqlSession,
  tenantId: TenantId,
  owners: readonly DeviceOwner[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  // In the order of their names, so that two groups never wait for each other.
  const ordered = owners.toSorted((a, b) => (a.deviceId < b.deviceId ? -1 : 1));
  const rows = await session.query<{ device: string; last_op_no: number }>(
    `INSERT INTO device (tenant, device, user_id, created_at, last_seen_at)
     SELECT $1, d.device, d.user_id, $4, $4 FROM unnest($2::text[], $3::text[]) AS d(device, user_id)
     ON CONFLICT (tenant, device, user_id) DO UPDATE SET last_seen_at = excluded.last_seen_at RETURNING device, last_op_no`,
    [tenantId, ordered.map(({ deviceId }) => deviceId), ordered.map(({ userId }) => userId), nowMs],
  );
  return new Map(rows.map((row) => [row.device, row.last_op_no]));
}

export async function readLastOpNo(
  session: SqlSession,
  tenantId: TenantId,
  { deviceId, userId }: DeviceOwner,
): Promise<number> {
  const rows = await session.query<{ lastOpNo: number }>(
    'SELECT last_op_no AS "lastOpNo" FROM device WHERE tenant = $1 AND device = $2 AND user_id = $3',
    [tenantId, deviceId, userId],
  );
  return rows[0]?.lastOpNo ?? 0;
}
