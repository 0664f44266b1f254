// Keys of a record as they are stored: its own, or those of the record it follows.
import { keysUnderParent, parentOf } from '#shared/access/parent-record.ts';
import { scopeKeysOf } from '#shared/access/scope.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { placeKey, type Place, type StoredRecord } from '#server/sync/stored-record.ts';

/** `read` must know the parent: a child whose parent it does not know stands alone. */
export function keysOfRecord(
  read: (key: string) => Pick<StoredRecord, 'record' | 'scopeKeys'> | undefined,
  definition: EntityDefinition,
  record: AnyRecord,
): string[] {
  const own = scopeKeysOf(definition, record);
  const parent = parentOf(definition, record);
  if (parent === null) return own;
  const stored = read(placeKey(entities[parent.entity].collection, parent.id));
  if (stored === undefined || stored.record.kind !== parent.entity) return own;
  return keysUnderParent(definition, record, own, stored.scopeKeys);
}

/**
 * Keys of a stored record as its parents stand now: within a transaction a parent may have moved before the children are
 * rewritten. What was not read counts with the keys it was stored with.
 */
export function keysNow(
  read: (key: string) => StoredRecord | undefined,
  definition: EntityDefinition,
  stored: Pick<StoredRecord, 'record' | 'scopeKeys'>,
): readonly string[] {
  const parent = parentOf(definition, stored.record);
  if (parent === null) return stored.scopeKeys;
  const above = read(placeKey(entities[parent.entity].collection, parent.id));
  if (above === undefined || above.record.kind !== parent.entity) return stored.scopeKeys;
  const own = scopeKeysOf(definition, stored.record);
  return keysUnderParent(definition, stored.record, own, keysNow(read, entities[parent.entity], above));
}

/** Where the record lies that this one follows. */
export function parentPlaceOf(definition: EntityDefinition, record: AnyRecord): Place | null {
  const parent = parentOf(definition, record);
  return parent === null ? null : { coll: entities[parent.entity].collection, id: parent.id };
}

export function areSameKeys(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((key) => right.includes(key));
}
