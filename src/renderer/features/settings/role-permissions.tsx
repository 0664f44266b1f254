import { Checkbox, TextInput, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconMinus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShownRole } from '#renderer/features/settings/use-roles.ts';
import { permissionCatalogue, permissionNames, type PermissionName } from '#shared/access/permissions.ts';
import { grantablePermissions } from '#shared/entities/role/role.ts';
import { foldText } from '#shared/query/words.ts';
import classes from './settings.module.css';

/** Everything the catalogue knows, ticked where the role holds it; found by typing. Of a role that stays as it is it is a list to read. */
export function RolePermissions(props: {
  readonly role: ShownRole;
  readonly isEditable: boolean;
  readonly onChange: (permissions: readonly PermissionName[]) => void;
}) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const held = props.role.grants.permissions;
  const labelOf = (name: PermissionName): string =>
    t(`permissions.${name.replace('.', '_')}`, { defaultValue: permissionCatalogue[name] });
  const isFound = (name: PermissionName): boolean => foldText(`${labelOf(name)} ${name}`).includes(foldText(search));
  const shown = permissionNames.filter(
    (name) => isFound(name) && (!props.isEditable || grantablePermissions.includes(name)),
  );
  return (
    <section aria-label={t('settings.roles.permissions')}>
      <div className={classes.sectionHead}>
        <h3>{t('settings.roles.permissions')}</h3>
        <TextInput
          size="xs"
          w={220}
          leftSection={<IconSearch size={14} />}
          placeholder={t('settings.roles.search')}
          aria-label={t('settings.roles.search')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {props.isEditable ? (
        <div className={classes.permissions}>
          {shown.map((name) => (
            <Checkbox
              key={name}
              size="xs"
              label={labelOf(name)}
              title={name}
              checked={held.includes(name)}
              onChange={(event) =>
                props.onChange(event.currentTarget.checked ? [...held, name] : held.filter((other) => other !== name))
              }
            />
          ))}
        </div>
      ) : (
        <ul className={classes.permissions}>
          {shown.map((name) => (
            <li key={name} title={name} className={classes.permission} data-held={held.includes(name)}>
              <Held isHeld={held.includes(name)} />
              {labelOf(name)}
            </li>
          ))}
        </ul>
      )}
      {shown.length === 0 ? <p className="op-muted">{t('common.nothingFound')}</p> : null}
    </section>
  );
}

function Held(props: { readonly isHeld: boolean }) {
  const { t } = useTranslation();
  const Icon = props.isHeld ? IconCheck : IconMinus;
  return (
    <>
      <Icon size={14} stroke={2.2} aria-hidden />
      <VisuallyHidden>{t(props.isHeld ? 'settings.roles.held' : 'settings.roles.notHeld')} </VisuallyHidden>
    </>
  );
}
