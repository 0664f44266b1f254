import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { alertMetrics, type AlertMetric, type AlertRule } from '#shared/observe/alert-rules.ts';

/** Rules and what they measure in words. */
export function useAlertWords() {
  const { t } = useTranslation();
  const format = useFormat();
  const value = (metric: AlertMetric, number: number): string =>
    t(`operations.units.${alertMetrics[metric].unit}`, { value: format.number(number) });
  return {
    value,
    name: ({ name, metric }: AlertRule): string => (name === '' ? t(`operations.metrics.${metric}`) : name),
    condition: ({ metric, comparison, limit }: AlertRule): string =>
      t(`operations.alerts.${comparison}`, { limit: value(metric, limit) }),
    window: (minutes: number): string => {
      if (minutes % 1440 === 0) return t('operations.alerts.days', { count: minutes / 1440 });
      if (minutes % 60 === 0) return t('operations.alerts.hours', { count: minutes / 60 });
      return t('operations.alerts.minutes', { count: minutes });
    },
  };
}
