// Everyone of the organization: found, filtered, and changed where they stand. Changing a role or switching somebody off takes
// effect at their next contact.
import { Alert, Button, Group, Pagination } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSend, IconTableImport, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useRightsGate } from '#renderer/blocks/rights/rights-gate.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { InviteManyDialog, type Invited } from '#renderer/features/settings/people/invite-many-dialog.tsx';
import { UserDialogs, type OpenDialog } from '#renderer/features/settings/people/user-dialogs.tsx';
import { anybody, filterOf, UserFilters } from '#renderer/features/settings/people/user-filters.tsx';
import type { UserAction } from '#renderer/features/settings/people/user-menu.tsx';
import { UserRow } from '#renderer/features/settings/people/user-row.tsx';
import { useWithdrawInvitation } from '#renderer/features/settings/people/use-invite.ts';
import { useSignInWays } from '#renderer/features/settings/people/use-sign-in-ways.ts';
import { useRoles } from '#renderer/features/settings/use-roles.ts';
import type { Actor } from '#shared/access/actor.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import people from './people.module.css';
import classes from '../settings.module.css';

const PAGE = 50;
const MOST_INVITED = 1000;
const byName = [{ field: 'name', direction: 'asc' }] as const;

/** Active people who cannot sign in yet, as far as the server says. */
function useUninvited(ways: ReturnType<typeof useSignInWays>['ways']): readonly Invited[] {
  const ids = [...(ways?.values() ?? [])].filter(({ state }) => state === 'none').map(({ userId }) => userId);
  const { data } = useLive('list', {
    entity: 'user',
    filter: {
      and: [
        { field: 'id', op: 'in', value: ids },
        { field: 'isActive', op: 'ne', value: false },
      ],
    },
    sort: byName,
    offset: 0,
    limit: MOST_INVITED,
  });
  return (data?.rows ?? []).map((row) => ({ id: row.id, name: textOf(row['name']) }));
}

export function UsersSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const askRights = useRightsGate();
  const roles = useRoles();
  const can = useCan();
  const [open, setOpen] = useState<OpenDialog | null>(null);
  const [isInviting, setInviting] = useState(false);
  const [wish, setWish] = useState(anybody);
  const [page, setPage] = useState(1);
  const [search] = useDebouncedValue(wish.search.trim(), 80);
  const { isOnline, ways, reload } = useSignInWays();
  const filter = filterOf(wish, ways);
  const { data } = useLive('list', {
    entity: 'user',
    sort: byName,
    offset: (page - 1) * PAGE,
    limit: PAGE,
    ...(search === '' ? {} : { search }),
    ...(filter === undefined ? {} : { filter }),
  });
  const withdraw = useWithdrawInvitation(reload);
  const uninvited = useUninvited(ways);
  const isAdministered = can('create', entities.user);
  const pages = Math.max(1, Math.ceil((data?.total ?? 0) / PAGE));

  async function update(id: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    if (await askRights([{ entity: 'user', id, values }]))
      await run('updateRecord', { entity: 'user', id, values }, { done: t('settings.saved') });
  }

  function act(user: LocalRecord, action: UserAction): void {
    if (action === 'switchOn') void update(user.id, { isActive: true });
    else if (action === 'withdraw') void withdraw(user.id, textOf(user['name']));
    else setOpen({ kind: action, user });
  }

  return (
    <>
      <h1>{t('settings.users.title')}</h1>
      <p className={classes.lead}>{t('settings.users.text')}</p>
      {isAdministered ? (
        <Group gap="xs" mb="md">
          <Button leftSection={<IconUserPlus size={15} />} onClick={() => setOpen({ kind: 'add' })}>
            {t('settings.users.add')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconTableImport size={15} />}
            onClick={() => void invokeMain(getBridge(), 'window.showRecord', { path: '/import/user' })}
          >
            {t('people.importUsers')}
          </Button>
          {uninvited.length > 1 ? (
            <Button variant="default" leftSection={<IconSend size={15} />} onClick={() => setInviting(true)}>
              {t('people.inviteCount', { count: uninvited.length })}
            </Button>
          ) : null}
        </Group>
      ) : null}
      {isAdministered && !isOnline ? (
        <Alert color="yellow" mb="md" role="status">
          {t('settings.users.offline')}
        </Alert>
      ) : null}
      <UserFilters
        wish={wish}
        roles={roles}
        knowsWays={ways !== null && isAdministered}
        onChange={(next) => {
          setWish(next);
          setPage(1);
        }}
      />
      <table className={classes.table} aria-label={t('settings.users.title')}>
        <thead>
          <tr>
            <th scope="col">{t('fields.user.name')}</th>
            <th scope="col">{t('fields.user.role')}</th>
            <th scope="col">{t('fields.common.teamId')}</th>
            <th scope="col">{names.field(entities.user, 'managerId')}</th>
            <th scope="col">{t(isAdministered ? 'settings.users.signIn' : 'people.state')}</th>
            {isAdministered ? (
              <th scope="col">
                <span hidden>{t('people.actions')}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {(data?.rows ?? []).map((user) => (
            <UserRow
              key={user.id}
              actor={props.actor}
              user={user}
              roles={roles}
              labels={data?.labels ?? {}}
              way={ways?.get(user.id)}
              isAdministered={isAdministered}
              onUpdate={(values) => void update(user.id, values)}
              onAction={(action) => act(user, action)}
            />
          ))}
        </tbody>
      </table>
      <div className={people.foot}>
        <span role="status">{t('people.count', { count: data?.total ?? 0 })}</span>
        {pages > 1 ? (
          <Pagination
            size="sm"
            total={pages}
            value={page}
            onChange={setPage}
            getControlProps={(control) => ({ 'aria-label': t(`people.pages.${control}`) })}
            getItemProps={(at) => ({ 'aria-label': t('people.page', { page: at }) })}
          />
        ) : null}
      </div>
      <UserDialogs
        actor={props.actor}
        open={open}
        labels={data?.labels ?? {}}
        ways={ways}
        onGiven={reload}
        onClose={() => setOpen(null)}
      />
      {isInviting ? <InviteManyDialog people={uninvited} onDone={reload} onClose={() => setInviting(false)} /> : null}
    </>
  );
}
