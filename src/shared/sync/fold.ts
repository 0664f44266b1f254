// What a device shows: the last projection of the server with the operations folded in that it has not answered yet.
// Always folded from the projection, never onto an older view, so the same operations give the same view however
// often a page arrives. The device stores only the view and the ids of its pending operations: an operation carries
// the values that were on the screen (`base`), which is enough to take it back when no projection is at hand.
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

/**
 * Takes one pending operation back when the server's projection is not at hand. `remaining`: the other pending
 * operations of the record that were typed later, in order. Exact as long as the record was not changed by others
 * since; the next projection corrects the rest. A deleted record cannot be brought back this way: null.
 */
export function unfold(
  view: AnyRecord | null,
  operation: FoldedOperation,
  remaining: readonly FoldedOperation[],
): AnyRecord | null {
  if (view === null || operation.kind === 'create') return null;
  if (operation.kind !== 'patch') return view;
  const later = remaining.flatMap((other) => (other.kind === 'patch' ? other.changes : []));
  return operation.changes.reduce((record, change) => takeBack(record, change, later), view);
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

function takeBack(record: AnyRecord, change: Change, later: readonly Change[]): AnyRecord {
  const values: Record<string, unknown> = { ...record };
  const fields = new Set([...Object.keys(change.to ?? {}), ...Object.keys(change.delta ?? {}), ...setFieldsOf(change)]);
  for (const field of fields) values[field] = takeBackField(values[field], field, change, later);
  return values as AnyRecord;
}

function takeBackField(value: unknown, field: string, change: Change, later: readonly Change[]): unknown {
  // What was typed later and whole stands on its own.
  if (later.some((other) => Object.hasOwn(other.to ?? {}, field))) return value;
  const delta = change.delta?.[field];
  if (delta !== undefined) return toCount(value) - delta;
  const before = Object.hasOwn(change.to ?? {}, field) ? (change.base[field] ?? null) : undoSet(value, field, change);
  return later.reduce((result, other) => applyToField(result, field, other), before);
}

function undoSet(value: unknown, field: string, change: Change): unknown {
  const { add, remove } = setPart(change, field);
  const seen = Array.isArray(change.base[field]) ? (change.base[field] as readonly unknown[]) : [];
  const added = add.filter((item) => !seen.includes(item));
  const removed = remove.filter((item) => seen.includes(item) && !add.includes(item));
  return mergeSet(added, value, { add: removed, remove: added });
}

function applyToField(value: unknown, field: string, change: Change): unknown {
  const delta = change.delta?.[field];
  if (delta !== undefined) return toCount(value) + delta;
  return setFieldsOf(change).includes(field) ? mergeSet(change.base[field], value, setPart(change, field)) : value;
}
