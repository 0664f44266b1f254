import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { isBuiltInRole, recordScopeOf } from '#shared/access/roles.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';

/**
 * Whether to offer this person as owner of a record: `can()` would accept it, and the person works with such records.
 * Somebody who was switched off may still stand as owner (in what was imported, for example), but is not offered.
 */
export function isPossibleOwner(
  actor: Actor,
  definition: EntityDefinition,
  record: AnyRecord,
  person: AnyRecord,
): boolean {
  if (person['isActive'] === false) return false;
  // What a custom role may, only the server knows for every reader; a built-in one is known everywhere.
  const { role } = person;
  if (typeof role === 'string' && isBuiltInRole(role) && recordScopeOf(role, definition.name, 'update') === 'none')
    return false;
  // A record moves to the team of its owner.
  const after = { ...record, ownerId: person.id, teamId: person.teamId ?? null };
  return can({ actor, action: 'update', definition, before: record, after, groups: ['owner'] }).ok;
}
