// A day and a time of it, typed in the user's language; the day can be chosen, too.
import { DateInput, type DateInputProps } from '@mantine/dates';
import 'dayjs/locale/de';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf, useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { readMoment } from '#renderer/app/format/read-day.ts';
import { useTypedDate } from '#renderer/blocks/use-typed-date.ts';
import { useCalendarWords } from '#renderer/blocks/use-calendar-words.ts';

const DAY_LENGTH = 10;
/** Of a chosen day, until another time is typed. */
const DAY_BEGINS = '09:00:00';

const localTime = (at: Date): string => `${toLocalDay(at)} ${at.toTimeString().slice(0, 8)}`;

export function MomentInput(
  props: Omit<DateInputProps, 'value' | 'onChange'> & {
    readonly value: string | null;
    /** Nothing before now is handed on. */
    readonly isAhead?: boolean;
    readonly onChange: (instant: string | null) => void;
  },
) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const words = useCalendarWords();
  const [openedAt] = useState(() => new Date());
  const [isPast, setPast] = useState(false);
  const { value, isAhead = false, onChange, error, ...passed } = props;
  const locale = localeOf(i18n.language);
  const shown = value === null ? null : localTime(new Date(value));
  const read = (text: string, isDone?: boolean): string | null => readMoment(text, locale, isDone);
  const example = new Date(openedAt.getFullYear() + 1, 0, 15, 14, 30).toISOString();

  /** With a time when it was typed; a chosen day keeps the time there is. */
  function hand(date: string | null): void {
    if (date === null) {
      setPast(false);
      onChange(null);
      return;
    }
    const isChosen = date.length === DAY_LENGTH;
    const at = new Date(isChosen ? `${date} ${shown?.slice(DAY_LENGTH + 1) ?? DAY_BEGINS}` : date);
    const now = new Date();
    if (isAhead && isChosen && at <= now && date === toLocalDay(now)) at.setHours(now.getHours() + 1, 0, 0);
    const isOver = isAhead && at <= now;
    setPast(isOver);
    if (!isOver) onChange(at.toISOString());
  }

  const typing = useTypedDate(
    read,
    { ...passed, value: shown, error: isPast ? t('common.notAhead') : error },
    format.instant(example),
    hand,
  );
  return (
    <DateInput
      placeholder={t('common.forExample', { example: format.instant(example) })}
      {...passed}
      {...words}
      withTime
      // Above the field: the calendar is below.
      inputWrapperOrder={['label', 'description', 'error', 'input']}
      locale={i18n.language}
      valueFormat={(moment) => format.instant(new Date(moment).toISOString())}
      // Only greyed: what is typed is said to be over instead of passed over.
      excludeDate={(day) => isAhead && day < toLocalDay(openedAt)}
      value={shown}
      onChange={hand}
      {...typing}
    />
  );
}
