// What differs between the lists: everything else is derived from the entity's definition.
import { isDefinedSlot } from '#shared/entities/custom-field/custom-definitions.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { emptyListView, type ListView } from '#renderer/app/store/view-slice.ts';
import type { Filter, Sort } from '#shared/query/filter.ts';

/** Newest first, except where the next thing to do matters more. */
const defaultSort: Readonly<Partial<Record<EntityName, Sort>>> = {
  task: { field: 'dueDate', direction: 'asc' },
  activity: { field: 'occurredAt', direction: 'desc' },
};

export function defaultSortOf(definition: EntityDefinition): readonly Sort[] {
  return [defaultSort[definition.name] ?? { field: 'createdAt', direction: 'desc' }];
}

/** Where the listed fields are more than fit: what one looks for when going through many. */
const chosenColumns: Readonly<Partial<Record<EntityName, readonly string[]>>> = {
  deal: ['name', 'accountId', 'stageId', 'amount', 'probability', 'closeDate', 'nextStep', 'ownerId'],
  account: ['name', 'accountType', 'industry', 'phone', 'annualRevenue', 'billingCity', 'billingCountry', 'ownerId'],
  lead: ['name', 'company', 'status', 'score', 'email', 'phone', 'budget', 'ownerId'],
  activity: ['subject', 'activityType', 'occurredAt', 'outcome', 'accountId', 'dealId', 'ownerId'],
  task: ['subject', 'dueDate', 'priority', 'status', 'dealId', 'accountId', 'ownerId'],
};

/** What is done is not what one opens the list of tasks for; the filter can be taken off. */
const startFilters: Readonly<Partial<Record<EntityName, Filter>>> = {
  task: {
    and: [
      { field: 'status', op: 'ne', value: 'done' },
      { field: 'status', op: 'ne', value: 'cancelled' },
    ],
  },
};

const startViews = new Map<EntityName, ListView>();

/** A list as it stands before the user has changed anything; always the same object for the same entity. */
export function startViewOf(definition: EntityDefinition): ListView {
  const known = startViews.get(definition.name);
  if (known !== undefined) return known;
  const view = { ...emptyListView, filter: startFilters[definition.name] ?? null };
  startViews.set(definition.name, view);
  return view;
}

/** The filter is the one the list begins with. */
export function isStartFilter(definition: EntityDefinition, filter: Filter | null): boolean {
  const start = startFilters[definition.name];
  return start !== undefined && JSON.stringify(start) === JSON.stringify(filter);
}

/** Columns shown from the start, the title first. */
export function defaultColumnsOf(definition: EntityDefinition): readonly string[] {
  const chosen = chosenColumns[definition.name];
  if (chosen !== undefined) return [...chosen, ...listedCustomFields(definition)];
  const listed = Object.keys(definition.fields).filter(
    (field) => definition.fields[field]?.listed === true && field !== definition.titleField,
  );
  return [definition.titleField, ...listed];
}

function listedCustomFields({ fields }: EntityDefinition): readonly string[] {
  return Object.keys(fields).filter((field) => fields[field]?.isCustom === true && fields[field].listed === true);
}

/** False for a custom field that was archived: a view that named it before shows the others. */
export function isColumn(definition: EntityDefinition, field: string): boolean {
  return !isCustomSlot(field) || isDefinedSlot(definition, field);
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
