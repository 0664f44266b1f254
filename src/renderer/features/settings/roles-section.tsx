// The roles of the organization: on the left all of them, on the right what the chosen one may do. Built-in roles are the
// ground to stand on and are only looked at; a custom one is made from any role and changed where it stands.
import { Button, Group } from '@mantine/core';
import { IconCopy, IconEye, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { lookAsRole } from '#renderer/blocks/look-as-role.ts';
import { useRightsGate } from '#renderer/blocks/rights/rights-gate.tsx';
import { useTypedForm, useTypedWorkGuard } from '#renderer/blocks/typed-forms.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import { RoleDialog, type RoleWords } from '#renderer/features/settings/role-dialog.tsx';
import { RolePermissions } from '#renderer/features/settings/role-permissions.tsx';
import { RoleScopes } from '#renderer/features/settings/role-scopes.tsx';
import { useRoles, type ShownRole } from '#renderer/features/settings/use-roles.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { RoleGrants } from '#shared/access/role-shape.ts';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import { grantableEntities, grantablePermissions } from '#shared/entities/role/role.ts';
import classes from './settings.module.css';

/** How many people have a role; null until that is known. */
function useHolders(roleId: string): number | null {
  const { data } = useLive('list', {
    entity: 'user',
    filter: { field: 'role', op: 'eq', value: roleId },
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 1,
  });
  return data?.total ?? null;
}

export function RolesSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const roles = useRoles();
  const [chosenId, setChosenId] = useState(props.actor.role);
  const isTypedWorkInTheWay = useTypedWorkGuard();
  const isAdministrator = isUnrestrictedRole(props.actor.role);
  const chosen = roles.find(({ id }) => id === chosenId) ?? roles[0];
  return (
    <>
      <h1>{t('settings.roles.title')}</h1>
      <p className={classes.lead}>{t('settings.roles.text')}</p>
      <div className={classes.split}>
        <ul className={classes.choices} aria-label={t('settings.roles.title')}>
          {roles.map((role) => (
            <li key={role.id}>
              <button
                type="button"
                className={classes.choice}
                aria-current={role.id === chosen?.id ? 'true' : undefined}
                onClick={() => {
                  if (!isTypedWorkInTheWay()) setChosenId(role.id);
                }}
              >
                {role.name}
                {role.record === null ? (
                  <span className="op-muted">{t('settings.roles.builtIn')}</span>
                ) : (
                  <PendingMark pending={role.record.pending} />
                )}
              </button>
            </li>
          ))}
        </ul>
        {chosen === undefined ? null : (
          <ChosenRole key={chosen.id} role={chosen} isAdministrator={isAdministrator} onChosen={setChosenId} />
        )}
      </div>
    </>
  );
}

function ChosenRole(props: {
  readonly role: ShownRole;
  readonly isAdministrator: boolean;
  readonly onChosen: (id: string) => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const { role } = props;
  const holders = useHolders(role.id);
  const [isCopying, setCopying] = useState(false);
  const [isRenaming, setRenaming] = useState(false);
  const isEditable = props.isAdministrator && role.record !== null;
  const askRights = useRightsGate();
  const [draft, setDraft] = useState<RoleGrants | null>(null);
  const shown = draft === null ? role : { ...role, grants: draft };
  const change = (values: Partial<RoleGrants>): void => setDraft({ ...shown.grants, ...values });
  useTypedForm(draft !== null);

  async function save(): Promise<void> {
    if (draft === null) return;
    const values = { permissions: draft.permissions, scopes: draft.scopes };
    if (!(await askRights([{ entity: 'role', id: role.id, values }]))) return;
    const saved = await run('updateRecord', { entity: 'role', id: role.id, values }, { done: t('settings.saved') });
    if (saved !== null) setDraft(null);
  }

  async function remove(): Promise<void> {
    const outcome = await run('deleteRecord', { entity: 'role', id: role.id }, { done: t('settings.roles.deleted') });
    if (outcome !== null) props.onChosen('sales_rep');
  }

  async function rename(words: RoleWords): Promise<void> {
    const input = { entity: 'role', id: role.id, values: { ...words } };
    if ((await run('updateRecord', input, { done: t('settings.saved') })) !== null) setRenaming(false);
  }

  async function copy(values: RoleWords): Promise<void> {
    const outcome = await run('createRecord', {
      entity: 'role',
      values: {
        ...values,
        basedOn: role.record === null ? role.id : role.record['basedOn'],
        permissions: role.grants.permissions.filter((name) => grantablePermissions.includes(name)),
        scopes: Object.fromEntries(
          grantableEntities.flatMap((entity) => {
            const row = role.grants.scopes[entity];
            return row === undefined ? [] : [[entity, row]];
          }),
        ),
      },
    });
    if (outcome === null) return;
    setCopying(false);
    if (outcome.recordId !== null) props.onChosen(outcome.recordId);
  }

  return (
    <div className={classes.chosen}>
      <Group gap={8} mb="sm">
        <h2>{role.name}</h2>
        <div style={{ flex: 1 }} />
        {props.isAdministrator ? (
          <>
            <Button
              variant="default"
              leftSection={<IconEye size={15} />}
              onClick={() => lookAsRole({ role: role.id, userId: null })}
            >
              {t('settings.roles.viewAs')}
            </Button>
            <Button variant="default" leftSection={<IconCopy size={15} />} onClick={() => setCopying(true)}>
              {t('settings.roles.copy')}
            </Button>
          </>
        ) : null}
        {isEditable ? (
          <>
            <Button variant="default" leftSection={<IconPencil size={15} />} onClick={() => setRenaming(true)}>
              {t('settings.roles.rename')}
            </Button>
            <Button
              variant="default"
              color="red"
              leftSection={<IconTrash size={15} />}
              disabled={holders !== 0}
              onClick={() => void remove()}
            >
              {t('common.delete')}
            </Button>
          </>
        ) : null}
      </Group>
      <p className={classes.lead}>
        {role.record === null ? t('settings.roles.builtInText') : role.description || t('settings.roles.customText')}{' '}
        {role.record === null && props.isAdministrator ? `${t('settings.roles.builtInCopy')} ` : ''}
        {holders === null ? '' : t('settings.roles.holders', { count: holders })}{' '}
        {isEditable && holders !== null && holders > 0 ? t('settings.roles.heldText') : ''}
      </p>
      <RolePermissions role={shown} isEditable={isEditable} onChange={(permissions) => change({ permissions })} />
      <RoleScopes role={shown} isEditable={isEditable} onChange={(scopes) => change({ scopes })} />
      {draft === null ? null : (
        <Group className={classes.saveBar} gap="xs" justify="flex-end">
          <span role="status">{t('people.unsavedRole')}</span>
          <Button variant="default" onClick={() => setDraft(null)}>
            {t('people.discardRole')}
          </Button>
          <Button onClick={() => void save()}>{t('common.save')}</Button>
        </Group>
      )}
      {isCopying ? (
        <RoleDialog
          title={t('settings.roles.newFrom', { role: role.name })}
          saveLabel={t('settings.roles.create')}
          before={null}
          onClose={() => setCopying(false)}
          onSave={copy}
        />
      ) : null}
      {isRenaming ? (
        <RoleDialog
          title={t('settings.roles.rename')}
          saveLabel={t('common.save')}
          before={{ name: role.name, description: role.description }}
          onClose={() => setRenaming(false)}
          onSave={rename}
        />
      ) : null}
    </div>
  );
}
