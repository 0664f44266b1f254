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
import { isAsLeft } from '#shared/entities/is-as-left.ts';
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
const WRITTEN_BY_OUTPOST = new Set(['conflict', 'stageChange', 'fieldChange', 'pipelineSnapshot']);

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

const Ids = Type.Array(IdInput, { maxItems: MAX_BULK });

/** One outcome of many; refused as a whole when one record refuses it, so that nothing is left out silently. */
async function forEach<Item>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result<CommandOutcome>>,
): Promise<Result<CommandOutcome>> {
  const operations: OperationDraft[] = [];
  const refusals: OutpostError[] = [];
  for (const item of items) {
    const result = await run(item);
    if (result.ok) operations.push(...result.value.operations);
    else refusals.push(result.error);
  }
  const first = refusals[0];
  if (first === undefined) return outcome(operations, null);
  return fail(
    new OutpostError(first.code, first.message, { ...first.details, refused: refusals.length, of: items.length }),
  );
}

/** The same change of many records. */
export const bulkUpdate = defineCommand(
  Type.Object({ entity: Entity, ids: Ids, values: ValuesInput }),
  (context, { entity, ids, values }) =>
    forEach([...new Set(ids)], (id) => update(context, 'bulkUpdate', { entity, id, values })),
);

/** A change of its own for each of many records: what takes a bulk edit back. Records that no longer stand as `left` stay. */
export const updateRecords = defineCommand(
  Type.Object({
    entity: Entity,
    changes: Type.Array(Type.Object({ id: IdInput, values: ValuesInput, left: Type.Optional(ValuesInput) }), {
      maxItems: MAX_BULK,
    }),
  }),
  (context, { entity, changes }) =>
    forEach(changes, async ({ id, values, left }) => {
      const definition = requireEntity(entity);
      if (!definition.ok) return definition;
      const isMeant = left === undefined || isAsLeft(await context.read(definition.value.name, id), left);
      return isMeant ? update(context, 'updateRecords', { entity, id, values }) : outcome([], null);
    }),
);

export const deleteRecord = defineCommand(Reference, (context, { entity, id }) =>
  remove(context, 'deleteRecord', entity, id),
);

export const deleteRecords = defineCommand(Type.Object({ entity: Entity, ids: Ids }), (context, { entity, ids }) =>
  forEach([...new Set(ids)], (id) => remove(context, 'deleteRecords', entity, id)),
);

/** Takes back a deletion. A device may not hold the deleted record any more; then the server judges alone. */
export const restoreRecord = defineCommand(Reference, async (context, { entity, id }) => {
  const restored = await restore(context, 'restoreRecord', entity, id);
  return restored.ok ? outcome(restored.value.operations, id) : restored;
});

export const restoreRecords = defineCommand(Type.Object({ entity: Entity, ids: Ids }), (context, { entity, ids }) =>
  forEach([...new Set(ids)], (id) => restore(context, 'restoreRecords', entity, id)),
);

async function remove(
  context: CommandContext,
  command: string,
  entity: string,
  id: string,
): Promise<Result<CommandOutcome>> {
  const definition = requireEntity(entity);
  if (!definition.ok) return definition;
  const refusal = refuseOwnEntities(definition.value);
  if (refusal !== null) return refusal;
  const record = await requireRecord(context, definition.value.name, id);
  if (!record.ok) return record;
  const allowed = await judge(context, 'delete', definition.value, record.value, null);
  if (!allowed.ok) return allowed;
  return outcome([lifeOperation(context, definition.value, 'delete', record.value, { command })], null);
}

async function restore(
  context: CommandContext,
  command: string,
  entity: string,
  id: string,
): Promise<Result<CommandOutcome>> {
  const definition = requireEntity(entity);
  if (!definition.ok) return definition;
  const record = await context.read(definition.value.name, id);
  if (record !== null) {
    const allowed = await judge(context, 'restore', definition.value, record, null);
    if (!allowed.ok) return allowed;
  }
  return outcome([lifeOperation(context, definition.value, 'restore', record ?? { id, rev: 0 }, { command })], null);
}

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
