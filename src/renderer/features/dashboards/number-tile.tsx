import { UnstyledButton } from '@mantine/core';
import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { changeOf } from '#renderer/features/dashboards/change-of.ts';
import type { MetricWords, ReadyMetric } from '#renderer/features/dashboards/metric-words.ts';
import { metricCatalogue, type MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import classes from './dashboards.module.css';
import type { MetricsResult } from '#shared/analytics/metrics/metric-question.ts';

/** One figure, and how it changed. */
export function NumberTile(props: {
  readonly metric: MetricId;
  readonly answer: ReadyMetric;
  readonly result: MetricsResult;
  readonly words: MetricWords;
  /** Opens the records of the figure. */
  readonly onOpen: (() => void) | null;
}) {
  const { t } = useTranslation();
  const { metric, answer, result, words, onOpen } = props;
  const { unit } = metricCatalogue[metric];
  const text = answer.value === null ? '–' : words.number(answer.value, unit, result.currency, 'short');
  const full = answer.value === null ? undefined : words.number(answer.value, unit, result.currency, 'full');
  return (
    <div className={classes.number}>
      {onOpen === null || answer.value === null ? (
        <span className={classes.numberValue} title={full} data-metric={metric}>
          {text}
        </span>
      ) : (
        <UnstyledButton
          className={`${classes.numberValue ?? ''} ${classes.numberLink ?? ''}`}
          title={full}
          data-metric={metric}
          aria-label={t('dashboards.open', { name: words.name(metric), value: text })}
          onClick={onOpen}
        >
          {text}
        </UnstyledButton>
      )}
      <Trend metric={metric} answer={answer} result={result} words={words} />
    </div>
  );
}

function Trend(props: {
  readonly metric: MetricId;
  readonly answer: ReadyMetric;
  readonly result: MetricsResult;
  readonly words: MetricWords;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { metric, answer, result, words } = props;
  const { unit, isLessBetter, usesPeriod } = metricCatalogue[metric];
  const { before } = result;
  if (!usesPeriod) return <span className={classes.trend}>{t('dashboards.now')}</span>;
  if (before === null) return <span className={classes.trend}>{t('dashboards.noBefore')}</span>;
  if (answer.previous === null) return <span className={classes.trend}>{'\u00a0'}</span>;
  const isShare = unit === 'percent';
  const change = changeOf(answer.value, answer.previous, isShare);
  const was = words.number(answer.previous, unit, result.currency, 'full');
  const hint = t('dashboards.before', { value: was, from: format.day(before.from), to: format.day(before.to) });
  if (change === null)
    return (
      <span className={classes.trend} title={hint}>
        {t('dashboards.was', { value: was })}
      </span>
    );
  const rounded = Math.round(change * 10) / 10;
  const tone = rounded === 0 ? 'same' : rounded > 0 !== (isLessBetter === true) ? 'good' : 'bad';
  const Arrow = rounded === 0 ? IconArrowRight : rounded > 0 ? IconArrowUpRight : IconArrowDownRight;
  const amount = format.number(Math.abs(rounded));
  const key = rounded === 0 ? 'same' : rounded > 0 ? 'up' : 'down';
  return (
    <span className={classes.trend} data-tone={tone} title={hint}>
      <Arrow size={14} aria-hidden />
      {t(isShare ? `dashboards.points.${key}` : `dashboards.change.${key}`, { amount })}
    </span>
  );
}
