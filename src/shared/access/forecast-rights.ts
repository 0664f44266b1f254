// Who may set a quota or a goal, put a number in place of a forecast, or stand for one. Everybody for themselves; for others whoever
// leads people, as far as the own teams and territories reach; administrators for everybody. Nobody sets the own quota or goal.
// The record it is about decides, as it is stored: a device asks its own copy, the server the one it keeps.
import type { Actor } from '#shared/access/actor.ts';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import { territoryKey } from '#shared/access/scope.ts';
import type { AnyRecord, EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';

const forecastEntities: readonly EntityName[] = ['quota', 'goal', 'forecastAdjustment', 'forecastSubmission'];

export function isForecastEntry(definition: EntityDefinition): boolean {
  return forecastEntities.includes(definition.name);
}

/** Field that names what an entry is about, and the kind of record it points to. */
const subjectFields = [
  ['userId', 'user'],
  ['forTeamId', 'team'],
  ['territoryId', 'territory'],
] as const satisfies readonly (readonly [string, EntityName])[];

export interface SubjectReference {
  readonly entity: EntityName;
  readonly id: string;
}

/** The person, team or territory an entry is about; null for all other records. */
export function subjectOfEntry(definition: EntityDefinition, record: AnyRecord | null): SubjectReference | null {
  if (!isForecastEntry(definition) || record === null) return null;
  for (const [field, entity] of subjectFields) {
    const id = record[field];
    if (typeof id === 'string' && id !== '') return { entity, id };
  }
  return null;
}

export type ForecastRefusal = 'ownQuota' | 'ownGoal' | 'notBelow' | 'othersForecast' | 'ownership';

/** Nobody sets the own quota or goal, but somebody must be able to set that of whoever stands at the top. */
export function findOwnTarget(
  actor: Actor,
  definition: EntityDefinition,
  record: AnyRecord,
): 'ownQuota' | 'ownGoal' | null {
  if (record['userId'] !== actor.userId || isUnrestrictedRole(actor.role)) return null;
  if (definition.name === 'quota') return 'ownQuota';
  return definition.name === 'goal' ? 'ownGoal' : null;
}

/** Why this actor may not write such an entry about this record; null when it may. */
export function findForecastRefusal(
  actor: Actor,
  definition: EntityDefinition,
  entry: AnyRecord,
  subject: AnyRecord,
): ForecastRefusal | null {
  if (!isOwnedRightly(actor, definition, entry, subject)) return 'ownership';
  if (isUnrestrictedRole(actor.role)) return null;
  const isOwn = ownerOfSubject(subject) === actor.userId;
  if (definition.name === 'quota') {
    if (isOwn) return 'ownQuota';
    return isBelow(actor, subject) ? null : 'notBelow';
  }
  if (definition.name === 'goal') {
    if (subject.kind === 'user' && isOwn) return 'ownGoal';
    return isBelow(actor, subject) ? null : 'notBelow';
  }
  if (definition.name === 'forecastSubmission') return isOwn ? null : 'othersForecast';
  return isOwn || (actor.permissions.includes('team.set_goals') && isBelow(actor, subject)) ? null : 'notBelow';
}

/** Who sees an entry follows from whom it belongs to, so nobody may say so freely. */
function isOwnedRightly(actor: Actor, definition: EntityDefinition, entry: AnyRecord, subject: AnyRecord): boolean {
  const isTarget = definition.name === 'quota' || definition.name === 'goal';
  if (isTarget && subject.kind === 'user')
    return entry.ownerId === subject.id && (entry.teamId ?? null) === (subject.teamId ?? null);
  if (definition.name === 'goal') return entry.ownerId === actor.userId && entry.teamId === subject.id;
  const isOwnTeam = (entry.teamId ?? null) === null || actor.teamIds.includes(String(entry.teamId));
  return entry.ownerId === actor.userId && isOwnTeam;
}

/** Whose number it is: the person, the lead of the team, the manager of the territory. */
function ownerOfSubject(subject: AnyRecord): unknown {
  if (subject.kind === 'user') return subject.id;
  return subject.kind === 'team' ? subject['leadId'] : subject['managerId'];
}

function isBelow(actor: Actor, subject: AnyRecord): boolean {
  if (subject.kind === 'user') return subject.teamId !== null && actor.teamIds.includes(subject.teamId);
  if (subject.kind === 'team') return actor.teamIds.includes(subject.id);
  return actor.grants?.update.includes(territoryKey(subject.id)) ?? false;
}
