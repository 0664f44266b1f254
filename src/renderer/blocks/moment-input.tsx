// A day and a time of it, chosen or typed.
import { DateTimePicker, type DateTimePickerProps } from '@mantine/dates';
import 'dayjs/locale/de';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCalendarWords } from '#renderer/blocks/use-calendar-words.ts';

type Passed = Pick<DateTimePickerProps, 'label' | 'placeholder' | 'leftSection' | 'clearable' | 'w'>;

/** Nothing before the moment it was opened can be chosen. */
export function MomentInput(
  props: Passed & {
    readonly ariaLabel?: string;
    readonly value: string | null;
    readonly onChange: (instant: string | null) => void;
  },
) {
  const { t, i18n } = useTranslation();
  const words = useCalendarWords();
  const format = useFormat();
  const [openedAt] = useState(() => new Date());
  const { value, onChange, ariaLabel, ...passed } = props;
  return (
    <DateTimePicker
      size="xs"
      {...passed}
      {...(ariaLabel === undefined ? {} : { 'aria-label': ariaLabel })}
      {...words}
      timePickerProps={{ hoursInputLabel: t('common.hour'), minutesInputLabel: t('common.minute') }}
      submitButtonProps={{ 'aria-label': t('common.save') }}
      locale={i18n.language}
      valueFormat={(shown) => format.instant(new Date(shown).toISOString())}
      minDate={openedAt}
      value={value === null ? null : new Date(value)}
      onChange={(chosen) => onChange(chosen === null ? null : new Date(chosen).toISOString())}
    />
  );
}
