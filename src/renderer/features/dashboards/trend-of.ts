// How a figure changed against the period before, in words, and whether that is good.
import type { TFunction } from 'i18next';
import type { Format } from '#renderer/app/format/format.ts';
import { changeOf } from '#renderer/features/dashboards/change-of.ts';
import type { MetricWords, ReadyMetric } from '#renderer/features/dashboards/metric-words.ts';
import { metricCatalogue, type MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { MetricsResult } from '#shared/analytics/metrics/metric-question.ts';

export interface Trend {
  readonly text: string;
  /** What it is compared with. */
  readonly hint?: string;
  readonly tone?: 'same' | 'good' | 'bad';
  readonly direction?: 'same' | 'up' | 'down';
  /** In per cent; of a share in points. */
  readonly change: number | null;
}

export function trendOf(of: {
  readonly t: TFunction;
  readonly format: Format;
  readonly words: MetricWords;
  readonly metric: MetricId;
  readonly answer: ReadyMetric;
  readonly result: MetricsResult;
}): Trend {
  const { t, format, words, metric, answer, result } = of;
  const { unit, isLessBetter, usesPeriod } = metricCatalogue[metric];
  const { before } = result;
  const { previousDay } = answer;
  if (!usesPeriod && previousDay === undefined) return { text: t('dashboards.now'), change: null };
  if (before === null) return { text: t('dashboards.noBefore'), change: null };
  if (answer.previous === null) return { text: '\u00a0', change: null };
  const isShare = unit === 'percent';
  const change = changeOf(answer.value, answer.previous, isShare);
  const was = words.number(answer.previous, unit, result.currency, 'full');
  const hint =
    previousDay === undefined
      ? t('dashboards.before', { value: was, from: format.day(before.from), to: format.day(before.to) })
      : t('dashboards.beforeDay', { value: was, day: format.day(previousDay) });
  if (change === null) return { text: t('dashboards.was', { value: was }), hint, change };
  const rounded = Math.round(change * 10) / 10;
  const tone = rounded === 0 ? 'same' : rounded > 0 !== (isLessBetter === true) ? 'good' : 'bad';
  const direction = rounded === 0 ? 'same' : rounded > 0 ? 'up' : 'down';
  const amount = format.number(Math.abs(rounded));
  const text = t(isShare ? `dashboards.points.${direction}` : `dashboards.change.${direction}`, { amount });
  return { text, hint, tone, direction, change: rounded };
}
