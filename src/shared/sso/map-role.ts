// Which role somebody gets who comes through a provider, and whether an administrator may say so: nobody gives by a rule
// what they may not give by hand, and nobody becomes super administrator by a group.
import type { Actor } from '#shared/access/actor.ts';
import { findUserRightsRefusal, type UserRightsRefusal } from '#shared/access/user-rights.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { RoleMapping } from '#shared/sync/sso-messages.ts';

/** The role of the first rule that fits; null: nobody comes in. Groups are compared as they are, without regard to case. */
export function mapRole({ rules, defaultRole }: RoleMapping, groups: readonly string[]): string | null {
  const held = new Set(groups.map((group) => group.toLowerCase()));
  return rules.find(({ group }) => held.has(group.toLowerCase()))?.role ?? defaultRole;
}

/** Every role the mapping can give. */
export function rolesOfMapping({ rules, defaultRole }: RoleMapping): readonly string[] {
  return [...new Set([...rules.map(({ role }) => role), ...(defaultRole === null ? [] : [defaultRole])])];
}

/** Why this administrator may not map to a role; null when that is allowed. */
export function findMappingRefusal(actor: Actor, mapping: RoleMapping): UserRightsRefusal['reason'] | null {
  for (const role of rolesOfMapping(mapping)) {
    if (role === 'super_admin') return 'superAdmin';
    const after = { kind: 'user', id: '', role } as unknown as AnyRecord;
    const refusal = findUserRightsRefusal({ actor, action: 'create', before: null, after, touched: [] });
    if (refusal !== null) return refusal.reason;
  }
  return null;
}
