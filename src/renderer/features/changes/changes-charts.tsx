// The pictures of what became of the pipeline: a waterfall from one day to the other, and the last ninety days as a line.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { FormatChartNumber } from '#shared/charts/chart-look.ts';
import { Chart } from '#renderer/blocks/charts/chart.tsx';
import type { ChartData } from '#shared/analytics/chart-data.ts';
import type { PipelineChangeResult, PipelineTrendResult } from '#shared/analytics/past/change-question.ts';
import { changeKinds, type ChangeKind } from '#shared/analytics/past/pipeline-change.ts';
import type { Day } from '#shared/kernel/calendar.ts';

function useMoney(currency: string): FormatChartNumber {
  const format = useFormat();
  return useMemo(
    () => (number, _value, style) => format.money(Math.round(number), currency, style),
    [format, currency],
  );
}

/** The bars there are something to tell about. */
export function shownKinds(data: PipelineChangeResult): readonly ChangeKind[] {
  return changeKinds.filter((kind) => data.parts[kind].count > 0);
}

/** What is won leaves the open pipeline, and is what it is for. */
export function isGoodChange(kind: ChangeKind, value: number): boolean {
  return kind === 'won' || value > 0;
}

export function ChangeWaterfall(props: {
  readonly data: PipelineChangeResult;
  readonly from: Day;
  readonly to: Day | null;
  readonly onKind: (kind: ChangeKind | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, from, to, onKind } = props;
  const write = useMoney(data.currency);
  const chart = useMemo((): ChartData => {
    const kinds = shownKinds(data);
    const mark = (kind: ChangeKind) => ({ rows: [kind], columns: [], value: 'amount' });
    return {
      axis: t('changes.kind'),
      categories: [
        { label: format.shortDay(from), isTotal: true },
        ...kinds.map((kind) => ({
          label: t(`changes.kinds.${kind}`),
          isGood: isGoodChange(kind, data.parts[kind].value),
        })),
        { label: to === null ? t('past.now') : format.shortDay(to), isTotal: true },
      ],
      series: [
        {
          id: 'amount',
          label: t('changes.amount'),
          value: 'amount',
          numbers: [data.start.value, ...kinds.map((kind) => data.parts[kind].value), data.end.value],
          marks: [null, ...kinds.map(mark), null],
        },
      ],
    };
  }, [data, from, to, t, format]);
  return (
    <Chart
      spec={{ type: 'waterfall' }}
      data={chart}
      format={write}
      name={t('changes.waterfall')}
      onMark={({ rows }) => onKind(changeKinds.find((kind) => kind === rows[0]) ?? null)}
    />
  );
}

export function TrendChart(props: { readonly data: PipelineTrendResult }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = props;
  const write = useMoney(data.currency);
  const chart = useMemo(
    (): ChartData => ({
      axis: t('changes.day'),
      categories: data.points.map(({ day }) => ({ label: format.shortDay(day) })),
      series: [
        {
          id: 'open',
          label: t('changes.open'),
          value: 'open',
          numbers: data.points.map(({ value }) => value),
          marks: data.points.map(() => null),
        },
      ],
    }),
    [data, t, format],
  );
  return <Chart spec={{ type: 'line' }} data={chart} format={write} name={t('changes.trend')} />;
}
