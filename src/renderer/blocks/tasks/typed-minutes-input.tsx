// Fields for a time of day and for a duration. They take what people type in either language, offer what is chosen often, and
// save when they are left or on Enter; what they cannot read they say, and nothing is saved.
import { Autocomplete, type AutocompleteProps } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useDuration } from '#renderer/blocks/tasks/use-duration.ts';
import { readDuration, readTimeOfDay } from '#shared/entities/task/typed-times.ts';

export interface MinutesInputProps {
  readonly label: string;
  readonly value: number | null;
  readonly isDisabled?: boolean;
  readonly isRequired?: boolean;
  readonly isClearable?: boolean;
  /** Handed on with each letter, for a form whose button waits for it. */
  readonly isLive?: boolean;
  readonly placeholder?: string;
  readonly size?: AutocompleteProps['size'];
  readonly w?: AutocompleteProps['w'];
  readonly onChange: (minutes: number | null) => void;
}

const OFFERED_DURATIONS = [15, 30, 45, 60, 90, 120, 240, 480];
const HALF_HOURS = Array.from({ length: 48 }, (_, half) => half * 30);
/** Where the list of times begins: people look for an hour of their day. */
const DAY_BEGINS = 7 * 60;

export function TimeOfDayInput(props: MinutesInputProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const show = (minutes: number): string => format.time(new Date(2024, 0, 15, 0, minutes).toISOString());
  const offered = [...HALF_HOURS.filter((at) => at >= DAY_BEGINS), ...HALF_HOURS.filter((at) => at < DAY_BEGINS)];
  return (
    <MinutesInput
      placeholder={t('task.when.allDay')}
      {...props}
      show={show}
      read={readTimeOfDay}
      offered={offered}
      problem={t('task.when.timeUnread')}
    />
  );
}

export function DurationInput(props: MinutesInputProps) {
  const { t } = useTranslation();
  return (
    <MinutesInput
      {...props}
      show={useDuration()}
      read={readDuration}
      offered={OFFERED_DURATIONS}
      placeholder={t('task.when.estimateExample')}
      problem={t('task.when.estimateUnread')}
    />
  );
}

function MinutesInput(
  props: MinutesInputProps & {
    readonly show: (minutes: number) => string;
    readonly read: (text: string) => number | null;
    readonly offered: readonly number[];
    readonly problem: string;
  },
) {
  const { t } = useTranslation();
  const { value, show, read } = props;
  /** What is being typed; null while the field shows its value. */
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? '' : show(value));
  const isUnread = typed !== null && typed.trim() !== '' && read(typed) === null;
  const labels = [...new Set(props.offered.map(show))];
  // Everything is offered until something is typed that is not the value itself.
  const matching = labels.filter((label) => label.toLocaleLowerCase().startsWith((typed ?? '').toLocaleLowerCase()));

  function settle(next: string): void {
    const chosen = props.offered.find((minutes) => show(minutes) === next);
    const minutes = next.trim() === '' ? null : (chosen ?? read(next));
    if (next.trim() !== '' && minutes === null) return;
    setTyped(null);
    if (minutes !== value) props.onChange(minutes);
  }

  function type(next: string): void {
    setTyped(next);
    const minutes = read(next);
    if (props.isLive === true && minutes !== null && minutes !== value) props.onChange(minutes);
  }

  return (
    <Autocomplete
      label={props.label}
      {...(props.size === undefined ? {} : { size: props.size })}
      {...(props.w === undefined ? {} : { w: props.w })}
      placeholder={props.placeholder ?? ''}
      required={props.isRequired ?? false}
      disabled={props.isDisabled ?? false}
      data={typed === null || matching.length === 0 ? labels : matching}
      filter={({ options }) => options}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      // The list itself scrolls, not a box around it: it belongs to the field, whose arrows move in it.
      withScrollArea={false}
      styles={{ options: { maxHeight: 220, overflowY: 'auto' } }}
      clearable={props.isClearable ?? true}
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      error={isUnread ? props.problem : undefined}
      value={text}
      onChange={type}
      onClear={() => settle('')}
      onOptionSubmit={settle}
      onBlur={() => {
        if (typed !== null) settle(typed);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setTyped(null);
        if (event.key !== 'Enter' || typed === null) return;
        if (isUnread) event.preventDefault();
        else settle(typed);
      }}
    />
  );
}
