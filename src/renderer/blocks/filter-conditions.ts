// Which fields a condition can be about, and what can be asked of each type.
import type { EntityDefinition, FieldType } from '#shared/entities/define-entity.ts';
import type { FieldFilter, Filter, FilterOperator } from '#shared/query/filter.ts';

/** `field` may be a path through other records: `dealId.stageId`. */
export function operatorsOf(field: string, type: FieldType | undefined): readonly FilterOperator[] {
  switch (isStage(field) ? 'select' : type) {
    case 'money':
    case 'number':
    case 'integer':
    case 'percent':
      return ['eq', 'gte', 'lte', 'gt', 'lt', 'isEmpty', 'isNotEmpty'];
    case 'date':
    case 'dateTime':
      return ['inPeriod', 'withinDays', 'olderThanDays', 'gte', 'lte', 'eq', 'isEmpty', 'isNotEmpty'];
    case 'select':
    case 'multiSelect':
    case 'reference':
      return ['eq', 'ne', 'in', 'notIn', 'isEmpty', 'isNotEmpty'];
    case 'boolean':
      return ['eq', 'ne', 'isEmpty', 'isNotEmpty'];
    case 'text':
    case 'longText':
    case 'email':
    case 'phone':
    case 'url':
    case 'currency':
    case 'tags':
    case 'references':
    case 'json':
    case undefined:
      return ['contains', 'startsWith', 'eq', 'isEmpty', 'isNotEmpty'];
  }
}

/** Stages are texts by their type, as every pipeline has its own, and choices to people. */
export function isStage(field: string): boolean {
  return field === 'stageId' || field.endsWith('.stageId');
}

/** What an operator wants beside it. */
export function valueKindOf(op: FilterOperator): 'none' | 'one' | 'list' | 'days' | 'period' {
  switch (op) {
    case 'isEmpty':
    case 'isNotEmpty':
      return 'none';
    case 'in':
    case 'notIn':
      return 'list';
    case 'withinDays':
    case 'olderThanDays':
      return 'days';
    case 'inPeriod':
      return 'period';
    case 'eq':
    case 'ne':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
    case 'contains':
    case 'startsWith':
      return 'one';
  }
}

/** The condition with another operator; what was entered stays where it still means something. */
export function withOperator({ field, op: before, value }: FieldFilter, op: FilterOperator): FieldFilter {
  const [was, is] = [valueKindOf(before), valueKindOf(op)];
  if (was === is) return { field, op, value: value ?? null };
  if (was === 'one' && is === 'list' && typeof value === 'string') return { field, op, value: [value] };
  if (was === 'list' && is === 'one' && Array.isArray(value)) return { field, op, value: listOf(value)[0] ?? null };
  return { field, op, value: null };
}

/** The texts of a list of values. */
export function listOf(value: FieldFilter['value']): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** The conditions of a filter made by hand: a flat list that must all hold. */
export function conditionsOf(filter: Filter | null | undefined): readonly FieldFilter[] {
  if (filter === null || filter === undefined) return [];
  if ('and' in filter) return filter.and.filter((part): part is FieldFilter => 'field' in part);
  return 'field' in filter ? [filter] : [];
}

export function conditionFields(definition: EntityDefinition): readonly string[] {
  return Object.keys(definition.fields).filter(
    (field) => !['json', 'references'].includes(definition.fields[field]?.type ?? ''),
  );
}

/** A condition about a field that has none yet; null when the entity has no fields. */
export function newCondition(definition: EntityDefinition, among: readonly FieldFilter[]): FieldFilter | null {
  const fields = conditionFields(definition);
  const field = fields.find((name) => !among.some((part) => part.field === name)) ?? fields[0];
  return field === undefined
    ? null
    : { field, op: operatorsOf(field, definition.fields[field]?.type)[0] ?? 'eq', value: null };
}
