import { useMemo } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useRoleName } from '#renderer/blocks/use-role-name.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { roleNames } from '#shared/access/actor.ts';
import { isBuiltInRole } from '#shared/access/roles.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export interface RoleChoice {
  readonly value: string;
  readonly label: string;
}

/** Roles this person knows by name: the built-in ones, the own one, and for administrators all that the organization made. */
export function useRoleChoices(): readonly RoleChoice[] {
  const roleName = useRoleName();
  const actor = useAppSelector(({ device }) => (device.session?.status === 'signedIn' ? device.session.actor : null));
  const { data } = useLive('list', {
    entity: 'role',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 200,
  });
  return useMemo(() => {
    const own = actor === null || isBuiltInRole(actor.role) ? [] : [{ value: actor.role, label: roleName(actor) }];
    const made = (data?.rows ?? []).map((record) => ({ value: record.id, label: textOf(record['name']) }));
    const all = [...roleNames.map((role) => ({ value: role, label: roleName({ role }) })), ...made, ...own];
    return [...new Map(all.map((choice) => [choice.value, choice])).values()];
  }, [data, roleName, actor]);
}
