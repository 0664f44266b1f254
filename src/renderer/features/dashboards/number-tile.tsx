import { UnstyledButton } from '@mantine/core';
import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { trendOf } from '#renderer/features/dashboards/trend-of.ts';
import type { MetricWords, ReadyMetric } from '#renderer/features/dashboards/metric-words.ts';
import { metricCatalogue, type MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import classes from './dashboards.module.css';
import type { MetricsResult } from '#shared/analytics/metrics/metric-question.ts';

const arrows = { same: IconArrowRight, up: IconArrowUpRight, down: IconArrowDownRight } as const;

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
  const { text, hint, tone, direction } = trendOf({ t, format, words, metric, answer, result });
  const Arrow = direction === undefined ? null : arrows[direction];
  return (
    <span className={classes.trend} data-tone={tone} title={hint}>
      {Arrow === null ? null : <Arrow size={14} aria-hidden />}
      {text}
    </span>
  );
}
