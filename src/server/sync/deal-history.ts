// The history of deals is complete: whatever changes what a deal is worth, when it is expected, how likely it is or whose
// it is has exactly one entry, in the transaction of the change. A move between stages brings its own from the device;
// for everything else the server writes it here, so no device sends a byte for it. The id follows from the operation, so
// that the same one never makes two, and is a hash of who sent it, so that nobody can take the place of another's.
import { createHash } from 'node:crypto';
import { keysUnderParent } from '#shared/access/parent-record.ts';
import { scopeKeysOf } from '#shared/access/scope.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { hasTrackedChange, trackedValues } from '#shared/entities/stage-change/changed-groups.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';

/** Id of the entry that an operation of this user on this device makes. */
export function historyEntryId(
  userId: string,
  deviceId: string,
  operation: Pick<Operation, 'opId' | 'recordId'>,
): string {
  const parts = JSON.stringify([userId, deviceId, operation.opId, operation.recordId]);
  return `h.${createHash('sha256').update(parts).digest('hex').slice(0, 40)}`;
}

/** When something happened, by the clock of the device, but never later than it arrived. */
export function notAfter(instant: unknown, nowMs: number): string {
  const ms = typeof instant === 'string' ? Date.parse(instant) : Number.NaN;
  return Number.isNaN(ms) || ms > nowMs ? toInstant(nowMs) : toInstant(ms);
}

/** The entry for a change of a deal; none for a change that the history does not keep, or that brings its own. */
export function historyOf(
  context: Pick<JudgeContext, 'actor' | 'deviceId' | 'nowMs' | 'bringsHistory'>,
  operation: Operation,
  before: AnyRecord | null,
  after: AnyRecord,
  dealKeys: readonly string[],
): readonly PendingChange[] {
  if (after.kind !== 'deal' || before === null || operation.kind !== 'patch') return [];
  if (!hasTrackedChange(before, after) || context.bringsHistory(operation)) return [];
  const me = context.actor.userId;
  const entry: AnyRecord = {
    id: historyEntryId(me, context.deviceId, operation),
    kind: 'stageChange',
    rev: 0,
    createdAt: '',
    createdBy: me,
    updatedAt: '',
    updatedBy: me,
    ownerId: after.ownerId,
    teamId: after.teamId,
    dealId: after.id,
    pipelineId: after['pipelineId'],
    fromStage: before['stageId'],
    toStage: after['stageId'],
    fromType: before['status'] ?? 'open',
    toType: after['status'] ?? 'open',
    ...trackedValues(before, after),
    occurredAt: notAfter(operation.captured.wall, context.nowMs),
  };
  return [
    {
      definition: entities.stageChange,
      action: 'create',
      groups: [],
      after: entry,
      keysBefore: [],
      keysAfter: keysUnderParent(entities.stageChange, entry, scopeKeysOf(entities.stageChange, entry), dealKeys),
      fieldRevBefore: null,
      keepsStamps: false,
    },
  ];
}
