// What the calendar's own field does not do: it takes a short way of writing when it is left or on Enter, and sends no form
// whose day it cannot read.
import type { DateInputProps } from '@mantine/dates';
import type { FocusEvent, KeyboardEvent } from 'react';
import { toLocalDay } from '#renderer/app/format/local-day.ts';

type Read = (text: string, isDone?: boolean) => string | null;
type Passed = Pick<DateInputProps, 'minDate' | 'maxDate' | 'onBlur' | 'onKeyDown'>;

const dayOf = (limit: string | Date): string => (limit instanceof Date ? toLocalDay(limit) : limit.slice(0, 10));

export function useTypedDate(
  read: Read,
  { minDate, maxDate, onBlur, onKeyDown }: Passed,
  hand: (date: string) => void,
) {
  function isWithin(date: string): boolean {
    const day = date.slice(0, 10);
    return (minDate === undefined || day >= dayOf(minDate)) && (maxDate === undefined || day <= dayOf(maxDate));
  }

  /** False for what cannot be read. What can be read before it is done was handed on as it was typed. */
  function settle(text: string): boolean {
    const date = read(text, true);
    if (date !== null && read(text) === null && isWithin(date)) hand(date);
    return text.trim() === '' || (date !== null && isWithin(date));
  }

  return {
    dateParser: (text: string) => read(text),
    onBlur(event: FocusEvent<HTMLInputElement>) {
      settle(event.currentTarget.value);
      onBlur?.(event);
    },
    onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
      if (event.key === 'Enter' && !settle(event.currentTarget.value)) event.preventDefault();
      onKeyDown?.(event);
    },
  };
}
