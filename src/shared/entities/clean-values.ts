// What a form or a file hands over, made ready for a record: trimmed, empty text as "no value", unknown and system fields refused.
import type { EntityDefinition, FieldProblem } from '#shared/entities/define-entity.ts';

export type Values = Readonly<Record<string, unknown>>;

export interface CleanedValues {
  readonly values: Values;
  readonly problems: readonly FieldProblem[];
}

const TRIMMED = new Set(['text', 'email', 'phone', 'url', 'currency', 'select', 'reference', 'date', 'dateTime']);

/** Values of known fields that a user may enter. Undefined values are dropped, empty ones become null. */
export function cleanValues(definition: EntityDefinition, values: Values): CleanedValues {
  const problems: FieldProblem[] = [];
  const cleaned: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
    if (field === undefined) {
      problems.push({ field: name, code: 'unknown', message: 'There is no such field.' });
    } else if (field.system === true) {
      problems.push({
        field: name,
        code: 'system',
        message: `${field.label} is set by Outpost and cannot be entered.`,
      });
    } else if (value !== undefined) {
      cleaned[name] = cleanValue(field.type, value);
    }
  }
  return { values: cleaned, problems };
}

function cleanValue(type: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = TRIMMED.has(type) ? value.trim() : value;
  if (text.trim() === '') return null;
  return type === 'email' ? text.toLowerCase() : text;
}
