// What the server writes of its own accord (runs of reports, the note of an export): the same records and the same log as a
// push, decided by the server and judged by nobody.
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { groupOfField } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import { commitChanges } from '#server/sync/commit-changes.ts';
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
  ownerId: string,
  values: Readonly<Record<string, unknown>>,
  { nowMs, actorId }: Pick<Writing, 'nowMs' | 'actorId'>,
): AnyRecord {
  const at = toInstant(nowMs);
  const stamps = { createdAt: at, createdBy: actorId, updatedAt: at, updatedBy: actorId };
  return { ...values, id, kind: entity, rev: 0, ownerId, teamId: null, ...stamps };
}

async function commit(
  session: SqlSession,
  { tenantId, nowMs, actorId }: Writing,
  definition: EntityDefinition,
  before: StoredRecord | null,
  action: 'create' | 'update' | 'delete',
  after: AnyRecord,
): Promise<void> {
  const keysAfter = keysOfRecord(() => undefined, definition, after);
  const fields = Object.keys(definition.fields);
  const changed = fields.filter((field) => !isJsonEqual(before?.record[field] ?? null, after[field] ?? null));
  const groups = [...new Set(changed.map((field) => groupOfField(definition, field)))];
  const change = {
    definition,
    action,
    groups: action === 'update' ? groups : [],
    after,
    keysBefore: before?.scopeKeys ?? [],
    keysAfter,
    fieldRevBefore: before?.fieldRev ?? null,
    keepsStamps: false,
    opId: null,
  } as const;
  const transaction = createSqlTransaction(session, tenantId);
  const { written } = await commitChanges(transaction, nowMs, [{ actorId, deviceId: null, changes: [change] }]);
  await written;
}

export function createRecord(session: SqlSession, writing: Writing, record: AnyRecord): Promise<void> {
  return commit(session, writing, entities[record.kind], null, 'create', record);
}

/** `stored` was read for update in the same transaction. */
export function changeRecord(
  session: SqlSession,
  writing: Writing,
  stored: StoredRecord,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const after = { ...stored.record, ...values };
  return commit(session, writing, entities[stored.record.kind], stored, 'update', after);
}

export function deleteRecord(session: SqlSession, writing: Writing, stored: StoredRecord): Promise<void> {
  return commit(session, writing, entities[stored.record.kind], stored, 'delete', stored.record);
}
