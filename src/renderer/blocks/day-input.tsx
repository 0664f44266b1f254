import { DateInput, type DateInputProps } from '@mantine/dates';
import 'dayjs/locale/de';
import { useTranslation } from 'react-i18next';

/** A day, written and chosen in the user's language. */
export function DayInput(props: DateInputProps) {
  const { t, i18n } = useTranslation();
  return (
    <DateInput
      locale={i18n.language === 'de' ? 'de' : 'en'}
      valueFormat={i18n.language === 'de' ? 'DD.MM.YYYY' : 'DD MMM YYYY'}
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      ariaLabels={{
        previousMonth: t('common.previous'),
        nextMonth: t('common.next'),
        previousYear: t('common.previous'),
        nextYear: t('common.next'),
        previousDecade: t('common.previous'),
        nextDecade: t('common.next'),
      }}
      {...props}
    />
  );
}
