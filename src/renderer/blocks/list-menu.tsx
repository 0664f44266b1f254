import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconRestore } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { EntityName } from '#shared/entities/define-entity.ts';

/** What every list of records offers besides its own: what was deleted of its kind. */
export function ListMenu(props: { readonly entity: EntityName }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" aria-label={t('list.menu')} title={t('list.menu')}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <DeletedItem entity={props.entity} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** For screens that have a menu of their own. */
export function DeletedItem(props: { readonly entity: EntityName }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Menu.Item leftSection={<IconRestore size={15} />} onClick={() => void navigate(`/deleted?entity=${props.entity}`)}>
      {t('nav.deleted')}
    </Menu.Item>
  );
}
