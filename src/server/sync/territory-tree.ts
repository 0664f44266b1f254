// What the tree of territories decides on the server: the path and level of every territory, and which territories each
// user reaches. Both are worked out from the whole tree as it stands after the changes, under a lock, so that two people
// who move things at once cannot leave half of either move.
import { reachOfUsers, toTerritoryNode, type TerritoryReach } from '#shared/access/territory-reach.ts';
import { placesOfTree } from '#shared/access/tree.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import type { StoredRecord } from '#server/sync/stored-record.ts';

/** Changes of trees of a tenant take turns. Held until the commit. */
export async function lockTrees(session: SqlSession, tenantId: TenantId): Promise<void> {
  await session.query('SELECT 1 AS one FROM tenant WHERE tenant = $1 FOR UPDATE', [tenantId]);
}

/** All territories that are not deleted, by id. */
export async function readTerritories(
  session: SqlSession,
  tenantId: TenantId,
): Promise<ReadonlyMap<string, StoredRecord>> {
  const rows = await session.query<{ data: AnyRecord; keys: readonly string[]; rev: Readonly<Record<string, number>> }>(
    `SELECT data, scope_keys AS keys, field_rev AS rev FROM record
     WHERE tenant = $1 AND kind = 'territory' AND NOT deleted ORDER BY id`,
    [tenantId],
  );
  return new Map(
    rows.map(({ data, keys, rev }) => [
      data.id,
      { record: data, scopeKeys: keys, fieldRev: rev, isDeleted: false, deletedAtMs: null },
    ]),
  );
}

/** Territories as they stand after some changes. */
export function territoriesAfter(
  stored: ReadonlyMap<string, StoredRecord>,
  changes: readonly PendingChange[],
): ReadonlyMap<string, AnyRecord> {
  const after = new Map([...stored].map(([id, { record }]) => [id, record]));
  for (const change of changes) {
    if (change.definition.name !== 'territory') continue;
    if (change.action === 'delete') after.delete(change.after.id);
    else after.set(change.after.id, change.after);
  }
  return after;
}

/** Territories whose stored path or level is no longer where they stand. */
export function changesOfPlaces(
  stored: ReadonlyMap<string, StoredRecord>,
  changes: readonly PendingChange[],
): readonly PendingChange[] {
  const after = territoriesAfter(stored, changes);
  const places = placesOfTree(new Map([...after].map(([id, record]) => [id, toTerritoryNode(record).parentId])));
  const inBatch = new Map(changes.map((change) => [change.after.id, change]));
  return [...after].flatMap(([id, record]): readonly PendingChange[] => {
    const place = places.get(id);
    if (place === undefined) return [];
    if (record['hierarchyPath'] === place.path && record['hierarchyLevel'] === place.level) return [];
    const known = inBatch.get(id);
    const keys = known?.keysAfter ?? stored.get(id)?.scopeKeys ?? [];
    return [
      {
        definition: entities.territory,
        action: 'update',
        groups: ['hierarchyPath', 'hierarchyLevel'],
        after: { ...record, hierarchyPath: place.path, hierarchyLevel: place.level },
        keysBefore: keys,
        keysAfter: keys,
        fieldRevBefore: stored.get(id)?.fieldRev ?? null,
        keepsStamps: known?.keepsStamps ?? true,
      },
    ];
  });
}

export function reachAfter(
  stored: ReadonlyMap<string, StoredRecord>,
  changes: readonly PendingChange[],
): ReadonlyMap<string, TerritoryReach> {
  return reachOfUsers([...territoriesAfter(stored, changes).values()].map((record) => toTerritoryNode(record)));
}
