// What a device shows: the last projection of the server with the operations folded in that it has not answered yet.
// Always folded from the projection, never onto an older fold of it, so the same operations give the same view however
// often a page arrives. That is why a device keeps the projection of a record beside its view while something is
// pending: taking one operation back is folding the others anew.
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { buildRecord } from '#shared/sync/merge.ts';
import { mergeSet, toCount } from '#shared/sync/merge-values.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';

type FoldedOperation = Omit<Operation, 'opNo'>;

/**
 * The view after one more operation of this record. Null: there is nothing to show. `authorId` becomes the author of a
 * created record; time of creation is the device's until the server answers. The envelope of a changed record is
 * left alone: revision and time of change are the server's to say.
 */
export function foldOnto(
  definition: EntityDefinition,
  view: AnyRecord | null,
  operation: FoldedOperation,
  authorId: string | null = null,
): AnyRecord | null {
  switch (operation.kind) {
    case 'create':
      // A view that exists already holds this create: the server answered it, or it was folded before.
      return view ?? buildRecord(definition, operation, { at: operation.captured.wall, by: authorId });
    case 'patch':
      return view === null ? null : operation.changes.reduce((record, change) => applyChange(record, change), view);
    case 'delete':
      return null;
    case 'restore':
    case 'void':
      return view;
  }
}

/**
 * The view of a record: what the server last said (null: nothing, or it went out of sight) with all pending
 * operations of this record, in the order they were typed. Operations on a record that is gone stay without effect.
 */
export function foldOperations(
  definition: EntityDefinition,
  projection: AnyRecord | null,
  operations: readonly FoldedOperation[],
  authorId: string | null = null,
): AnyRecord | null {
  return operations.reduce<AnyRecord | null>(
    (view, operation) => foldOnto(definition, view, operation, authorId),
    projection,
  );
}

function applyChange(record: AnyRecord, change: Change): AnyRecord {
  const values: Record<string, unknown> = { ...record, ...change.to };
  for (const [field, delta] of Object.entries(change.delta ?? {})) values[field] = toCount(record[field]) + delta;
  for (const field of setFieldsOf(change))
    values[field] = mergeSet(change.base[field], record[field], setPart(change, field));
  return values as AnyRecord;
}

function setFieldsOf(change: Change): readonly string[] {
  return [...new Set([...Object.keys(change.add ?? {}), ...Object.keys(change.remove ?? {})])];
}

function setPart(
  change: Change,
  field: string,
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  return { add: change.add?.[field] ?? [], remove: change.remove?.[field] ?? [] };
}
