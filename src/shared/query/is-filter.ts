// Filters come back from storage and from other computers: before one is evaluated it is checked to be one, about fields
// that exist, and of a size that is evaluated at once.
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { typeOfField } from '#shared/query/evaluate-filter.ts';
import type { Filter, FilterOperator } from '#shared/query/filter.ts';

const operators = new Set<string>([
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'isEmpty',
  'isNotEmpty',
  'withinDays',
  'olderThanDays',
  'inPeriod',
] satisfies readonly FilterOperator[]);

const MOST_DEPTH = 8;
const MOST_PARTS = 200;

/** True for a filter over fields of this entity. */
export function isFilter(definition: EntityDefinition, value: unknown): value is Filter {
  return isFilterOver(value, (field) => typeOfField(definition, field) !== undefined);
}

/** True for a filter in form, whatever fields it names. */
export function isFilterShape(value: unknown): value is Filter {
  return isFilterOver(value, () => true);
}

function isFilterOver(value: unknown, isField: (field: string) => boolean): boolean {
  let parts = 0;
  const check = (part: unknown, depth: number): boolean => {
    parts += 1;
    if (!isPlainObject(part) || depth > MOST_DEPTH || parts > MOST_PARTS) return false;
    const list = part['and'] ?? part['or'];
    if (list !== undefined) return Array.isArray(list) && list.every((item) => check(item, depth + 1));
    if (part['not'] !== undefined) return check(part['not'], depth + 1);
    const { field, op } = part;
    return typeof field === 'string' && typeof op === 'string' && operators.has(op) && isField(field);
  };
  return check(value, 0);
}
