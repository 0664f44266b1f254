// What a change did to each field, as the audit keeps it: the value before and the value after. Long texts and structures
// are kept by their beginning and their length. What only repeats other records (conflicts, parts of imports) is not kept twice.
import { mailEntities } from '#shared/access/parent-record.ts';
import {
  fieldNamesOf,
  groupOfField,
  type AnyRecord,
  type EntityDefinition,
  type EntityName,
} from '#shared/entities/define-entity.ts';
import { isJsonEqual, type Json } from '#shared/kernel/json.ts';

/** By field: what stood there, and what stands there now; null for nothing. */
export type AuditedValues = Readonly<Record<string, readonly [before: Json, after: Json]>>;

/** Stands in place of a value that is too long to be kept whole. */
export interface CutValue {
  readonly $cut: string;
  readonly length: number;
}

const MOST_CHARACTERS = 2000;
const KEPT_CHARACTERS = 200;

/** Kinds whose values are those of other records, or of files somebody brought; and letters, which are not for whoever reads the audit. */
const withoutValues: readonly EntityName[] = [
  'conflict',
  'importJob',
  'importPart',
  'stageChange',
  'fieldChange',
  ...mailEntities,
];

function cut(text: string): Json {
  return { $cut: text.slice(0, KEPT_CHARACTERS), length: text.length };
}

/** A value as it is kept beside others: long ones by their beginning. */
export function toKeptValue(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value.length > MOST_CHARACTERS ? cut(value) : value;
  if (typeof value !== 'object') return value as Json;
  if (Array.isArray(value) && value.length === 0) return null;
  const text = JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? cut(text) : (value as Json);
}

/** True for what stands in place of a long value. */
export function isCutValue(value: unknown): value is CutValue {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '$cut');
}

export interface AuditedChange {
  readonly definition: EntityDefinition;
  readonly action: 'create' | 'update' | 'delete' | 'restore';
  /** Groups that changed; of no meaning when the whole record came or went. */
  readonly groups: readonly string[];
  readonly before: AnyRecord | null;
  readonly after: AnyRecord;
}

/** Fields that differ, with both values; null when there are none, or none that are kept. */
export function auditedValues({ definition, action, groups, before, after }: AuditedChange): AuditedValues | null {
  if (withoutValues.includes(definition.name) || action === 'restore') return null;
  const values: Record<string, readonly [Json, Json]> = {};
  let isEmpty = true;
  const old = action === 'create' ? null : before;
  const now = action === 'delete' ? null : after;
  const look = (field: string): void => {
    const [from, to] = [old?.[field], now?.[field]];
    if (from === to || (action === 'update' && !groups.includes(groupOfField(definition, field)))) return;
    const [keptFrom, keptTo] = [toKeptValue(from), toKeptValue(to)];
    if (isJsonEqual(keptFrom, keptTo) && (from === undefined || to === undefined || isJsonEqual(from, to))) return;
    values[field] = [keptFrom, keptTo];
    isEmpty = false;
  };
  for (const field of fieldNamesOf(definition, old ?? {}, now ?? {})) look(field);
  for (const field of ['ownerId', 'teamId']) if (!Object.hasOwn(definition.fields, field)) look(field);
  return isEmpty ? null : values;
}

/** The same for what is no record (settings, keys): fields of two plain objects that differ. */
export function differenceOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): AuditedValues | null {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const values = fields.flatMap((field) =>
    isJsonEqual(before[field] ?? null, after[field] ?? null)
      ? []
      : [[field, [toKeptValue(before[field]), toKeptValue(after[field])]] as const],
  );
  return values.length === 0 ? null : Object.fromEntries(values);
}
