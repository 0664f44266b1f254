// What all commands have in common: input is checked before it is used, refusals have one shape, and "nothing to do" is a
// success without operations.
import { Value } from 'typebox/value';
import { Type, type Static, type TSchema } from 'typebox';
import { can } from '#shared/access/can.ts';
import { NOT_VISIBLE_MESSAGE } from '#shared/access/refusal-sentences.ts';
import { subjectOfEntry } from '#shared/access/forecast-rights.ts';
import { parentOf, partsOfRecords } from '#shared/access/parent-record.ts';
import type { RecordAction } from '#shared/access/roles.ts';
import type { CommandContext, CommandOutcome } from '#shared/entities/command.ts';
import {
  groupOfField,
  type AnyRecord,
  type EntityDefinition,
  type EntityName,
  type FieldProblem,
} from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

/** A command as the table of all commands holds it: its input comes from outside. */
export type UncheckedCommand = (context: CommandContext, input: unknown) => Promise<Result<CommandOutcome>>;

export const IdInput = Type.String({ minLength: 1, maxLength: 64 });
export const ValuesInput = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown());

/** A command that runs only with input of the given shape and answers `invalid` otherwise. */
export function defineCommand<Schema extends TSchema>(
  schema: Schema,
  run: (context: CommandContext, input: Static<Schema>) => Promise<Result<CommandOutcome>>,
): UncheckedCommand {
  return async (context, input) => {
    if (Value.Check(schema, input)) return run(context, input);
    const first = Value.Errors(schema, input)[0];
    return fail(
      new OutpostError('invalid', 'The input of this command is not complete.', { at: first?.instancePath ?? '' }),
    );
  };
}

export function outcome(operations: readonly OperationDraft[], recordId: string | null): Result<CommandOutcome> {
  return ok({ operations, recordId });
}

/** `invalid` with one entry per problem; `problems` are `field:code`, `messages` the English sentences in the same order. */
export function invalid(entity: EntityName, problems: readonly FieldProblem[]): Result<never> {
  const details = {
    entity,
    problems: problems.map((problem) => `${problem.field}:${problem.code}`),
    messages: problems.map((problem) => problem.message),
  };
  return fail(new OutpostError('invalid', problems[0]?.message ?? 'This is not valid.', details));
}

export function notVisible(): Result<never> {
  return fail(new OutpostError('not_visible', NOT_VISIBLE_MESSAGE));
}

/** Definition of an entity that was named by the caller. */
export function requireEntity(name: string): Result<EntityDefinition> {
  const definition = entityOf(name);
  return definition === undefined
    ? fail(new OutpostError('not_found', 'There is no such kind of record.'))
    : ok(definition);
}

/** The record as this device has it, or `not_visible`. */
export async function requireRecord(
  context: CommandContext,
  entity: EntityName,
  id: string,
): Promise<Result<AnyRecord>> {
  const record = await context.read(entity, id);
  return record === null ? notVisible() : ok(record);
}

/** Asks `can()` about a change that names these fields. */
export async function judge(
  context: CommandContext,
  action: RecordAction,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord | null,
  fields: readonly string[] = [],
): Promise<Result<true>> {
  const groups = [...new Set(fields.map((field) => groupOfField(definition, field)))];
  // What a device holds, its user sees.
  const isVisible = before !== null;
  const isPart = partsOfRecords.includes(definition.name);
  const of = isPart ? { parent: await readParent(context, definition, before ?? after) } : {};
  const previousId = definition.name === 'task' && before === null ? after?.['previousId'] : undefined;
  const follows = typeof previousId === 'string' ? { previous: await context.read('task', previousId) } : {};
  const about = subjectOfEntry(definition, after);
  const subject = about === null ? {} : { subject: await context.read(about.entity, about.id) };
  return can({
    actor: context.actor,
    action,
    definition,
    before,
    after,
    groups,
    fields,
    isVisible,
    ...of,
    ...follows,
    ...subject,
  });
}

async function readParent(context: CommandContext, definition: EntityDefinition, record: AnyRecord | null) {
  const reference = record === null ? null : parentOf(definition, record);
  const parent = reference === null ? null : await context.read(reference.entity, reference.id);
  return reference === null || parent === null ? null : { definition: entities[reference.entity], record: parent };
}

export const definitionOf = (name: EntityName): EntityDefinition => entities[name];
