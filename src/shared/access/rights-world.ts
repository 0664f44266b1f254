// Everybody's rights as the records of the organization give them, and as they would be after a change that is not saved yet:
// the same composition as the server's, over the same records. Only administrators hold all of these records.
import type { Actor } from '#shared/access/actor.ts';
import { composeActor, toRoleRights, type RoleRights } from '#shared/access/compose-actor.ts';
import type { TeamNode } from '#shared/access/team-tree.ts';
import { reachOfUsers, toTerritoryNode } from '#shared/access/territory-reach.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Kinds of records that decide over rights. */
export const rightsEntities = ['user', 'team', 'role', 'fieldRule', 'piiRule', 'territory'] as const;
export type RightsEntity = (typeof rightsEntities)[number];

export type RightsRecords = Readonly<Record<RightsEntity, readonly AnyRecord[]>>;

/** A change of one of these records. `values` null: it is deleted; an id nobody has: it is created with these values. */
export interface RightsChange {
  readonly entity: RightsEntity;
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>> | null;
}

export function isRightsEntity(name: EntityName): name is RightsEntity {
  return (rightsEntities as readonly string[]).includes(name);
}

export function withChanges(records: RightsRecords, changes: readonly RightsChange[]): RightsRecords {
  const after: Record<RightsEntity, readonly AnyRecord[]> = { ...records };
  for (const { entity, id, values } of changes) {
    const others = after[entity].filter((record) => record.id !== id);
    const before = records[entity].find((record) => record.id === id);
    after[entity] =
      values === null ? others : [...others, { ...(before ?? { id, kind: entity }), ...values } as AnyRecord];
  }
  return after;
}

export interface RightsWorld {
  /** Null for somebody who is not there, or is switched off. */
  actorOf(userId: string): Actor | null;
}

/** Works out what is asked for, and each role once. */
export function createRightsWorld(records: RightsRecords, tenantId: string): RightsWorld {
  const users = new Map(records.user.map((user) => [user.id, user]));
  const roles = new Map(records.role.map((role) => [role.id, role]));
  const rules = [
    ...records.fieldRule.map((data) => ({ kind: 'fieldRule', data })),
    ...records.piiRule.map((data) => ({ kind: 'piiRule', data })),
  ];
  const teams = records.team.map((team): TeamNode => ({
    id: team.id,
    parentId: textOf(team['parentId']) || null,
    leadId: textOf(team['leadId']) || null,
  }));
  const reach = reachOfUsers(records.territory.map((record) => toTerritoryNode(record)));
  const rightsByRole = new Map<string, RoleRights>();

  function rightsOf(role: string): RoleRights {
    let known = rightsByRole.get(role);
    if (known === undefined)
      rightsByRole.set(role, (known = toRoleRights(role, { role: roles.get(role) ?? null, rules })));
    return known;
  }

  return {
    actorOf(userId) {
      const user = users.get(userId);
      if (user === undefined || user['isActive'] === false) return null;
      const { read = [], edit = [] } = reach.get(userId) ?? {};
      const rights = rightsOf(textOf(user['role']));
      return composeActor({
        tenantId,
        userId,
        data: user,
        rights,
        teams,
        territoryRead: read,
        territoryEdit: edit,
        epoch: 0,
      });
    },
  };
}
