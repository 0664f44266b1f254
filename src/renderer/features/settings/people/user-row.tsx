import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { assignableRoles } from '#renderer/features/settings/assignable-roles.ts';
import { ReferenceCell } from '#renderer/features/settings/people/reference-cell.tsx';
import { SignInCell } from '#renderer/features/settings/people/sign-in-cell.tsx';
import { UserMenu, type UserAction } from '#renderer/features/settings/people/user-menu.tsx';
import type { SignInWay } from '#renderer/features/settings/people/use-sign-in-ways.ts';
import type { ShownRole } from '#renderer/features/settings/use-roles.ts';
import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import classes from '../settings.module.css';

/** One colleague: to look at for everyone, to change in place for whom `can()` allows it. */
export function UserRow(props: {
  readonly actor: Actor;
  readonly user: LocalRecord;
  /** All there are, for names and to choose from. */
  readonly roles: readonly ShownRole[];
  readonly labels: Labels;
  readonly way: SignInWay | undefined;
  /** Whether there are buttons at all; then every row has their columns. */
  readonly isAdministered: boolean;
  readonly onUpdate: (values: Readonly<Record<string, unknown>>) => void;
  readonly onAction: (action: UserAction) => void;
}) {
  const { t } = useTranslation();
  const { actor, roles, user } = props;
  const name = textOf(user['name']);
  const mayChange = (field: string): boolean =>
    can({ actor, action: 'update', definition: entities.user, before: user, after: null, groups: [field] }).ok;
  const isActive = user['isActive'] !== false;
  const reference = (field: 'teamId' | 'managerId', entity: 'team' | 'user') => {
    const id = textOf(user[field]) || null;
    const isOwnTeam = field === 'teamId' && user.id === actor.userId;
    return (
      <ReferenceCell
        entity={entity}
        label={t(`people.of.${field}`, { name })}
        value={id}
        valueLabel={id === null ? '' : (props.labels[id] ?? t('common.notAvailable'))}
        isEditable={mayChange(field === 'teamId' ? 'owner' : field) && !isOwnTeam}
        onChange={(value) => props.onUpdate({ [field]: value })}
      />
    );
  };
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
            w={140}
            aria-label={t('settings.users.roleOf', { name })}
            data={assignableRoles(actor, user, roles).map((role) => ({ value: role.id, label: role.name }))}
            value={textOf(user['role'])}
            onChange={(role) => {
              if (role !== null && role !== user['role']) props.onUpdate({ role });
            }}
          />
        ) : (
          (roles.find((role) => role.id === user['role'])?.name ?? t('roles.custom'))
        )}
      </td>
      <td>{reference('teamId', 'team')}</td>
      <td>{reference('managerId', 'user')}</td>
      {props.isAdministered ? (
        <>
          <td>
            {user.id === actor.userId ? (
              <span className="op-muted">{t('settings.users.you')}</span>
            ) : (
              <SignInCell
                name={name}
                isActive={isActive}
                way={props.way}
                onGive={() => props.onAction(props.way?.state === 'none' ? 'invite' : 'inviteAgain')}
              />
            )}
          </td>
          <td>
            <UserMenu
              name={name}
              isOwn={user.id === actor.userId}
              isActive={isActive}
              way={props.way}
              mayCorrect={mayChange('email')}
              maySwitch={mayChange('isActive')}
              onAction={props.onAction}
            />
          </td>
        </>
      ) : (
        <td>{t(isActive ? 'people.active' : 'settings.users.switchedOff')}</td>
      )}
    </tr>
  );
}
