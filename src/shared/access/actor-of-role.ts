// The actor somebody with a role would be, from the records an administrator has: what a screen needs to show the
// application as that role sees it. It gives no right to anything.
import type { Actor } from '#shared/access/actor.ts';
import { compileFieldPolicy } from '#shared/access/compile-field-policy.ts';
import { builtInRoles, isBuiltInRole } from '#shared/access/roles.ts';
import { collectTeamIds } from '#shared/access/team-tree.ts';
import { toFieldRule } from '#shared/entities/field-rule/field-rule.ts';
import { toPiiEntry } from '#shared/entities/field-rule/pii-rule.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { grantsOfRole } from '#shared/entities/role/role.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Records of the organization that decide over rights. */
export interface RightsRecords {
  readonly users: readonly AnyRecord[];
  readonly teams: readonly AnyRecord[];
  readonly roles: readonly AnyRecord[];
  readonly fieldRules: readonly AnyRecord[];
  readonly piiRules: readonly AnyRecord[];
}

export interface RolePerson {
  readonly role: string;
  /** Whose records are seen; null: the first active holder of the role, or nobody's when there is none. */
  readonly userId: string | null;
}

/** Null when there is no such role. */
export function actorOfRole(records: RightsRecords, viewer: Actor, wanted: RolePerson): Actor | null {
  const { role } = wanted;
  const custom = records.roles.find(({ id }) => id === role);
  if (!isBuiltInRole(role) && custom === undefined) return null;
  const grants = isBuiltInRole(role) ? builtInRoles[role] : grantsOfRole(custom ?? {});
  const holders = records.users.filter((user) => user['role'] === role && user['isActive'] !== false);
  const person = holders.find(({ id }) => id === wanted.userId) ?? (wanted.userId === null ? holders[0] : undefined);
  const fields = compileFieldPolicy({
    role,
    rules: records.fieldRules.map(toFieldRule),
    pii: records.piiRules.map(toPiiEntry),
  });
  const teams = records.teams.map((team) => ({
    id: team.id,
    parentId: textOf(team['parentId']) || null,
    leadId: textOf(team['leadId']) || null,
  }));
  return {
    tenantId: viewer.tenantId,
    userId: person?.id ?? 'nobody',
    name: textOf(person?.['name']),
    email: textOf(person?.['email']),
    role,
    ...(isBuiltInRole(role) ? {} : { roleName: textOf(custom?.['name']), scopes: grants.scopes }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    teamIds: person === undefined ? [] : collectTeamIds(person.id, person.teamId, teams),
    permissions: grants.permissions,
    epoch: viewer.epoch,
  };
}
