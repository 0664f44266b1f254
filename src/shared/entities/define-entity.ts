// The one definition of an entity. Everything else is derived from it and never written again by hand: the type of
// the record, validation, merge, storage and indexes on both sides, forms, list columns, import mapping, search,
// field permissions, audit labels. What an organization defines itself lies in places every definition has
// (`custom-slots.ts`) and is named by records.
import { isCustomSlot, mergePolicyOfSlot, withSlots } from '#shared/entities/custom-field/custom-slots.ts';
import type { ProblemCode } from '#shared/entities/problem-codes.ts';
import type { Json } from '#shared/kernel/json.ts';

/**
 * `money` is an integer in minor units of the record's `currency` field (12345 = 123.45 EUR; ISO 4217 exponents),
 * `percent` a number 0–100, `date` a day YYYY-MM-DD, `dateTime` an ISO instant in UTC, `reference` the id of a record,
 * `tags`/`multiSelect`/`references` are arrays without duplicates, `json` is anything else.
 */
export type FieldType =
  | 'text'
  | 'longText'
  | 'email'
  | 'phone'
  | 'url'
  | 'number'
  | 'integer'
  | 'money'
  | 'currency'
  | 'percent'
  | 'date'
  | 'dateTime'
  | 'boolean'
  | 'select'
  | 'multiSelect'
  | 'tags'
  | 'reference'
  | 'references'
  | 'json';

/** What happens to a field group when base, server and incoming value all differ (design of sync, 2.7). */
export type MergePolicy =
  | 'incoming'
  | 'current'
  | 'manual'
  | 'counter'
  | 'set'
  | 'text3'
  | 'machine'
  | 'restrictive'
  | 'append'
  | 'items'
  | 'immutable';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  /** Not offered any more, shown where it was chosen. */
  readonly isArchived?: boolean;
}

export interface FieldDefinition {
  readonly type: FieldType;
  /** English label; the screen translates it by `fields.<entity>.<field>`. */
  readonly label: string;
  /** Fields of one group merge as a whole. Default: the field's own name. */
  readonly group?: string;
  readonly required?: boolean;
  /** Closed list for select and multiSelect. */
  readonly options?: readonly SelectOption[];
  /** Entity a reference points to. */
  readonly to?: EntityName;
  readonly pii?: boolean;
  readonly indexed?: boolean;
  readonly searchable?: boolean;
  /** Set by commands and the server, never typed into a form. */
  readonly system?: boolean;
  /** Hidden from the timeline, never from the audit. */
  readonly noisy?: boolean;
  readonly maxLength?: number;
  /** A number that names rather than counts (a year): shown without thousands separators. */
  readonly isUngrouped?: boolean;
  readonly defaultValue?: Json;
  /** Beside the options: the id of a record of this entity (a custom role). */
  readonly orRecordOf?: EntityName;
  /** Values this one is made of or copied from, as `entity.field`: it is never more visible than they are. */
  readonly derivedFrom?: readonly string[];
  /** Column is shown in lists from the start. */
  readonly listed?: boolean;
  /** Defined by the organization: a place, or the field that was made of it. */
  readonly isCustom?: boolean;
  /** A sentence below the field in forms. */
  readonly help?: string;
  /** Heading on the page of a record under which the field stands with others. */
  readonly section?: string;
}

export const entityNames = [
  'account',
  'contact',
  'lead',
  'deal',
  'activity',
  'task',
  'timeEntry',
  'comment',
  'taskTemplate',
  'product',
  'pipeline',
  'customField',
  'savedView',
  'report',
  'dashboard',
  'reportSchedule',
  'reportRun',
  'mailTemplate',
  'campaign',
  'importJob',
  'importPart',
  'dataExport',
  'user',
  'team',
  'territory',
  'conflict',
  'notificationMark',
  'notificationPreference',
  'announcement',
  'stageChange',
  'fieldChange',
  'file',
  'role',
  'fieldRule',
  'piiRule',
  'organization',
  'exchangeRate',
  'quota',
  'goal',
  'forecastAdjustment',
  'forecastSubmission',
  'pipelineSnapshot',
  'mailMessage',
  'mailContent',
] as const;
export type EntityName = (typeof entityNames)[number];

/** The local database has one RxDB collection for each; RxDB without paid plug-ins holds at most 12 of ours. */
export const collectionNames = [
  'accounts',
  'contacts',
  'leads',
  'deals',
  'activities',
  'tasks',
  'messages',
  'files',
  'catalog',
  'reports',
  'people',
  'inbox',
] as const;
export type CollectionName = (typeof collectionNames)[number];

/** Who reads a record beside its owner. `tenant`: everyone of the organization (catalog, people). */
export type Audience = 'owner' | 'tenant';

export interface EntityDefinition<
  Fields extends Readonly<Record<string, FieldDefinition>> = Readonly<Record<string, FieldDefinition>>,
> {
  readonly name: EntityName;
  readonly collection: CollectionName;
  readonly label: string;
  readonly labelPlural: string;
  /** Field shown as the name of the record. */
  readonly titleField: string;
  readonly audience: Audience;
  readonly fields: Fields;
  /** Policy of each field group; groups not named here are `incoming`. */
  readonly mergePolicies: Readonly<Record<string, MergePolicy>>;
  /** Stage-like groups: which values may follow the current one (for the policy `machine`). Undefined: any. */
  readonly transitions?: (from: Readonly<Record<string, unknown>>, to: Readonly<Record<string, unknown>>) => boolean;
  /** Rules over the whole record, after the types: list of problems in plain English, empty when valid. */
  readonly validate?: (record: Readonly<Record<string, unknown>>) => readonly FieldProblem[];
}

export interface FieldProblem {
  readonly field: string;
  readonly code: ProblemCode;
  readonly message: string;
}

/** Every record, on the wire and in the local database, carries these beside its own fields. */
export interface RecordEnvelope {
  readonly id: string;
  readonly kind: EntityName;
  /** Sequence number of the newest change visible to this user; 0 while the server has not seen the record. */
  readonly rev: number;
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly updatedAt: string;
  readonly updatedBy: string | null;
}

/** Names no field of an entity may take. ownerId and teamId are envelope and field at once: commands may patch them. */
export const envelopeFields = ['id', 'kind', 'rev', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy'] as const;

interface ValueOfType {
  text: string;
  longText: string;
  email: string;
  phone: string;
  url: string;
  number: number;
  integer: number;
  money: number;
  currency: string;
  percent: number;
  date: string;
  dateTime: string;
  boolean: boolean;
  select: string;
  multiSelect: readonly string[];
  tags: readonly string[];
  reference: string;
  references: readonly string[];
  json: Json;
}

type FieldValues<Fields extends Readonly<Record<string, FieldDefinition>>> = {
  readonly [Name in keyof Fields]?: ValueOfType[Fields[Name]['type']] | null;
};

/** The TypeScript type of an entity's record. Every field may be absent (never filled, or not visible) or null (cleared). */
export type RecordOf<Definition> =
  Definition extends EntityDefinition<infer Fields> ? RecordEnvelope & FieldValues<Fields> : never;

/** A record of any entity, when the code is about all of them. */
export type AnyRecord = RecordEnvelope & { readonly [field: string]: unknown };

export function defineEntity<const Fields extends Readonly<Record<string, FieldDefinition>>>(
  definition: EntityDefinition<Fields>,
): EntityDefinition<Fields> {
  return { ...definition, fields: withSlots(definition.name, definition.fields) };
}

/** Name of the merge group a field belongs to. */
export function groupOfField(definition: EntityDefinition, field: string): string {
  return definition.fields[field]?.group ?? field;
}

/** All fields of a merge group, in order of definition. */
export function fieldsOfGroup(definition: EntityDefinition, group: string): readonly string[] {
  if (isCustomSlot(group)) return Object.hasOwn(definition.fields, group) ? [group] : [];
  return Object.keys(definition.fields).filter((field) => groupOfField(definition, field) === group);
}

export function mergePolicyOf(definition: EntityDefinition, group: string): MergePolicy {
  return definition.mergePolicies[group] ?? mergePolicyOfSlot(group) ?? 'incoming';
}

const listedNames = new WeakMap<object, readonly string[]>();

/** Names of the fields a definition lists. Found once: every record that is read or written goes through them. */
function listedFieldsOf({ fields }: EntityDefinition): readonly string[] {
  const known = listedNames.get(fields);
  if (known !== undefined) return known;
  const names = Object.keys(fields);
  listedNames.set(fields, names);
  return names;
}

/** Names of the fields these values can have: all that the definition lists, then the custom ones that are there. */
export function fieldNamesOf(
  definition: EntityDefinition,
  ...values: readonly Readonly<Record<string, unknown>>[]
): readonly string[] {
  const { fields } = definition;
  const listed = listedFieldsOf(definition);
  const custom: string[] = [];
  for (const each of values) {
    for (const name of Object.keys(each)) {
      if (!isCustomSlot(name) || !Object.hasOwn(fields, name)) continue;
      if (!custom.includes(name) && !listed.includes(name)) custom.push(name);
    }
  }
  return custom.length === 0 ? listed : [...listed, ...custom];
}
