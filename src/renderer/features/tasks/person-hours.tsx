import { NumberInput, Popover, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { MOST_WEEKLY_HOURS, weeklyHoursOf } from '#shared/entities/user/working-hours.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './workload.module.css';

/** The hours of a person's week; whoever may change them does it here. */
export function PersonHours(props: { readonly person: LocalRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const { person } = props;
  const canSet = useCan()('update', entities.user, person, ['weeklyHours']);
  const hours = weeklyHoursOf(person);
  const isOwn = typeof person['weeklyHours'] === 'number';
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState<number | null>(null);
  const name = textOf(person['name']);
  const text = t('task.workload.weekOf', { hours: format.number(hours) });
  if (!canSet) return <span className={classes.week}>{text}</span>;

  async function close(): Promise<void> {
    setOpen(false);
    setTyped(null);
    if (typed === null || typed === hours) return;
    await run(
      'updateRecord',
      {
        entity: 'user',
        id: person.id,
        values: { weeklyHours: typed },
        base: { weeklyHours: person['weeklyHours'] ?? null },
      },
      { done: t('task.workload.weekSet', { name, hours: format.number(typed) }) },
    );
  }

  return (
    <Popover opened={isOpen} onDismiss={() => void close()} trapFocus shadow="md" position="bottom-start" returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.week ?? ''}
          data-editable
          aria-label={t('task.workload.setWeek', { name, hours: format.number(hours) })}
          onClick={() => (isOpen ? void close() : setOpen(true))}
        >
          {text}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <NumberInput
          data-autofocus
          size="xs"
          w={220}
          min={0}
          max={MOST_WEEKLY_HOURS}
          decimalScale={1}
          decimalSeparator={t('common.decimalSeparator')}
          suffix={` ${t('task.workload.perWeek')}`}
          label={t('task.workload.hours')}
          value={typed ?? hours}
          onChange={(value) =>
            setTyped(typeof value === 'number' ? Math.min(MOST_WEEKLY_HOURS, Math.max(0, value)) : null)
          }
          onKeyDown={(event) => {
            if (event.key === 'Enter') void close();
          }}
        />
        <Text size="xs" c="dimmed" mt={6} maw={220}>
          {isOwn ? t('task.workload.whoSets') : t('task.workload.unset', { hours: format.number(hours) })}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
