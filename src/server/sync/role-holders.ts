// Who holds a role. A role that somebody holds is not deleted: its holders would be left with the weakest one.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { SqlSession } from '#server/store/database.ts';
import { placeKey, type StoredRecord } from '#server/sync/stored-record.ts';

/** Role by user; read only for a batch that deletes a role. */
export type RoleHolders = ReadonlyMap<string, string>;

export async function readRoleHolders(
  session: SqlSession,
  tenantId: TenantId,
  operations: readonly Operation[],
): Promise<RoleHolders> {
  const isNeeded = operations.some(({ entity, kind }) => entity === 'role' && kind === 'delete');
  if (!isNeeded) return new Map();
  const rows = await session.query<{ id: string; role: string }>(
    `SELECT id, coalesce(data->>'role', '') AS role FROM record
     WHERE tenant = $1 AND coll = 'people' AND kind = 'user' AND NOT deleted`,
    [tenantId],
  );
  return new Map(rows.map(({ id, role }) => [id, role]));
}

/** Users of earlier operations of the batch count as those left them. */
export function isRoleHeld(
  holders: RoleHolders,
  roleId: string,
  read: (key: string) => StoredRecord | undefined,
): boolean {
  return [...holders].some(([userId, role]) => {
    const changed = read(placeKey('people', userId));
    return changed === undefined ? role === roleId : !changed.isDeleted && changed.record['role'] === roleId;
  });
}
