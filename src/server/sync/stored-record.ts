// A record as it lies in the store, and how several of them are read with one statement.
import type { AnyRecord, CollectionName, EntityDefinition } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface StoredRecord {
  readonly record: AnyRecord;
  readonly scopeKeys: readonly string[];
  /** Sequence number of the last change, per merge group, and of the last change of the whole record. */
  readonly fieldRev: Readonly<Record<string, number>>;
  readonly isDeleted: boolean;
  readonly deletedAtMs: number | null;
  /** Who changed which group since it was read, within the same batch. */
  readonly writers?: Readonly<Record<string, string>>;
  /** What it was before its last change within the same batch; null: it was made there. */
  readonly earlier?: AnyRecord | null;
}

/** Group name under which a record's creation, deletion and restoring are numbered. */
export const WHOLE_RECORD = '';
/** Name under which a record that brought its own time of change keeps it, in milliseconds; no group has it. */
export const OWN_TIME = '@';

export interface Place {
  readonly coll: CollectionName;
  readonly id: string;
}

/** A row as one JSON array; times and counts are far below 2^53. */
type RecordRow = readonly [
  coll: string,
  id: string,
  scopeKeys: readonly string[],
  fieldRev: Readonly<Record<string, number>>,
  isDeleted: boolean,
  deletedAtMs: number | null,
  record: AnyRecord,
];

export function placeKey(coll: string, id: string): string {
  return `${coll}/${id}`;
}

/**
 * Condition for rows at some places, given as $2 and $3. Two lists instead of pairs: any engine answers it from the
 * primary key, with or without statistics. A same id in two collections may come along: look rows up by place.
 */
export const IN_PLACES = 'coll = ANY($2::text[]) AND id = ANY($3::text[])';

export function placeParameters(
  places: readonly { readonly coll: string; readonly id: string }[],
): readonly [readonly string[], readonly string[]] {
  return [[...new Set(places.map((place) => place.coll))], [...new Set(places.map((place) => place.id))]];
}

export function placeOf(definition: EntityDefinition, id: string): Place {
  return { coll: definition.collection, id };
}

/** Reads all of them at once; `forUpdate` locks them (in key order, so that two transactions never wait for each other). */
export async function readRecords(
  session: SqlSession,
  tenantId: TenantId,
  places: readonly Place[],
  forUpdate: boolean,
): Promise<Map<string, StoredRecord>> {
  if (places.length === 0) return new Map();
  const unique = [...new Map(places.map((place) => [placeKey(place.coll, place.id), place])).values()];
  // Put together by the database: many records cost one row, parsed once.
  const rows = await session.query<{ text: string }>(
    asOneText(`WHERE tenant = $1 AND ${IN_PLACES} ORDER BY coll, id ${forUpdate ? 'FOR UPDATE' : ''}`),
    [tenantId, ...placeParameters(unique)],
  );
  return parseRows(rows);
}

const asOneText = (condition: string) =>
  `SELECT coalesce(string_agg(json_build_array(coll, id, scope_keys, field_rev, deleted, deleted_at, data)::text, ','), '') AS text
   FROM (SELECT coll, id, scope_keys, field_rev, deleted, deleted_at, data FROM record ${condition}) AS found`;

function parseRows(rows: readonly { readonly text: string }[]): Map<string, StoredRecord> {
  const found = new Map<string, StoredRecord>();
  for (const row of JSON.parse(`[${rows[0]?.text ?? ''}]`) as readonly RecordRow[]) {
    const [coll, id, scopeKeys, fieldRev, isDeleted, deletedAtMs, record] = row;
    found.set(placeKey(coll, id), { record, scopeKeys, fieldRev, isDeleted, deletedAtMs });
  }
  return found;
}

/** A deleted record leads to what follows it and is still there: conflicts about a task that is gone. */
const LEADS_ON = `kind IN ('task', 'activity', 'mailContent') AND EXISTS (SELECT 1 FROM record below
  WHERE below.tenant = $1 AND below.subject = record.id AND NOT below.deleted)`;

/**
 * Records that follow others, locked, and deleted ones that are followed themselves. `few`: only kinds that a record has few of. With a limit the rest is left out, which
 * the caller can tell from the number.
 */
export async function readChildren(
  session: SqlSession,
  tenantId: TenantId,
  parentIds: readonly string[],
  limit: number | null,
  which: 'all' | 'few',
): Promise<Map<string, StoredRecord>> {
  const kinds =
    which === 'few'
      ? `AND kind IN ('task', 'conflict', 'file', 'comment', 'timeEntry', 'mailMessage', 'mailContent')`
      : '';
  const most = limit === null ? '' : `LIMIT ${String(limit)}`;
  const rows = await session.query<{ text: string }>(
    asOneText(
      `WHERE tenant = $1 AND subject = ANY($2::text[]) AND (NOT deleted OR ${LEADS_ON}) ${kinds} ORDER BY coll, id ${most} FOR UPDATE`,
    ),
    [tenantId, [...parentIds]],
  );
  return parseRows(rows);
}

interface DeviceRevRow {
  readonly coll: string;
  readonly id: string;
  readonly deviceId: string | null;
  readonly kind: string;
  readonly action: string;
  readonly groups: readonly string[];
  readonly seq: number;
}

/** Newest changes in the log of each record, by device and by what they touched. A change of keys alone does not count. */
export async function readDeviceRevs(
  session: SqlSession,
  tenantId: TenantId,
  places: readonly Place[],
): Promise<ReadonlyMap<string, readonly DeviceRevRow[]>> {
  if (places.length === 0) return new Map();
  const rows = await session.query<DeviceRevRow>(
    `SELECT coll, id, device AS "deviceId", kind, action, groups, max(seq) AS seq FROM change
     WHERE tenant = $1 AND ${IN_PLACES} AND NOT (action = 'update' AND groups = '{}')
     GROUP BY coll, id, device, kind, action, groups`,
    [tenantId, ...placeParameters(places)],
  );
  return Map.groupBy(rows, (row) => placeKey(row.coll, row.id));
}

/** When and by whom changes were made, as far as the log still has them. */
export function readStamps(
  session: SqlSession,
  tenantId: TenantId,
  seqs: readonly number[],
): Promise<readonly { readonly seq: number; readonly ts: number; readonly actor: string | null }[]> {
  return session.query('SELECT DISTINCT seq, ts, actor FROM change WHERE tenant = $1 AND seq = ANY($2::bigint[])', [
    tenantId,
    seqs,
  ]);
}

export async function readPeoplePlaces(
  session: SqlSession,
  tenantId: TenantId,
  kind: 'team' | 'user',
): Promise<readonly Place[]> {
  const people = await session.query<{ id: string }>(
    `SELECT id FROM record WHERE tenant = $1 AND coll = 'people' AND kind = $2 AND NOT deleted`,
    [tenantId, kind],
  );
  return people.map(({ id }) => ({ coll: 'people', id }));
}
