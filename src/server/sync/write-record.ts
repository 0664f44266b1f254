// What the server writes of its own accord (runs of reports, the note of an export, snapshots): the same records and the same
// log as a push, decided by the server and judged by nobody.
import { fieldNamesOf, groupOfField, type AnyRecord, type EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import { commitChanges, type PendingCommit } from '#server/sync/commit-changes.ts';
import { CHANGES_OF_A_NUMBER } from '#server/sync/narrow-children.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import { keysOfRecord } from '#server/sync/record-keys.ts';
import { createSqlTransaction } from '#server/sync/sql/sql-sync-store.ts';
import { placeKey, placeOf, type StoredRecord } from '#server/sync/stored-record.ts';

/** A record that is there; null when there is none, or it is deleted. `lock` keeps it until the end of the transaction. */
export async function findRecord(
  session: SqlSession,
  tenantId: TenantId,
  entity: EntityName,
  id: string,
  lock = false,
): Promise<StoredRecord | null> {
  const place = placeOf(entities[entity], id);
  const found = await createSqlTransaction(session, tenantId).readRecords([place], lock);
  const stored = found.get(placeKey(place.coll, id));
  return stored === undefined || stored.isDeleted || stored.record.kind !== entity ? null : stored;
}

interface Writing {
  readonly tenantId: TenantId;
  readonly nowMs: number;
  /** Who caused it; null: the server itself. */
  readonly actorId: string | null;
}

/** A record without its stamps. */
export function newRecord(
  entity: EntityName,
  id: string,
  ownerId: string | null,
  values: Readonly<Record<string, unknown>>,
  { nowMs, actorId }: Pick<Writing, 'nowMs' | 'actorId'>,
): AnyRecord {
  const at = toInstant(nowMs);
  const stamps = { createdAt: at, createdBy: actorId, updatedAt: at, updatedBy: actorId };
  return { ...values, id, kind: entity, rev: 0, ownerId, teamId: null, ...stamps };
}

function toChange(
  action: 'create' | 'update' | 'delete',
  before: StoredRecord | null,
  after: AnyRecord,
): PendingChange {
  const definition = entities[after.kind];
  const changed = fieldNamesOf(definition, before?.record ?? {}, after).filter(
    (field) => !isJsonEqual(before?.record[field] ?? null, after[field] ?? null),
  );
  const groups = [...new Set(changed.map((field) => groupOfField(definition, field)))];
  return {
    definition,
    action,
    groups: action === 'update' ? groups : [],
    after,
    keysBefore: before?.scopeKeys ?? [],
    keysAfter: keysOfRecord(() => undefined, definition, after),
    fieldRevBefore: before?.fieldRev ?? null,
    keepsStamps: false,
  };
}

async function commit(
  session: SqlSession,
  { tenantId, nowMs, actorId }: Writing,
  changes: readonly PendingChange[],
): Promise<void> {
  const commits: PendingCommit[] = [];
  for (let from = 0; from < changes.length; from += CHANGES_OF_A_NUMBER) {
    const part = changes.slice(from, from + CHANGES_OF_A_NUMBER).map((change) => ({ ...change, opId: null }));
    commits.push({ actorId, deviceId: null, changes: part });
  }
  if (commits.length === 0) return;
  const { written } = await commitChanges(createSqlTransaction(session, tenantId), nowMs, commits);
  await written;
}

export function createRecords(session: SqlSession, writing: Writing, records: readonly AnyRecord[]): Promise<void> {
  return commit(
    session,
    writing,
    records.map((record) => toChange('create', null, record)),
  );
}

/** `stored` was read for update in the same transaction. */
export function changeRecord(
  session: SqlSession,
  writing: Writing,
  stored: StoredRecord,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  return commit(session, writing, [toChange('update', stored, { ...stored.record, ...values })]);
}

/** `stored` were read for update in the same transaction. */
export function deleteRecords(session: SqlSession, writing: Writing, stored: readonly StoredRecord[]): Promise<void> {
  return commit(
    session,
    writing,
    stored.map((each) => toChange('delete', each, each.record)),
  );
}
