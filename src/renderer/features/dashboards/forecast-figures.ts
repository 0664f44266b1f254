// The forecast of a dashboard: which question it asks, which line answers it, and how it is drawn and told.
import type { TFunction } from 'i18next';
import type { Format } from '#renderer/app/format/format.ts';
import type { Names } from '#shared/words/names.ts';
import type { FormatChartNumber } from '#shared/charts/chart-look.ts';
import type { ChartData } from '#shared/analytics/chart-data.ts';
import type { ForecastQuery, ForecastResult, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { forecastColumns } from '#shared/analytics/forecast-sums.ts';
import type { MetricFilter, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';
import type { PeriodType } from '#shared/kernel/periods.ts';
import { entities } from '#shared/entities/registry.ts';

/** Periods that have quotas. */
const quotaPeriods: Readonly<Record<string, PeriodType>> = {
  thisMonth: 'month',
  lastMonth: 'month',
  thisQuarter: 'quarter',
  lastQuarter: 'quarter',
  thisYear: 'year',
  lastYear: 'year',
};

export function forecastQueryOf({ period }: MetricFilter, range: MetricsResult['range']): ForecastQuery {
  return {
    hierarchy: 'managers',
    columnMode: 'single',
    period: { start: range.from, end: range.to },
    periodType: typeof period === 'string' ? (quotaPeriods[period] ?? null) : null,
    method: 'weighted',
    scenario: 'expected',
    customFactor: 1,
    quotaBasis: 'own',
  };
}

/** The line of a person, when the dashboard is about one; otherwise that of everything. */
export function forecastRowOf(data: ForecastResult, { owner }: MetricFilter): ForecastRow | undefined {
  if (data.kind !== 'answer') return undefined;
  return owner === undefined ? data.rows[0] : data.rows.find(({ kind, id }) => kind === 'user' && id === owner);
}

/** From what is closed to what may come. */
export function forecastChartOf(t: TFunction, names: Names, row: ForecastRow, title: string): ChartData {
  const numbers = [...forecastColumns.map((column) => row.columns[column].managerAdjusted), Number.NaN];
  return {
    axis: names.field(entities.deal, 'forecastCategory'),
    categories: [
      ...forecastColumns.map((column) => ({ label: names.option(entities.deal, 'forecastCategory', column) })),
      { label: t('charts.total'), isTotal: true },
    ],
    series: [{ id: 'forecast', label: title, value: 'forecast', numbers, marks: numbers.map(() => null) }],
  };
}

export function forecastFacts(t: TFunction, format: Format, row: ForecastRow, currency: string): readonly string[] {
  const { attainment } = row.standing;
  return [
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
}

export function forecastNumber(format: Format, currency: string): FormatChartNumber {
  return (number, _value, style) => format.money(Math.round(number), currency, style);
}
