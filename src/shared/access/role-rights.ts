// Who may write roles: administrators, and nobody grants more than they hold. Asked by `can()`.
import type { Actor } from '#shared/access/actor.ts';
import { recordActions, recordScopes, cellOf } from '#shared/access/role-shape.ts';
import { isBuiltInRole, reachOf } from '#shared/access/roles.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { grantableEntities, grantsOfRole } from '#shared/entities/role/role.ts';

export type RoleRefusal = 'builtInRole' | 'grantsMore';

/** Why a role may not be stored like this; null when it may. */
export function findRoleRefusal(actor: Actor, after: AnyRecord): RoleRefusal | null {
  if (isBuiltInRole(after.id)) return 'builtInRole';
  const { permissions, scopes } = grantsOfRole(after);
  if (permissions.some((name) => !actor.permissions.includes(name))) return 'grantsMore';
  const isBeyond = grantableEntities.some((entity) =>
    recordActions.some(
      (action) =>
        recordScopes.indexOf(cellOf(scopes, entity, action)) > recordScopes.indexOf(reachOf(actor, entity, action)),
    ),
  );
  return isBeyond ? 'grantsMore' : null;
}
