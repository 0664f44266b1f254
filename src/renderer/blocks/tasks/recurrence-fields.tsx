import { Chip, Group, NumberInput, Select, Stack, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { useFormat } from '#renderer/app/format/format.ts';
import { isRecurrence, recurrenceUnits, weekdayOf, type Recurrence } from '#shared/entities/task/recurrence.ts';
import { isDay } from '#shared/kernel/calendar.ts';

/** A Monday, to name weekdays by. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** How a task repeats. */
export function RecurrenceFields(props: {
  readonly value: unknown;
  readonly dueDate: unknown;
  readonly isDisabled: boolean;
  readonly onChange: (rule: Recurrence | null) => void;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { isDisabled, onChange } = props;
  const rule = isRecurrence(props.value) ? props.value : null;
  const due = isDay(props.dueDate) ? props.dueDate : null;
  const weekdayName = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' });

  function choose(unit: string | null): void {
    const found = recurrenceUnits.find((known) => known === unit);
    if (found === undefined) {
      onChange(null);
      return;
    }
    onChange({
      unit: found,
      interval: 1,
      from: rule?.from ?? 'calendar',
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(found === 'week' && due !== null ? { weekdays: [weekdayOf(due)] } : {}),
      ...((found === 'month' || found === 'year') && due !== null ? { dayOfMonth: Number(due.slice(8)) } : {}),
      ...(rule?.until === undefined ? {} : { until: rule.until }),
    });
  }

  return (
    <Stack gap="xs" data-testid="recurrence">
      <Group gap="xs" align="end" wrap="nowrap" grow preventGrowOverflow={false}>
        <Select
          label={t('task.repeat.title')}
          disabled={isDisabled}
          allowDeselect={false}
          value={rule?.unit ?? 'never'}
          data={['never', ...recurrenceUnits].map((value) => ({ value, label: t(`task.repeat.units.${value}`) }))}
          onChange={choose}
        />
        {rule === null ? null : (
          <NumberInput
            min={1}
            max={999}
            label={t('task.repeat.interval')}
            suffix={` ${t(`task.repeat.counted.${rule.unit}`, { count: rule.interval })}`}
            disabled={isDisabled}
            value={rule.interval}
            onChange={(value) => {
              if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 999)
                onChange({ ...rule, interval: value });
            }}
          />
        )}
      </Group>
      {rule?.unit === 'week' ? (
        <Chip.Group
          multiple
          value={(rule.weekdays ?? []).map(String)}
          onChange={(days) => onChange({ ...rule, weekdays: days.map(Number).toSorted((a, b) => a - b) })}
        >
          <Group gap={4}>
            {[1, 2, 3, 4, 5, 6, 7].map((day) => (
              <Chip key={day} size="xs" value={String(day)} disabled={isDisabled}>
                {weekdayName.format(new Date(MONDAY + (day - 1) * DAY_MS))}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      ) : null}
      {rule === null ? null : (
        <>
          <DayInput
            maw={190}
            clearable
            label={t('task.repeat.until')}
            placeholder={t('task.repeat.noEnd')}
            disabled={isDisabled}
            value={rule.until ?? null}
            onChange={(day) => {
              const { until: _until, ...rest } = rule;
              onChange(isDay(day) ? { ...rest, until: day } : rest);
            }}
          />
          <Switch
            size="xs"
            label={t('task.repeat.fromCompletion')}
            disabled={isDisabled}
            checked={rule.from === 'completion'}
            onChange={(event) => onChange({ ...rule, from: event.currentTarget.checked ? 'completion' : 'calendar' })}
          />
          <Text size="xs" c="dimmed">
            {due === null ? t('task.repeat.noDue') : t('task.repeat.next', { day: format.day(due) })}
          </Text>
        </>
      )}
    </Stack>
  );
}
