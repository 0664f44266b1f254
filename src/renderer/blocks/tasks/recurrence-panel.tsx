import { Chip, Group, NumberInput, Select, Stack, Switch, Text } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import { isRecurrence, recurrenceUnits, weekdayOf, type Recurrence } from '#shared/entities/task/recurrence.ts';
import { isDay } from '#shared/kernel/calendar.ts';

/** A Monday, to name weekdays by. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** How a task repeats. Each choice is saved as it is made. */
export function RecurrencePanel(props: { readonly task: LocalRecord }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const { task } = props;
  const canUpdate = useCan()('update', entities.task, task);
  const rule = isRecurrence(task['recurrence']) ? task['recurrence'] : null;
  const due = isDay(task['dueDate']) ? task['dueDate'] : null;
  const weekdayName = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' });

  const save = (next: Recurrence | null): void => {
    void run('updateRecord', {
      entity: 'task',
      id: task.id,
      values: { recurrence: next },
      base: { recurrence: task['recurrence'] ?? null },
    });
  };

  function choose(unit: string | null): void {
    const found = recurrenceUnits.find((known) => known === unit);
    if (found === undefined) {
      save(null);
      return;
    }
    const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    save({
      unit: found,
      interval: 1,
      from: rule?.from ?? 'calendar',
      timeZone,
      ...(found === 'week' && due !== null ? { weekdays: [weekdayOf(due)] } : {}),
      ...((found === 'month' || found === 'year') && due !== null ? { dayOfMonth: Number(due.slice(8)) } : {}),
      ...(rule?.until === undefined ? {} : { until: rule.until }),
    });
  }

  if (rule === null && !canUpdate) return null;
  return (
    <Panel title={t('task.repeat.title')}>
      <Stack gap="xs" data-testid="recurrence">
        <Group gap="xs" align="end" wrap="nowrap">
          <Select
            size="xs"
            aria-label={t('task.repeat.title')}
            disabled={!canUpdate}
            allowDeselect={false}
            value={rule?.unit ?? 'never'}
            data={['never', ...recurrenceUnits].map((value) => ({ value, label: t(`task.repeat.units.${value}`) }))}
            onChange={choose}
          />
          {rule === null ? null : (
            <NumberInput
              size="xs"
              w={90}
              min={1}
              max={999}
              aria-label={t('task.repeat.interval')}
              disabled={!canUpdate}
              value={rule.interval}
              onChange={(value) => {
                if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 999)
                  save({ ...rule, interval: value });
              }}
            />
          )}
        </Group>
        {rule?.unit === 'week' ? (
          <Chip.Group
            multiple
            value={(rule.weekdays ?? []).map(String)}
            onChange={(days) => save({ ...rule, weekdays: days.map(Number).toSorted((a, b) => a - b) })}
          >
            <Group gap={4}>
              {[1, 2, 3, 4, 5, 6, 7].map((day) => (
                <Chip key={day} size="xs" value={String(day)} disabled={!canUpdate}>
                  {weekdayName.format(new Date(MONDAY + (day - 1) * DAY_MS))}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        ) : null}
        {rule === null ? null : (
          <>
            <Switch
              size="xs"
              label={t('task.repeat.fromCompletion')}
              disabled={!canUpdate}
              checked={rule.from === 'completion'}
              onChange={(event) => save({ ...rule, from: event.currentTarget.checked ? 'completion' : 'calendar' })}
            />
            <DateInput
              size="xs"
              w={190}
              clearable
              clearButtonProps={{ 'aria-label': t('common.clear') }}
              label={t('task.repeat.until')}
              disabled={!canUpdate}
              locale={i18n.language === 'de' ? 'de' : 'en'}
              valueFormat={i18n.language === 'de' ? 'DD.MM.YYYY' : 'DD MMM YYYY'}
              ariaLabels={{ previousMonth: t('common.previous'), nextMonth: t('common.next') }}
              value={rule.until ?? null}
              onChange={(day) => {
                const { until: _until, ...rest } = rule;
                save(isDay(day) ? { ...rest, until: day } : rest);
              }}
            />
            <Text size="xs" c="dimmed">
              {due === null ? t('task.repeat.noDue') : t('task.repeat.next', { day: format.day(due) })}
            </Text>
          </>
        )}
      </Stack>
    </Panel>
  );
}
