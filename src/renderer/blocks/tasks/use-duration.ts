import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';

/** Minutes in words: 45 min, 2 h, 2 h 15 min. */
export function useDuration(): (minutes: number) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    (minutes) => {
      const [hours, rest] = [Math.floor(minutes / 60), Math.round(minutes % 60)];
      if (hours === 0) return t('task.minutes', { minutes: rest });
      if (rest === 0) return t('task.hours', { hours: format.number(hours) });
      return t('task.hoursMinutes', { hours: format.number(hours), minutes: rest });
    },
    [t, format],
  );
}
