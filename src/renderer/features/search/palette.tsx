// Ctrl/Cmd+K: one box over every record on this computer and every command. Arrows, Enter, Escape.
import { Kbd, Modal } from '@mantine/core';
import {
  IconAddressBook,
  IconArrowRight,
  IconBuilding,
  IconCheckbox,
  IconCommand,
  IconCurrencyEuro,
  IconFile,
  IconActivity,
  IconPackage,
  IconSearch,
  IconTargetArrow,
  IconUser,
} from '@tabler/icons-react';
import { useEffect, useState, type ComponentType, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { createCommands } from '#renderer/blocks/create-commands.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import type { SearchHit } from '#renderer/data/data-contract.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import classes from './palette.module.css';

const commands: readonly (readonly [string, string])[] = [
  ...createCommands.map(([command, words]) => [command, words] as const),
  ['go:/home', 'goHome'],
  ['go:/pipeline', 'goPipeline'],
  ['go:/deals', 'goDeals'],
  ['go:/accounts', 'goAccounts'],
  ['go:/contacts', 'goContacts'],
  ['go:/leads', 'goLeads'],
  ['go:/tasks', 'goTasks'],
  ['go:/inbox', 'goInbox'],
  ['go:/mail', 'goMail'],
  ['go:/documents', 'goDocuments'],
  ['go:/campaigns', 'goCampaigns'],
  ['go:/analytics/pivot', 'goPivot'],
  ['go:/analytics/forecast', 'goForecast'],
  ['go:/analytics/changes', 'goChanges'],
  ['go:/goals', 'goGoals'],
  ['go:/attention', 'goAttention'],
  ['go:/deleted', 'goDeleted'],
  ['go:/import', 'goImport'],
  ['settings', 'settings'],
  ['syncNow', 'syncNow'],
  ['syncDoctor', 'syncDoctor'],
  ['jobs', 'jobs'],
  ['operations', 'operations'],
  ['help', 'help'],
];

function pathOfHit({ entity, id, shownAt }: SearchHit): string | null {
  return shownAt === undefined ? pathOfRecord(entity, id) : pathOfRecord(shownAt.entity, shownAt.id);
}

const icons: Readonly<Record<string, ComponentType<{ size?: number; stroke?: number }>>> = {
  deal: IconCurrencyEuro,
  file: IconFile,
  account: IconBuilding,
  contact: IconAddressBook,
  lead: IconTargetArrow,
  task: IconCheckbox,
  activity: IconActivity,
  product: IconPackage,
  user: IconUser,
};

interface Row {
  readonly key: string;
  readonly title: string;
  readonly subtitle: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly command: string;
}

export function Palette(props: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onCommand: (command: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      withCloseButton={false}
      padding={0}
      size={620}
      yOffset="12vh"
      centered={false}
      transitionProps={{ duration: 80 }}
      title={t('palette.title')}
      // The title names the dialog to a screen reader; who sees the box needs no title.
      styles={{ header: { display: 'none' } }}
    >
      {props.isOpen ? <PaletteBody {...props} /> : null}
    </Modal>
  );
}

function focusNow(input: HTMLInputElement | null): void {
  input?.focus();
}

function PaletteBody(props: Parameters<typeof Palette>[0]) {
  const { t } = useTranslation();
  const names = useNames();
  const request = useRequest();
  const can = useCan();
  const seesOperations = useAppSelector(
    ({ device: { session } }) => session?.status === 'signedIn' && session.actor.permissions.includes('system.health'),
  );
  const [text, setText] = useState('');
  const [hits, setHits] = useState<readonly SearchHit[]>([]);
  const [selected, setSelected] = useState(0);

  useEffect(() => {
    let isStale = false;
    if (text.trim() === '') return;
    request('search', { text, limit: 12 }).then(
      (answer) => {
        if (!isStale) setHits(answer.hits);
      },
      () => {
        // The index is still being built or the data host restarts: the box keeps its last answer, commands still work.
        if (!isStale) setHits([]);
      },
    );
    return () => {
      isStale = true;
    };
  }, [text, request]);

  const words = text.trim().toLowerCase();
  const isOffered = (command: string): boolean => {
    if (command === 'go:/import') return can('create', entities.importJob);
    if (command === 'operations') return seesOperations;
    const made = command.startsWith('new:') ? entityOf(command.slice(4)) : undefined;
    return made === undefined || can('create', made);
  };
  const commandRows: Row[] = commands
    .filter(([command]) => isOffered(command))
    .map(([command, key]) => ({
      command,
      key: command,
      title: t(`palette.commands.${key}`),
      subtitle: '',
      icon: command.startsWith('go:') ? IconArrowRight : IconCommand,
    }))
    .filter((row) => words === '' || row.title.toLowerCase().includes(words));
  const hitRows: Row[] = hits.map((hit) => ({
    key: hit.id,
    title: hit.title,
    subtitle: [names.entity(entities[hit.entity]), hit.subtitle].filter((part) => part !== '').join(' · '),
    icon: icons[hit.entity] ?? IconSearch,
    command: `go:${pathOfHit(hit) ?? '/home'}`,
  }));
  // A command that begins with the words was meant; one that has them somewhere comes after the records.
  const isMeant = (row: Row): boolean => words.length > 1 && row.title.toLowerCase().startsWith(words);
  const rows =
    words === ''
      ? commandRows
      : [...commandRows.filter(isMeant), ...hitRows, ...commandRows.filter((row) => !isMeant(row))];
  const active = Math.min(selected, rows.length - 1);

  function choose(row: Row | undefined): void {
    if (row === undefined) return;
    props.onClose();
    props.onCommand(row.command);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') setSelected(Math.min(active + 1, rows.length - 1));
    else if (event.key === 'ArrowUp') setSelected(Math.max(active - 1, 0));
    else if (event.key === 'Enter') choose(rows[active]);
    else return;
    event.preventDefault();
  }

  return (
    <div>
      <div className={classes.box}>
        <IconSearch size={18} aria-hidden />
        <input
          className={classes.input}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setSelected(0);
          }}
          onKeyDown={onKeyDown}
          placeholder={t('palette.placeholder')}
          aria-label={t('palette.placeholder')}
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={rows[active] === undefined ? undefined : `palette-${active}`}
          data-autofocus
          // At once: the dialog's own focus comes a moment later, and who types on would lose the first letters.
          ref={focusNow}
          spellCheck={false}
        />
        <Kbd size="xs">Esc</Kbd>
      </div>
      <ul className={classes.list} id="palette-list" role="listbox" aria-label={t('palette.title')}>
        {rows.map((row, index) => (
          <Option
            key={row.key}
            row={row}
            index={index}
            isActive={index === active}
            onChoose={() => choose(row)}
            onHover={() => setSelected(index)}
          />
        ))}
        {rows.length === 0 ? <li className={classes.empty}>{t('common.nothingFound')}</li> : null}
      </ul>
    </div>
  );
}

function Option(props: {
  readonly row: Row;
  readonly index: number;
  readonly isActive: boolean;
  readonly onChoose: () => void;
  readonly onHover: () => void;
}) {
  const RowIcon = props.row.icon;
  return (
    // Keys are handled by the input the list belongs to (combobox pattern).
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <li
      id={`palette-${props.index}`}
      role="option"
      aria-selected={props.isActive}
      className={classes.row}
      onClick={props.onChoose}
      onMouseMove={props.onHover}
      ref={(element) => {
        if (props.isActive) element?.scrollIntoView({ block: 'nearest' });
      }}
    >
      <RowIcon size={17} stroke={1.6} />
      <span className={classes.title}>{props.row.title}</span>
      <span className={classes.subtitle}>{props.row.subtitle}</span>
    </li>
  );
}
