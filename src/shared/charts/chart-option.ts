// From numbers to the options of echarts. Pure: the same numbers and the same look give the same picture, and what a mark
// stands for is found again from its place (`markAtPlace`).
import type { EChartsOption, SeriesOption } from 'echarts';
import type { ChartMark, ChartSeries } from '#shared/analytics/chart-data.ts';
import {
  categoryAxis,
  finite,
  gridOf,
  toDrawn,
  tooltipOf,
  valueAxis,
  type ChartDrawing,
} from '#shared/charts/chart-parts.ts';
import { funnelSeries, gaugeSeries, heatmapOption, pieOption, scatterOption } from '#shared/charts/special-charts.ts';
import { waterfallSeries } from '#shared/charts/waterfall-series.ts';

/** What every chart has. */
function baseOption({ look, data }: ChartDrawing): EChartsOption {
  const hasLegend = data.series.length > 1;
  return {
    animation: !look.isStill,
    animationDuration: 250,
    animationDurationUpdate: 250,
    color: [...look.palette],
    backgroundColor: 'transparent',
    textStyle: { color: look.text, fontFamily: look.fontFamily, fontSize: 12 },
    aria: { enabled: false, decal: { show: look.isPatterned } },
    tooltip: tooltipOf(look),
    ...(hasLegend
      ? {
          legend: {
            type: 'scroll',
            bottom: 0,
            icon: 'roundRect',
            itemWidth: 10,
            itemHeight: 10,
            textStyle: { color: look.muted, fontSize: 12 },
            pageTextStyle: { color: look.muted },
          },
        }
      : {}),
  };
}

/** Shares of each category in percent; a category without anything has none. */
export function toShares(series: readonly ChartSeries[]): readonly (readonly number[])[] {
  const sizes = (series[0]?.numbers ?? []).map((_number, index) =>
    series.reduce((sum, { numbers }) => sum + Math.abs(finite(numbers[index])), 0),
  );
  return series.map(({ numbers }) =>
    numbers.map((number, index) => {
      const whole = sizes[index] ?? 0;
      return whole === 0 || Number.isNaN(number) ? Number.NaN : (number / whole) * 100;
    }),
  );
}

/** More would lie on each other. */
const MOST_LABELS = 30;

function labelOf({ look, format }: ChartDrawing, { numbers, value }: ChartSeries, isStacked: boolean) {
  return {
    show: true,
    position: isStacked ? ('inside' as const) : ('top' as const),
    color: isStacked ? look.surface : look.muted,
    fontSize: 10,
    formatter: ({ dataIndex }: { readonly dataIndex: number }) => {
      const number = numbers[dataIndex] ?? Number.NaN;
      return Number.isNaN(number) || number === 0 ? '' : format(number, value, 'short');
    },
  };
}

function axisSeries(drawing: ChartDrawing): readonly SeriesOption[] {
  const { spec, data, format, look } = drawing;
  const isShare = spec.variant === 'percent' && spec.type !== 'line';
  const isStacked = spec.variant !== undefined && spec.variant !== 'grouped' && spec.type !== 'line';
  const shares = isShare ? toShares(data.series) : null;
  const hasLabels = look.isPaper && data.series.length * data.categories.length <= MOST_LABELS;
  return data.series.map((one, place): SeriesOption => {
    const common = {
      id: one.id,
      name: one.label,
      data: (shares?.[place] ?? one.numbers).map(toDrawn),
      ...(isStacked ? { stack: 'all' } : {}),
      tooltip: {
        valueFormatter: (_drawn: unknown, index: number) => format(one.numbers[index] ?? Number.NaN, one.value, 'full'),
      },
      cursor: 'pointer',
      ...(hasLabels ? { label: labelOf(drawing, one, isStacked), labelLayout: { hideOverlap: true } } : {}),
    };
    if (spec.type === 'bar') return { ...common, type: 'bar', barMaxWidth: 44, barMinHeight: 1 };
    return {
      ...common,
      type: 'line',
      symbolSize: 7,
      showSymbol: one.numbers.length < 60,
      lineStyle: { width: 2 },
      ...(spec.type === 'area' ? { areaStyle: { opacity: 0.25 } } : {}),
    };
  });
}

/** Options for echarts; `notMerge` is expected, nothing of a chart before stays. */
export function chartOption(drawing: ChartDrawing): EChartsOption {
  const { spec, data } = drawing;
  const base = baseOption(drawing);
  switch (spec.type) {
    case 'bar':
    case 'line':
    case 'area': {
      const isShare = spec.variant === 'percent' && spec.type !== 'line';
      return {
        ...base,
        tooltip: {
          ...tooltipOf(drawing.look),
          trigger: 'axis',
          axisPointer: { type: spec.type === 'bar' ? 'shadow' : 'line' },
        },
        grid: gridOf(drawing),
        xAxis: categoryAxis(drawing),
        yAxis: valueAxis(drawing, data.series[0]?.value ?? '', isShare),
        series: [...axisSeries(drawing)],
      };
    }
    case 'waterfall':
      return {
        ...base,
        tooltip: { ...tooltipOf(drawing.look), trigger: 'item' },
        grid: gridOf(drawing),
        xAxis: categoryAxis(drawing),
        yAxis: valueAxis(drawing, data.series[0]?.value ?? ''),
        series: [...waterfallSeries(drawing)],
      };
    case 'pie':
      return { ...base, ...pieOption(drawing) };
    case 'funnel':
      return { ...base, series: [funnelSeries(drawing)] };
    case 'gauge':
      return { ...base, series: [gaugeSeries(drawing)] };
    case 'heatmap':
      return { ...base, ...heatmapOption(drawing) };
    case 'scatter':
      return { ...base, ...scatterOption(drawing) };
  }
}

/** What a mark of the drawn chart stands for. `data` is the item as echarts has it. */
export function markAtPlace(
  { spec, data }: Pick<ChartDrawing, 'spec' | 'data'>,
  place: { readonly seriesIndex: number; readonly dataIndex: number; readonly data: unknown },
): ChartMark | null {
  if (spec.type === 'heatmap') {
    const cell = Array.isArray(place.data) ? place.data : [];
    return data.series[Number(cell[1])]?.marks[Number(cell[0])] ?? null;
  }
  // The bars of a waterfall and the tones of a scatter are several series of one.
  const isOne = spec.type === 'waterfall' || spec.type === 'scatter';
  return data.series[isOne ? 0 : place.seriesIndex]?.marks[place.dataIndex] ?? null;
}
