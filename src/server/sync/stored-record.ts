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
  readonly text: string;
}

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
  const found = new Map<string, StoredRecord>();
  if (places.length === 0) return found;
  const unique = [...new Map(places.map((place) => [placeKey(place.coll, place.id), place])).values()];
  const rows = await session.query<RecordRow>(
    `SELECT coll, id, scope_keys, field_rev, deleted, deleted_at, data::text AS text FROM record
     WHERE tenant = $1 AND ${IN_PLACES} ORDER BY coll, id ${forUpdate ? 'FOR UPDATE' : ''}`,
    [tenantId, ...placeParameters(unique)],
  );
  for (const row of rows) {
    found.set(placeKey(row.coll, row.id), {
      // As text: parsed once here, instead of parsed and copied between threads.
      record: JSON.parse(row.text) as AnyRecord,
      scopeKeys: row.scope_keys,
      fieldRev: row.field_rev,
      isDeleted: row.deleted,
      deletedAtMs: row.deleted_at,
    });
  }
  return found;
}
