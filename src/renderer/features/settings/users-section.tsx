import { Alert, Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { OneTimePasswordDialog } from '#renderer/features/settings/one-time-password-dialog.tsx';
import { useRoles } from '#renderer/features/settings/use-roles.ts';
import { useSignInWays } from '#renderer/features/settings/use-sign-in-ways.ts';
import { UserDialog } from '#renderer/features/settings/user-dialog.tsx';
import { UserRow } from '#renderer/features/settings/user-row.tsx';
import type { Actor } from '#shared/access/actor.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './settings.module.css';

type Open =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit' | 'give'; readonly user: LocalRecord; readonly hasPassword: boolean };

/** Everyone of the organization. Changing a role or switching somebody off takes effect at their next contact. */
export function UsersSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const run = useCommand();
  const roles = useRoles();
  const can = useCan();
  const [open, setOpen] = useState<Open | null>(null);
  const { isOnline, ways, reload } = useSignInWays();
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const isAdministered = can('create', entities.user);
  const teamLabelOf = (user: LocalRecord): string => (user.teamId === null ? '' : (data?.labels[user.teamId] ?? ''));
  const update = (id: string, values: Readonly<Record<string, unknown>>): void =>
    void run('updateRecord', { entity: 'user', id, values }, { done: t('settings.saved') });
  const close = (): void => setOpen(null);
  return (
    <>
      <h1>{t('settings.users.title')}</h1>
      <p className={classes.lead}>{t('settings.users.text')}</p>
      {isAdministered ? (
        <Button mb="md" leftSection={<IconUserPlus size={15} />} onClick={() => setOpen({ kind: 'add' })}>
          {t('settings.users.add')}
        </Button>
      ) : null}
      {isAdministered && !isOnline ? (
        <Alert color="yellow" mb="md" role="status">
          {t('settings.users.offline')}
        </Alert>
      ) : null}
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('fields.user.name')}</th>
            <th scope="col">{t('fields.user.role')}</th>
            <th scope="col">{t('fields.common.teamId')}</th>
            <th scope="col">{t('fields.user.isActive')}</th>
            {isAdministered ? (
              <>
                <th scope="col">{t('settings.users.signIn')}</th>
                <th scope="col">
                  <span hidden>{t('settings.users.editColumn')}</span>
                </th>
              </>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {(data?.rows ?? []).map((user) => {
            const way = ways?.get(user.id);
            const hasPassword = way?.state !== 'none';
            return (
              <UserRow
                key={user.id}
                actor={props.actor}
                user={user}
                roles={roles}
                teamLabel={teamLabelOf(user)}
                way={way}
                isAdministered={isAdministered}
                onUpdate={(values) => update(user.id, values)}
                onGive={() => setOpen({ kind: 'give', user, hasPassword })}
                onEdit={() => setOpen({ kind: 'edit', user, hasPassword })}
              />
            );
          })}
        </tbody>
      </table>
      {open?.kind === 'give' ? (
        <OneTimePasswordDialog
          user={{ id: open.user.id, name: textOf(open.user['name']), hasPassword: open.hasPassword }}
          onGiven={reload}
          onClose={close}
        />
      ) : null}
      {open?.kind === 'add' || open?.kind === 'edit' ? (
        <UserDialog
          actor={props.actor}
          user={open.kind === 'add' ? null : open.user}
          teamLabel={open.kind === 'add' ? undefined : teamLabelOf(open.user)}
          onGiven={reload}
          onClose={close}
        />
      ) : null}
    </>
  );
}
