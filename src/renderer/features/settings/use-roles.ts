import { useMemo } from 'react';
import { useRoleName } from '#renderer/blocks/use-role-name.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { roleNames, type RoleName } from '#shared/access/actor.ts';
import { builtInRoles } from '#shared/access/roles.ts';
import type { RoleGrants } from '#shared/access/role-shape.ts';
import { grantsOfRole } from '#shared/entities/role/role.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** A role as the settings show it: built-in and custom ones are the same thing. */
export interface ShownRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly grants: RoleGrants;
  /** The record of a custom role; null for a built-in one, which cannot be changed. */
  readonly record: LocalRecord | null;
}

/** The built-in roles, then the custom ones by name (administrators have their records, nobody else). */
export function useRoles(): readonly ShownRole[] {
  const roleName = useRoleName();
  const { data } = useLive('list', {
    entity: 'role',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 200,
  });
  return useMemo(() => {
    const builtIn = roleNames.map((role: RoleName) => ({
      id: role,
      name: roleName({ role }),
      description: '',
      grants: builtInRoles[role],
      record: null,
    }));
    const custom = (data?.rows ?? []).map((record) => ({
      id: record.id,
      name: textOf(record['name']),
      description: textOf(record['description']),
      grants: grantsOfRole(record),
      record,
    }));
    return [...builtIn, ...custom];
  }, [data, roleName]);
}
