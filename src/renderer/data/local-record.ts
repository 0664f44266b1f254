// The shape of a document in the local database: a record as the screen shows it, which unsent operations are folded
// into it, and, only while there are any, the server's projection below them, so that a verdict can take one back.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { foldOperations } from '#shared/sync/fold.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { SCHEMA_VERSION, type Operation } from '#shared/sync/operation.ts';

export type StoredRecord = LocalRecord & {
  /** Version of the entity definitions the document was written with; the schema of the database itself never changes. */
  readonly schema: number;
  /** The server's projection; absent when nothing is pending, null when the server has not seen the record. */
  readonly projection?: AnyRecord | null;
  /**
   * Deleted here, and the server does not know yet: no screen shows it. It is kept because the answer may bring it back,
   * and what brings it back may be lost in a crash.
   */
  readonly isHidden?: true;
};

// None of them may be the name of an entity's field: both stand side by side in one document.
const internalFields: ReadonlySet<string> = new Set([
  'schema',
  'projection',
  'isHidden',
  '_rev',
  '_meta',
  '_attachments',
  '_deleted',
]);

/** What a window gets to see of a document. */
export function toLocalRecord(stored: LocalRecord): LocalRecord {
  const result: Record<string, unknown> = {};
  for (const field in stored) if (!internalFields.has(field)) result[field] = stored[field];
  return result as LocalRecord;
}

/** The server's projection inside a document, null when the server has not seen the record. */
export function projectionOf(stored: StoredRecord): AnyRecord | null {
  if (stored.projection !== undefined) return stored.projection;
  const result: Record<string, unknown> = {};
  for (const field in stored)
    if (field !== 'pending' && !internalFields.has(field)) result[field] = (stored as LocalRecord)[field];
  return result as AnyRecord;
}

/** The revision of that projection, null when the server has not seen the record. */
export function projectedRevOf(stored: StoredRecord): number | null {
  if (stored.projection !== undefined) return stored.projection?.rev ?? null;
  return stored.rev;
}

/** What screens get to see of a document. */
export function shownOf(stored: StoredRecord | undefined): StoredRecord | undefined {
  return stored?.isHidden === true ? undefined : stored;
}

/**
 * The document for a projection with unsent operations on top; null when there is nothing to keep. `authorId`: who made
 * a record that only this device knows.
 */
export function toStoredRecord(
  projection: AnyRecord | null,
  operations: readonly Operation[],
  authorId: string,
): StoredRecord | null {
  if (operations.length === 0)
    return projection === null ? null : { ...projection, pending: [], schema: SCHEMA_VERSION };
  const definition = entityOf(operations[0]?.entity ?? '');
  if (definition === undefined) return null;
  const folded = foldOperations(definition, projection, operations, authorId);
  const pending = operations.map((operation) => operation.opId);
  if (folded === null)
    return projection === null ? null : { ...projection, pending, schema: SCHEMA_VERSION, projection, isHidden: true };
  return { ...folded, pending, schema: SCHEMA_VERSION, projection };
}
