// The rights of a person, put together from what the organization's records say: role, rules about fields, tree of teams,
// reach of territories. The server builds every caller with it, and screens that show somebody else's rights use the same.
import type { Actor, ActorGrants } from '#shared/access/actor.ts';
import { compileFieldPolicy } from '#shared/access/compile-field-policy.ts';
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import type { RoleGrants } from '#shared/access/role-shape.ts';
import { builtInRoles, isBuiltInRole } from '#shared/access/roles.ts';
import { territoryKey } from '#shared/access/scope.ts';
import { editShareKey, viewShareKey, type Grantee } from '#shared/access/shares.ts';
import { collectTeamIds, type TeamNode } from '#shared/access/team-tree.ts';
import { toFieldRule } from '#shared/entities/field-rule/field-rule.ts';
import { toPiiEntry } from '#shared/entities/field-rule/pii-rule.ts';
import { grantsOfRole } from '#shared/entities/role/role.ts';
import { textOf } from '#shared/kernel/text-of.ts';

type Data = Readonly<Record<string, unknown>>;

/** What the records say about one role. */
export interface RuleRows {
  /** The custom role; null for a built-in one, and for one that was deleted. */
  readonly role: Data | null;
  /** Rules of any role; those of others are passed over. */
  readonly rules: readonly { readonly kind: string; readonly data: Data }[];
}

export interface RoleRights extends RoleGrants {
  readonly role: string;
  /** Null for a built-in role. */
  readonly roleName: string | null;
  readonly fields: FieldPolicy;
}

/** The weakest role stands in for one that nobody knows. */
const FALLBACK = 'viewer';

export function toRoleRights(named: unknown, { role, rules }: RuleRows): RoleRights {
  const name = typeof named === 'string' && (isBuiltInRole(named) || role !== null) ? named : FALLBACK;
  const grants = isBuiltInRole(name) ? builtInRoles[name] : grantsOfRole(role ?? {});
  const fields = compileFieldPolicy({
    role: name,
    rules: rules.filter(({ kind }) => kind === 'fieldRule').map(({ data }) => toFieldRule(data)),
    pii: rules.filter(({ kind }) => kind === 'piiRule').map(({ data }) => toPiiEntry(data)),
  });
  const roleName = isBuiltInRole(name) ? null : textOf(role?.['name']);
  return { ...grants, role: name, roleName, fields };
}

/**
 * Teams whose shares reach the user: the own one and those above it (what is shared with a team is shared with its child
 * teams), and those the user leads with their child teams.
 */
export function collectShareTeamIds(
  userId: string,
  ownTeamId: string | null,
  teams: readonly TeamNode[],
): readonly string[] {
  const byId = new Map(teams.map((team) => [team.id, team]));
  const found = new Set(collectTeamIds(userId, null, teams));
  for (let team = byId.get(ownTeamId ?? ''); team !== undefined && !found.has(team.id);) {
    found.add(team.id);
    team = byId.get(team.parentId ?? '');
  }
  return [...found].sort();
}

export interface PersonFacts {
  readonly tenantId: string;
  readonly userId: string;
  /** Values of the user's record. */
  readonly data: Data;
  readonly rights: RoleRights;
  readonly teams: readonly TeamNode[];
  /** Territories the user reaches. */
  readonly territoryRead: readonly string[];
  readonly territoryEdit: readonly string[];
  readonly epoch: number;
}

export function composeActor(person: PersonFacts): Actor {
  const { tenantId, userId, data, rights, teams, epoch } = person;
  const { role, roleName, permissions, scopes, fields } = rights;
  const teamId = typeof data['teamId'] === 'string' ? data['teamId'] : null;
  return {
    tenantId,
    userId,
    name: textOf(data['name']),
    email: textOf(data['email']),
    role,
    ...(roleName === null ? {} : { roleName, scopes }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    teamIds: collectTeamIds(userId, teamId, teams),
    grants: grantsOf(person, role, teamId),
    permissions,
    epoch,
  };
}

/** Keys of territories and shares that this user holds. */
function grantsOf(person: PersonFacts, role: string, teamId: string | null): ActorGrants {
  const grantees: readonly Grantee[] = [
    { kind: 'user', id: person.userId },
    { kind: 'role', id: role },
    ...collectShareTeamIds(person.userId, teamId, person.teams).map((id) => ({ kind: 'team', id }) as const),
  ];
  return {
    read: [...person.territoryRead.map((id) => territoryKey(id)), ...grantees.map((one) => viewShareKey(one))],
    update: [...person.territoryEdit.map((id) => territoryKey(id)), ...grantees.map((one) => editShareKey(one))],
  };
}
