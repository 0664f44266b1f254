// What was deleted in the last days and this user may bring back, newest first. A record is judged as its restoring would be:
// in reach by the keys it has now, never erased, allowed by `can()`. Its title passes the rules of fields like that of any record.
import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import { parentOf, partsOfRecords } from '#shared/access/parent-record.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { restorableKinds, type DeletedRecords, type RestorableKind } from '#shared/sync/deleted-messages.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { RESTORABLE_MS } from '#server/sync/judge-operation.ts';
import { readPlanOf, type ReadPlan } from '#server/sync/keys.ts';
import { readMaskSecret } from '#server/sync/mask-values.ts';
import { readOwnHead } from '#server/sync/position.ts';
import { keysNow, parentPlaceOf } from '#server/sync/record-keys.ts';
import { createSqlTransaction } from '#server/sync/sql/sql-sync-store.ts';
import { SqlParameters, visibleCondition } from '#server/sync/sql/visible-condition.ts';
import { placeKey, readRecords, type StoredRecord } from '#server/sync/stored-record.ts';
import { projectRows, type VisibleRow } from '#server/sync/visible-records.ts';

const PAGE_ROWS = 500;
/** Who sees much and may restore little is not looked through without end. */
const MOST_PAGES = 20;

interface DeletedRow extends VisibleRow {
  readonly kind: RestorableKind;
  readonly deletedAtMs: number;
  readonly scopeKeys: readonly string[];
}

interface Reading {
  readonly session: SqlSession;
  readonly actor: Actor;
  readonly sinceMs: number;
}

/** @throws OutpostError `scope_changed` when the rights of the actor were changed while they were read. */
export async function readDeletedRecords(
  db: SqlDatabase,
  actor: Actor,
  nowMs: number,
  limit: number,
): Promise<DeletedRecords> {
  const tenantId = actor.tenantId as TenantId;
  const maskSecret = await readMaskSecret(db);
  return db.inTenant(tenantId, async (session) => {
    const transaction = createSqlTransaction(session, tenantId);
    await readOwnHead(transaction, actor);
    const { rows, hasMore } = await findRestorable({ session, actor, sinceMs: nowMs - RESTORABLE_MS }, limit);
    const shown = await projectRows({ transaction, actor, maskSecret, canWrite: true }, rows);
    const deleters = await readDeleters(session, tenantId, rows);
    const records = rows.map(({ kind, definition, record, deletedAtMs }, index) => ({
      entity: kind,
      id: record.id,
      ...titleOf(definition, shown[index] ?? null),
      deletedAt: toInstant(deletedAtMs),
      deletedBy: deleters.get(placeKey(definition.collection, record.id)) ?? null,
    }));
    return { records, hasMore };
  });
}

function titleOf(definition: EntityDefinition, shown: AnyRecord | null) {
  const value = shown?.[definition.titleField];
  const masked = maskedTextOf(value);
  const plain = typeof value === 'string' && value !== '' ? value : null;
  return { title: masked ?? plain, isTitleMasked: masked !== null };
}

async function findRestorable(reading: Reading, limit: number) {
  const rows: DeletedRow[] = [];
  let behind: DeletedRow | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found: readonly DeletedRow[] = await readPage(reading, behind);
    rows.push(...(await onlyRestorable(reading, found)));
    behind = found.at(-1) ?? null;
    if (rows.length > limit) break;
    if (found.length < PAGE_ROWS) return { rows, hasMore: false };
  }
  return { rows: rows.slice(0, limit), hasMore: true };
}

interface StoredRow {
  readonly kind: RestorableKind;
  readonly deletedAtMs: number;
  readonly scopeKeys: readonly string[];
  readonly fieldRev: Readonly<Record<string, number>>;
  readonly data: AnyRecord;
}

/** Deleted rows that the user's keys meet as they were stored, behind another one. */
async function readPage({ session, actor, sinceMs }: Reading, behind: DeletedRow | null): Promise<DeletedRow[]> {
  const parameters = new SqlParameters();
  const conditions = [
    `tenant = ${parameters.add(actor.tenantId)}`,
    'deleted',
    `deleted_at >= ${parameters.add(sinceMs)}`,
    visibleCondition(restorablePart(readPlanOf(actor)), parameters, ['scope_keys']),
    'NOT EXISTS (SELECT FROM erasure_list e WHERE e.tenant = record.tenant AND e.id = record.id)',
  ];
  if (behind !== null) {
    const at = parameters.add(behind.deletedAtMs);
    const coll = parameters.add(behind.definition.collection);
    const id = parameters.add(behind.record.id);
    conditions.push(`(deleted_at < ${at} OR (deleted_at = ${at} AND (coll, id) > (${coll}, ${id})))`);
  }
  const rows = await session.query<StoredRow>(
    `SELECT kind, deleted_at AS "deletedAtMs", scope_keys AS "scopeKeys", field_rev AS "fieldRev", data FROM record
     WHERE ${conditions.join(' AND ')} ORDER BY deleted_at DESC, coll, id LIMIT ${String(PAGE_ROWS)}`,
    parameters.values,
  );
  return rows.map(({ data, ...row }) => ({ definition: entities[row.kind], record: data, ...row }));
}

function restorablePart(plan: ReadPlan): ReadPlan {
  const wanted: readonly string[] = restorableKinds;
  const groups = plan.groups.map(({ kinds, keySet }) => ({
    kinds: kinds.filter((kind) => wanted.includes(kind)),
    keySet,
  }));
  return { ...plan, groups: groups.filter(({ kinds }) => kinds.length > 0) };
}

async function onlyRestorable(
  { session, actor }: Reading,
  rows: readonly DeletedRow[],
): Promise<readonly DeletedRow[]> {
  const parents = await readParents(session, actor.tenantId as TenantId, rows);
  const read = (key: string): StoredRecord | undefined => parents.get(key);
  const sees = (definition: EntityDefinition, stored: Pick<StoredRecord, 'record' | 'scopeKeys'>): boolean =>
    meets(keySetOf(actor, definition, 'read'), keysNow(read, definition, stored));
  return rows.filter((row) => {
    const { definition, record } = row;
    if (!sees(definition, row)) return false;
    const asked = {
      actor,
      action: 'restore',
      definition,
      before: record,
      after: null,
      groups: [],
      isVisible: true,
    } as const;
    if (!partsOfRecords.includes(definition.name)) return can(asked).ok;
    return can({ ...asked, parent: findParent(read, sees, definition, record) }).ok;
  });
}

/** What a part belongs to, as far as it is there and the actor sees it. */
function findParent(
  read: (key: string) => StoredRecord | undefined,
  sees: (definition: EntityDefinition, stored: StoredRecord) => boolean,
  definition: EntityDefinition,
  part: AnyRecord,
) {
  const reference = parentOf(definition, part);
  if (reference === null) return null;
  const above = entities[reference.entity];
  const stored = read(placeKey(above.collection, reference.id));
  if (stored === undefined || stored.isDeleted || stored.record.kind !== above.name) return null;
  return sees(above, stored) ? { definition: above, record: stored.record } : null;
}

/** What these records follow, up to the top: a file of a task of a deal. */
async function readParents(session: SqlSession, tenantId: TenantId, rows: readonly DeletedRow[]) {
  const found = new Map<string, StoredRecord>();
  let level: readonly AnyRecord[] = rows.map(({ record }) => record);
  while (level.length > 0) {
    const missing = level.flatMap((record) => {
      const place = parentPlaceOf(entities[record.kind], record);
      return place === null || found.has(placeKey(place.coll, place.id)) ? [] : [place];
    });
    const read = await readRecords(session, tenantId, missing, false);
    const fresh = [...read].filter(([key]) => !found.has(key));
    for (const [key, stored] of fresh) found.set(key, stored);
    level = fresh.map(([, { record }]) => record);
  }
  return found;
}

/** Who deleted each of them, as far as the log still says so. */
async function readDeleters(session: SqlSession, tenantId: TenantId, rows: readonly DeletedRow[]) {
  if (rows.length === 0) return new Map<string, string | null>();
  const found = await session.query<{ coll: string; id: string; actor: string | null }>(
    `SELECT place.coll, place.id, newest.actor FROM unnest($2::text[], $3::text[]) AS place(coll, id)
     CROSS JOIN LATERAL (SELECT actor FROM change WHERE tenant = $1 AND coll = place.coll AND id = place.id
       AND action = 'delete' ORDER BY seq DESC LIMIT 1) AS newest`,
    [tenantId, rows.map(({ definition }) => definition.collection), rows.map(({ record }) => record.id)],
  );
  return new Map(found.map(({ coll, id, actor }) => [placeKey(coll, id), actor]));
}
