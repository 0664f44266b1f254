import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';

type NameOf = (row: Pick<ForecastRow, 'kind' | 'name'>) => string;

/** What a line is called: by its record, or in words for everything and for what belongs to nobody. */
export const rowNameOf =
  (t: TFunction): NameOf =>
  ({ kind, name }) =>
    kind === 'all' || kind === 'none' ? t(`forecast.rows.${kind}`) : name;

export const useRowName = (): NameOf => rowNameOf(useTranslation().t);
