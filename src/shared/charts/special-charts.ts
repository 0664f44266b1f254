// Charts that have no axis of categories below their marks: pie, funnel, gauge, heat map and scatter.
import type { EChartsOption, SeriesOption } from 'echarts';
import {
  categoryAxis,
  finite,
  gridOf,
  toDrawn,
  tooltipOf,
  valueAxis,
  type ChartDrawing,
} from '#shared/charts/chart-parts.ts';

/** Parts of the whole. Nothing and less than nothing is no part: it stands in the table. */
function partsOf({ data, format }: ChartDrawing) {
  const [one] = data.series;
  const value = one?.value ?? '';
  return {
    name: one?.label ?? '',
    parts: data.categories.map(({ label }, index) => ({
      name: label,
      value: Math.max(0, finite(one?.numbers[index])),
    })),
    tooltip: {
      valueFormatter: (_drawn: unknown, index: number) => format(one?.numbers[index] ?? Number.NaN, value, 'full'),
    },
    labelOf: (index: number) => format(one?.numbers[index] ?? Number.NaN, value, 'short'),
  };
}

/** A ring, and beside it what each part is and how much: names around a ring have no room in a tile. */
export function pieOption(drawing: ChartDrawing): EChartsOption {
  const { name, parts, tooltip, labelOf } = partsOf(drawing);
  const { look, width, height, data } = drawing;
  const isNarrow = width < 300;
  const ring = Math.min(width * (isNarrow ? 0.4 : 0.22), height * (isNarrow ? 0.36 : 0.42));
  const placeOf = (part: string): number => data.categories.findIndex(({ label }) => label === part);
  return {
    legend: {
      type: 'scroll',
      orient: isNarrow ? 'horizontal' : 'vertical',
      ...(isNarrow ? { bottom: 0 } : { left: '50%', top: 'middle' }),
      icon: 'roundRect',
      itemWidth: 10,
      itemHeight: 10,
      itemStyle: { borderWidth: 0 },
      textStyle: { color: look.text, fontSize: 12, width: width * (isNarrow ? 0.8 : 0.42), overflow: 'truncate' },
      pageTextStyle: { color: look.muted },
      formatter: (part: string) => `${part}  ${labelOf(placeOf(part))}`,
    },
    series: [
      {
        type: 'pie',
        name,
        radius: [ring * 0.62, ring],
        center: isNarrow ? ['50%', '42%'] : ['25%', '50%'],
        cursor: 'pointer',
        itemStyle: { borderColor: look.surface, borderWidth: 2 },
        label: { show: false },
        data: parts,
        tooltip,
      },
    ],
  };
}

export function funnelSeries(drawing: ChartDrawing): SeriesOption {
  const { name, parts, tooltip, labelOf } = partsOf(drawing);
  const { look } = drawing;
  return {
    type: 'funnel',
    name,
    sort: 'none',
    left: '4%',
    width: '56%',
    top: 8,
    bottom: 8,
    gap: 3,
    minSize: '4%',
    cursor: 'pointer',
    itemStyle: { borderWidth: 0 },
    // Beside the funnel: a name inside a narrow step could not be read.
    label: {
      position: 'right',
      color: look.text,
      formatter: ({ dataIndex, name: step }: { dataIndex: number; name: string }) => `${step}  ${labelOf(dataIndex)}`,
    },
    labelLine: { lineStyle: { color: look.line } },
    data: parts,
    tooltip,
  };
}

/** One figure against the most it can be. */
export function gaugeSeries({ data, look, format, spec }: ChartDrawing): SeriesOption {
  const [one] = data.series;
  const number = finite(one?.numbers[0]);
  const most = spec.most ?? Math.max(100, number);
  return {
    type: 'gauge',
    startAngle: 200,
    endAngle: -20,
    center: ['50%', '62%'],
    radius: '88%',
    min: 0,
    max: most,
    progress: { show: true, width: 14, itemStyle: { color: look.palette[0] ?? look.text } },
    axisLine: { lineStyle: { width: 14, color: [[1, look.line]] } },
    axisTick: { show: false },
    splitLine: { show: false },
    // Both ends: how far along it is says nothing without them.
    splitNumber: 1,
    axisLabel: {
      distance: -32,
      color: look.muted,
      fontSize: 11,
      formatter: (end: number) => format(end, one?.value ?? '', 'short'),
    },
    pointer: { show: false },
    title: { show: false },
    detail: {
      offsetCenter: [0, '-8%'],
      color: look.text,
      fontSize: 22,
      fontWeight: 600,
      fontFamily: look.fontFamily,
      formatter: () => format(one?.numbers[0] ?? Number.NaN, one?.value ?? '', 'short'),
    },
    data: [{ value: Math.min(number, most), name: data.categories[0]?.label ?? '' }],
    tooltip: { valueFormatter: () => format(one?.numbers[0] ?? Number.NaN, one?.value ?? '', 'full') },
  };
}

/** Categories across, series down; the deeper the colour, the larger the number. */
export function heatmapOption(drawing: ChartDrawing): EChartsOption {
  const { data, look, format } = drawing;
  const cells = data.series.flatMap((one, row) =>
    one.numbers.flatMap((number, column) => (Number.isNaN(number) ? [] : [[column, row, number]])),
  );
  const numbers = cells.map((cell) => cell[2] ?? 0);
  const value = data.series[0]?.value ?? '';
  const [most, least] = [Math.max(0, ...numbers), Math.min(0, ...numbers)];
  return {
    legend: { show: false },
    grid: { left: 8, right: 12, top: 8, bottom: 36, containLabel: true },
    xAxis: categoryAxis(drawing),
    yAxis: {
      type: 'category',
      data: data.series.map(({ label }) => label),
      inverse: true,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: look.muted },
    },
    visualMap: {
      min: least,
      max: most === least ? least + 1 : most,
      calculable: false,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemHeight: 90,
      itemWidth: 10,
      inRange: { color: [look.surface, look.palette[0] ?? look.text] },
      text: [format(most, value, 'short'), format(least, value, 'short')],
      textStyle: { color: look.muted },
    },
    series: [
      {
        type: 'heatmap',
        cursor: 'pointer',
        itemStyle: { borderColor: look.line, borderWidth: 1 },
        data: cells,
        tooltip: {
          valueFormatter: (drawn: unknown) => format(Number(Array.isArray(drawn) ? drawn[2] : drawn), value, 'full'),
        },
      },
    ],
  };
}

const POINT = { least: 8, most: 40, plain: 11 };

/** Every category a point: one number across, one up, and one as its area. */
export function scatterOption(drawing: ChartDrawing): EChartsOption {
  const { data, look, format } = drawing;
  const [up] = data.series;
  const { across, sizes } = data;
  const largest = Math.max(0, ...(sizes?.numbers ?? []).map((size) => finite(size)));
  const sizeAt = (index: number): number => {
    if (sizes === undefined || largest === 0) return POINT.plain;
    const share = Math.max(0, finite(sizes.numbers[index])) / largest;
    return POINT.least + Math.sqrt(share) * (POINT.most - POINT.least);
  };
  const named = (name: string) => ({
    name,
    nameLocation: 'middle' as const,
    nameGap: 30,
    nameTextStyle: { color: look.muted },
  });
  return {
    legend: { show: false },
    tooltip: { ...tooltipOf(look), trigger: 'item' },
    grid: { ...gridOf(drawing), left: 28, bottom: 26 },
    xAxis: { ...valueAxis(drawing, across?.value ?? ''), ...named(across?.label ?? '') },
    yAxis: { ...valueAxis(drawing, up?.value ?? ''), ...named(up?.label ?? ''), nameGap: 48 },
    series: [
      {
        type: 'scatter',
        cursor: 'pointer',
        itemStyle: { opacity: 0.75 },
        symbolSize: (_drawn: unknown, { dataIndex }: { dataIndex: number }) => sizeAt(dataIndex),
        data: data.categories.map(({ label }, index) => ({
          name: label,
          value: [toDrawn(across?.numbers[index]), toDrawn(up?.numbers[index])],
        })),
        tooltip: {
          valueFormatter: (drawn: unknown) => {
            const [x, y] = Array.isArray(drawn) ? drawn.map(Number) : [];
            return `${format(x ?? Number.NaN, across?.value ?? '', 'full')} · ${format(y ?? Number.NaN, up?.value ?? '', 'full')}`;
          },
        },
      },
    ],
  };
}
