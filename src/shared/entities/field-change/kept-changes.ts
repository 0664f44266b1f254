// Which changes of a record its timeline keeps, and of whom an entry tells. Not kept is what an entry of the history of deals
// tells, what Outpost sets itself beside something else, and what changes so often that nobody wants to read it (`noisy`).
import { toKeptValue } from '#shared/audit/audited-values.ts';
import {
  fieldNamesOf,
  groupOfField,
  type AnyRecord,
  type EntityDefinition,
  type EntityName,
} from '#shared/entities/define-entity.ts';
import { trackedFields } from '#shared/entities/stage-change/changed-groups.ts';
import { isJsonEqual, type Json } from '#shared/kernel/json.ts';

type Values = Readonly<Record<string, unknown>>;

/** Records whose changes are kept, with the field of an entry that names them. */
export const historySubjects = {
  deal: 'dealId',
  lead: 'leadId',
  contact: 'contactId',
  account: 'accountId',
} as const satisfies Partial<Record<EntityName, string>>;
export type HistorySubject = keyof typeof historySubjects;

export function isHistorySubject(entity: string): entity is HistorySubject {
  return Object.hasOwn(historySubjects, entity);
}

/** The record an entry is about; null for one that names none. */
export function subjectOfChange(entry: Values): { readonly entity: HistorySubject; readonly id: string } | null {
  for (const [entity, field] of Object.entries(historySubjects)) {
    const id = entry[field];
    if (typeof id === 'string' && id !== '') return { entity: entity as HistorySubject, id };
  }
  return null;
}

/** Groups of its subject that an entry is about. */
export function groupsOfChange(entry: Values): readonly string[] {
  const { groups } = entry;
  return Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [];
}

/** Told by a move of a deal. */
const ofMoves: readonly string[] = ['pipelineId', 'stageId', 'status'];

function isKept(definition: EntityDefinition, field: string): boolean {
  const known = definition.fields[field];
  if (known === undefined || known.system === true || known.noisy === true) return false;
  return definition.name !== 'deal' || !(Object.hasOwn(trackedFields, field) || ofMoves.includes(field));
}

export interface KeptChanges {
  readonly groups: readonly string[];
  readonly before: Readonly<Record<string, Json>>;
  readonly after: Readonly<Record<string, Json>>;
}

/** What an entry keeps of a record that goes from `before` to `after`; null when there is nothing to keep. */
export function keptChanges(definition: EntityDefinition, before: AnyRecord, after: AnyRecord): KeptChanges | null {
  const changed = fieldNamesOf(definition, before, after).filter(
    (field) => isKept(definition, field) && !isJsonEqual(plain(before[field]), plain(after[field])),
  );
  if (changed.length === 0) return null;
  const valuesOf = (record: AnyRecord): Record<string, Json> =>
    Object.fromEntries(changed.map((field) => [field, toKeptValue(record[field])]));
  return {
    groups: [...new Set(changed.map((field) => groupOfField(definition, field)))].sort(),
    before: valuesOf(before),
    after: valuesOf(after),
  };
}

/** Nothing, an empty text and an empty list read the same. */
function plain(value: unknown): unknown {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return null;
  return value;
}
