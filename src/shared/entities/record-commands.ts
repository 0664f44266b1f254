// What can be done to a record of any entity.
import { Type } from 'typebox';
import { refuse } from '#shared/access/refusals.ts';
import { lifeOperation } from '#shared/entities/build-operation.ts';
import type { CommandContext, CommandOutcome } from '#shared/entities/command.ts';
import {
  defineCommand,
  IdInput,
  judge,
  outcome,
  requireEntity,
  requireRecord,
  ValuesInput,
} from '#shared/entities/define-command.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { draftCreate, draftUpdate } from '#shared/entities/draft-record.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { fail, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

/** Most records of one bulk edit; the list of a screen hands over no more. */
const MAX_BULK = 20_000;
const Entity = Type.String({ minLength: 1, maxLength: 32 });
const Reference = Type.Object({ entity: Entity, id: IdInput });

/** Entities that only Outpost itself writes. */
const WRITTEN_BY_OUTPOST = new Set(['conflict', 'stageChange']);

function refuseOwnEntities(definition: EntityDefinition): Result<never> | null {
  if (!WRITTEN_BY_OUTPOST.has(definition.name)) return null;
  return refuse(definition, 'Outpost keeps these records itself.', { reason: 'keptByOutpost' });
}

export const createRecord = defineCommand(
  Type.Object({ entity: Entity, values: ValuesInput, id: Type.Optional(IdInput) }),
  async (context, { entity, values, id }) => {
    const definition = requireEntity(entity);
    if (!definition.ok) return definition;
    const refusal = refuseOwnEntities(definition.value);
    if (refusal !== null) return refusal;
    const drafted = await draftCreate(context, definition.value, values, {
      command: 'createRecord',
      ...(id === undefined ? {} : { id }),
    });
    return drafted.ok ? outcome(drafted.value.operations, drafted.value.record.id) : drafted;
  },
);

export const updateRecord = defineCommand(
  Type.Object({ entity: Entity, id: IdInput, values: ValuesInput, base: Type.Optional(ValuesInput) }),
  (context, input) => update(context, 'updateRecord', input),
);

/** Gives a record to another user; it moves to that user's team. */
export const reassign = defineCommand(
  Type.Object({ entity: Entity, id: IdInput, ownerId: IdInput }),
  (context, { entity, id, ownerId }) => update(context, 'reassign', { entity, id, values: { ownerId } }),
);

/** The same change of many records; refused as a whole when one of them refuses it, so that nothing is left out silently. */
export const bulkUpdate = defineCommand(
  Type.Object({ entity: Entity, ids: Type.Array(IdInput, { maxItems: MAX_BULK }), values: ValuesInput }),
  async (context, { entity, ids, values }) => {
    const operations: OperationDraft[] = [];
    const refusals: OutpostError[] = [];
    for (const id of new Set(ids)) {
      const result = await update(context, 'bulkUpdate', { entity, id, values });
      if (result.ok) operations.push(...result.value.operations);
      else refusals.push(result.error);
    }
    const first = refusals[0];
    if (first === undefined) return outcome(operations, null);
    const counts = { refused: refusals.length, of: new Set(ids).size };
    return fail(new OutpostError(first.code, first.message, { ...first.details, ...counts }));
  },
);

export const deleteRecord = defineCommand(Reference, async (context, { entity, id }) => {
  const definition = requireEntity(entity);
  if (!definition.ok) return definition;
  const refusal = refuseOwnEntities(definition.value);
  if (refusal !== null) return refusal;
  const record = await requireRecord(context, definition.value.name, id);
  if (!record.ok) return record;
  const allowed = judge(context, 'delete', definition.value, record.value, null);
  if (!allowed.ok) return allowed;
  return outcome([lifeOperation(context, definition.value, 'delete', record.value, { command: 'deleteRecord' })], null);
});

/** Takes back a deletion. A device may not hold the deleted record any more; then the server judges alone. */
export const restoreRecord = defineCommand(Reference, async (context, { entity, id }) => {
  const definition = requireEntity(entity);
  if (!definition.ok) return definition;
  const record = await context.read(definition.value.name, id);
  if (record !== null) {
    const allowed = judge(context, 'restore', definition.value, record, null);
    if (!allowed.ok) return allowed;
  }
  const target = record ?? { id, rev: 0 };
  return outcome([lifeOperation(context, definition.value, 'restore', target, { command: 'restoreRecord' })], id);
});

interface UpdateInput {
  readonly entity: string;
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly base?: Readonly<Record<string, unknown>>;
}

async function update(context: CommandContext, command: string, input: UpdateInput): Promise<Result<CommandOutcome>> {
  const definition = requireEntity(input.entity);
  if (!definition.ok) return definition;
  const refusal = refuseOwnEntities(definition.value);
  if (refusal !== null) return refusal;
  const record = await requireRecord(context, definition.value.name, input.id);
  if (!record.ok) return record;
  const options = { command, ...(input.base === undefined ? {} : { base: input.base }) };
  const drafted = await draftUpdate(context, definition.value, record.value, input.values, options);
  return drafted.ok ? outcome(drafted.value.operations, input.id) : drafted;
}
