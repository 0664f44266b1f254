// What the calendar's own field does not do: it takes a short way of writing when it is left or on Enter. What cannot be read
// stays as it was typed, is said to be no day, and no form is sent with it.
import type { DateInputProps } from '@mantine/dates';
import { useEffect, useRef, useState, type FocusEvent, type FormEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { toLocalDay } from '#renderer/app/format/local-day.ts';

type Read = (text: string, isDone?: boolean) => string | null;
type Passed = Pick<DateInputProps, 'value' | 'minDate' | 'maxDate' | 'error' | 'onBlur' | 'onKeyDown'>;

const dayOf = (limit: string | Date): string => (limit instanceof Date ? toLocalDay(limit) : limit.slice(0, 10));

/** `example`: how it is written. */
export function useTypedDate(
  read: Read,
  { value, minDate, maxDate, error, onBlur, onKeyDown }: Passed,
  example: string,
  hand: (date: string) => void,
) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement | null>(null);
  /** Text that cannot be read stands in place of this value; another one, chosen or from elsewhere, takes its place. */
  const [unread, setUnread] = useState<{ readonly insteadOf: Passed['value'] } | null>(null);
  const isUnread = unread !== null && unread.insteadOf === value;
  /** It was left or sent like that: while somebody types, everything is unfinished. */
  const [isTold, setTold] = useState(false);

  useEffect(() => {
    const form = isUnread ? input.current?.form : undefined;
    if (!form) return undefined;
    // Before the form's own: whichever button sends it.
    function hold(event: Event): void {
      event.preventDefault();
      event.stopPropagation();
      setTold(true);
      input.current?.focus();
    }
    form.addEventListener('submit', hold, true);
    return () => form.removeEventListener('submit', hold, true);
  }, [isUnread]);

  function isWithin(date: string): boolean {
    const day = date.slice(0, 10);
    return (minDate === undefined || day >= dayOf(minDate)) && (maxDate === undefined || day <= dayOf(maxDate));
  }

  function isReadable(text: string): boolean {
    const date = read(text, true);
    return text.trim() === '' || (date !== null && isWithin(date));
  }

  /** False for what cannot be read. What can be read before it is done was handed on as it was typed. */
  function settle(text: string): boolean {
    const date = read(text, true);
    if (date !== null && read(text) === null && isWithin(date)) hand(date);
    return isReadable(text);
  }

  return {
    dateParser: (text: string) => read(text),
    // Off, the text stays when the field is left.
    fixOnBlur: !isUnread,
    // For who saves when a form is left, without sending it.
    'data-unread': isUnread || undefined,
    error: isUnread && isTold ? t('problems.noDay', { example }) : error,
    onInput(event: FormEvent<HTMLInputElement>) {
      input.current = event.currentTarget;
      setUnread(isReadable(event.currentTarget.value) ? null : { insteadOf: value });
      setTold(false);
    },
    onBlur(event: FocusEvent<HTMLInputElement>) {
      if (!settle(event.currentTarget.value)) setTold(true);
      onBlur?.(event);
    },
    onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
      if (event.key === 'Enter' && !settle(event.currentTarget.value)) {
        event.preventDefault();
        setTold(true);
      }
      onKeyDown?.(event);
    },
  };
}
