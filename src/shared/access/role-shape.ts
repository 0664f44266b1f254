// What a role is, whoever made it: names of the permission catalogue, and how far each right reaches over the records
// of an entity. The built-in roles are values of this shape in code, custom roles are records of the same shape.
import type { PermissionName } from '#shared/access/permissions.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

/** `own`: owned by or assigned to the user. `team`: also the user's teams and their child teams. */
export const recordScopes = ['none', 'own', 'team', 'all'] as const;
export type RecordScope = (typeof recordScopes)[number];
export const recordActions = ['create', 'read', 'update', 'delete', 'restore'] as const;
export type RecordAction = (typeof recordActions)[number];

export type ScopeRow = Partial<Readonly<Record<RecordAction, RecordScope>>>;
/** A cell that is not written is `none`: nothing is allowed because nobody thought of it. */
export type ScopeTable = Partial<Readonly<Record<EntityName, ScopeRow>>>;

export interface RoleGrants {
  readonly permissions: readonly PermissionName[];
  readonly scopes: ScopeTable;
}

export function cellOf(scopes: ScopeTable, entity: EntityName, action: RecordAction): RecordScope {
  const row = Object.hasOwn(scopes, entity) ? scopes[entity] : undefined;
  return (row !== undefined && Object.hasOwn(row, action) ? row[action] : undefined) ?? 'none';
}
