import { useTranslation } from 'react-i18next';
import type { ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';

/** What a line is called: by its record, or in words for everything and for what belongs to nobody. */
export function useRowName(): (row: Pick<ForecastRow, 'kind' | 'name'>) => string {
  const { t } = useTranslation();
  return ({ kind, name }) => (kind === 'all' || kind === 'none' ? t(`forecast.rows.${kind}`) : name);
}
