import { ActionIcon, Select, Switch } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { assignableRoles } from '#renderer/features/settings/assignable-roles.ts';
import { SignInCell } from '#renderer/features/settings/sign-in-cell.tsx';
import type { ShownRole } from '#renderer/features/settings/use-roles.ts';
import type { SignInWay } from '#renderer/features/settings/use-sign-in-ways.ts';
import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './settings.module.css';

/** One colleague: to look at for everyone, to change in place for whom `can()` allows it. */
export function UserRow(props: {
  readonly actor: Actor;
  readonly user: LocalRecord;
  /** All there are, for names and to choose from. */
  readonly roles: readonly ShownRole[];
  readonly teamLabel: string;
  readonly way: SignInWay | undefined;
  /** Whether there are buttons at all; then every row has their columns. */
  readonly isAdministered: boolean;
  readonly onUpdate: (values: Readonly<Record<string, unknown>>) => void;
  readonly onGive: () => void;
  readonly onEdit: () => void;
}) {
  const { t } = useTranslation();
  const { actor, roles, user } = props;
  const name = textOf(user['name']);
  const mayChange = (field: string): boolean =>
    can({ actor, action: 'update', definition: entities.user, before: user, after: null, groups: [field] }).ok;
  const isActive = user['isActive'] !== false;
  return (
    <tr data-user={user.id}>
      <td>
        <span className={classes.person}>
          <PersonInitials userId={user.id} name={name} isDecorative showsAbsence={isActive} />
          <span>
            {name} <PendingMark pending={user.pending} />
            <span className={classes.address} data-selectable>
              {textOf(user['email'])}
            </span>
          </span>
        </span>
      </td>
      <td>
        {mayChange('role') ? (
          <Select
            size="xs"
            w={160}
            aria-label={t('settings.users.roleOf', { name })}
            data={assignableRoles(actor, user, roles).map((role) => ({ value: role.id, label: role.name }))}
            value={textOf(user['role'])}
            onChange={(role) => {
              if (role !== null) props.onUpdate({ role });
            }}
          />
        ) : (
          (roles.find((role) => role.id === user['role'])?.name ?? t('roles.custom'))
        )}
      </td>
      <td>{props.teamLabel}</td>
      <td>
        {mayChange('isActive') ? (
          <Switch
            size="xs"
            aria-label={t('settings.users.activeOf', { name })}
            checked={isActive}
            onChange={(event) => props.onUpdate({ isActive: event.currentTarget.checked })}
          />
        ) : (
          t(isActive ? 'common.yes' : 'common.no')
        )}
      </td>
      {props.isAdministered ? (
        <>
          <td>
            {user.id === actor.userId ? (
              <span className="op-muted">{t('settings.users.you')}</span>
            ) : (
              <SignInCell name={name} isActive={isActive} way={props.way} onGive={props.onGive} />
            )}
          </td>
          <td>
            {mayChange('email') ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                onClick={props.onEdit}
                aria-label={t('settings.users.edit', { name })}
                title={t('settings.users.edit', { name })}
              >
                <IconPencil size={15} />
              </ActionIcon>
            ) : null}
          </td>
        </>
      ) : null}
    </tr>
  );
}
