import { MonthPickerInput } from '@mantine/dates';
import 'dayjs/locale/de';
import { useTranslation } from 'react-i18next';
import { useCalendarWords } from '#renderer/blocks/use-calendar-words.ts';

const MONTH_LENGTH = 7;

/** A month, `2026-11`, chosen in the user's language. */
export function MonthInput(props: {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (month: string | null) => void;
}) {
  const { i18n } = useTranslation();
  const words = useCalendarWords();
  return (
    <MonthPickerInput
      miw={140}
      clearable
      label={props.label}
      locale={i18n.language}
      valueFormat="MMM YYYY"
      {...words}
      value={props.value === null ? null : `${props.value}-01`}
      onChange={(day) => props.onChange(day?.slice(0, MONTH_LENGTH) ?? null)}
    />
  );
}
