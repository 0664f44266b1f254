// Who may decide over the rights of a person, asked by `can()`. Nobody changes the own rights or deletes the own user;
// nobody gives a role that may more than they may, or decides over somebody who has one; super administrators are in the
// hands of super administrators alone. Whoever decides over an administrator is therefore an active one and stays one: an
// organization never loses its last administrator, nor its last super administrator, and nobody needs to be counted.
import type { Actor } from '#shared/access/actor.ts';
import { cellOf, recordActions, recordScopes } from '#shared/access/role-shape.ts';
import { builtInRoles, isBuiltInRole, reachOf, type RecordAction } from '#shared/access/roles.ts';
import { entityNames, type AnyRecord } from '#shared/entities/define-entity.ts';

/**
 * Stands for a person's password in questions to `can()`: whoever gives somebody a new one decides who signs in. No
 * record holds it.
 */
export const SIGN_IN_GROUP = 'signIn';

const rightsFields: readonly string[] = ['role', 'teamId', 'isActive', 'teamIds', 'permissions', SIGN_IN_GROUP];
/** A changed address is a changed sign-in name. */
const powerFields: readonly string[] = [...rightsFields, 'email'];

export interface UserChange {
  readonly actor: Actor;
  readonly action: RecordAction;
  readonly before: AnyRecord | null;
  readonly after: AnyRecord | null;
  /** Fields that an update changes. */
  readonly touched: readonly string[];
}

export interface UserRightsRefusal {
  readonly reason: 'ownRights' | 'ownUser' | 'superAdmin' | 'outranks' | 'grantsMore';
  /** The field it is about; null when it is about the whole user. */
  readonly field: string | null;
}

/** Why this change of a user is refused to this actor; null when it is not. */
export function findUserRightsRefusal(change: UserChange): UserRightsRefusal | null {
  const { action, before, touched } = change;
  if (action === 'read') return null;
  const own = findOwnRefusal(change);
  if (own !== null) return own;
  const decided = touched.find((name) => powerFields.includes(name)) ?? null;
  if (action === 'update' && decided === null) return null;
  const reason = findHigherRole(change, before);
  return reason === null ? null : { reason, field: action === 'update' ? decided : null };
}

function findOwnRefusal({ actor, action, before, touched }: UserChange): UserRightsRefusal | null {
  if (before === null || before.id !== actor.userId) return null;
  if (action === 'delete') return { reason: 'ownUser', field: null };
  const field = action === 'update' ? touched.find((name) => rightsFields.includes(name)) : undefined;
  return field === undefined ? null : { reason: 'ownRights', field };
}

/** The person's role, or the one to be given, may more than the actor may. */
function findHigherRole({ actor, after }: UserChange, before: AnyRecord | null): UserRightsRefusal['reason'] | null {
  const [present, given] = [before?.['role'], after?.['role']];
  if (actor.role !== 'super_admin' && (present === 'super_admin' || given === 'super_admin')) return 'superAdmin';
  // The own address is the own business.
  if (before !== null && before.id !== actor.userId && mayMoreThan(present, actor)) return 'outranks';
  return after !== null && given !== present && mayMoreThan(given, actor) ? 'grantsMore' : null;
}

/** False only when it is certain that the role may nothing its giver may not. */
function mayMoreThan(role: unknown, actor: Actor): boolean {
  // Not among what a custom role can hold: administrators alone have it.
  if (actor.permissions.includes('org.assign_roles')) return false;
  if (typeof role !== 'string' || !isBuiltInRole(role)) return role !== actor.role;
  const { permissions, scopes } = builtInRoles[role];
  return (
    permissions.some((name) => !actor.permissions.includes(name)) ||
    entityNames.some((entity) =>
      recordActions.some(
        (action) =>
          recordScopes.indexOf(cellOf(scopes, entity, action)) > recordScopes.indexOf(reachOf(actor, entity, action)),
      ),
    )
  );
}
