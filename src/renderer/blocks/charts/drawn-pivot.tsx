// A chart linked to its pivot: it draws the numbers of the pivot as they are, and a click opens what is behind them.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartTable } from '#renderer/blocks/charts/chart-table.tsx';
import { Chart } from '#renderer/blocks/charts/chart.tsx';
import { drawingOfPivot, formatOfPivot } from '#shared/charts/pivot-drawing.ts';
import { usePivotNames } from '#renderer/blocks/use-pivot-names.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';
import type { ChartMark } from '#shared/analytics/chart-data.ts';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';

export function DrawnPivot(props: {
  readonly spec: PivotSpec;
  readonly answer: PivotAnswer;
  /** The numbers as a table instead. */
  readonly chart: ChartSpec | 'table';
  readonly name: string;
  readonly onMark: (mark: ChartMark) => void;
}) {
  const { t } = useTranslation();
  const names = usePivotNames();
  const { spec, answer, chart, name, onMark } = props;
  const drawing = useMemo(
    () => drawingOfPivot(spec, answer, chart, names, t('analytics.pivot.total')),
    [answer, chart, spec, names, t],
  );
  const format = useMemo(() => formatOfPivot(spec, names, answer.currency), [spec, names, answer.currency]);
  const { data } = drawing;
  if (chart === 'table') return <ChartTable name={name} data={data} format={format} onMark={onMark} />;
  return <Chart name={name} spec={drawing.spec} data={data} format={format} onMark={onMark} />;
}
