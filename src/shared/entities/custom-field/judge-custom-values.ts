// What a value of a custom field must be beyond its type: of a field that was defined, and of the options it has. The same on
// a computer, where it is said at once, and on the server, which has the last word. Archived fields and options take
// values as before: who enters one may not have heard of it yet.
import { customFieldId, optionsOfField } from '#shared/entities/custom-field/custom-field.ts';
import { isCustomSlot, kindOfSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { AnyRecord, EntityDefinition, FieldProblem } from '#shared/entities/define-entity.ts';
import { isBlank } from '#shared/entities/validate-record.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';

type Values = Readonly<Record<string, unknown>>;

/** What is wrong with the custom values that differ from `before`. `definitionAt`: the record of a definition by its id. */
export function findCustomProblems(
  definition: EntityDefinition,
  before: Values | null,
  after: Values,
  definitionAt: (id: string) => AnyRecord | null,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const field of Object.keys(after)) {
    if (!isCustomSlot(field) || isJsonEqual(before?.[field] ?? null, after[field] ?? null)) continue;
    const problem = findProblem(definition, field, after[field], definitionAt);
    if (problem !== null) problems.push(problem);
  }
  return problems;
}

/** Required fields that these values would empty. */
export function findEmptied(
  definition: EntityDefinition,
  before: Values,
  values: Values,
  definitionAt: (id: string) => AnyRecord | null,
): readonly FieldProblem[] {
  return Object.keys(values).flatMap((field): readonly FieldProblem[] => {
    if (!isCustomSlot(field) || !isBlank(values[field]) || isBlank(before[field])) return [];
    const record = definitionAt(customFieldId(definition.name, field));
    if (record?.['isRequired'] !== true || record['isArchived'] === true) return [];
    return [{ field, code: 'required', message: 'This field is required.' }];
  });
}

/** Made by Outpost beside something else (a follow-up, a task of a template): nobody was asked for anything. */
const askedCommands: ReadonlySet<string> = new Set(['createRecord', 'logActivity', 'import']);

function isAskedFor(entity: string, command: string): boolean {
  if (entity === 'task') return command !== 'logActivity' && askedCommands.has(command);
  return entity !== 'activity' || askedCommands.has(command);
}

/**
 * Fields the organization requires and a new record lacks. `fields`: records of definitions; `mayEnter`: whether its author
 * could have filled a field in. What existed before a field was required may lack it for as long as nobody enters anything.
 */
export function findMissing(
  definition: EntityDefinition,
  values: Values,
  command: string,
  fields: Iterable<AnyRecord>,
  mayEnter: (field: string) => boolean,
): readonly FieldProblem[] {
  if (!isAskedFor(definition.name, command)) return [];
  const problems: FieldProblem[] = [];
  for (const record of fields) {
    const slot = String(record['slot']);
    if (record['entity'] !== definition.name || record['isRequired'] !== true || record['isArchived'] === true)
      continue;
    if (kindOfSlot(slot) === undefined || kindOfSlot(slot) === 'tick' || !isBlank(values[slot]) || !mayEnter(slot))
      continue;
    problems.push({ field: slot, code: 'required', message: 'This field is required.' });
  }
  return problems;
}

function findProblem(
  definition: EntityDefinition,
  field: string,
  value: unknown,
  definitionAt: (id: string) => AnyRecord | null,
): FieldProblem | null {
  const record = definitionAt(customFieldId(definition.name, field));
  if (record === null) return { field, code: 'unknown', message: 'There is no such field.' };
  const type = definition.fields[field]?.type;
  if (type !== 'select' && type !== 'multiSelect') return null;
  const known = new Set<unknown>(optionsOfField(record).map((option) => option.value));
  const chosen: readonly unknown[] = Array.isArray(value)
    ? value
    : value === null || value === undefined
      ? []
      : [value];
  if (chosen.every((item) => known.has(item))) return null;
  return { field, code: 'option', message: 'Choose one of the list.' };
}
