// A record as it lies in the store, and how several of them are read with one statement.
import type { AnyRecord, CollectionName, EntityDefinition } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface StoredRecord {
  readonly record: AnyRecord;
  readonly scopeKeys: readonly string[];
  /** Sequence number of the last change, per merge group. */
  readonly fieldRev: Readonly<Record<string, number>>;
  readonly isDeleted: boolean;
  readonly deletedAtMs: number | null;
}

export interface Place {
  readonly coll: CollectionName;
  readonly id: string;
}

interface RecordRow {
  readonly coll: string;
  readonly id: string;
  readonly scope_keys: readonly string[];
  readonly field_rev: Readonly<Record<string, number>>;
  readonly deleted: boolean;
  readonly deleted_at: number | null;
  readonly data: AnyRecord;
}

export function placeKey(coll: string, id: string): string {
  return `${coll}/${id}`;
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
  const found = new Map<string, StoredRecord>();
  if (places.length === 0) return found;
  const unique = [...new Map(places.map((place) => [placeKey(place.coll, place.id), place])).values()];
  const rows = await session.query<RecordRow>(
    `SELECT coll, id, scope_keys, field_rev, deleted, deleted_at, data FROM record
     WHERE tenant = $1 AND (coll, id) IN (SELECT * FROM unnest($2::text[], $3::text[]))
     ORDER BY coll, id ${forUpdate ? 'FOR UPDATE' : ''}`,
    [tenantId, unique.map((place) => place.coll), unique.map((place) => place.id)],
  );
  for (const row of rows) {
    found.set(placeKey(row.coll, row.id), {
      record: row.data,
      scopeKeys: row.scope_keys,
      fieldRev: row.field_rev,
      isDeleted: row.deleted,
      deletedAtMs: row.deleted_at,
    });
  }
  return found;
}
