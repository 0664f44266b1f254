// What one operation means, decided from the records as they are now. Nothing is written here: the answer is a list of
// changes, or a refusal. The order of the checks is the order of what may be revealed: first whether the record exists
// for this user at all, then what the user may do, then what is wrong with the values.
import { can } from '#shared/access/can.ts';
import { NOT_VISIBLE_MESSAGE } from '#shared/access/refusal-sentences.ts';
import { addressesIn } from '#server/privacy/addresses-of.ts';
import { fieldModeOf, openFieldPolicy } from '#shared/access/field-policy.ts';
import { subjectOfEntry } from '#shared/access/forecast-rights.ts';
import { isConflictHidden, isHistoryHidden, project } from '#shared/access/project.ts';
import { mailEntities, parentOf, partsOfRecords } from '#shared/access/parent-record.ts';
import { meets, keySetOf } from '#shared/access/scope.ts';
import type { RecordAction } from '#shared/access/roles.ts';
import {
  fieldNamesOf,
  type AnyRecord,
  type EntityDefinition,
  type FieldProblem,
} from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import { findCustomProblems, findEmptied, findMissing } from '#shared/entities/custom-field/judge-custom-values.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { RESTORABLE_DAYS } from '#shared/sync/deleted-messages.ts';
import { mergeOperation, type MergeResult } from '#shared/sync/merge.ts';
import type { ErrorDetails } from '#shared/kernel/errors.ts';
import { rejectionCodes, type RejectionCode, type Why } from '#shared/sync/messages.ts';
import { SCHEMA_VERSION, type Operation } from '#shared/sync/operation.ts';
import { findBadReferences } from '#server/sync/check-references.ts';
import { completeDerived } from '#server/sync/complete-derived.ts';
import { findWaitingProblems } from '#server/sync/check-waiting.ts';
import { timeOf } from '#server/sync/time-of-tasks.ts';
import { findTreeProblems, hasTerritoriesBelow } from '#server/sync/check-tree.ts';
import { findFileProblems } from '#server/files/file-room.ts';
import { conflictsOf } from '#server/sync/conflict-records.ts';
import { historyOf } from '#server/sync/deal-history.ts';
import { fieldHistoryOf } from '#server/sync/field-history.ts';
import { fieldsWritten, findUnseenName, tellProblems } from '#server/sync/judge-fields.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import { findDomainProblems, findPlanRefusal } from '#server/platform/plan-room.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import { placeInTerritory } from '#server/sync/place-in-territory.ts';
import { keysNow, keysOfRecord } from '#server/sync/record-keys.ts';
import { placeKey, type StoredRecord } from '#server/sync/stored-record.ts';

/** A deleted record can be brought back for so long. */
export const RESTORABLE_MS = RESTORABLE_DAYS * 86_400_000;

const ERASED_MESSAGE = 'This person was erased at their own request and cannot be brought back.';
const ROLE_IN_USE = 'Somebody has this role. Give them another one first, then delete it.';

export interface Rejection {
  readonly code: RejectionCode;
  readonly message: string;
  readonly groups: readonly string[];
  readonly problems: readonly FieldProblem[];
  readonly why?: Why;
}

export type Judgement =
  | { readonly kind: 'noop' }
  | { readonly kind: 'rejected'; readonly rejection: Rejection }
  | { readonly kind: 'accepted'; readonly changes: readonly PendingChange[]; readonly conflictIds: readonly string[] };

export function judgeOperation(context: JudgeContext, operation: Operation): Judgement {
  if (operation.kind === 'void') return { kind: 'noop' };
  const definition = entityOf(operation.entity);
  if (definition === undefined) return refuse('invalid', 'There is no such kind of record.');
  if (operation.schema !== SCHEMA_VERSION) {
    return refuse(
      'too_old_schema',
      'This change was made with another version of Outpost. Install the newest version.',
    );
  }
  const key = placeKey(definition.collection, operation.recordId);
  const found = context.read(key);
  const stored = found?.record.kind === definition.name ? found : undefined;
  const refusal = judgeAccess(context, definition, operation, stored, found !== undefined);
  if (refusal !== null) return refusal;
  const merge = mergeOperation(definition, stored?.record ?? null, operation, {
    deleted: stored?.isDeleted === true,
    visibleRev: context.foreignRevOf(key),
  });
  if (merge.kind === 'noop') return merge;
  if (merge.kind === 'rejected') {
    const why = merge.code === 'deleted' && stored !== undefined ? nameDeleted(context, definition, stored) : undefined;
    return refuse(merge.code, merge.message, merge.groups, [], why);
  }
  return judgeResult(context, definition, operation, stored, merge);
}

const actionOfKind = { create: 'create', patch: 'update', delete: 'delete', restore: 'restore' } as const;

/** May the user do this at all, before any value is looked at? */
function judgeAccess(
  context: JudgeContext,
  definition: EntityDefinition,
  operation: Operation,
  stored: StoredRecord | undefined,
  isPlaceTaken: boolean,
): Judgement | null {
  if (operation.kind === 'void') return null;
  const action: RecordAction = actionOfKind[operation.kind];
  if (action === 'create') {
    if (context.isErased(operation.recordId))
      return refuse('deleted', ERASED_MESSAGE, [], [], { reason: 'erased', entity: definition.name });
    // Another computer of the same person kept the same mail.
    if (isOwnMail(definition, stored, context.actor.userId)) return { kind: 'noop' };
    if (isPlaceTaken) return isSameOccurrence(stored, operation) ? { kind: 'noop' } : refuseTaken(definition);
    return askCan(context, definition, 'create', null, null, []) ?? refuseUnseen(context, definition, null, operation);
  }
  if (stored === undefined || !isVisible(context, definition, stored)) {
    return refuse('not_visible', NOT_VISIBLE_MESSAGE);
  }
  if (stored.isDeleted && context.isErased(operation.recordId))
    return refuse('deleted', ERASED_MESSAGE, [], [], { reason: 'erased', entity: definition.name });
  if (action === 'restore' && stored.isDeleted && context.nowMs - (stored.deletedAtMs ?? 0) > RESTORABLE_MS) {
    return refuse('deleted', 'This record was deleted too long ago to be restored.', [], [], {
      reason: 'deletedLongAgo',
      entity: definition.name,
    });
  }
  if (operation.withoutBase === true) {
    return refuse(
      'conflict_manual',
      'For a while this record was not available to you, and it may be another one now. Look at it and enter your change again.',
      [],
      [],
      { reason: 'unseenMeanwhile', entity: definition.name },
    );
  }
  if (action === 'delete' && definition.name === 'role' && context.isRoleHeld(stored.record.id)) {
    const why = { reason: 'roleInUse', entity: definition.name };
    return (
      askCan(context, definition, action, stored.record, null, []) ??
      refuse('action_forbidden', ROLE_IN_USE, [], [], why)
    );
  }
  const groups = operation.changes.map((change) => change.group);
  return (
    askCan(context, definition, action, stored.record, null, groups) ??
    refuseUnseen(context, definition, stored.record, operation)
  );
}

function isOwnMail({ name }: EntityDefinition, stored: StoredRecord | undefined, userId: string): boolean {
  return mailEntities.includes(name) && stored?.record.ownerId === userId;
}

/** An id that is taken. Of a custom field it is the place that somebody else has defined meanwhile. */
function refuseTaken(definition: EntityDefinition): Judgement {
  if (definition.name !== 'customField') return refuse('duplicate', 'A record with this id exists already.');
  const message = 'Another administrator defined a field in the same place. Define yours again.';
  return refuse('duplicate', message, [], [], { reason: 'fieldTaken', entity: definition.name });
}

/** Two computers completed the same task of a series: each made the next one, which is there once. */
function isSameOccurrence(stored: StoredRecord | undefined, operation: Operation): boolean {
  const previousId = operation.changes.find(({ group }) => group === 'previousId')?.to?.['previousId'];
  return stored?.record.kind === 'task' && typeof previousId === 'string' && stored.record['previousId'] === previousId;
}

function refuseUnseen(
  context: JudgeContext,
  definition: EntityDefinition,
  before: AnyRecord | null,
  operation: Operation,
): Judgement | null {
  const unseen = findUnseenName(context.actor.fields, definition, before, operation);
  return unseen === null ? null : refuse(unseen.code, unseen.message, [unseen.group], [], unseen.why);
}

function isVisible(context: JudgeContext, definition: EntityDefinition, stored: StoredRecord): boolean {
  if (definition.name === 'conflict' && isConflictHidden(context.actor.fields ?? {}, stored.record)) return false;
  if (isHistoryHidden(context.actor.fields ?? {}, stored.record)) return false;
  return meets(keySetOf(context.actor, definition, 'read'), keysNow(context.read, definition, stored));
}

function askCan(
  context: JudgeContext,
  definition: EntityDefinition,
  action: RecordAction,
  before: AnyRecord | null,
  after: AnyRecord | null,
  groups: readonly string[],
  fields?: readonly string[],
): Judgement | null {
  const named = fields === undefined ? {} : { fields };
  // Asked only about records whose stored keys were found to be in sight.
  const isVisible = before !== null;
  const part = partsOfRecords.includes(definition.name) ? (before ?? after) : null;
  const parent = part === null ? {} : { parent: findParent(context, definition, part) };
  const previous = before === null ? findPrevious(context, definition, after) : {};
  const subject = findSubject(context, definition, after);
  const answer = can({
    actor: context.actor,
    action,
    definition,
    before,
    after,
    groups,
    isVisible,
    ...named,
    ...parent,
    ...previous,
    ...subject,
  });
  if (answer.ok) return null;
  const code = rejectionCodes.find((known) => known === answer.error.code) ?? 'action_forbidden';
  const field = answer.error.details['field'];
  return refuse(code, answer.error.message, typeof field === 'string' ? [field] : [], [], whyOf(answer.error.details));
}

/** The person, team or territory a quota or a forecast is about, as it is stored. */
function findSubject(context: JudgeContext, definition: EntityDefinition, after: AnyRecord | null) {
  const about = subjectOfEntry(definition, after);
  if (about === null) return {};
  const stored = context.read(placeKey(entities[about.entity].collection, about.id));
  const isThere = stored !== undefined && !stored.isDeleted && stored.record.kind === about.entity;
  return { subject: isThere ? stored.record : null };
}

/** What was deleted by the name it had, for somebody who saw it: their list of refused work names it when it is gone. */
function nameDeleted(context: JudgeContext, definition: EntityDefinition, { record }: StoredRecord): Why {
  const title: unknown = project(context.actor, definition, record)?.[definition.titleField];
  const facts = { reason: 'deletedMeanwhile', entity: definition.name };
  return typeof title === 'string' ? { ...facts, title } : facts;
}

/** The facts of a refusal of `can()`: names of fields and roles that its actor sees. */
function whyOf({ reason, entity, field, action, role, roleName, who }: ErrorDetails): Why | undefined {
  if (typeof reason !== 'string') return undefined;
  const facts = Object.entries({ entity, field, action, role, roleName, who });
  return { reason, ...Object.fromEntries(facts.filter(([, value]) => typeof value === 'string')) };
}

/** The task before a new one of the same series, as far as the actor sees it. */
function findPrevious(context: JudgeContext, definition: EntityDefinition, after: AnyRecord | null) {
  const id = definition.name === 'task' ? after?.['previousId'] : undefined;
  if (typeof id !== 'string') return {};
  const stored = context.read(placeKey(definition.collection, id));
  const isThere = stored !== undefined && !stored.isDeleted && isVisible(context, definition, stored);
  return { previous: isThere ? stored.record : null };
}

/** The record a file, a comment or a time entry belongs to, as far as the actor sees it. */
function findParent(context: JudgeContext, definition: EntityDefinition, part: AnyRecord) {
  const reference = parentOf(definition, part);
  if (reference === null) return null;
  const above = entities[reference.entity];
  const stored = context.read(placeKey(above.collection, reference.id));
  if (stored === undefined || stored.isDeleted || stored.record.kind !== above.name) return null;
  return isVisible(context, above, stored) ? { definition: above, record: stored.record } : null;
}

/** The merged record: still allowed, valid, and pointing only to what the user can see? */
function judgeResult(
  context: JudgeContext,
  definition: EntityDefinition,
  operation: Operation,
  stored: StoredRecord | undefined,
  merge: Extract<MergeResult, { kind: 'merged' }>,
): Judgement {
  const { actor } = context;
  const before = stored?.record ?? null;
  const isCreate = operation.kind === 'create';
  const merged: AnyRecord = isCreate
    ? { ...merge.record, createdBy: actor.userId, updatedBy: actor.userId }
    : merge.record;
  const after = merge.effect === 'write' ? completeDerived(context, definition, before, merged) : merged;
  if (merge.effect === 'write') {
    const groups = operation.changes.map((change) => change.group);
    const fields = operation.changes.flatMap(fieldsWritten);
    const refusal = askCan(context, definition, isCreate ? 'create' : 'update', before, merged, groups, fields);
    if (refusal !== null) return refusal;
    const found = [
      ...newProblems(definition, before, after, merge.changedGroups),
      ...findCustomProblems(definition, before, after, (id) => definitionOfField(context, id)),
      ...findRequired(context, definition, operation, before, after),
      ...findBadReferences(context, definition, before, merged),
      ...findTakenEmail(context, definition, before, after),
      ...findErasedEmail(context, definition, before, after),
      ...findTreeProblems(context, definition, before, after),
      ...findWaitingProblems(context, definition, before, after),
      ...findFileProblems(context.fileRoom, before, after),
      ...findDomainProblems(context.planRoom(), before, after),
    ];
    const problems = tellProblems(actor.fields, definition, after, found);
    if (problems.length > 0) {
      const code = problems.some((problem) => problem.code === 'taken') ? 'duplicate' : 'invalid';
      return refuse(code, problems.map((problem) => problem.message).join(' '), merge.changedGroups, problems);
    }
  }
  const step = {
    before: stored === undefined ? null : { record: stored.record, isDeleted: stored.isDeleted },
    after,
    isDeleted: merge.effect === 'delete',
  };
  const full = findPlanRefusal(context.planRoom(), step);
  if (full !== null) return refuse('limit', full.message, [], [], full.why);
  if (merge.effect === 'delete' && hasTerritoriesBelow(context, definition, after.id)) {
    return refuse('invalid', 'Move or delete the territories below this one first.', [], [], {
      reason: 'territoriesBelow',
      entity: definition.name,
    });
  }
  const placed = isCreate ? placeInTerritory(context, definition, after) : after;
  const keysAfter = keysOfRecord(context.read, definition, placed);
  const conflicts = conflictsOf(context, definition, operation, stored, after, keysAfter, merge.lost);
  const hasChanged = merge.effect !== 'write' || isCreate || merge.changedGroups.length > 0;
  const change: PendingChange = {
    definition,
    action: actionOf(merge.effect, isCreate),
    groups: placed === after ? merge.changedGroups : [...merge.changedGroups, 'territoryId'],
    after: placed,
    before,
    keysBefore: stored?.scopeKeys ?? [],
    keysAfter,
    fieldRevBefore: stored?.fieldRev ?? null,
    keepsStamps: false,
  };
  return {
    kind: 'accepted',
    changes: [
      ...(hasChanged ? [change] : []),
      ...historyOf(context, operation, before, placed, keysAfter),
      ...timeOf(context, before, step.before?.isDeleted === true, placed, step.isDeleted),
      ...fieldHistoryOf(context, operation, before, placed, keysAfter),
      ...conflicts,
    ],
    conflictIds: conflicts.map((conflict) => conflict.after.id),
  };
}

/** Required custom fields that are missing in a new record, or emptied in one that has them. */
function findRequired(
  context: JudgeContext,
  definition: EntityDefinition,
  operation: Operation,
  before: AnyRecord | null,
  after: AnyRecord,
): readonly FieldProblem[] {
  if (before !== null) return findEmptied(definition, before, after, (id) => definitionOfField(context, id));
  const fields = context.requiredFields.map((field) => definitionOfField(context, field.id) ?? field);
  const policy = context.actor.fields ?? openFieldPolicy;
  const mayEnter = (field: string): boolean => fieldModeOf(policy, definition.name, field) === 'edit';
  return findMissing(definition, after, operation.command, fields, mayEnter);
}

/** A custom field as the operations before this one left it. */
function definitionOfField(context: JudgeContext, id: string): AnyRecord | null {
  const stored = context.read(placeKey(entities.customField.collection, id));
  return stored?.record.kind === 'customField' && !stored.isDeleted ? stored.record : null;
}

function actionOf(effect: 'write' | 'delete' | 'restore', isCreate: boolean): PendingChange['action'] {
  if (effect !== 'write') return effect;
  return isCreate ? 'create' : 'update';
}

/** Problems this operation causes. What was wrong before does not stop somebody from correcting another field. */
function newProblems(
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
  changedGroups: readonly string[],
): readonly FieldProblem[] {
  const problems = validateRecord(definition, after);
  if (before === null || problems.length === 0) return problems;
  const old = new Set(validateRecord(definition, before).map((problem) => `${problem.field} ${problem.code}`));
  const touched = new Set(changedGroups);
  return problems.filter(
    (problem) =>
      !old.has(`${problem.field} ${problem.code}`) ||
      touched.has(definition.fields[problem.field]?.group ?? problem.field),
  );
}

function findTakenEmail(
  context: JudgeContext,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
): readonly FieldProblem[] {
  const email = after['email'];
  if (definition.name !== 'user' || typeof email !== 'string' || email === before?.['email']) return [];
  if (!context.isEmailTaken(email, after.id)) return [];
  return [{ field: 'email', code: 'taken', message: 'Another user has this e-mail address.' }];
}

/** A person who asked to be forgotten does not come back with a file or by hand. */
function findErasedEmail(
  context: JudgeContext,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
): readonly FieldProblem[] {
  return fieldNamesOf(definition, after).flatMap((field) => {
    const known = new Set(addressesIn(definition, field, before?.[field]));
    const fresh = addressesIn(definition, field, after[field]).filter((email) => !known.has(email));
    if (!fresh.some((email) => context.isErasedEmail(email))) return [];
    const message = 'The person with this e-mail address was erased at their own request. It cannot be stored again.';
    return [{ field, code: 'erased', message }];
  });
}

export function refuse(
  code: RejectionCode,
  message: string,
  groups: readonly string[] = [],
  problems: readonly FieldProblem[] = [],
  why?: Why,
): Judgement {
  const reason = why === undefined ? {} : { why };
  return { kind: 'rejected', rejection: { code, message, groups, problems, ...reason } };
}
