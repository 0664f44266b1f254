// Who may decide over the rights of a person, asked by `can()`. Nobody changes the own rights or deletes the own user,
// and whoever is or would be a super administrator is in the hands of super administrators alone. Whoever acts is an
// active administrator and therefore stays one: an organization never loses its last administrator, nor its last super
// administrator, and nobody needs to be counted for it.
import type { Actor } from '#shared/access/actor.ts';
import type { RecordAction } from '#shared/access/roles.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

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
  readonly reason: 'ownRights' | 'ownUser' | 'superAdmin';
  /** The field it is about; null when it is about the whole user. */
  readonly field: string | null;
}

/** Why this change of a user is refused to anybody, or to anybody but super administrators; null when it is not. */
export function findUserRightsRefusal(change: UserChange): UserRightsRefusal | null {
  const { actor, action, before, touched } = change;
  if (action === 'read') return null;
  const isOwn = before !== null && before.id === actor.userId;
  if (isOwn && action === 'delete') return { reason: 'ownUser', field: null };
  if (isOwn && action === 'update') {
    const field = touched.find((name) => rightsFields.includes(name));
    if (field !== undefined) return { reason: 'ownRights', field };
  }
  if (actor.role === 'super_admin' || !isAboutSuperAdmin(change)) return null;
  if (action !== 'update') return { reason: 'superAdmin', field: null };
  const field = touched.find((name) => powerFields.includes(name));
  return field === undefined ? null : { reason: 'superAdmin', field };
}

function isAboutSuperAdmin({ before, after }: UserChange): boolean {
  return before?.['role'] === 'super_admin' || after?.['role'] === 'super_admin';
}
