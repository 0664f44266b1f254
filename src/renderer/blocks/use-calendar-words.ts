import { useTranslation } from 'react-i18next';

/** What the buttons of a calendar are called for those who do not see them. */
export function useCalendarWords() {
  const { t } = useTranslation();
  const [previous, next] = [t('common.previous'), t('common.next')];
  return {
    clearButtonProps: { 'aria-label': t('common.clear') },
    ariaLabels: {
      previousMonth: previous,
      nextMonth: next,
      previousYear: previous,
      nextYear: next,
      previousDecade: previous,
      nextDecade: next,
    },
  };
}
