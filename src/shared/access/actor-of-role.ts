// The actor somebody with a role would be, from the records an administrator has: what a screen needs to show the
// application as that role sees it. It gives no right to anything.
import type { Actor } from '#shared/access/actor.ts';
import { composeActor, toRoleRights } from '#shared/access/compose-actor.ts';
import { createRightsWorld, type RightsRecords } from '#shared/access/rights-world.ts';
import { isBuiltInRole } from '#shared/access/roles.ts';

export interface RolePerson {
  readonly role: string;
  /** Whose records are seen; null: the first active holder of the role, or nobody's when there is none. */
  readonly userId: string | null;
}

/** Null when there is no such role. */
export function actorOfRole(records: RightsRecords, viewer: Actor, wanted: RolePerson): Actor | null {
  const { role } = wanted;
  const custom = records.role.find(({ id }) => id === role);
  if (!isBuiltInRole(role) && custom === undefined) return null;
  const holders = records.user.filter((user) => user['role'] === role && user['isActive'] !== false);
  const person = holders.find(({ id }) => id === wanted.userId) ?? (wanted.userId === null ? holders[0] : undefined);
  const found = person === undefined ? null : createRightsWorld(records, viewer.tenantId).actorOf(person.id);
  if (found !== null) return { ...found, epoch: viewer.epoch };
  const rules = [
    ...records.fieldRule.map((data) => ({ kind: 'fieldRule', data })),
    ...records.piiRule.map((data) => ({ kind: 'piiRule', data })),
  ];
  return composeActor({
    tenantId: viewer.tenantId,
    userId: 'nobody',
    data: {},
    rights: toRoleRights(role, { role: custom ?? null, rules }),
    teams: [],
    territoryRead: [],
    territoryEdit: [],
    epoch: viewer.epoch,
  });
}
