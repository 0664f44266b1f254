import { DateInput, type DateInputProps } from '@mantine/dates';
import 'dayjs/locale/de';
import { useTranslation } from 'react-i18next';
import { localeOf, useFormat } from '#renderer/app/format/format.ts';
import { readDay } from '#renderer/app/format/read-day.ts';
import { useTypedDate } from '#renderer/blocks/use-typed-date.ts';
import { useCalendarWords } from '#renderer/blocks/use-calendar-words.ts';

/** A day nobody takes for a month. */
const EXAMPLE = '2027-01-15';

/** A day, written and chosen in the user's language. */
export function DayInput(props: DateInputProps) {
  const { i18n } = useTranslation();
  const format = useFormat();
  const words = useCalendarWords();
  const locale = localeOf(i18n.language);
  const read = (text: string, isDone?: boolean): string | null => readDay(text, locale, isDone);
  const typing = useTypedDate(read, props, format.day(EXAMPLE), (day) => props.onChange?.(day));
  return <DateInput locale={i18n.language} valueFormat={(day) => format.day(day)} {...words} {...props} {...typing} />;
}
