import { Kbd, Menu, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '#renderer/blocks/use-can.ts';
import { entityOf } from '#shared/entities/registry.ts';
import classes from './sidebar.module.css';

/** Command, its words in the palette, and its key on any screen. */
const choices = [
  ['new:deal', 'newDeal', 'n'],
  ['new:account', 'newAccount', null],
  ['new:contact', 'newContact', null],
  ['new:lead', 'newLead', null],
  ['new:task', 'newTask', 't'],
  ['new:activity', 'logActivity', 'l'],
  ['new:mail', 'writeMail', 'w'],
] as const;

/** The plus beside the search: whatever its user may make. */
export function CreateMenu(props: { readonly onCommand: (command: string) => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const offered = choices.filter(([command]) => {
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
