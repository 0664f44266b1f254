// What belongs to a record follows its visibility: the note on a deal is seen by whoever sees the deal, and by nobody else.
// A child carries the keys of its parent instead of its own, so it leaves a device together with the parent. Tasks are the
// exception in one direction: whoever has to do one sees it anyway, and a private one is nobody else's.
import { isEditKey } from '#shared/access/shares.ts';
import type { AnyRecord, EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';

export interface RecordReference {
  readonly entity: EntityName;
  readonly id: string;
}

/** The record it is about, the most special one first: a call about a deal of an account is the deal's. */
const parentFields: readonly (readonly [string, EntityName])[] = [
  ['taskId', 'task'],
  ['activityId', 'activity'],
  ['mailContentId', 'mailContent'],
  ['dealId', 'deal'],
  ['leadId', 'lead'],
  ['contactId', 'contact'],
  ['accountId', 'account'],
];

/** A mail and what stood in it: each has the circle its owner chose, never less than the people it was between. */
export const mailEntities: readonly EntityName[] = ['mailMessage', 'mailContent'];

/** Entities whose records follow another record. */
export const followingEntities: readonly EntityName[] = [
  'activity',
  'task',
  'stageChange',
  'fieldChange',
  'conflict',
  'file',
  ...mailEntities,
  'comment',
  'timeEntry',
];

/** Parts of a record that stand for themselves: whoever may see or change the record makes them, each by a rule of its own (`can.ts`). */
export const partsOfRecords: readonly EntityName[] = ['file', 'comment', 'timeEntry'];
/** Those of which one record may have thousands; they take no keys of their own beside those of their parent. */
export const manyEntities: readonly EntityName[] = ['activity', 'stageChange', 'fieldChange'];

/** Entities that others follow; conflicts and files are about any of them and about activities and tasks. */
export const followedEntities: readonly EntityName[] = [
  'account',
  'contact',
  'lead',
  'deal',
  'activity',
  'task',
  'mailContent',
];

export function followsParent(definition: EntityDefinition): boolean {
  return followingEntities.includes(definition.name);
}

/** The record whose visibility this one follows; null for one that stands alone. */
export function parentOf(definition: EntityDefinition, record: AnyRecord): RecordReference | null {
  if (!followsParent(definition)) return null;
  if (definition.name === 'conflict') return subjectOf(record);
  for (const [field, entity] of parentFields) {
    const id = Object.hasOwn(definition.fields, field) ? record[field] : null;
    if (typeof id === 'string' && id !== '') return { entity, id };
  }
  return null;
}

function subjectOf(record: AnyRecord): RecordReference | null {
  const entity = followedEntities.find((name) => name === record['subjectEntity']);
  const id = record['subjectId'];
  return entity === undefined || typeof id !== 'string' ? null : { entity, id };
}

/** Keys of a child: `ownKeys` as if it stood alone, `parentKeys` as the parent carries them. Sorted, without duplicates. */
export function keysUnderParent(
  definition: EntityDefinition,
  record: AnyRecord,
  ownKeys: readonly string[],
  parentKeys: readonly string[],
): string[] {
  const given = parentKeys.filter((key) => !isEditKey(key));
  const keepsOwn = definition.name === 'task' || mailEntities.includes(definition.name);
  if (!keepsOwn) return [...new Set(given)].sort();
  if (!isForParentsReaders(definition, record)) return [...ownKeys];
  return [...new Set([...ownKeys, ...given])].sort();
}

/** Whoever sees the record it is about sees it. */
function isForParentsReaders({ name }: EntityDefinition, { visibility }: Readonly<Record<string, unknown>>): boolean {
  if (name === 'mailMessage') return visibility === 'team' || visibility === 'metadata';
  return name === 'mailContent' ? visibility === 'team' : visibility !== 'private';
}
