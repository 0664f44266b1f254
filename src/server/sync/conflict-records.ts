// A value that lost is kept as a record of its own, in the same commit. It is seen by whoever sees its subject, never by a
// wider circle, and it moves along when the subject changes hands (`followers.ts`).
import { keysUnderParent, parentOf } from '#shared/access/parent-record.ts';
import { scopeKeysOf } from '#shared/access/scope.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { LostValue } from '#shared/sync/merge.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import type { StoredRecord } from '#server/sync/stored-record.ts';

export function conflictsOf(
  context: Pick<JudgeContext, 'actor' | 'createId' | 'writerOf'>,
  definition: EntityDefinition,
  operation: Operation,
  stored: StoredRecord | undefined,
  after: AnyRecord,
  subjectKeys: readonly string[],
  lost: readonly LostValue[],
): readonly PendingChange[] {
  const me = context.actor.userId;
  return lost.map((value) => {
    const isMine = value.side === 'incoming';
    const other = stored === undefined ? null : context.writerOf(stored, value.group);
    const record = {
      id: context.createId(),
      kind: 'conflict',
      rev: 0,
      createdAt: '',
      createdBy: me,
      updatedAt: '',
      updatedBy: me,
      ownerId: after.ownerId,
      teamId: after.teamId,
      subjectEntity: definition.name,
      subjectId: after.id,
      subjectOwnerId: after.ownerId,
      group: value.group,
      base: value.base,
      kept: value.kept,
      lost: value.lost,
      keptBy: isMine ? other : me,
      lostBy: isMine ? me : other,
      operationId: operation.opId,
      policy: value.policy,
      severity: value.severity,
      state: 'open',
      resolution: null,
      resolvedBy: null,
      resolvedAt: null,
    } satisfies AnyRecord;
    return {
      definition: entities.conflict,
      action: 'create',
      groups: Object.keys(entities.conflict.fields),
      after: record,
      keysBefore: [],
      keysAfter: keysWithinSubject(record, definition, subjectKeys),
      fieldRevBefore: null,
      keepsStamps: false,
    };
  });
}

/** Conflicts follow what they are about; a personal record's conflict is as private as the record. */
function keysWithinSubject(
  conflict: AnyRecord,
  definition: EntityDefinition,
  subjectKeys: readonly string[],
): string[] {
  const own = scopeKeysOf(entities.conflict, conflict);
  if (parentOf(entities.conflict, conflict) !== null) {
    return keysUnderParent(entities.conflict, conflict, own, subjectKeys);
  }
  return own.filter((key) => definition.audience === 'tenant' || subjectKeys.includes(key));
}
