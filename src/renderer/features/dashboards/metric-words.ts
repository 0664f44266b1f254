// Figures in the user's words and formats: names, definitions, parts, numbers with their units.
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat, type Format } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { FormatChartNumber } from '#shared/charts/chart-look.ts';
import {
  columnsOfMetric,
  metricCatalogue,
  type MetricId,
  type MetricKeys,
  type MetricUnit,
} from '#shared/analytics/metrics/metric-catalogue.ts';
import type { ChartData } from '#shared/analytics/chart-data.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Names } from '#shared/words/names.ts';
import type { MetricAnswer, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';

export type ReadyMetric = Extract<MetricAnswer, { readonly state: 'ready' }>;

/** A thousand, in minor units. */
const CENTS_MATTER_BELOW = 100_000;

/** Tenths where they say something. */
function tenths(number: number): number {
  return Math.abs(number) >= 100 ? Math.round(number) : Math.round(number * 10) / 10;
}

/** A number of a figure in words. */
export function formatMetric(
  format: Format,
  words: { readonly days: (count: number, text: string) => string; readonly perDay: (text: string) => string },
  number: number,
  unit: MetricUnit,
  currency: string,
  style: 'full' | 'short',
): string {
  switch (unit) {
    case 'money':
      return format.money(Math.round(number), currency, style);
    case 'moneyPerDay':
      return words.perDay(format.money(Math.round(number), currency, style));
    case 'percent':
      return format.percent(tenths(number));
    case 'days':
      return words.days(tenths(number), format.number(tenths(number)));
    case 'score':
      return format.number(tenths(number));
    case 'count':
      return format.number(number);
  }
}

export interface MetricWords {
  name(metric: MetricId): string;
  definition(metric: MetricId): string;
  column(metric: MetricId, column: string): string;
  number(number: number, unit: MetricUnit, currency: string, style: 'full' | 'short'): string;
  /** What the parts of a figure are. */
  axis(keys: MetricKeys): string;
  part(metric: MetricId, key: string | null, labels: MetricsResult['labels']): string;
}

export function createMetricWords(t: TFunction, format: Format, names: Names): MetricWords {
  const units = {
    days: (count: number, text: string) => t('metrics.units.days', { count, formatted: text }),
    perDay: (text: string) => t('metrics.units.perDay', { money: text }),
  };
  return {
    name: (metric) => t(`metrics.${metric}.name`),
    definition: (metric) => t(`metrics.${metric}.definition`),
    column: (metric, column) => (column === 'number' ? t(`metrics.${metric}.name`) : t(`metrics.columns.${column}`)),
    number: (number, unit, currency, style) => formatMetric(format, units, number, unit, currency, style),
    axis: (keys) =>
      keys.kind === 'option' ? names.field(entities[keys.entity], keys.field) : t(`metrics.axes.${keys.kind}`),
    part(metric, key, labels) {
      const { keys } = metricCatalogue[metric];
      if (key === null) return t('metrics.without');
      switch (keys?.kind) {
        case 'option':
          return names.option(entities[keys.entity], keys.field, key);
        case 'month':
          return format.shortMonth(key);
        case 'user':
        case 'team':
        case 'stage':
        case undefined:
          return labels[key] ?? t('common.notAvailable');
      }
    },
  };
}

export function useMetricWords(): MetricWords {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  return useMemo(() => createMetricWords(t, format, names), [t, format, names]);
}

/**
 * The parts of a figure as a chart and its table have them. Marks carry the key of their part, where its records can be
 * opened.
 */
export function chartDataOfMetric(
  words: MetricWords,
  metric: MetricId,
  answer: ReadyMetric,
  labels: MetricsResult['labels'],
  wanted: readonly string[] | undefined,
  opens: (key: string | null, column: string) => boolean,
): ChartData {
  const { keys } = metricCatalogue[metric];
  const parts = answer.parts ?? [];
  const columns = columnsOfMetric(metric);
  const first = columns.slice(0, 1);
  // A figure without parts (on a gauge) is one part by itself.
  if (keys === undefined) return wholeOf(words, metric, answer);
  const drawn = wanted === undefined ? first : columns.filter(({ id }) => wanted.includes(id));
  return {
    axis: words.axis(keys),
    categories: parts.map(({ key }) => ({ label: words.part(metric, key, labels) })),
    series: (drawn.length === 0 ? first : drawn).map(({ id }) => {
      const place = columns.findIndex((column) => column.id === id);
      return {
        id,
        label: words.column(metric, id),
        value: id,
        numbers: parts.map(({ numbers }) => numbers[place] ?? Number.NaN),
        marks: parts.map(({ key }) => (opens(key, id) ? { rows: [key], columns: [], value: id } : null)),
      };
    }),
  };
}

function wholeOf(words: MetricWords, metric: MetricId, { value }: ReadyMetric): ChartData {
  const [column] = columnsOfMetric(metric);
  const label = words.name(metric);
  const id = column?.id ?? metric;
  const numbers = [value ?? Number.NaN];
  return { axis: '', categories: [{ label }], series: [{ id, label, value: id, numbers, marks: [null] }] };
}

/** How the numbers of a figure's columns are written. */
export function metricFormat(words: MetricWords, metric: MetricId, currency: string): FormatChartNumber {
  const units = new Map(columnsOfMetric(metric).map(({ id, unit }) => [id, unit]));
  return (number, value, style) => {
    const unit = units.get(value) ?? 'count';
    // Beside each other, large amounts are read without their cents.
    const isLarge = unit === 'money' && Math.abs(number) >= CENTS_MATTER_BELOW;
    return words.number(isLarge ? Math.round(number / 100) * 100 : number, unit, currency, style);
  };
}

export function useMetricFormat(words: MetricWords, metric: MetricId, currency: string): FormatChartNumber {
  return useMemo(() => metricFormat(words, metric, currency), [words, metric, currency]);
}
