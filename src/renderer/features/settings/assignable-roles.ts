import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

/** Roles this person may give the user, the present one among them; to a new user when there is none yet. */
export function assignableRoles<Role extends { readonly id: string }>(
  actor: Actor,
  user: AnyRecord | null,
  roles: readonly Role[],
): readonly Role[] {
  const action = user === null ? 'create' : 'update';
  const base = user ?? ({ id: 'new', kind: 'user', ownerId: actor.userId, teamId: null } as unknown as AnyRecord);
  return roles.filter(
    ({ id: role }) =>
      can({ actor, action, definition: entities.user, before: user, after: { ...base, role }, groups: ['role'] }).ok,
  );
}
