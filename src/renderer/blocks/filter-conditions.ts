// Which fields a condition can be about, and what can be asked of each type.
import type { EntityDefinition, FieldType } from '#shared/entities/define-entity.ts';
import type { FieldFilter, Filter, FilterOperator } from '#shared/query/filter.ts';

export function operatorsOf(type: FieldType | undefined): readonly FilterOperator[] {
  switch (type) {
    case 'money':
    case 'number':
    case 'integer':
    case 'percent':
      return ['eq', 'gte', 'lte', 'gt', 'lt', 'isEmpty', 'isNotEmpty'];
    case 'date':
    case 'dateTime':
      return ['withinDays', 'olderThanDays', 'gte', 'lte', 'isEmpty', 'isNotEmpty'];
    case 'select':
    case 'multiSelect':
    case 'reference':
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
    : { field, op: operatorsOf(definition.fields[field]?.type)[0] ?? 'eq', value: null };
}
