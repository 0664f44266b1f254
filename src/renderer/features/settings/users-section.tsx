import { Button, Select, Switch } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import { Initials } from '#renderer/ui/initials.tsx';
import { roleNames, type Actor, type RoleName } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './settings.module.css';
import { textOf } from '#shared/kernel/text-of.ts';

/** Everyone of the organization. Changing a role or switching somebody off takes effect at their next contact. */
export function UsersSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const run = useCommand();
  const [isCreating, setCreating] = useState(false);
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const mayCreate = can({
    actor: props.actor,
    action: 'create',
    definition: entities.user,
    before: null,
    after: null,
  }).ok;
  const update = (id: string, values: Readonly<Record<string, unknown>>): void =>
    void run('updateRecord', { entity: 'user', id, values }, { done: t('settings.saved') });
  return (
    <>
      <h1>{t('settings.users.title')}</h1>
      <p className={classes.lead}>{t('settings.users.text')}</p>
      {mayCreate ? (
        <Button mb="md" leftSection={<IconUserPlus size={15} />} onClick={() => setCreating(true)}>
          {t('settings.users.add')}
        </Button>
      ) : null}
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('fields.user.name')}</th>
            <th scope="col">{t('fields.user.email')}</th>
            <th scope="col">{t('fields.user.role')}</th>
            <th scope="col">{t('fields.common.teamId')}</th>
            <th scope="col">{t('fields.user.isActive')}</th>
          </tr>
        </thead>
        <tbody>
          {(data?.rows ?? []).map((row) => {
            const name = textOf(row['name']);
            const isEditable =
              row.id !== props.actor.userId &&
              can({
                actor: props.actor,
                action: 'update',
                definition: entities.user,
                before: row,
                after: null,
                groups: ['role'],
              }).ok;
            return (
              <tr key={row.id}>
                <td>
                  <span className={classes.person}>
                    <Initials name={name} isDecorative />
                    {name}
                    <PendingMark pending={row.pending} />
                  </span>
                </td>
                <td data-selectable>{textOf(row['email'])}</td>
                <td>
                  {isEditable ? (
                    <Select
                      size="xs"
                      w={190}
                      aria-label={t('settings.users.roleOf', { name })}
                      data={rolesFor(props.actor, row).map((value) => ({ value, label: t(`roles.${value}`) }))}
                      value={textOf(row['role'])}
                      onChange={(role) => {
                        if (role !== null) update(row.id, { role });
                      }}
                    />
                  ) : (
                    t(`roles.${textOf(row['role']) || 'viewer'}`)
                  )}
                </td>
                <td>{row.teamId === null ? '' : (data?.labels[row.teamId] ?? '')}</td>
                <td>
                  {isEditable ? (
                    <Switch
                      size="xs"
                      aria-label={t('settings.users.activeOf', { name })}
                      checked={row['isActive'] !== false}
                      onChange={(event) => update(row.id, { isActive: event.currentTarget.checked })}
                    />
                  ) : (
                    t(row['isActive'] === false ? 'common.no' : 'common.yes')
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <CreateRecordDialog entity="user" isOpen={isCreating} onClose={() => setCreating(false)} isStaying />
    </>
  );
}

/** Roles this administrator may give the user, the present one among them. */
function rolesFor(actor: Actor, user: AnyRecord): readonly RoleName[] {
  return roleNames.filter(
    (role) =>
      can({
        actor,
        action: 'update',
        definition: entities.user,
        before: user,
        after: { ...user, role },
        groups: ['role'],
      }).ok,
  );
}
