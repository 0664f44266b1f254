import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { FormatChartNumber } from '#renderer/blocks/charts/chart-look.ts';
import { Chart } from '#renderer/blocks/charts/chart.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import type { ChartData } from '#shared/analytics/chart-data.ts';
import { forecastColumns } from '#shared/analytics/forecast-sums.ts';
import type { PeriodType } from '#shared/analytics/periods.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './dashboards.module.css';
import type { MetricFilter, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';

/** Periods that have quotas. */
const quotaPeriods: Readonly<Record<string, PeriodType>> = {
  thisMonth: 'month',
  lastMonth: 'month',
  thisQuarter: 'quarter',
  lastQuarter: 'quarter',
  thisYear: 'year',
  lastYear: 'year',
};

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
  const { period, owner } = filters;
  const { data } = useLive('forecast', {
    hierarchy: 'managers',
    columnMode: 'single',
    period: { start: result.range.from, end: result.range.to },
    periodType: typeof period === 'string' ? (quotaPeriods[period] ?? null) : null,
    method: 'weighted',
    scenario: 'expected',
    customFactor: 1,
    quotaBasis: 'own',
  });
  const answer = data?.kind === 'answer' ? data : undefined;
  const row =
    owner === undefined ? answer?.rows[0] : answer?.rows.find(({ kind, id }) => kind === 'user' && id === owner);
  const currency = answer?.currency ?? 'EUR';
  const write = useMemo(
    (): FormatChartNumber => (number, _value, style) => format.money(Math.round(number), currency, style),
    [format, currency],
  );
  if (data === undefined) return null;
  if (data.kind === 'unseen') return <p className={classes.message}>{t('dashboards.unavailable.field')}</p>;
  if (row === undefined) return <p className={classes.message}>{t('charts.empty')}</p>;
  const numbers = [...forecastColumns.map((column) => row.columns[column].managerAdjusted), Number.NaN];
  const chartData: ChartData = {
    axis: names.field(entities.deal, 'forecastCategory'),
    categories: [
      ...forecastColumns.map((column) => ({ label: names.option(entities.deal, 'forecastCategory', column) })),
      { label: t('charts.total'), isTotal: true },
    ],
    series: [{ id: 'forecast', label: title, value: 'forecast', numbers, marks: numbers.map(() => null) }],
  };
  const { attainment } = row.standing;
  const facts = [
    ...(row.forecast === null
      ? []
      : [t('dashboards.forecast.weighted', { amount: format.money(row.forecast, currency, 'short') })]),
    ...(row.quota === null
      ? []
      : [t('dashboards.forecast.quota', { amount: format.money(row.quota, currency, 'short') })]),
    ...(attainment === null
      ? []
      : [t('dashboards.forecast.attainment', { share: format.percent(Math.round(attainment * 100)) })]),
  ];
  return (
    <>
      <p className={classes.facts}>{facts.join(' · ')}</p>
      <Chart name={title} spec={chart} data={chartData} format={write} />
    </>
  );
}
