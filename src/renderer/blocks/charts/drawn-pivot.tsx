// A chart linked to its pivot: it draws the numbers of the pivot as they are, and a click opens what is behind them.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartTable } from '#renderer/blocks/charts/chart-table.tsx';
import { Chart } from '#renderer/blocks/charts/chart.tsx';
import type { FormatChartNumber } from '#renderer/blocks/charts/chart-look.ts';
import { kindOfMeasure } from '#renderer/blocks/measure-kind.ts';
import { usePivotNames, type PivotNames } from '#renderer/blocks/use-pivot-names.ts';
import { chartDataOf, type ChartLabels, type ChartMark } from '#shared/analytics/chart-data.ts';
import type { ChartLevel, ChartSpec } from '#shared/analytics/chart-spec.ts';
import type { PivotDimension, PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';

function dimensionAt(spec: PivotSpec, { axis, level }: ChartLevel): PivotDimension | undefined {
  return spec[axis][level - 1];
}

function labelsOf(spec: PivotSpec, answer: PivotAnswer, names: PivotNames, total: string): ChartLabels {
  return {
    member(axis, path) {
      const dimension = dimensionAt(spec, { axis, level: path.length });
      return dimension === undefined ? total : names.member(spec.source, dimension, path.at(-1) ?? null, answer);
    },
    level(level) {
      const dimension = dimensionAt(spec, level);
      return dimension === undefined ? '' : names.dimension(spec.source, dimension);
    },
    value(id) {
      const measure = spec.values.find((one) => one.id === id);
      return measure === undefined ? id : names.measure(spec, measure);
    },
  };
}

/** Values nobody chose: those of one kind, because amounts and counts have no axis in common. */
function withValues(chart: ChartSpec, spec: PivotSpec): ChartSpec {
  const [first] = spec.values;
  if (chart.y !== undefined || chart.type === 'scatter' || first === undefined) return chart;
  const kind = kindOfMeasure(spec, first);
  return { ...chart, y: spec.values.filter((measure) => kindOfMeasure(spec, measure) === kind).map(({ id }) => id) };
}

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
  const drawn = useMemo(
    (): ChartSpec => (chart === 'table' ? { type: 'bar' } : withValues(chart, spec)),
    [chart, spec],
  );
  const data = useMemo(
    () => chartDataOf(answer.result, drawn, labelsOf(spec, answer, names, t('analytics.pivot.total'))),
    [answer, drawn, spec, names, t],
  );
  const format = useMemo((): FormatChartNumber => {
    const measures = new Map(spec.values.map((measure) => [measure.id, measure]));
    return (number, value, style) => {
      const measure = measures.get(value);
      return measure === undefined ? '' : names.cell(spec, measure, number, answer.currency, style);
    };
  }, [spec, names, answer.currency]);
  if (chart === 'table') return <ChartTable name={name} data={data} format={format} onMark={onMark} />;
  return <Chart name={name} spec={drawn} data={data} format={format} onMark={onMark} />;
}
