import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { Chart } from '#renderer/blocks/charts/chart.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import {
  forecastChartOf,
  forecastFacts,
  forecastNumber,
  forecastQueryOf,
  forecastRowOf,
} from '#renderer/features/dashboards/forecast-figures.ts';
import type { MetricFilter, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';
import classes from './dashboards.module.css';

const chart = { type: 'waterfall' } as const;

/** From what is closed to what may come, for the period of the dashboard; of a person, when it is about one. */
export function ForecastTile(props: {
  readonly title: string;
  readonly filters: MetricFilter;
  readonly result: MetricsResult;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const format = useFormat();
  const { title, filters, result } = props;
  const { data } = useLive('forecast', forecastQueryOf(filters, result.range));
  const currency = data?.kind === 'answer' ? data.currency : 'EUR';
  const write = useMemo(() => forecastNumber(format, currency), [format, currency]);
  if (data === undefined) return null;
  if (data.kind === 'unseen') return <p className={classes.message}>{t('dashboards.unavailable.field')}</p>;
  const row = forecastRowOf(data, filters);
  if (row === undefined) return <p className={classes.message}>{t('charts.empty')}</p>;
  return (
    <>
      <p className={classes.facts}>{forecastFacts(t, format, row, currency).join(' · ')}</p>
      <Chart name={title} spec={chart} data={forecastChartOf(t, names, row, title)} format={write} />
    </>
  );
}
