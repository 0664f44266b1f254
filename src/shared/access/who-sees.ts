// Whether a colleague sees a record, worked out on a computer that may not hold all that decides over it: custom roles are with
// administrators only, and a record may follow another one that is not here. What cannot be known is said to be unknown.
import type { Actor } from '#shared/access/actor.ts';
import { isPlainlyVisible, openFieldPolicy } from '#shared/access/field-policy.ts';
import { parentOf } from '#shared/access/parent-record.ts';
import { createRightsWorld, type RightsRecords } from '#shared/access/rights-world.ts';
import { isBuiltInRole } from '#shared/access/roles.ts';
import { isInScope } from '#shared/access/scope.ts';
import { isShareable } from '#shared/access/shares.ts';
import type { AnyRecord, EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export type Sight = 'yes' | 'no' | 'unknown';

export interface SightQuestion {
  readonly records: RightsRecords;
  /** Who asks: what is hidden from them does not decide. */
  readonly viewer: Actor;
  readonly definition: EntityDefinition;
  readonly record: AnyRecord;
  readonly userIds: readonly string[];
  readonly read: (entity: EntityName, id: string) => AnyRecord | undefined;
}

export function whoSees(question: SightQuestion): Readonly<Record<string, Sight>> {
  const { records, viewer, definition, record } = question;
  const world = createRightsWorld(records, viewer.tenantId);
  const roles = new Set(records.role.map(({ id }) => id));
  const users = new Map(records.user.map((user) => [user.id, user]));

  function sightOf(userId: string): Sight {
    const role = textOf(users.get(userId)?.['role']);
    const actor = userId === viewer.userId ? viewer : world.actorOf(userId);
    if (actor === null) return users.has(userId) ? 'no' : 'unknown';
    if (actor !== viewer && !isBuiltInRole(role) && !roles.has(role)) return 'unknown';
    return sees(question, actor, definition, record);
  }
  return Object.fromEntries(question.userIds.map((userId) => [userId, sightOf(userId)]));
}

function sees(question: SightQuestion, actor: Actor, definition: EntityDefinition, record: AnyRecord): Sight {
  const parent = parentOf(definition, record);
  if (parent === null || definition.name === 'task') {
    if (isInScope(actor, definition, 'read', record)) return 'yes';
    if (parent === null) return isAllKnown(question, definition) ? 'no' : 'unknown';
    if (record['visibility'] === 'private') return 'no';
  }
  const above = question.read(parent.entity, parent.id);
  return above === undefined ? 'unknown' : sees(question, actor, entities[parent.entity], above);
}

/** A territory or a share that the asker does not see could let somebody in. */
function isAllKnown({ viewer }: SightQuestion, definition: EntityDefinition): boolean {
  const policy = viewer.fields ?? openFieldPolicy;
  if (!isShareable(definition)) return true;
  return ['territoryId', 'shares'].every(
    (field) => definition.fields[field] === undefined || isPlainlyVisible(policy, definition.name, field),
  );
}
