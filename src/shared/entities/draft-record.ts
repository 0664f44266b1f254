// The two ways a record comes about and changes, used by every command: complete what was entered, validate the whole,
// ask `can()`, then write the operations. A deal that enters a stage always brings its entry of the stage history, in
// the same transaction.
import {
  createOperation,
  diffGroups,
  patchOperation,
  unsentCreateOf,
  type OperationOptions,
} from '#shared/entities/build-operation.ts';
import { fullNameOf } from '#shared/entities/full-name.ts';
import { cleanValues, type Values } from '#shared/entities/clean-values.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import { prepareDealChange, prepareNewDeal } from '#shared/entities/deal/prepare-deal.ts';
import { stageChangeValues } from '#shared/entities/deal/stage-values.ts';
import { definitionOf, invalid, judge } from '#shared/entities/define-command.ts';
import {
  groupOfField,
  mergePolicyOf,
  type AnyRecord,
  type EntityDefinition,
  type FieldProblem,
} from '#shared/entities/define-entity.ts';
import { isCustomizable } from '#shared/entities/custom-field/custom-slots.ts';
import { findCustomProblems, findEmptied, findMissing } from '#shared/entities/custom-field/judge-custom-values.ts';
import { readCustomFields } from '#shared/entities/custom-field/read-custom-fields.ts';
import { pickFields, validateRecord } from '#shared/entities/validate-record.ts';
import { fieldModeOf, isPlainlyVisible, openFieldPolicy, withoutMasked } from '#shared/access/field-policy.ts';
import { findCircle, nextTaskOf, prepareTaskChange } from '#shared/entities/task/prepare-task.ts';
import { MOST_LEVELS, treeFieldOf } from '#shared/access/tree.ts';
import { isId } from '#shared/kernel/ids.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

export interface Draft {
  readonly record: AnyRecord;
  readonly operations: readonly OperationDraft[];
}

export interface DraftOptions extends OperationOptions {
  /** Values that commands set and users cannot enter. */
  readonly system?: Values;
}

/** A new record. `id` is given where two devices must arrive at the same one. */
export async function draftCreate(
  context: CommandContext,
  definition: EntityDefinition,
  entered: Values,
  options: DraftOptions & { readonly id?: string },
): Promise<Result<Draft>> {
  const cleaned = cleanValues(definition, entered);
  if (cleaned.problems.length > 0) return invalid(definition.name, cleaned.problems);
  const prepared = await prepareNew(
    context,
    definition,
    withFullName(context, definition, {}, { ...cleaned.values, ...options.system }),
  );
  if (!prepared.ok) return prepared;
  const id = options.id ?? context.createId();
  const values = withoutAutomatic(context, definition, entered, prepared.value);
  const record = newRecord(context, definition, id, values);
  const custom = await readCustomFields(context, definition, values);
  const problems: readonly FieldProblem[] = isId(id)
    ? [
        ...validateRecord(definition, record),
        ...findCustomProblems(definition, null, values, custom.at),
        ...(await findMissingCustom(context, definition, values, options.command)),
      ]
    : [{ field: 'id', code: 'id', message: 'This is not an id.' }];
  if (problems.length > 0) return invalid(definition.name, problems);
  const fields = Object.keys(values).filter((field) => (values[field] ?? null) !== null);
  const allowed = await judge(context, 'create', definition, null, record, fields);
  if (!allowed.ok) return allowed;
  const dependsOn = [...(options.dependsOn ?? []), ...(await unsentTargets(context, definition, record))];
  const isDeal = definition.name === 'deal';
  const txn = options.txn ?? (isDeal ? context.createId() : null);
  const operation = createOperation(context, definition, id, values, { ...options, txn, dependsOn });
  if (!isDeal) return ok({ record, operations: [operation] });
  const opening = { ...options, txn, dependsOn: [operation.opId] };
  const history = draftStageChange(context, null, record, opening, openingId(context, id));
  return ok({ record, operations: [operation, history] });
}

async function findMissingCustom(
  context: CommandContext,
  definition: EntityDefinition,
  values: Values,
  command: string,
): Promise<readonly FieldProblem[]> {
  if (!isCustomizable(definition.name)) return [];
  const fields = await context.find('customField', 'entity', definition.name);
  const policy = context.actor.fields ?? openFieldPolicy;
  const mayEnter = (field: string): boolean => fieldModeOf(policy, definition.name, field) === 'edit';
  return findMissing(definition, values, command, fields, mayEnter);
}

/** A change of an existing record; without operations when nothing changes. `base`: what the screen showed. */
export async function draftUpdate(
  context: CommandContext,
  definition: EntityDefinition,
  before: AnyRecord,
  entered: Values,
  options: DraftOptions & { readonly base?: Values },
): Promise<Result<Draft>> {
  const cleaned = cleanValues(definition, entered);
  if (cleaned.problems.length > 0) return invalid(definition.name, cleaned.problems);
  const named = withFullName(context, definition, before, { ...cleaned.values, ...options.system });
  const wanted = await withOwnersTeam(context, definition, withCurrency(context, definition, before, named));
  const prepared = await prepareChange(context, definition, before, wanted);
  if (!prepared.ok) return prepared;
  const seen = { ...before, ...options.base };
  const values = withoutAutomatic(context, definition, entered, prepared.value);
  const changes = diffGroups(definition, seen, values, context.actor.fields);
  const changed = changes.flatMap((change) => Object.keys({ ...change.to, ...change.add, ...change.delta }));
  if (changed.length === 0) return ok({ record: before, operations: [] });
  const after = pickFields(definition, { ...before, ...values });
  const touched = new Set(changed.map((field) => groupOfField(definition, field)));
  // Of what is hidden or masked for this user, and of the groups left alone, only the server can judge.
  const policy = context.actor.fields ?? openFieldPolicy;
  const custom = await readCustomFields(context, definition, values);
  const problems = [
    ...validateRecord(definition, withoutMasked(after)),
    ...findCustomProblems(definition, before, values, custom.at),
    ...findEmptied(definition, before, values, custom.at),
  ].filter(
    ({ field }) => touched.has(groupOfField(definition, field)) && isPlainlyVisible(policy, definition.name, field),
  );
  if (problems.length > 0) return invalid(definition.name, problems);
  const loop = await (definition.name === 'task'
    ? findCircle(context, before, after)
    : findLoop(context, definition, before, after));
  if (loop !== null) return invalid(definition.name, [loop]);
  const allowed = await judge(context, 'update', definition, pickFields(definition, before), after, changed);
  if (!allowed.ok) return allowed;
  if (definition.name === 'task' && before['status'] !== 'done' && after['status'] === 'done')
    return completed(context, before, after, values, options);
  return ok({
    record: after,
    operations: await changeOperations(context, definition, before, after, values, options),
  });
}

function prepareChange(
  context: CommandContext,
  definition: EntityDefinition,
  before: AnyRecord,
  wanted: Values,
): Promise<Result<Values>> {
  if (definition.name === 'deal') return prepareDealChange(context, before, wanted);
  return definition.name === 'task' ? prepareTaskChange(context, before, wanted) : Promise.resolve(ok(wanted));
}

/** A task that is completed and, when it repeats, the next one, together or not at all. */
async function completed(
  context: CommandContext,
  before: AnyRecord,
  after: AnyRecord,
  values: Values,
  options: DraftOptions & { readonly base?: Values },
): Promise<Result<Draft>> {
  const definition = definitionOf('task');
  const next = await nextTaskOf(context, after);
  const txn = options.txn ?? (next === null ? null : context.createId());
  const done = await changeOperations(context, definition, before, after, values, { ...options, txn });
  if (next === null) return ok({ record: after, operations: done });
  const following = await draftCreate(context, definition, next.values, {
    command: options.command,
    txn,
    system: next.system,
    dependsOn: done.map(({ opId }) => opId),
    ...(next.id === undefined ? {} : { id: next.id }),
  });
  if (!following.ok) return following;
  return ok({ record: after, operations: [...done, ...following.value.operations] });
}

/** Said here so that it is refused at once, also without a network; the server looks at the whole tree again. */
async function findLoop(
  context: CommandContext,
  definition: EntityDefinition,
  before: AnyRecord,
  after: AnyRecord,
): Promise<FieldProblem | null> {
  const field = treeFieldOf(definition.name);
  if (field === undefined || isJsonEqual(before[field] ?? null, after[field] ?? null)) return null;
  let above = after[field];
  for (let level = 0; typeof above === 'string' && level < MOST_LEVELS; level += 1) {
    if (above === before.id) return { field, code: 'cycle', message: 'It cannot be placed below itself.' };
    above = (await context.read(definition.name, above))?.[field];
  }
  return null;
}

/**
 * Without what follows from an entry in a field this user may not write (the close date of a deal that is won). A step
 * of a state machine is one thing, so what it sets goes along.
 */
function withoutAutomatic(
  context: CommandContext,
  definition: EntityDefinition,
  entered: Values,
  values: Values,
): Values {
  const policy = context.actor.fields;
  if (policy === undefined) return values;
  const kept = Object.entries(values).filter(
    ([field]) =>
      entered[field] !== undefined ||
      fieldModeOf(policy, definition.name, field) === 'edit' ||
      mergePolicyOf(definition, groupOfField(definition, field)) === 'machine',
  );
  return Object.fromEntries(kept);
}

async function changeOperations(
  context: CommandContext,
  definition: EntityDefinition,
  before: AnyRecord,
  after: AnyRecord,
  values: Values,
  options: DraftOptions & { readonly base?: Values },
): Promise<readonly OperationDraft[]> {
  const entersStage = definition.name === 'deal' && !isJsonEqual(before['stageId'], after['stageId']);
  const txn = options.txn ?? (entersStage ? context.createId() : null);
  const targets = Object.fromEntries(Object.keys(values).map((field) => [field, values[field]]));
  const dependsOn = [...(options.dependsOn ?? []), ...(await unsentTargets(context, definition, targets))];
  const patch = patchOperation(context, definition, before, values, { ...options, txn, dependsOn });
  if (patch === null) return [];
  if (!entersStage) return [patch];
  return [
    patch,
    draftStageChange(context, before, after, { ...options, txn, dependsOn: [patch.opId] }, context.createId()),
  ];
}

/** The entry of the stage history for a deal that goes from `before` to `after`. */
export function draftStageChange(
  context: CommandContext,
  before: AnyRecord | null,
  after: AnyRecord,
  options: OperationOptions,
  id: string,
): OperationDraft {
  const occurredAt = typeof after['stageChangedAt'] === 'string' ? after['stageChangedAt'] : context.now;
  const values = stageChangeValues(before, after, occurredAt);
  return createOperation(context, definitionOf('stageChange'), id, values, options);
}

/** The same for the same deal wherever it is made, so that its history begins once. */
function openingId(context: CommandContext, dealId: string): string {
  const id = `${dealId}.opened`;
  return isId(id) ? id : context.createId();
}

async function prepareNew(
  context: CommandContext,
  definition: EntityDefinition,
  entered: Values,
): Promise<Result<Values>> {
  const defaults: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(definition.fields)) {
    // A default of a field this user may not write is the server's to set.
    const isWritable = fieldModeOf(context.actor.fields ?? openFieldPolicy, definition.name, name) === 'edit';
    if (field.defaultValue !== undefined && isWritable) defaults[name] = field.defaultValue;
  }
  if (definition.audience === 'owner') Object.assign(defaults, await ownershipOf(context, entered));
  const given = Object.fromEntries(Object.entries(entered).filter(([, value]) => value !== null));
  const values = withCurrency(context, definition, {}, { ...defaults, ...given });
  return definition.name === 'deal' ? prepareNewDeal(context, values) : ok(values);
}

async function ownershipOf(context: CommandContext, entered: Values): Promise<Values> {
  const ownerId = typeof entered['ownerId'] === 'string' ? entered['ownerId'] : context.actor.userId;
  return { ownerId, teamId: await teamOf(context, ownerId) };
}

/** Team of a user; of the acting user as the server told it, of others as far as this device knows. */
export async function teamOf(context: CommandContext, userId: string): Promise<string | null> {
  if (userId === context.actor.userId) return context.actor.teamIds[0] ?? null;
  return (await context.read('user', userId))?.teamId ?? null;
}

async function withOwnersTeam(context: CommandContext, definition: EntityDefinition, values: Values): Promise<Values> {
  const ownerId = values['ownerId'];
  if (definition.audience !== 'owner' || typeof ownerId !== 'string' || values['teamId'] !== undefined) return values;
  return { ...values, teamId: await teamOf(context, ownerId) };
}

/** An amount never stands without a currency: the organization's, when none was entered. */
function withCurrency(context: CommandContext, definition: EntityDefinition, before: Values, values: Values): Values {
  const hasAmount = Object.keys(values).some(
    (name) => definition.fields[name]?.type === 'money' && typeof values[name] === 'number',
  );
  const isKnown = typeof (values['currency'] === undefined ? before['currency'] : values['currency']) === 'string';
  if (!hasAmount || isKnown || !('currency' in definition.fields)) return values;
  return { ...values, currency: context.currency ?? 'EUR' };
}

/** People are shown by `name`; whoever enters its parts need not enter the whole. */
function withFullName(context: CommandContext, definition: EntityDefinition, before: Values, values: Values): Values {
  // Whoever does not see all parts cannot put the whole together; the server does it.
  const policy = context.actor.fields ?? openFieldPolicy;
  const parts = ['name', 'firstName', 'lastName'];
  if (parts.some((field) => fieldModeOf(policy, definition.name, field) !== 'edit')) return values;
  const hasPart = values['firstName'] !== undefined || values['lastName'] !== undefined;
  if (!('firstName' in definition.fields) || !hasPart || values['name'] !== undefined) return values;
  const name = fullNameOf({ ...before, ...definedOf(values) });
  return name === '' ? values : { ...values, name };
}

function definedOf(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function newRecord(context: CommandContext, definition: EntityDefinition, id: string, values: Values): AnyRecord {
  return {
    ownerId: null,
    teamId: null,
    ...values,
    id,
    kind: definition.name,
    rev: 0,
    createdAt: context.now,
    createdBy: context.actor.userId,
    updatedAt: context.now,
    updatedBy: context.actor.userId,
  };
}

/** Unsent operations that created the records this one points to, and those that defined its custom fields. */
async function unsentTargets(
  context: CommandContext,
  definition: EntityDefinition,
  values: Values,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, field] of Object.entries(definition.fields)) {
    if (field.to === undefined || definitionOf(field.to).audience === 'tenant') continue;
    const value = values[name];
    const ids = Array.isArray(value) ? value : [value];
    for (const id of ids) {
      const target = typeof id === 'string' ? await context.read(field.to, id) : null;
      if (target !== null) found.push(...unsentCreateOf(target));
    }
  }
  found.push(...(await readCustomFields(context, definition, values)).unsent);
  return [...new Set(found)].slice(0, 50);
}
