// The entities as one organization has them: the fields it defined stand among the built-in ones, with their labels, their
// options and their order. An archived field is found by its name, for what was said with it once, and listed nowhere.
import { optionsOfField } from '#shared/entities/custom-field/custom-field.ts';
import { customizableEntities, isCustomSlot, kindOfSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { AnyRecord, EntityDefinition, EntityName, FieldDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

export type Definitions = Readonly<Record<EntityName, EntityDefinition>>;

type Values = Readonly<Record<string, unknown>>;

function toField(place: FieldDefinition, record: Values): FieldDefinition {
  const options = optionsOfField(record);
  const help = textOf(record['help']);
  const section = textOf(record['section']);
  const isRequired = record['isRequired'] === true && place.type !== 'boolean';
  return {
    ...place,
    label: textOf(record['label']),
    ...(options.length === 0 ? {} : { options }),
    ...(isRequired ? { required: true } : {}),
    ...(record['isListed'] === true ? { listed: true } : {}),
    ...(help === '' ? {} : { help }),
    ...(section === '' ? {} : { section }),
  };
}

function byPlace(left: Values, right: Values): number {
  const [a, b] = [left, right].map(({ place }) => (typeof place === 'number' ? place : Infinity));
  if (a !== b) return (a ?? 0) < (b ?? 0) ? -1 : 1;
  return textOf(left['id']) < textOf(right['id']) ? -1 : 1;
}

function customize(definition: EntityDefinition, records: readonly AnyRecord[]): EntityDefinition {
  const own = records.filter(({ entity, slot }) => entity === definition.name && isCustomSlot(String(slot)));
  if (own.length === 0) return definition;
  const properties = Object.getOwnPropertyDescriptors(definition.fields) as Record<string, PropertyDescriptor>;
  for (const record of own.toSorted(byPlace)) {
    const slot = String(record['slot']);
    const place = definition.fields[slot];
    if (place === undefined) continue;
    // Taken out first: fields are listed in the order in which they are put in.
    delete properties[slot];
    properties[slot] = { value: toField(place, record), enumerable: record['isArchived'] !== true };
  }
  return { ...definition, fields: Object.defineProperties({}, properties) };
}

/** All entities with the fields that these records (`customField`) define. */
export function customDefinitions(records: Iterable<AnyRecord>): Definitions {
  const all = [...records];
  if (all.length === 0) return entities;
  const own = customizableEntities.map((name) => [name, customize(entities[name], all)] as const);
  return { ...entities, ...Object.fromEntries(own) };
}

const made = new WeakMap<RecordSource, { readonly of: readonly AnyRecord[]; readonly definitions: Definitions }>();

/** The same for the records of a source; made anew only after one of the definitions has changed. */
export function definitionsIn(source: RecordSource): Definitions {
  const records = [...source.all('customField').values()];
  const known = made.get(source);
  if (known?.of.length === records.length && known.of.every((record, index) => record === records[index]))
    return known.definitions;
  const definitions = customDefinitions(records);
  made.set(source, { of: records, definitions });
  return definitions;
}

/** True for a place that the organization gave a field to which is in use. */
export function isDefinedSlot(definition: EntityDefinition, field: string): boolean {
  return kindOfSlot(field) !== undefined && Object.prototype.propertyIsEnumerable.call(definition.fields, field);
}
