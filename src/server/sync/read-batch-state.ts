// Everything the judgement of a batch may need, read with as few statements as the batch allows.
import { entityOf } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { SqlSession } from '#server/store/database.ts';
import { placesReferredTo } from '#server/sync/check-references.ts';
import { readErased, type Erased } from '#server/privacy/read-erased.ts';
import { readRoleHolders, type RoleHolders } from '#server/sync/role-holders.ts';
import {
  IN_PLACES,
  placeParameters,
  placeKey,
  placeOf,
  readRecords,
  type Place,
  type StoredRecord,
} from '#server/sync/stored-record.ts';
import { readUserEmails, type UserEmails } from '#server/sync/user-emails.ts';

export interface BatchState {
  /** Touched records (locked), records referred to, conflicts about touched records; by place. */
  readonly records: ReadonlyMap<string, StoredRecord>;
  /** Newest change by each device of each record to be deleted. */
  readonly foreignRevs: ReadonlyMap<string, readonly DeviceRev[]>;
  readonly roleHolders: RoleHolders;
  readonly conflictKeys: ReadonlyMap<string, readonly string[]>;
  readonly emails: UserEmails;
  readonly erased: Erased;
  /** What was changed since it was read, within the same transaction. */
  readonly touched: readonly (DeviceRev & { readonly key: string })[];
}

/** The newest change of one sort that a device made. */
export interface DeviceRev {
  readonly deviceId: string | null;
  readonly kind: string;
  readonly action: string;
  readonly groups: readonly string[];
  readonly seq: number;
}

export async function readBatchState(
  session: SqlSession,
  tenantId: TenantId,
  pushes: readonly { readonly operations: readonly Operation[] }[],
): Promise<BatchState> {
  const operations = pushes.flatMap((push) => push.operations);
  const touched: Place[] = [];
  const referred: Place[] = [];
  for (const operation of operations) {
    const definition = entityOf(operation.entity);
    if (definition === undefined) continue;
    touched.push(placeOf(definition, operation.recordId));
    referred.push(...placesReferredTo(definition, operation));
  }
  const conflicts = await readConflictPlaces(session, tenantId, operations);
  const toLock = [...touched, ...conflicts.map(({ place }) => place)];
  const isLocked = new Set(toLock.map((place) => placeKey(place.coll, place.id)));
  const others = referred.filter((place) => !isLocked.has(placeKey(place.coll, place.id)));
  // The lock first: what is read after it cannot change any more until the commit.
  const [locked, referredTo, foreignRevs, emails, erased, roleHolders] = await Promise.all([
    readRecords(session, tenantId, toLock, true),
    readRecords(session, tenantId, others, false),
    readForeignRevs(session, tenantId, operations),
    readUserEmails(session, tenantId, operations),
    readErased(session, tenantId, operations),
    readRoleHolders(session, tenantId, operations),
  ]);
  const conflictKeys = new Map<string, string[]>();
  for (const { subjectId, place } of conflicts) {
    conflictKeys.set(subjectId, [...(conflictKeys.get(subjectId) ?? []), placeKey(place.coll, place.id)]);
  }
  return {
    records: new Map([...referredTo, ...locked]),
    foreignRevs,
    conflictKeys,
    emails,
    erased,
    roleHolders,
    touched: [],
  };
}

const MOVING_GROUPS = new Set(['owner', 'ownerId', 'teamId', 'assigneeId', 'private']);

/** Conflicts about records that this batch may give to somebody else. */
async function readConflictPlaces(
  session: SqlSession,
  tenantId: TenantId,
  operations: readonly Operation[],
): Promise<readonly { readonly subjectId: string; readonly place: Place }[]> {
  const moving = operations.filter(
    (operation) => operation.kind === 'patch' && operation.changes.some((change) => MOVING_GROUPS.has(change.group)),
  );
  if (moving.length === 0) return [];
  const rows = await session.query<{ id: string; subjectId: string }>(
    `SELECT id, subject AS "subjectId" FROM record
     WHERE tenant = $1 AND kind = 'conflict' AND coll = 'inbox' AND NOT deleted AND subject = ANY($2::text[])`,
    [tenantId, moving.map((operation) => operation.recordId)],
  );
  return rows.map(({ id, subjectId }) => ({ subjectId, place: { coll: 'inbox', id } }));
}

/**
 * Newest changes of each record to be deleted, by device and by what they touched. A device's own changes do not count against it: it may
 * have typed the deletion before it learned the numbers of what it sent itself. Nor do changes of what its user does
 * not see.
 */
async function readForeignRevs(
  session: SqlSession,
  tenantId: TenantId,
  operations: readonly Operation[],
): Promise<ReadonlyMap<string, readonly DeviceRev[]>> {
  const places = operations.flatMap((operation) => {
    const definition = operation.kind === 'delete' ? entityOf(operation.entity) : undefined;
    return definition === undefined ? [] : [placeOf(definition, operation.recordId)];
  });
  if (places.length === 0) return new Map();
  const rows = await session.query<DeviceRev & { coll: string; id: string }>(
    `SELECT coll, id, device AS "deviceId", kind, action, groups, max(seq) AS seq FROM change
     WHERE tenant = $1 AND ${IN_PLACES} GROUP BY coll, id, device, kind, action, groups`,
    [tenantId, ...placeParameters(places)],
  );
  return Map.groupBy(rows, (row) => placeKey(row.coll, row.id));
}
