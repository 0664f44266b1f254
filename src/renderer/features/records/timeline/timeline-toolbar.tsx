import { ActionIcon, Chip, Group, Menu, Select, TextInput, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '#renderer/blocks/use-can.ts';
import { TimelineFieldsDialog } from '#renderer/features/records/timeline/timeline-fields-dialog.tsx';
import type { TimelineResult } from '#renderer/data/data-contract.ts';
import type { TimelineFilter } from '#shared/timeline/ask-timeline.ts';
import { entities } from '#shared/entities/registry.ts';
import { eventKinds } from '#shared/timeline/timeline-event.ts';
import classes from './timeline.module.css';

export type TimelineChoice = Omit<TimelineFilter, 'textFields'>;

/** What of a timeline is shown: kinds, a person, words, and the changes nobody reads otherwise. */
export function TimelineToolbar(props: {
  readonly data: TimelineResult;
  readonly choice: TimelineChoice;
  readonly onChange: (choice: TimelineChoice) => void;
}) {
  const { t } = useTranslation();
  const { data, choice } = props;
  const mayDecide = useCan()('create', entities.organization);
  const [isDeciding, setDeciding] = useState(false);
  const change = (part: Partial<TimelineChoice>): void => props.onChange({ ...choice, ...part });
  const kinds = eventKinds.filter((kind) => (data.kinds[kind] ?? 0) > 0 || choice.kinds.includes(kind));
  const people = data.people
    .flatMap((id) => (data.labels[id] === undefined ? [] : [{ value: id, label: data.labels[id] }]))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  return (
    <div className={classes.toolbar}>
      <Group gap={6} wrap="nowrap">
        <TextInput
          size="xs"
          className={classes.search}
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder={t('timeline.search')}
          aria-label={t('timeline.search')}
          value={choice.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
        <Select
          size="xs"
          className={classes.person}
          placeholder={t('timeline.everybody')}
          aria-label={t('timeline.person')}
          data={people}
          value={choice.personId}
          onChange={(personId) => change({ personId })}
          clearable
          clearButtonProps={{ 'aria-label': t('timeline.everybody') }}
          searchable={people.length > 8}
        />
        {data.hidden > 0 || mayDecide ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <Tooltip label={t('timeline.options')}>
                <ActionIcon variant="default" size={30} aria-label={t('timeline.options')}>
                  <IconAdjustmentsHorizontal size={15} />
                </ActionIcon>
              </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
              {data.hidden > 0 ? (
                <Menu.Item
                  role="menuitemcheckbox"
                  aria-checked={choice.withHidden}
                  onClick={() => change({ withHidden: !choice.withHidden })}
                >
                  {t(choice.withHidden ? 'timeline.hideNoisy' : 'timeline.showNoisy', { count: data.hidden })}
                </Menu.Item>
              ) : null}
              {mayDecide ? <Menu.Item onClick={() => setDeciding(true)}>{t('timeline.chooseFields')}</Menu.Item> : null}
            </Menu.Dropdown>
          </Menu>
        ) : null}
        {isDeciding ? <TimelineFieldsDialog onClose={() => setDeciding(false)} /> : null}
      </Group>
      {kinds.length > 1 ? (
        <Chip.Group multiple value={[...choice.kinds]} onChange={(next) => change({ kinds: next })}>
          <Group gap={6} role="group" aria-label={t('timeline.kindsOf')}>
            {kinds.map((kind) => (
              <Chip key={kind} value={kind} size="xs" variant="outline">
                {t(`timeline.kinds.${kind}`)} <span className={classes.count}>{data.kinds[kind] ?? 0}</span>
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      ) : null}
    </div>
  );
}
