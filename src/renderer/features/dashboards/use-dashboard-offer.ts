// The export of a dashboard: every tile with the filters all of them have.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import type { DashboardView } from '#renderer/features/dashboards/use-dashboards.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';

/** Null for a dashboard without tiles. */
export function useDashboardOffer({ tiles, name }: DashboardView, filters: MetricFilter): ExportOffer | null {
  const { t } = useTranslation();
  return useMemo(() => {
    if (tiles.length === 0) return null;
    return {
      subject: { kind: 'analytics', what: 'dashboard', source: null },
      title: name === '' ? t('dashboards.title') : name,
      choices: [
        {
          value: 'all',
          label: t('dashboards.export.all'),
          question: { kind: 'dashboard', asked: { tiles, filters } },
        },
      ],
    };
  }, [t, tiles, name, filters]);
}
