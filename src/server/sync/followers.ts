// What follows from changes without being named in them: children take over the keys of a parent whose keys changed, and
// territories below a moved one get their new paths. Written in the same transaction, so no child is ever seen by a wider
// circle than its parent. More children than a transaction should hold are narrowed at once to what old and new keys have
// in common, and get what is new from the queue (`follow-queue.ts`).
import { followedEntities, keysUnderParent, manyEntities, parentOf } from '#shared/access/parent-record.ts';
import { isEditKey } from '#shared/access/shares.ts';
import { scopeKeysOf } from '#shared/access/scope.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import type { MovedParent } from '#server/sync/narrow-children.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import { areSameKeys } from '#server/sync/record-keys.ts';
import { placeKey, type StoredRecord } from '#server/sync/stored-record.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';
import { changesOfPlaces } from '#server/sync/territory-tree.ts';

/** Children that are rewritten within the transaction of their parent. */
export const MOST_FOLLOWERS = 5000;

export interface Followers {
  readonly changes: readonly PendingChange[];
  /** Parents with too many children to rewrite now, and how many of those have to be narrowed. */
  readonly deferred: readonly MovedParent[];
  readonly toNarrow: number;
}

interface Final {
  /** The last change of a record within the batch. */
  readonly change: PendingChange;
  /** Some change of the batch moved it, although it may be back where it was: what it made in between carries those keys. */
  readonly hasMoved: boolean;
  readonly hasNewOwner: boolean;
}

export async function collectFollowers(
  transaction: SyncTransaction,
  changes: readonly PendingChange[],
  mostFollowers: number = MOST_FOLLOWERS,
): Promise<Followers> {
  const finals = finalsOf(changes);
  const placed = await collectPlaces(
    transaction,
    [...finals.values()].map(({ change }) => change),
  );
  const moved = [...finals.values()].filter((final) => isMovedParent(final)).map(({ change }) => toMoved(change));
  if (moved.length === 0) return { changes: placed, deferred: [], toNarrow: 0 };
  const stored = await transaction.readChildren(idsOf(moved), mostFollowers + 1, 'all');
  if (stored.size <= mostFollowers) {
    const followed = await followLevels(transaction, finals, moved, stored, 'all');
    return { changes: [...placed, ...followed], deferred: [], toNarrow: 0 };
  }
  // Tasks and conflicts have keys of their own beside their parent's; they and files are few: they follow now in any case.
  const few = await transaction.readChildren(idsOf(moved), null, 'few');
  const followed = await followLevels(transaction, finals, moved, few, 'few');
  const toNarrow = await transaction.countToNarrow(moved);
  return { changes: [...placed, ...followed], deferred: moved, toNarrow };
}

function finalsOf(changes: readonly PendingChange[]): Map<string, Final> {
  const finals = new Map<string, Final>();
  for (const change of changes) {
    const key = placeKey(change.definition.collection, change.after.id);
    const earlier = finals.get(key);
    const hasNewOwner = change.groups.includes('owner') || earlier?.hasNewOwner === true;
    const hasMoved = earlier?.hasMoved === true || !areSameKeys(change.keysBefore, change.keysAfter);
    finals.set(key, { change, hasMoved, hasNewOwner });
  }
  return finals;
}

/**
 * A record that others may follow and whose keys or owner are not what they were, if only for a while: a task keeps its keys when it is given
 * to whom it was visible already. A new one has children in its batch only.
 */
function isMovedParent({ change, hasMoved, hasNewOwner }: Final): boolean {
  return followedEntities.includes(change.definition.name) && (hasNewOwner || hasMoved);
}

function toMoved(change: PendingChange): MovedParent {
  return {
    coll: change.definition.collection,
    kind: change.definition.name,
    id: change.after.id,
    keys: change.keysAfter.filter((key) => !isEditKey(key)),
    record: change.after,
  };
}

const idsOf = (moved: readonly MovedParent[]): readonly string[] => moved.map(({ id }) => id);

/** Children, and children of children: a conflict about a task of a deal. */
async function followLevels(
  transaction: SyncTransaction,
  finals: ReadonlyMap<string, Final>,
  parents: readonly MovedParent[],
  children: ReadonlyMap<string, StoredRecord>,
  which: 'all' | 'few',
): Promise<readonly PendingChange[]> {
  const found: PendingChange[] = [];
  let level = parents;
  let stored = children;
  while (level.length > 0) {
    const { changes, deleted } = followOnce(finals, level, stored, which);
    found.push(...changes);
    const isFollowed = ({ definition }: PendingChange): boolean => followedEntities.includes(definition.name);
    level = [...changes, ...deleted].filter(isFollowed).map((change) => toMoved(change));
    stored = level.length === 0 ? new Map() : await transaction.readChildren(idsOf(level), null, 'all');
  }
  return found;
}

interface Followed {
  readonly changes: readonly PendingChange[];
  /** Not written: they keep the keys they were deleted with. What follows them goes where they would have gone. */
  readonly deleted: readonly PendingChange[];
}

function followOnce(
  finals: ReadonlyMap<string, Final>,
  parents: readonly MovedParent[],
  stored: ReadonlyMap<string, StoredRecord>,
  which: 'all' | 'few',
): Followed {
  const byId = new Map(parents.map((parent) => [`${parent.kind} ${parent.id}`, parent]));
  const found: PendingChange[] = [];
  const deleted: PendingChange[] = [];
  const follow = (
    definition: EntityDefinition,
    child: Pick<PendingChange, 'after' | 'keysAfter' | 'fieldRevBefore' | 'keepsStamps'>,
    isDeleted: boolean,
  ): void => {
    const reference = parentOf(definition, child.after);
    const parent = reference === null ? undefined : byId.get(`${reference.entity} ${reference.id}`);
    if (parent === undefined) return;
    const after = withParentsOwner(definition, child.after, parent.record);
    const keysAfter = keysUnderParent(definition, after, scopeKeysOf(definition, after), parent.keys);
    if (!isDeleted && areSameKeys(child.keysAfter, keysAfter) && after === child.after) return;
    const groups = after === child.after ? [] : ['owner', 'subjectOwnerId'];
    const change = { ...child, definition, groups, after, keysBefore: child.keysAfter, keysAfter };
    (isDeleted ? deleted : found).push({ ...change, action: 'update' });
  };
  for (const [key, { record, scopeKeys, fieldRev, isDeleted }] of stored) {
    const definition = entityOf(record.kind);
    // Changed by the batch as well: what counts is how the batch leaves it.
    if (definition === undefined || finals.has(key)) continue;
    follow(definition, { after: record, keysAfter: scopeKeys, fieldRevBefore: fieldRev, keepsStamps: true }, isDeleted);
  }
  for (const { change } of finals.values()) {
    if (which === 'few' && isMany(change.definition)) continue;
    follow(change.definition, change, change.action === 'delete');
  }
  return { changes: found, deleted };
}

/** Entities of which one record may have thousands. */
function isMany(definition: EntityDefinition): boolean {
  return manyEntities.includes(definition.name);
}

/** A conflict is answered by whoever answers for its subject. The same object when nothing changes. */
function withParentsOwner(definition: EntityDefinition, child: AnyRecord, parent: AnyRecord): AnyRecord {
  if (definition.name !== 'conflict') return child;
  const isSame = child.ownerId === parent.ownerId && child.teamId === parent.teamId;
  if (isSame && child['subjectOwnerId'] === parent.ownerId) return child;
  return { ...child, ownerId: parent.ownerId, teamId: parent.teamId, subjectOwnerId: parent.ownerId };
}

async function collectPlaces(
  transaction: SyncTransaction,
  finals: readonly PendingChange[],
): Promise<readonly PendingChange[]> {
  const isTouched = finals.some(
    ({ definition, action, groups }) =>
      definition.name === entities.territory.name && (action !== 'update' || groups.includes('parentId')),
  );
  if (!isTouched) return [];
  await transaction.lockTrees();
  return changesOfPlaces(await transaction.readTerritories(), finals);
}
