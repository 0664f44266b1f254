// A pivot as a chart: what its numbers are called, which of them are drawn, and how they are written.
import { chartWords, drawForPaper, type PaperChart, type ToPng } from '#shared/charts/paper-chart.ts';
import type { FormatChartNumber } from '#shared/charts/chart-look.ts';
import { kindOfMeasure } from '#shared/analytics/measure-kind.ts';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';
import type { ShownPivot } from '#shared/analytics/export-pivot.ts';
import type { ExportChart, ExportFormat } from '#shared/export/export-table.ts';
import type { Translate } from '#shared/words/names.ts';
import { chartDataOf, type ChartData, type ChartLabels } from '#shared/analytics/chart-data.ts';
import { singleSeriesTypes, type ChartLevel, type ChartSpec } from '#shared/analytics/chart-spec.ts';
import type { PivotDimension, PivotMeasure, PivotSpec } from '#shared/analytics/pivot-spec.ts';

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

/** The values a chart draws. Nobody chose: those of one kind, because amounts and counts have no axis in common. */
export function drawnValues(chart: ChartSpec, spec: PivotSpec): readonly PivotMeasure[] {
  const { y, type } = chart;
  if (y !== undefined) return spec.values.filter(({ id }) => y.includes(id));
  const [first] = spec.values;
  if (first === undefined || type === 'scatter') return spec.values;
  const kind = kindOfMeasure(spec, first);
  const alike = spec.values.filter((measure) => kindOfMeasure(spec, measure) === kind);
  return singleSeriesTypes.has(type) ? alike.slice(0, 1) : alike;
}

function withValues(chart: ChartSpec, spec: PivotSpec): ChartSpec {
  if (chart.y !== undefined || chart.type === 'scatter' || spec.values.length === 0) return chart;
  return { ...chart, y: drawnValues(chart, spec).map(({ id }) => id) };
}

/** Where the scale of a gauge ends when nobody said: all of a share, else a round number above. */
function withEnd(chart: ChartSpec, spec: PivotSpec, data: ChartData): ChartSpec {
  const [one] = data.series;
  const measure = spec.values.find(({ id }) => id === one?.value);
  if (chart.type !== 'gauge' || chart.most !== undefined || measure === undefined) return chart;
  const number = Math.max(0, one?.numbers[0] ?? 0) || 0;
  const kind = kindOfMeasure(spec, measure);
  const whole = kind === 'share' ? 1 : kind === 'percent' ? 100 : 0;
  return { ...chart, most: number <= whole ? whole || 1 : roundAbove(number) };
}

/** 1, 2 or 5 with noughts. */
function roundAbove(number: number): number {
  const power = 10 ** Math.floor(Math.log10(number));
  const step = [1, 2, 5].find((one) => one * power >= number) ?? 10;
  return step * power;
}

export interface PivotDrawing {
  readonly spec: ChartSpec;
  readonly data: ChartData;
}

/** As a table, all values are there. `total`: what the whole is called. */
export function drawingOfPivot(
  spec: PivotSpec,
  answer: PivotAnswer,
  chart: ChartSpec | 'table',
  names: PivotNames,
  total: string,
): PivotDrawing {
  const drawn = chart === 'table' ? ({ type: 'bar' } as const) : withValues(chart, spec);
  const data = chartDataOf(answer.result, drawn, labelsOf(spec, answer, names, total));
  return { spec: withEnd(drawn, spec, data), data };
}

export function formatOfPivot(spec: PivotSpec, names: PivotNames, currency: string): FormatChartNumber {
  const measures = new Map(spec.values.map((measure) => [measure.id, measure]));
  return (number, value, style) => {
    const measure = measures.get(value);
    return measure === undefined ? '' : names.cell(spec, measure, number, currency, style);
  };
}

/** A pivot as a picture in a file; empty for files without pictures. */
export function drawPivotForPaper(
  t: Translate,
  { spec, answer, names, total }: ShownPivot & { readonly names: PivotNames },
  chart: ChartSpec,
  title: string,
  format: ExportFormat,
  toPng: ToPng | null,
  size?: PaperChart['size'],
): Promise<readonly ExportChart[]> {
  return drawForPaper(
    {
      title,
      ...drawingOfPivot(spec, answer, chart, names, total),
      format: formatOfPivot(spec, names, answer.currency),
      words: chartWords(t),
      ...(size === undefined ? {} : { size }),
    },
    format,
    toPng,
  );
}
