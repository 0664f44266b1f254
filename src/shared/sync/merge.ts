// What the server does with an arriving operation: a three-way merge per field group, so that two people who change
// different things both win, and whoever loses keeps the value in a conflict. The result names only groups that the
// operation names. Permission and validation are judged elsewhere; time and rank come from the caller.
import { fieldsOfGroup, type AnyRecord, type EntityDefinition } from '#shared/entities/define-entity.ts';
import { isMasked, UNKNOWN_FIELD_MESSAGE } from '#shared/access/field-policy.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { RejectionCode } from '#shared/sync/messages.ts';
import { mergeGroup, type LostValue } from '#shared/sync/merge-group.ts';
import { toSet } from '#shared/sync/merge-values.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';

export type { LostValue } from '#shared/sync/merge-group.ts';

export type MergeResult =
  | {
      readonly kind: 'merged';
      /** What happens to the stored record. For `delete` the record is the one that goes. */
      readonly effect: 'write' | 'delete' | 'restore';
      readonly record: AnyRecord;
      /** Groups whose value is another one now; empty when every change lost. */
      readonly changedGroups: readonly string[];
      readonly lost: readonly LostValue[];
    }
  | { readonly kind: 'noop' }
  | {
      readonly kind: 'rejected';
      readonly code: RejectionCode;
      readonly message: string;
      readonly groups: readonly string[];
    };

/** What the caller knows beside the record. */
export interface MergeContext {
  /** The stored record is a deleted one. */
  readonly deleted?: boolean;
  /** Newest revision the sender could see; default: the record's own. */
  readonly visibleRev?: number;
}

type MergeOperation = Omit<Operation, 'opNo'>;

/**
 * Merges an operation onto the stored record (null: the server never saw this id). Same arguments, same answer.
 * A created record carries empty `createdAt`/`updatedAt`: the caller stamps author, time and revision.
 */
export function mergeOperation(
  definition: EntityDefinition,
  current: AnyRecord | null,
  operation: MergeOperation,
  context: MergeContext = {},
): MergeResult {
  if (operation.kind === 'void') return { kind: 'noop' };
  const problem = findMisfit(definition, operation);
  if (problem !== null) return problem;
  if (operation.kind === 'create') return mergeCreate(definition, current, operation);
  if (current === null) return reject('not_visible', 'This record is not available to you.');
  const isDeleted = context.deleted === true;
  switch (operation.kind) {
    case 'delete':
      return isDeleted ? { kind: 'noop' } : mergeDelete(current, operation, context);
    case 'restore':
      return isDeleted ? written('restore', current) : { kind: 'noop' };
    case 'patch':
      if (isDeleted)
        return reject('deleted', 'Somebody deleted this record in the meantime. Restore it to keep your change.');
      return mergePatch(definition, current, operation);
  }
}

function reject(code: RejectionCode, message: string, groups: readonly string[] = []): MergeResult {
  return { kind: 'rejected', code, message, groups };
}

function written(effect: 'write' | 'delete' | 'restore', record: AnyRecord): MergeResult {
  return { kind: 'merged', effect, record, changedGroups: [], lost: [] };
}

/** Fields a change of this group may name. */
function allowedFields(definition: EntityDefinition, group: string): readonly string[] {
  if (group === 'ownerId' || group === 'teamId') return [group];
  return fieldsOfGroup(definition, group);
}

/** A change that names anything but fields of its own group must not reach the record. */
function findMisfit(definition: EntityDefinition, operation: MergeOperation): MergeResult | null {
  if (operation.entity !== definition.name)
    return reject('invalid', 'The operation is meant for another kind of record.');
  const groups = operation.changes.map((change) => change.group);
  if (new Set(groups).size !== groups.length) return reject('invalid', 'An operation changes a group once.', groups);
  for (const change of operation.changes) {
    const allowed = allowedFields(definition, change.group);
    const parts = [change.base, change.to ?? {}, change.delta ?? {}, change.add ?? {}, change.remove ?? {}];
    if (allowed.length === 0 || parts.some((part) => Object.keys(part).some((field) => !allowed.includes(field)))) {
      return reject('invalid', UNKNOWN_FIELD_MESSAGE, [change.group]);
    }
    if (isMasked(change.to)) return reject('field_forbidden', 'A masked value cannot be saved.', [change.group]);
  }
  return null;
}

function mergeCreate(definition: EntityDefinition, current: AnyRecord | null, operation: MergeOperation): MergeResult {
  if (current !== null) return reject('duplicate', 'A record with this id exists already.');
  const record = buildRecord(definition, operation);
  return {
    kind: 'merged',
    effect: 'write',
    record,
    changedGroups: operation.changes.map((change) => change.group),
    lost: [],
  };
}

/**
 * The record a create operation describes, with default values for fields it does not name. `at` and `by` fill the
 * envelope; revision 0 says that the server has not seen it.
 */
export function buildRecord(
  definition: EntityDefinition,
  operation: MergeOperation,
  stamp: { readonly at: string; readonly by: string | null } = { at: '', by: null },
): AnyRecord {
  const values: Record<string, unknown> = {};
  for (const [field, shape] of Object.entries(definition.fields)) {
    if (shape.defaultValue !== undefined) values[field] = shape.defaultValue;
  }
  for (const change of operation.changes) Object.assign(values, change.to, firstValues(change));
  return {
    ownerId: null,
    teamId: null,
    ...values,
    id: operation.recordId,
    kind: definition.name,
    rev: 0,
    createdAt: stamp.at,
    createdBy: stamp.by,
    updatedAt: stamp.at,
    updatedBy: stamp.by,
  };
}

/** Deltas and additions onto nothing. */
function firstValues(change: Change): Readonly<Record<string, unknown>> {
  const added = Object.entries(change.add ?? {}).map(([field, items]) => [field, toSet(items)] as const);
  return { ...change.delta, ...Object.fromEntries(added) };
}

/** Deleting needs to have seen what is deleted. */
function mergeDelete(current: AnyRecord, operation: MergeOperation, context: MergeContext): MergeResult {
  if (operation.baseRev >= (context.visibleRev ?? current.rev)) return written('delete', current);
  return reject(
    'conflict_manual',
    'Somebody changed this record after you last saw it, so it was not deleted. Look at it again and delete it if you still want to.',
  );
}

function mergePatch(definition: EntityDefinition, current: AnyRecord, operation: MergeOperation): MergeResult {
  const values: Record<string, unknown> = { ...current };
  const changedGroups: string[] = [];
  const lost: LostValue[] = [];
  for (const change of operation.changes) {
    const merge = mergeGroup(definition, current, change);
    if (merge.kind === 'rejected') return reject(merge.code, merge.message, [change.group]);
    const isChanged = Object.entries(merge.values).some(
      ([field, value]) => !isJsonEqual(current[field] ?? null, value),
    );
    if (isChanged) {
      changedGroups.push(change.group);
      Object.assign(values, merge.values);
    }
    lost.push(...merge.lost);
  }
  if (changedGroups.length === 0 && lost.length === 0) return { kind: 'noop' };
  return { kind: 'merged', effect: 'write', record: values as AnyRecord, changedGroups, lost };
}
