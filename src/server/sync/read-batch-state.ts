// Everything the judgement of a batch may need, read with as few statements as the batch allows.
import { followedEntities, followsParent } from '#shared/access/parent-record.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { noFileRoom, type FileRoom } from '#server/files/file-room.ts';
import { placesReferredTo } from '#server/sync/check-references.ts';
import { addsPrerequisites, readWaiting } from '#server/sync/check-waiting.ts';
import { touchesTree } from '#server/sync/check-tree.ts';
import { readWriters, type Writers } from '#server/sync/group-writers.ts';
import { parentPlaceOf } from '#server/sync/record-keys.ts';
import type { PlanRoom } from '#server/platform/plan-room.ts';
import type { Erased } from '#server/privacy/read-erased.ts';
import type { RoleHolders } from '#server/sync/role-holders.ts';
import { placeKey, placeOf, type Place, type StoredRecord } from '#server/sync/stored-record.ts';
import type { DeviceRev, SyncTransaction } from '#server/sync/sync-store.ts';
import type { UserEmails } from '#server/sync/user-emails.ts';

export interface BatchState {
  /** Touched records and what they follow (locked), records referred to, trees that are touched; by place. */
  readonly records: ReadonlyMap<string, StoredRecord>;
  /** Newest change by each device of each record to be deleted. */
  readonly foreignRevs: ReadonlyMap<string, readonly DeviceRev[]>;
  readonly roleHolders: RoleHolders;
  /** All territories, where the batch may need them. */
  readonly territories: readonly AnyRecord[];
  readonly emails: UserEmails;
  readonly erased: Erased;
  /** Definitions of the custom fields that new records must have. */
  readonly requiredFields: readonly AnyRecord[];
  readonly fileRoom: FileRoom;
  readonly planRoom: PlanRoom;
  /** Whose values the operations found in place of those they had seen. */
  readonly writers: Writers;
  /** What was changed since it was read, within the same transaction. */
  readonly touched: readonly (DeviceRev & { readonly key: string })[];
}

export async function readBatchState(
  transaction: SyncTransaction,
  pushes: readonly { readonly operations: readonly Operation[] }[],
): Promise<BatchState> {
  const operations = pushes.flatMap((push) => push.operations);
  const touched: Place[] = [];
  const referred: Place[] = [];
  const parents: Place[] = [];
  for (const operation of operations) {
    const definition = entityOf(operation.entity);
    if (definition === undefined) continue;
    touched.push(placeOf(definition, operation.recordId));
    referred.push(...placesReferredTo(definition, operation));
    parents.push(...parentsNamed(definition, operation));
  }
  // When the organization's year begins is part of what rules of territories mean.
  if (needsTerritories(operations)) referred.push(placeOf(entities.organization, ORGANIZATION_ID));
  const toLock = [...touched, ...parents];
  const isLocked = new Set(toLock.map((place) => placeKey(place.coll, place.id)));
  const others = referred.filter((place) => !isLocked.has(placeKey(place.coll, place.id)));
  // The lock first: what is read after it cannot change any more until the commit.
  const trees = await readTrees(transaction, operations);
  const [locked, referredTo, foreignRevs, emails, erased, roleHolders, planRoom, requiredFields] = await Promise.all([
    transaction.readRecords(toLock, true),
    transaction.readRecords(others, false),
    readForeignRevs(transaction, placesToDelete(operations)),
    transaction.readUserEmails(operations),
    transaction.readErased(operations),
    transaction.readRoleHolders(operations),
    transaction.readPlanRoom(operations),
    transaction.readRequiredFields(operations),
  ]);
  const [parentsOf, waitedFor] = [
    await readParents(transaction, locked),
    await readWaiting(transaction, operations, locked),
  ];
  const writers = await readWriters(transaction, operations, locked);
  return {
    records: new Map([...waitedFor, ...trees, ...referredTo, ...parentsOf, ...locked]),
    territories: [...trees.values()].map(({ record }) => record).filter(({ kind }) => kind === 'territory'),
    foreignRevs,
    emails,
    erased,
    roleHolders,
    planRoom,
    requiredFields,
    fileRoom: operations.some(isNewFile) ? await transaction.readFileRoom() : noFileRoom,
    writers,
    touched: [],
  };
}

const isNewFile = ({ kind, entity }: Operation): boolean => kind === 'create' && entity === 'file';

/** Entities that find their territory when they are created. */
const PLACED = new Set(['account', 'contact', 'deal']);

function needsTerritories(operations: readonly Operation[]): boolean {
  return operations.some(({ kind, entity }) => entity === 'territory' || (kind === 'create' && PLACED.has(entity)));
}

/** Teams, territories and reporting lines are judged as whole trees, and nobody else changes a tree meanwhile. */
async function readTrees(
  transaction: SyncTransaction,
  operations: readonly Operation[],
): Promise<ReadonlyMap<string, StoredRecord>> {
  const kinds = new Set<string>(operations.filter((operation) => isOfTree(operation)).map(({ entity }) => entity));
  if (kinds.size > 0 || operations.some(addsPrerequisites)) await transaction.lockTrees();
  const territories = needsTerritories(operations)
    ? await transaction.readTerritories()
    : new Map<string, StoredRecord>();
  const places = [...territories].map(([id, stored]) => [placeKey(entities.territory.collection, id), stored] as const);
  const people: Place[] = [];
  for (const kind of ['team', 'user'] as const)
    if (kinds.has(kind)) people.push(...(await transaction.readPeoplePlaces(kind)));
  const stored = people.length === 0 ? [] : await transaction.readRecords(people, false);
  return new Map([...places, ...stored]);
}

function isOfTree(operation: Operation): boolean {
  const definition = entityOf(operation.entity);
  return definition !== undefined && touchesTree(definition, operation);
}

/** Parents that operations name. A child takes its parent's keys, so the parent is locked and stands still. */
function parentsNamed(definition: EntityDefinition, operation: Operation): readonly Place[] {
  if (!followsParent(definition)) return [];
  return placesReferredTo(definition, operation).filter((place) => followedCollections.has(place.coll));
}

const followedCollections = new Set<string>(followedEntities.map((name) => entities[name].collection));

/** What touched records follow, up to the top: a conflict about a task of a deal. As far as it was not read. */
async function readParents(
  transaction: SyncTransaction,
  touched: ReadonlyMap<string, StoredRecord>,
): Promise<ReadonlyMap<string, StoredRecord>> {
  const found = new Map<string, StoredRecord>();
  let level = touched;
  while (level.size > 0) {
    const missing = [...level.values()].flatMap(({ record }) => {
      const definition = entityOf(record.kind);
      const place = definition === undefined ? null : parentPlaceOf(definition, record);
      const key = place === null ? '' : placeKey(place.coll, place.id);
      return place === null || touched.has(key) || found.has(key) ? [] : [place];
    });
    level = await transaction.readRecords(missing, true);
    for (const [key, stored] of level) found.set(key, stored);
  }
  return found;
}

/**
 * Newest changes of each record to be deleted, by device and by what they touched. A device's own changes do not count
 * against it: it may have typed the deletion before it learned the numbers of what it sent itself. Nor do changes of what
 * its user does not see, or of keys alone. Before its begin the log no longer says who it was: it may have been another
 * device.
 */
async function readForeignRevs(
  transaction: SyncTransaction,
  places: readonly Place[],
): Promise<ReadonlyMap<string, readonly DeviceRev[]>> {
  if (places.length === 0) return new Map();
  const [inLog, head, stored] = await Promise.all([
    transaction.readDeviceRevs(places),
    transaction.readHead(),
    transaction.readRecords(places, false),
  ]);
  return new Map(
    [...stored].map(([key, { record }]) => {
      const seq = Math.min(record.rev, head?.minSeq ?? 0);
      const unknown: DeviceRev = { deviceId: null, kind: record.kind, action: 'delete', groups: [], seq };
      return [key, [...(inLog.get(key) ?? []), unknown]];
    }),
  );
}

function placesToDelete(operations: readonly Operation[]): readonly Place[] {
  return operations.flatMap((operation) => {
    const definition = operation.kind === 'delete' ? entityOf(operation.entity) : undefined;
    return definition === undefined ? [] : [placeOf(definition, operation.recordId)];
  });
}
