// Which records a user reaches, as keys. A record carries keys, a user holds keys, and a record is in scope exactly
// when the two meet. Teams are expanded into the user's set (with child teams), never into records, so that moving a
// team rewrites users and not millions of rows; territories likewise. The same keys filter the change feed of the server.
//
// Keys: `o:<user>` owner or assignee, `t:<team>` team, `r:<territory>` territory, `s:<u|t|r>:<grantee>` shared with a
// user, team or role, `e:<u|t|r>:<grantee>` shared for changing, `m:<team>` whoever manages the team, `c:<team>` everyone in it, `p` everyone of the organization, `w` everyone with
// organization-wide sight. What belongs to a record carries the keys of that record (`parent-record.ts`).
import type { Actor } from '#shared/access/actor.ts';
import { followsParent, mailEntities } from '#shared/access/parent-record.ts';
import { reachOf, type RecordAction, type RecordScope } from '#shared/access/roles.ts';
import { isShareable, shareKeysOf, viewShareKey } from '#shared/access/shares.ts';
import type { AnyRecord, EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { documentEntities } from '#shared/entities/document-sharing.ts';

export type KeySet = { readonly all: true } | { readonly all: false; readonly keys: readonly string[] };

const EVERYONE = 'p';
const ORGANIZATION_WIDE = 'w';

const ownerKey = (userId: string) => `o:${userId}`;
const teamKey = (teamId: string) => `t:${teamId}`;
/** Of private tasks: the team's managers, and not whoever else sees its records. */
const managerKey = (teamId: string) => `m:${teamId}`;
/** Of collaborative tasks: everyone in the team, also who sees only own records otherwise. */
const memberKey = (teamId: string) => `c:${teamId}`;
export const territoryKey = (territoryId: string): string => `r:${territoryId}`;

/** People a record concerns: its owner and, where the entity knows them, those it was shared with by being named. */
function personsOf(definition: EntityDefinition, record: AnyRecord): readonly unknown[] {
  if (definition.name === 'task') {
    // Who made or gave away a private task is not thereby its assignee or manager.
    if (isConfidential(definition, record)) return [record.ownerId];
    return [record.ownerId, record['assignedBy'], record.createdBy, ...listOf(record['participantIds'])];
  }
  if (mailEntities.includes(definition.name)) return [record.ownerId, ...listOf(record['participantIds'])];
  if (definition.name === 'conflict') return [record.ownerId, record['lostBy']];
  if (definition.name === 'user') return [record.id];
  return [record.ownerId];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isIdText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Entities that are nobody else's business, whatever the role of the reader says about other records. */
const personalEntities: readonly EntityName[] = [
  'savedView',
  'importJob',
  'importPart',
  'dataExport',
  'reportSchedule',
  'reportRun',
  'notificationMark',
  'notificationPreference',
  'announcement',
  ...documentEntities,
  // Of a mail alone nobody knows whose readers see it: the record it is about adds them.
  ...mailEntities,
];

/** Not even of the team: what somebody took out or has sent to others. */
const ownersAlone: readonly EntityName[] = [
  'dataExport',
  'reportSchedule',
  'reportRun',
  'notificationMark',
  'notificationPreference',
  ...mailEntities,
];

/** True for a record that organization-wide sight of ordinary roles does not reach. */
function isConfidential(definition: EntityDefinition, record: AnyRecord): boolean {
  if (personalEntities.includes(definition.name)) return true;
  return definition.name === 'task' && record['visibility'] === 'private';
}

function isDocument(definition: EntityDefinition): boolean {
  return documentEntities.includes(definition.name);
}

/** Kinds of which one record may be everybody's. */
function isForEverybody(definition: EntityDefinition): boolean {
  return isDocument(definition) || definition.name === 'announcement';
}

/** What people make to look at records with is the team's only when its owner shares it. */
function isTeams(definition: EntityDefinition, record: AnyRecord): boolean {
  if (ownersAlone.includes(definition.name)) return false;
  if (definition.name === 'task' && isConfidential(definition, record)) return false;
  if (definition.name === 'savedView') return record['isShared'] === true;
  if (definition.name === 'announcement') return record['sharing'] === 'team';
  return !isDocument(definition) || record['sharing'] === 'team';
}

/** Keys of a record, sorted and without duplicates. A record without any of them is seen by administrators only. */
export function scopeKeysOf(definition: EntityDefinition, record: AnyRecord): string[] {
  return [...new Set(keysInAnyOrder(definition, record))].sort();
}

function keysInAnyOrder(definition: EntityDefinition, record: AnyRecord): readonly string[] {
  const keys: string[] = [];
  for (const person of personsOf(definition, record)) if (isIdText(person)) keys.push(ownerKey(person));
  if (isTeams(definition, record) && isIdText(record.teamId)) keys.push(teamKey(record.teamId));
  if (definition.name === 'task' && isIdText(record.teamId)) {
    if (record['visibility'] === 'private') keys.push(managerKey(record.teamId));
    if (record['visibility'] === 'collaborative') keys.push(memberKey(record.teamId));
  }
  if (isForEverybody(definition) && record['sharing'] === 'organization') keys.push(EVERYONE);
  keys.push(...audienceKeysOf(definition, record));
  if (definition.audience === 'tenant') keys.push(EVERYONE);
  else if (!isConfidential(definition, record)) keys.push(ORGANIZATION_WIDE);
  return keys;
}

/** Keys of the people of a record's territory and of those it is shared with. */
function audienceKeysOf(definition: EntityDefinition, record: AnyRecord): readonly string[] {
  const territoryId = record['territoryId'];
  if (definition.name === 'quota') return isIdText(territoryId) ? [territoryKey(territoryId)] : [];
  if (definition.name === 'goal') return goalKeysOf(record);
  if (!isShareable(definition)) return [];
  return [...(isIdText(territoryId) ? [territoryKey(territoryId)] : []), ...shareKeysOf(record)];
}

/** What a team should reach, everybody in it knows; what one person should, that person and those above. */
function goalKeysOf({ forTeamId }: AnyRecord): readonly string[] {
  return isIdText(forTeamId) ? [viewShareKey({ kind: 'team', id: forTeamId })] : [];
}

/**
 * Keys a user holds for one action on one entity; never to be united over entities. An empty list means that nothing
 * is in reach.
 */
export function keySetOf(actor: Actor, definition: EntityDefinition, action: RecordAction): KeySet {
  let known = keySets.get(actor);
  if (known === undefined) keySets.set(actor, (known = new Map()));
  const name = `${definition.name} ${action}`;
  let keySet = known.get(name);
  if (keySet === undefined) known.set(name, (keySet = makeKeySet(actor, definition, action)));
  return keySet;
}

/** Of actors that ask again: an actor never changes, another one with other rights takes its place. */
const keySets = new WeakMap<Actor, Map<string, KeySet>>();

function makeKeySet(actor: Actor, definition: EntityDefinition, action: RecordAction): KeySet {
  const scope = reachOf(actor, definition.name, action);
  if (scope === 'none') return { all: false, keys: [] };
  if (scope === 'all' && isAdministrator(actor) && !mayBeLetter(definition)) return { all: true };
  const keys = [
    ...ownershipKeysOfActor(actor, scope),
    ...taskKeysOfActor(actor, definition, action, scope),
    ...grantedKeysOf(actor, definition, action),
  ];
  if (isForEverybody(definition) && action === 'read') keys.push(EVERYONE);
  if (scope === 'all') keys.push(definition.audience === 'tenant' ? EVERYONE : ORGANIZATION_WIDE);
  return { all: false, keys };
}

/** Administrators run an organization; letters between others, and the files they lie in, are none of their business. */
function mayBeLetter({ name }: EntityDefinition): boolean {
  return name === 'file' || mailEntities.includes(name);
}

function ownershipKeysOfActor(actor: Actor, scope: RecordScope): readonly string[] {
  const own = ownerKey(actor.userId);
  return scope === 'team' ? [own, ...actor.teamIds.map((teamId) => teamKey(teamId))] : [own];
}

/** What a team shares among its members, and what only its managers see; the same for what belongs to such tasks. */
function taskKeysOfActor(
  actor: Actor,
  definition: EntityDefinition,
  action: RecordAction,
  scope: RecordScope,
): readonly string[] {
  const isTask = definition.name === 'task';
  if (!isTask && !(action === 'read' && followsParent(definition))) return [];
  const isWork = action === 'read' || action === 'update';
  const asMember = isWork ? actor.teamIds.map((teamId) => memberKey(teamId)) : [];
  const isManager = scope !== 'own' && actor.permissions.includes('tasks.view_team_tasks');
  return isManager ? [...asMember, ...actor.teamIds.map((teamId) => managerKey(teamId))] : asMember;
}

/** Territories and shares let see records and what belongs to them, and change the records; nothing else. */
function grantedKeysOf(actor: Actor, definition: EntityDefinition, action: RecordAction): readonly string[] {
  // Of a quota the territory decides as it does of its records.
  const isQuota = definition.name === 'quota';
  const isSeenAsGranted = isShareable(definition) || followsParent(definition) || definition.name === 'goal' || isQuota;
  if (action === 'read' && isSeenAsGranted) return actor.grants?.read ?? [];
  if (action === 'update' && isShareable(definition)) return actor.grants?.update ?? [];
  return isQuota && action !== 'create' ? (actor.grants?.update ?? []) : [];
}

/** True when the user reaches the record by its owner or team (or reaches all), not only by a territory or a share. */
export function isInOwnReach(
  actor: Actor,
  definition: EntityDefinition,
  action: RecordAction,
  record: AnyRecord,
): boolean {
  const scope = reachOf(actor, definition.name, action);
  if (scope === 'none') return false;
  if (scope === 'all') return isInScope(actor, definition, action, record);
  return meets({ all: false, keys: ownershipKeysOfActor(actor, scope) }, scopeKeysOf(definition, record));
}

/** Administrators reach confidential records too: somebody must be able to hand over the work of a person who left. */
function isAdministrator(actor: Actor): boolean {
  return actor.role === 'org_admin' || actor.role === 'super_admin' || actor.standsForAdministrator === true;
}

/** Keys that count when a record is created: whose it is, not who is named in it. */
export function ownershipKeysOf(record: AnyRecord): readonly string[] {
  const keys = isIdText(record.ownerId) ? [ownerKey(record.ownerId)] : [];
  return isIdText(record.teamId) ? [...keys, teamKey(record.teamId)] : keys;
}

/** True when the keys of a record meet the keys of a user. */
export function meets(keySet: KeySet, recordKeys: readonly string[]): boolean {
  return keySet.all || recordKeys.some((key) => keySet.keys.includes(key));
}

export function isInScope(
  actor: Actor,
  definition: EntityDefinition,
  action: RecordAction,
  record: AnyRecord,
): boolean {
  const keySet = keySetOf(actor, definition, action);
  // Nobody is asked for the keys of a record that make no difference.
  if (keySet.all || keySet.keys.length === 0) return keySet.all;
  return meets(keySet, keysInAnyOrder(definition, record));
}
