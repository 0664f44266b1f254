// A user's rights and reach are what the epoch counts. Whoever changes them bumps it in the same transaction, so there
// is no instant at which the new rights are stored and the old epoch still counts.
import { ANY, isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import type { TerritoryReach } from '#shared/access/territory-reach.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';
import { reachAfter } from '#server/sync/territory-tree.ts';

/** Merge groups of a user that decide what the user may do or see. `owner` holds the team. */
const RIGHTS_OF_USER = new Set(['role', 'isActive', 'owner', 'teamId', 'teamIds', 'permissions']);
/** Merge groups of a team that decide who belongs to it or leads it. */
const SHAPE_OF_TEAM = new Set(['parentId', 'leadId', 'memberIds', 'owner']);

/** Merge groups of a custom role that decide what its holders may do, and the name their devices show. */
const RIGHTS_OF_ROLE = new Set(['name', 'permissions', 'scopes']);

const rightsEntities: ReadonlySet<EntityName> = new Set(['user', 'team', 'territory', 'role', 'fieldRule', 'piiRule']);

/** Merge groups of a territory that decide who reaches the records of which territory. */
const SHAPE_OF_TERRITORY = new Set([
  'parentId',
  'managerId',
  'memberIds',
  'memberAccess',
  'shareWithParent',
  'shareWithChildren',
  'recursiveSharing',
]);

export async function bumpEpochs(transaction: SyncTransaction, changes: readonly PendingChange[]): Promise<void> {
  if (!changes.some((change) => rightsEntities.has(change.definition.name))) return;
  // Changes of rights take turns: whoever gets a role while its rules change is counted by one of the two.
  await transaction.lockTrees();
  const users = new Map<string, { readonly userId: string; readonly isActive: boolean }>();
  for (const change of changes) {
    if (isOf(change, 'user') && touches(change, RIGHTS_OF_USER)) {
      const isActive = change.action !== 'delete' && change.after['isActive'] !== false;
      users.set(change.after.id, { userId: change.after.id, isActive });
    }
  }
  const reach = await changeReach(transaction, changes);
  for (const userId of reach.keys()) {
    if (!users.has(userId)) users.set(userId, { userId, isActive: true });
  }
  // The tree decides for users that no change names; re-reading everything is the safe side, and it is rare.
  const everyone = changes.some((change) => isOf(change, 'team') && touches(change, SHAPE_OF_TEAM));
  const others = everyone ? [] : await holdersOf(transaction, changes);
  if (users.size === 0 && !everyone && others.length === 0) return;
  await transaction.bumpEpochs({ users: [...users.values()], everyone, others }, reach);
}

/** Users whose territories are no longer what is written in their row, with what they reach now. */
async function changeReach(
  transaction: SyncTransaction,
  changes: readonly PendingChange[],
): Promise<ReadonlyMap<string, TerritoryReach>> {
  const found = new Map<string, TerritoryReach>();
  if (!changes.some((change) => isOf(change, 'territory') && touches(change, SHAPE_OF_TERRITORY))) return found;
  await transaction.lockTrees();
  const after = reachAfter(await transaction.readTerritories(), changes);
  const before = await transaction.readTerritoryReach();
  for (const userId of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(userId) ?? NOWHERE;
    const is = after.get(userId) ?? NOWHERE;
    if (was.read.join(' ') !== is.read.join(' ') || was.edit.join(' ') !== is.edit.join(' ')) found.set(userId, is);
  }
  return found;
}

const NOWHERE: TerritoryReach = { read: [], edit: [] };

/** Whoever holds a role whose grants or field rules change; all but administrators when a default or the registry does. */
async function holdersOf(transaction: SyncTransaction, changes: readonly PendingChange[]): Promise<readonly string[]> {
  const roles = new Set<string>();
  for (const change of changes) {
    if (isOf(change, 'piiRule')) roles.add(ANY);
    if (isOf(change, 'fieldRule')) roles.add(String(change.after['role']));
    if (isOf(change, 'role') && touches(change, RIGHTS_OF_ROLE)) roles.add(change.after.id);
  }
  if (roles.size === 0) return [];
  const isMeant = (role: string) => roles.has(role) || (roles.has(ANY) && !isUnrestrictedRole(role));
  return [...(await transaction.readRoles())].filter(([, role]) => isMeant(role)).map(([userId]) => userId);
}

function isOf(change: PendingChange, entity: EntityName): boolean {
  return change.definition.name === entity;
}

function touches(change: PendingChange, groups: ReadonlySet<string>): boolean {
  return change.action !== 'update' || change.groups.some((group) => groups.has(group));
}
