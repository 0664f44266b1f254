// Who gains and loses what by a change of rights that is not saved yet. Both sides are worked out with the rules that hold
// (`compose-actor.ts`, `scope.ts`, field policies), so the preview cannot say anything else than what happens. Records are
// counted by their keys: as many records as there are, only as many questions as there are different sets of keys.
import type { Actor } from '#shared/access/actor.ts';
import { fieldModeOf, fieldModes, openFieldPolicy, type FieldMode } from '#shared/access/field-policy.ts';
import { keysUnderParent, parentOf } from '#shared/access/parent-record.ts';
import type { PermissionName } from '#shared/access/permissions.ts';
import { createRightsWorld, withChanges, type RightsChange, type RightsRecords } from '#shared/access/rights-world.ts';
import { keySetOf, meets, scopeKeysOf, type KeySet } from '#shared/access/scope.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Kinds of records people count in; what belongs to them comes along. */
export const countedEntities = ['account', 'contact', 'lead', 'deal', 'activity', 'task', 'quota'] as const;
export type CountedEntity = (typeof countedEntities)[number];

/** How many records of a kind carry which keys. */
export type KeyCounts = ReadonlyMap<
  CountedEntity,
  readonly { readonly keys: readonly string[]; readonly count: number }[]
>;

export interface CountedRecords {
  all(entity: EntityName): ReadonlyMap<string, AnyRecord>;
  get(entity: EntityName, id: string): AnyRecord | undefined;
}

/** A chain of parents is no longer than this: an activity of a deal of an account. */
const MOST_PARENTS = 4;

function keysOf(records: CountedRecords, entity: EntityName, record: AnyRecord, depth = 0): readonly string[] {
  const definition = entities[entity];
  const own = scopeKeysOf(definition, record);
  const parent = parentOf(definition, record);
  const above = parent === null ? undefined : records.get(parent.entity, parent.id);
  if (parent === null || above === undefined || depth >= MOST_PARENTS) return own;
  return keysUnderParent(definition, record, own, keysOf(records, parent.entity, above, depth + 1));
}

/** Of one kind, for a caller that does other work in between. */
export function countKeysOf(
  records: CountedRecords,
  entity: CountedEntity,
): readonly { readonly keys: readonly string[]; readonly count: number }[] {
  const counts = new Map<string, { readonly keys: readonly string[]; count: number }>();
  for (const record of records.all(entity).values()) {
    const keys = keysOf(records, entity, record);
    const name = keys.join(' ');
    const known = counts.get(name);
    if (known === undefined) counts.set(name, { keys, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()];
}

export function countKeys(records: CountedRecords): KeyCounts {
  return new Map(countedEntities.map((entity) => [entity, countKeysOf(records, entity)]));
}

export interface RecordDifference {
  readonly entity: CountedEntity;
  readonly action: 'read' | 'update';
  readonly gained: number;
  readonly lost: number;
}

export interface FieldDifference {
  readonly entity: EntityName;
  readonly field: string;
  readonly before: FieldMode;
  readonly after: FieldMode;
}

export interface PersonDifference {
  readonly userId: string;
  readonly name: string;
  /** Whether the person has any rights at all before and after. */
  readonly isActiveBefore: boolean;
  readonly isActiveAfter: boolean;
  readonly permissionsGained: readonly PermissionName[];
  readonly permissionsLost: readonly PermissionName[];
  readonly records: readonly RecordDifference[];
  readonly fields: readonly FieldDifference[];
}

export interface RightsPreview {
  /** Everybody for whom something changes, who loses most first. */
  readonly people: readonly PersonDifference[];
  /** How many people were compared. */
  readonly compared: number;
}

interface PreviewQuestion {
  readonly records: RightsRecords;
  readonly counts: KeyCounts;
  readonly changes: readonly RightsChange[];
  readonly tenantId: string;
}

export function previewRights({ records, counts, changes, tenantId }: PreviewQuestion): RightsPreview {
  const next = withChanges(records, changes);
  const [before, after] = [createRightsWorld(records, tenantId), createRightsWorld(next, tenantId)];
  const users = new Map([...records.user, ...next.user].map((user) => [user.id, user]));
  const people: PersonDifference[] = [];
  for (const [userId, user] of users) {
    const [was, is] = [before.actorOf(userId), after.actorOf(userId)];
    if (areSame(was, is)) continue;
    const difference = compareActors(was, is, counts);
    if (isNothing(difference)) continue;
    people.push({ userId, name: textOf(user['name']), ...difference });
  }
  people.sort((a, b) => weigh(b) - weigh(a));
  return { people, compared: users.size };
}

/** Name and address are no rights. */
function areSame(was: Actor | null, is: Actor | null): boolean {
  if (was === null || is === null) return was === is;
  return isJsonEqual({ ...was, name: '', email: '' }, { ...is, name: '', email: '' });
}

function isNothing(difference: Omit<PersonDifference, 'userId' | 'name'>): boolean {
  const { isActiveBefore, isActiveAfter, permissionsGained, permissionsLost, records, fields } = difference;
  const lists: readonly (readonly unknown[])[] = [permissionsGained, permissionsLost, records, fields];
  return isActiveBefore === isActiveAfter && lists.every(({ length }) => length === 0);
}

function weigh({ records, permissionsLost, fields }: PersonDifference): number {
  return records.reduce((sum, { lost, gained }) => sum + lost * 2 + gained, permissionsLost.length + fields.length);
}

function compareActors(
  was: Actor | null,
  is: Actor | null,
  counts: KeyCounts,
): Omit<PersonDifference, 'userId' | 'name'> {
  const [held, holds] = [was?.permissions ?? [], is?.permissions ?? []];
  return {
    isActiveBefore: was !== null,
    isActiveAfter: is !== null,
    permissionsGained: holds.filter((name) => !held.includes(name)),
    permissionsLost: held.filter((name) => !holds.includes(name)),
    records: compareRecords(was, is, counts),
    fields: was === null || is === null ? [] : compareFields(was, is),
  };
}

const nothing: KeySet = { all: false, keys: [] };

function compareRecords(was: Actor | null, is: Actor | null, counts: KeyCounts): readonly RecordDifference[] {
  const differences: RecordDifference[] = [];
  for (const entity of countedEntities) {
    for (const action of ['read', 'update'] as const) {
      const [reached, reaches] = [was, is].map((actor) =>
        actor === null ? nothing : keySetOf(actor, entities[entity], action),
      );
      if (reached === undefined || reaches === undefined || isJsonEqual(reached, reaches)) continue;
      let [gained, lost] = [0, 0];
      for (const { keys, count } of counts.get(entity) ?? []) {
        const [did, does] = [meets(reached, keys), meets(reaches, keys)];
        if (!did && does) gained += count;
        else if (did && !does) lost += count;
      }
      if (gained + lost > 0) differences.push({ entity, action, gained, lost });
    }
  }
  return differences;
}

function compareFields(was: Actor, is: Actor): readonly FieldDifference[] {
  const [former, next] = [was.fields ?? openFieldPolicy, is.fields ?? openFieldPolicy];
  const governed = new Set([...Object.keys(former), ...Object.keys(next)]);
  return Object.values(entities)
    .filter(({ name }) => governed.has(name))
    .flatMap(({ name: entity, fields }) =>
      Object.keys(fields)
        .map((field) => ({
          entity,
          field,
          before: fieldModeOf(former, entity, field),
          after: fieldModeOf(next, entity, field),
        }))
        .filter(({ before, after }) => before !== after),
    )
    .toSorted((a, b) => fieldModes.indexOf(a.after) - fieldModes.indexOf(b.after));
}
