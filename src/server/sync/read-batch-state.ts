// Everything the judgement of a batch may need, read with as few statements as the batch allows.
import { entityOf } from '#shared/entities/registry.ts';
import type { DeviceId, TenantId } from '#shared/kernel/ids.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { SqlSession } from '#server/store/database.ts';
import { placesReferredTo } from '#server/sync/check-references.ts';
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
  readonly foreignRevs: ReadonlyMap<string, number>;
  readonly conflictKeys: ReadonlyMap<string, readonly string[]>;
  readonly emails: UserEmails;
}

export async function readBatchState(
  session: SqlSession,
  tenantId: TenantId,
  deviceId: DeviceId,
  operations: readonly Operation[],
): Promise<BatchState> {
  const touched: Place[] = [];
  const referred: Place[] = [];
  for (const operation of operations) {
    const definition = entityOf(operation.entity);
    if (definition === undefined) continue;
    touched.push(placeOf(definition, operation.recordId));
    referred.push(...placesReferredTo(definition, operation));
  }
  const conflicts = await readConflictPlaces(session, tenantId, operations);
  const locked = await readRecords(session, tenantId, [...touched, ...conflicts.map(({ place }) => place)], true);
  const others = referred.filter((place) => !locked.has(placeKey(place.coll, place.id)));
  const conflictKeys = new Map<string, string[]>();
  for (const { subjectId, place } of conflicts) {
    conflictKeys.set(subjectId, [...(conflictKeys.get(subjectId) ?? []), placeKey(place.coll, place.id)]);
  }
  return {
    records: new Map([...(await readRecords(session, tenantId, others, false)), ...locked]),
    foreignRevs: await readForeignRevs(session, tenantId, deviceId, operations),
    conflictKeys,
    emails: await readUserEmails(session, tenantId, operations),
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
 * Newest change of each record to be deleted that another device made. A device's own changes do not count: it may
 * have typed the deletion before it learned the numbers of what it sent itself.
 */
async function readForeignRevs(
  session: SqlSession,
  tenantId: TenantId,
  deviceId: DeviceId,
  operations: readonly Operation[],
): Promise<ReadonlyMap<string, number>> {
  const places = operations.flatMap((operation) => {
    const definition = operation.kind === 'delete' ? entityOf(operation.entity) : undefined;
    return definition === undefined ? [] : [placeOf(definition, operation.recordId)];
  });
  if (places.length === 0) return new Map();
  const rows = await session.query<{ coll: string; id: string; seq: number }>(
    `SELECT coll, id, max(seq) AS seq FROM change
     WHERE tenant = $1 AND ${IN_PLACES} AND device IS DISTINCT FROM $4 GROUP BY coll, id`,
    [tenantId, ...placeParameters(places), deviceId],
  );
  return new Map(rows.map((row) => [placeKey(row.coll, row.id), row.seq]));
}
