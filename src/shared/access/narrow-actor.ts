// What an API key may do: what its owner may do now, and of that only what the key was given. The result is an actor like
// any other, so that no rule needs to know of keys: permissions are cut, and with them the reach over records of every
// entity whose permission is gone. A key has no role: nothing that asks for a role by its name is given to it, and it can give
// nobody more than it holds itself.
import type { Actor } from '#shared/access/actor.ts';
import { permissionsFor } from '#shared/access/permissions-for.ts';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import type { PermissionName } from '#shared/access/permissions.ts';
import { recordActions, type RecordScope, type ScopeTable } from '#shared/access/role-shape.ts';
import { reachOf } from '#shared/access/roles.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

export interface KeyScope {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly PermissionName[];
}

/** The owner as the key may act in the owner's place. */
export function narrowActor(owner: Actor, key: KeyScope): Actor {
  const permissions = owner.permissions.filter((name) => key.permissions.includes(name));
  return {
    ...owner,
    ...(isUnrestrictedRole(owner.role) ? { standsForAdministrator: true } : {}),
    role: `key:${key.id}`,
    roleName: key.name,
    permissions,
    scopes: narrowScopes(owner, permissions),
  };
}

function narrowScopes(owner: Actor, permissions: readonly PermissionName[]): ScopeTable {
  const rows = Object.values(entities).map((definition: EntityDefinition) => {
    const cells = recordActions.map((action): readonly [string, RecordScope] => {
      const isHeld = permissionsFor(definition, action).some((name) => permissions.includes(name));
      return [action, isHeld && definition.name !== 'savedView' ? reachOf(owner, definition.name, action) : 'none'];
    });
    return [definition.name, Object.fromEntries(cells)] as const;
  });
  return Object.fromEntries(rows);
}
