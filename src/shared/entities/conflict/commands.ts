// Deciding a conflict is ordinary work: a patch of the record, with the kept value as its base, and the conflict closed in
// the same transaction. When somebody else changed the record meanwhile, the patch meets the usual merge.
import { Type } from 'typebox';
import type { CommandContext } from '#shared/entities/command.ts';
import {
  defineCommand,
  definitionOf,
  IdInput,
  judge,
  outcome,
  requireEntity,
  requireRecord,
} from '#shared/entities/define-command.ts';
import { fieldsOfGroup, type AnyRecord, type EntityDefinition } from '#shared/entities/define-entity.ts';
import { draftStageChange, draftUpdate } from '#shared/entities/draft-record.ts';
import { patchOperation } from '#shared/entities/build-operation.ts';
import { pickFields } from '#shared/entities/validate-record.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

const Input = Type.Object({ conflictId: IdInput });

/** Puts the value that lost into the record and closes the conflict. */
export const takeOtherValue = defineCommand(Input, async (context, { conflictId }) => {
  const found = await requireRecord(context, 'conflict', conflictId);
  if (!found.ok) return found;
  if (found.value['state'] === 'resolved') return outcome([], conflictId);
  const definition = requireEntity(String(found.value['subjectEntity']));
  if (!definition.ok) return definition;
  const subject = await requireRecord(context, definition.value.name, String(found.value['subjectId']));
  if (!subject.ok) return subject;
  const txn = context.createId();
  const taken = await draftTaking(context, definition.value, subject.value, found.value, txn);
  if (!taken.ok) return taken;
  const closed = await draftClosing(context, found.value, 'taken', 'takeOtherValue', txn);
  return closed.ok ? outcome([...taken.value, ...closed.value], subject.value.id) : closed;
});

/** Leaves the record as it is and closes the conflict. */
export const keepValue = defineCommand(Input, async (context, { conflictId }) => {
  const found = await requireRecord(context, 'conflict', conflictId);
  if (!found.ok) return found;
  if (found.value['state'] === 'resolved') return outcome([], conflictId);
  const closed = await draftClosing(context, found.value, 'kept', 'keepValue', null);
  return closed.ok ? outcome(closed.value, String(found.value['subjectId'])) : closed;
});

async function draftTaking(
  context: CommandContext,
  definition: EntityDefinition,
  subject: AnyRecord,
  conflict: AnyRecord,
  txn: string,
): Promise<Result<readonly OperationDraft[]>> {
  const fields = fieldsOfGroup(definition, String(conflict['group']));
  const lost = pickGroup(fields, conflict['lost']);
  const kept = pickGroup(fields, conflict['kept']);
  const after = pickFields(definition, { ...subject, ...lost });
  const allowed = await judge(context, 'update', definition, pickFields(definition, subject), after, fields);
  if (!allowed.ok) return allowed;
  const options = { command: 'takeOtherValue', txn };
  const patch = patchOperation(context, definition, subject, lost, { ...options, base: kept });
  if (patch === null) return ok([]);
  const entersStage =
    definition.name === 'deal' && typeof lost['stageId'] === 'string' && lost['stageId'] !== subject['stageId'];
  if (!entersStage) return ok([patch]);
  const moved = { ...after, stageChangedAt: context.now };
  return ok([
    patch,
    draftStageChange(context, subject, moved, { ...options, dependsOn: [patch.opId] }, context.createId()),
  ]);
}

function pickGroup(fields: readonly string[], value: unknown): Readonly<Record<string, unknown>> {
  const values = isPlainObject(value) ? value : {};
  return Object.fromEntries(fields.filter((field) => field in values).map((field) => [field, values[field]]));
}

async function draftClosing(
  context: CommandContext,
  conflict: AnyRecord,
  resolution: 'kept' | 'taken',
  command: string,
  txn: string | null,
): Promise<Result<readonly OperationDraft[]>> {
  const values = { state: 'resolved', resolution, resolvedBy: context.actor.userId, resolvedAt: context.now };
  const drafted = await draftUpdate(context, definitionOf('conflict'), conflict, values, { command, txn });
  return drafted.ok ? ok(drafted.value.operations) : drafted;
}
