// What was changed in accounts, contacts, leads and deals, for their timelines: one entry for each operation, written in the
// transaction of the change, so a device that knows the change knows its entry. No device writes one.
import { createHash } from 'node:crypto';
import { keysUnderParent } from '#shared/access/parent-record.ts';
import { scopeKeysOf } from '#shared/access/scope.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { historySubjects, isHistorySubject, keptChanges } from '#shared/entities/field-change/kept-changes.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { KEY_DEVICE } from '#server/keys/key-device.ts';
import { notAfter } from '#server/sync/deal-history.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';

const definition = entities.fieldChange;

function entryId(userId: string, deviceId: string, { opId, recordId }: Operation): string {
  const parts = JSON.stringify(['fields', userId, deviceId, opId, recordId]);
  return `f.${createHash('sha256').update(parts).digest('hex').slice(0, 40)}`;
}

const sourceOfCommand: Readonly<Record<string, string>> = {
  import: 'import',
  undoImport: 'import',
  takeOtherValue: 'sync',
};

function sourceOf(deviceId: string, command: string): string {
  if (deviceId.startsWith(KEY_DEVICE)) return 'api';
  return sourceOfCommand[command] ?? 'user';
}

/** The entry for a change of a record; none where nothing changed that timelines keep. */
export function fieldHistoryOf(
  context: Pick<JudgeContext, 'actor' | 'deviceId' | 'nowMs'>,
  operation: Operation,
  before: AnyRecord | null,
  after: AnyRecord,
  subjectKeys: readonly string[],
): readonly PendingChange[] {
  if (before === null || operation.kind !== 'patch' || !isHistorySubject(after.kind)) return [];
  const kept = keptChanges(entities[after.kind], before, after);
  if (kept === null) return [];
  const me = context.actor.userId;
  const entry: AnyRecord = {
    id: entryId(me, context.deviceId, operation),
    kind: 'fieldChange',
    rev: 0,
    createdAt: '',
    createdBy: me,
    updatedAt: '',
    updatedBy: me,
    ownerId: after.ownerId,
    teamId: after.teamId,
    [historySubjects[after.kind]]: after.id,
    ...kept,
    source: sourceOf(context.deviceId, operation.command),
    command: operation.command,
    occurredAt: notAfter(operation.captured.wall, context.nowMs),
  };
  return [
    {
      definition,
      action: 'create',
      groups: [],
      after: entry,
      keysBefore: [],
      keysAfter: keysUnderParent(definition, entry, scopeKeysOf(definition, entry), subjectKeys),
      fieldRevBefore: null,
      keepsStamps: false,
    },
  ];
}
