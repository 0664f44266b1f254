import { Kbd, Menu, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { createCommands } from '#renderer/blocks/create-commands.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { entityOf } from '#shared/entities/registry.ts';
import classes from './sidebar.module.css';

/** The plus beside the search: whatever its user may make. */
export function CreateMenu(props: { readonly onCommand: (command: string) => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const offered = createCommands.filter(([command]) => {
    const made = entityOf(command.slice('new:'.length));
    return made === undefined || can('create', made);
  });
  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.create} aria-label={t('nav.new')} title={t('nav.new')}>
          <IconPlus size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map(([command, words, key]) => (
          <Menu.Item
            key={command}
            rightSection={key === null ? null : <Kbd size="xs">{key}</Kbd>}
            onClick={() => props.onCommand(command)}
          >
            {t(`palette.commands.${words}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
