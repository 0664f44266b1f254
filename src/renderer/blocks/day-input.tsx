import { DateInput, type DateInputProps } from '@mantine/dates';
import 'dayjs/locale/de';
import { useTranslation } from 'react-i18next';
import { useCalendarWords } from '#renderer/blocks/use-calendar-words.ts';

/** A day, written and chosen in the user's language. */
export function DayInput(props: DateInputProps) {
  const { i18n } = useTranslation();
  const words = useCalendarWords();
  return (
    <DateInput
      locale={i18n.language === 'de' ? 'de' : 'en'}
      valueFormat={i18n.language === 'de' ? 'DD.MM.YYYY' : 'DD MMM YYYY'}
      {...words}
      {...props}
    />
  );
}
