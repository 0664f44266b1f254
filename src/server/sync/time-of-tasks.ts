// The minutes of time entries, added up on their task. Worked out from what was stored and what is stored now, so that the same
// entry counts once, however often a device sends it and whatever two devices make of it.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { minutesOfEntry } from '#shared/entities/time-entry/time-entry.ts';
import { toCount } from '#shared/sync/merge-values.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import { placeKey } from '#server/sync/stored-record.ts';

/** The change of the task that a change of an entry brings; none for other records and when no minute changes. */
export function timeOf(
  { read }: Pick<JudgeContext, 'read'>,
  before: AnyRecord | null,
  wasDeleted: boolean,
  after: AnyRecord,
  isDeleted: boolean,
): readonly PendingChange[] {
  if (after.kind !== 'timeEntry') return [];
  const minutes = (isDeleted ? 0 : minutesOfEntry(after)) - (wasDeleted ? 0 : minutesOfEntry(before));
  const stored = read(placeKey(entities.task.collection, String(after['taskId'])));
  if (minutes === 0 || stored === undefined || stored.isDeleted || stored.record.kind !== 'task') return [];
  return [
    {
      definition: entities.task,
      action: 'update',
      groups: ['spentMinutes'],
      after: { ...stored.record, spentMinutes: toCount(stored.record['spentMinutes']) + minutes },
      before: stored.record,
      keysBefore: stored.scopeKeys,
      keysAfter: stored.scopeKeys,
      fieldRevBefore: stored.fieldRev,
      keepsStamps: true,
    },
  ];
}
