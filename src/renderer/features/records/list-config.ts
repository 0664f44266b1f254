// What differs between the lists: everything else is derived from the entity's definition.
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import type { Sort } from '#shared/query/filter.ts';

/** Newest first, except where the next thing to do matters more. */
const defaultSort: Readonly<Partial<Record<EntityName, Sort>>> = {
  task: { field: 'dueDate', direction: 'asc' },
  activity: { field: 'occurredAt', direction: 'desc' },
};

export function defaultSortOf(definition: EntityDefinition): readonly Sort[] {
  return [defaultSort[definition.name] ?? { field: 'createdAt', direction: 'desc' }];
}

/** Columns shown from the start: the listed fields, the title first. */
export function defaultColumnsOf(definition: EntityDefinition): readonly string[] {
  const listed = Object.keys(definition.fields).filter(
    (field) => definition.fields[field]?.listed === true && field !== definition.titleField,
  );
  return [definition.titleField, ...listed];
}

export function allColumnsOf(definition: EntityDefinition): readonly string[] {
  const fields = Object.keys(definition.fields).filter(
    (field) => definition.fields[field]?.type !== 'json' && field !== definition.titleField,
  );
  return [definition.titleField, ...fields, 'createdAt', 'updatedAt'];
}

const numeric = new Set(['money', 'number', 'integer', 'percent']);

export function isNumericField(definition: EntityDefinition, field: string): boolean {
  return numeric.has(definition.fields[field]?.type ?? '');
}

const editable = new Set([
  'text',
  'email',
  'phone',
  'url',
  'number',
  'integer',
  'money',
  'percent',
  'date',
  'select',
  'boolean',
]);

/** Fields that can be typed over in a grid cell. References, lists and long texts are edited on the record page. */
export function isInlineEditable(definition: EntityDefinition, field: string): boolean {
  const found = definition.fields[field];
  if (found === undefined || found.system === true) return false;
  if (definition.name === 'deal' && ['stageId', 'pipelineId', 'wonLostReason'].includes(field)) return false;
  return editable.has(found.type);
}
