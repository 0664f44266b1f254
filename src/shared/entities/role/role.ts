// A role the organization made itself, from one of the built-in ones. It grants names of the permission catalogue and a
// reach per entity and action; what administers the organization or the server stays with the built-in administrators.
import { permissionNames, platformPermissions, type PermissionName } from '#shared/access/permissions.ts';
import { roleNames } from '#shared/access/actor.ts';
import { roleLabels } from '#shared/access/roles.ts';
import { recordActions, recordScopes, type RoleGrants, type ScopeTable } from '#shared/access/role-shape.ts';
import { defineEntity, entityNames, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

/** Entities that hold the rules themselves: no custom role reaches them. */
const ruleEntities: readonly string[] = ['role', 'fieldRule', 'piiRule'];

/** Permissions a custom role may hold. */
export const grantablePermissions: readonly PermissionName[] = permissionNames.filter(
  (name) => !Object.hasOwn(platformPermissions, name) && name !== 'org.assign_roles' && name !== 'user.manage_roles',
);

/** Entities a custom role may reach. */
export const grantableEntities = entityNames.filter((name) => !ruleEntities.includes(name));

export const role = defineEntity({
  name: 'role',
  collection: 'catalog',
  label: 'Role',
  labelPlural: 'Roles',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name', required: true, maxLength: 80, listed: true },
    description: { type: 'longText', label: 'Description', maxLength: 1000 },
    basedOn: {
      type: 'select',
      label: 'Made from',
      required: true,
      options: roleNames.map((value) => ({ value, label: roleLabels[value] })),
    },
    /** Names of the catalogue; which of them, says `grantablePermissions`. */
    permissions: { type: 'multiSelect', label: 'Permissions' },
    scopes: { type: 'json', label: 'Reach' },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    name: 'manual',
    description: 'text3',
    basedOn: 'immutable',
    permissions: 'set',
    scopes: 'manual',
  },
  validate: validateRole,
});
export type Role = RecordOf<typeof role>;

function validateRole(record: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  const permissions: unknown = record['permissions'];
  const isGrantable =
    !Array.isArray(permissions) || permissions.every((name) => (grantablePermissions as unknown[]).includes(name));
  if (!isGrantable) {
    return [
      {
        field: 'permissions',
        code: 'notGrantable',
        message: 'Rights over the server and over roles belong to the built-in administrators.',
      },
    ];
  }
  if (isScopeTable(record['scopes'] ?? {})) return [];
  return [{ field: 'scopes', code: 'scopes', message: 'This says not clearly how far the role reaches.' }];
}

function isScopeTable(value: unknown): value is ScopeTable {
  if (!isPlainObject(value)) return false;
  return Object.entries(value).every(
    ([entity, row]) =>
      (grantableEntities as readonly string[]).includes(entity) &&
      isPlainObject(row) &&
      Object.entries(row).every(
        ([action, scope]) =>
          (recordActions as readonly string[]).includes(action) && recordScopes.some((known) => known === scope),
      ),
  );
}

/** What a stored role grants. Whatever cannot be read grants nothing. */
export function grantsOfRole(record: Readonly<Record<string, unknown>>): RoleGrants {
  const { permissions, scopes } = record;
  return {
    permissions: Array.isArray(permissions) ? grantablePermissions.filter((name) => permissions.includes(name)) : [],
    scopes: isScopeTable(scopes) ? scopes : {},
  };
}
