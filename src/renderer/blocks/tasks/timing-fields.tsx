// When a task is due, how long it takes, when it reminds and how it repeats: the same controls in the dialog for a new task and
// on the page of one.
import { MultiSelect, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { RecurrenceFields } from '#renderer/blocks/tasks/recurrence-fields.tsx';
import { DurationInput, TimeOfDayInput } from '#renderer/blocks/tasks/typed-minutes-input.tsx';
import { entities } from '#shared/entities/registry.ts';
import { reminderMinutes } from '#shared/entities/task/reminders.ts';
import { isDay, isInstant, type Day } from '#shared/kernel/calendar.ts';
import { toLocalDay } from '#shared/kernel/local-day.ts';
import classes from './tasks.module.css';

export const timingFieldNames = [
  'dueDate',
  'dueAt',
  'estimateMinutes',
  'reminders',
  'reminderAt',
  'recurrence',
] as const;
export type TimingField = (typeof timingFieldNames)[number];
type Change = Readonly<Partial<Record<TimingField, unknown>>>;

/** When a day begins that names no time. */
const DAY_BEGINS = 9 * 60;

/** Those that are before it is due: when it is due, everybody is reminded anyway. */
const before = Object.entries(reminderMinutes)
  .filter(([, minutes]) => minutes > 0)
  .map(([option]) => option);

/** An instant of a day by the clock of this computer. */
export function instantAt(day: Day, minutes: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date, 0, minutes).toISOString();
}

function minutesIn(instant: unknown): number | null {
  if (!isInstant(instant)) return null;
  const at = new Date(instant);
  return at.getHours() * 60 + at.getMinutes();
}

export function TimingFields(props: {
  readonly values: Readonly<Record<string, unknown>>;
  readonly isEditable: (field: TimingField) => boolean;
  readonly isShown: (field: TimingField) => boolean;
  readonly onChange: (change: Change) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { values, isEditable, isShown, onChange } = props;
  const day = isDay(values['dueDate']) ? values['dueDate'] : null;
  const minutes = minutesIn(values['dueAt']);
  const chosen = Array.isArray(values['reminders']) ? values['reminders'].map(String) : [];
  const kept = chosen.filter((option) => !before.includes(option));

  /** The hour goes with its day. */
  function setDay(next: unknown): void {
    if (minutes === null || !isShown('dueAt')) onChange({ dueDate: next });
    else onChange({ dueDate: next, dueAt: isDay(next) ? instantAt(next, minutes) : null });
  }
  function setTime(next: number | null): void {
    if (next === null) onChange({ dueAt: null });
    else {
      const on = day ?? toLocalDay(new Date());
      onChange({ dueDate: on, dueAt: instantAt(on, next) });
    }
  }

  return (
    <Stack gap="sm" data-testid="timing">
      <div className={classes.fields}>
        {isShown('dueDate') ? (
          <DayInput
            label={names.field(entities.task, 'dueDate')}
            placeholder={t('task.when.noDay')}
            clearable
            value={day}
            disabled={!isEditable('dueDate')}
            onChange={setDay}
          />
        ) : null}
        {isShown('dueAt') ? (
          <TimeOfDayInput
            label={t('task.when.time')}
            value={minutes}
            isDisabled={!isEditable('dueAt')}
            onChange={setTime}
          />
        ) : null}
        {isShown('estimateMinutes') ? (
          <DurationInput
            label={t('task.when.estimate')}
            value={typeof values['estimateMinutes'] === 'number' ? values['estimateMinutes'] : null}
            isDisabled={!isEditable('estimateMinutes')}
            onChange={(next) => onChange({ estimateMinutes: next })}
          />
        ) : null}
      </div>
      {isShown('reminders') ? (
        <MultiSelect
          label={t('task.when.reminders')}
          description={day === null ? t('task.when.remindersNeedDay') : t('task.when.remindedWhenDue')}
          placeholder={chosen.length === kept.length ? t('task.when.addReminder') : ''}
          disabled={!isEditable('reminders')}
          data={before.map((value) => ({ value, label: names.option(entities.task, 'reminders', value) }))}
          value={chosen.filter((option) => before.includes(option))}
          comboboxProps={{ shadow: 'md' }}
          onChange={(next) => onChange({ reminders: [...kept, ...next] })}
        />
      ) : null}
      {isShown('reminderAt') ? (
        <OwnReminder
          label={t('task.when.ownReminder')}
          value={isInstant(values['reminderAt']) ? values['reminderAt'] : null}
          isDisabled={!isEditable('reminderAt')}
          onChange={(reminderAt) => onChange({ reminderAt })}
        />
      ) : null}
      {isShown('recurrence') ? (
        <RecurrenceFields
          value={values['recurrence']}
          dueDate={day}
          isDisabled={!isEditable('recurrence')}
          onChange={(recurrence) => onChange({ recurrence })}
        />
      ) : null}
    </Stack>
  );
}

/** A reminder at any day and time; without a time it is that of a day that begins. */
function OwnReminder(props: {
  readonly label: string;
  readonly value: string | null;
  readonly isDisabled: boolean;
  readonly onChange: (instant: string | null) => void;
}) {
  const { t } = useTranslation();
  const { value, onChange } = props;
  const day = value === null ? null : toLocalDay(new Date(value));
  const minutes = minutesIn(value);
  return (
    <div className={classes.fields}>
      <DayInput
        label={props.label}
        placeholder={t('task.when.noReminder')}
        clearable
        value={day}
        disabled={props.isDisabled}
        onChange={(next) => onChange(isDay(next) ? instantAt(next, minutes ?? DAY_BEGINS) : null)}
      />
      {day === null ? null : (
        <TimeOfDayInput
          label={t('task.when.time')}
          value={minutes}
          isDisabled={props.isDisabled}
          onChange={(next) => onChange(instantAt(day, next ?? DAY_BEGINS))}
        />
      )}
    </div>
  );
}
