// What is handed to echarts, and what a click on it means. That it is drawn is seen in the real browser (end to end).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paperLook, type ChartLook } from '#shared/charts/chart-look.ts';
import { chartOption, markAtPlace, toShares } from '#shared/charts/chart-option.ts';
import type { ChartDrawing } from '#shared/charts/chart-parts.ts';
import { fileNameOf } from '#renderer/blocks/charts/save-picture.ts';
import { waterfallSteps } from '#shared/charts/waterfall-series.ts';
import type { ChartData, ChartSeries } from '#shared/analytics/chart-data.ts';
import { chartTypes, type ChartSpec } from '#shared/analytics/chart-spec.ts';

const look: ChartLook = {
  palette: ['#111111', '#222222'],
  text: '#000000',
  muted: '#555555',
  line: '#dddddd',
  surface: '#ffffff',
  good: '#00aa00',
  bad: '#aa0000',
  fontFamily: 'Inter',
  isStill: false,
  isPatterned: false,
  isPaper: false,
};

const series = (id: string, numbers: readonly number[]): ChartSeries => ({
  id,
  label: id,
  value: 'sum',
  numbers,
  marks: numbers.map((_number, index) => ({ rows: [String(index)], columns: [id], value: 'sum' })),
});
const data: ChartData = {
  axis: 'Stage',
  categories: [{ label: 'A' }, { label: 'B' }, { label: 'C' }],
  series: [series('one', [1, 3, Number.NaN]), series('two', [3, 1, 5])],
};

function drawing(spec: ChartSpec, changes: Partial<ChartDrawing> = {}): ChartDrawing {
  const words = { total: 'Total', up: 'Up', down: 'Down' };
  return {
    spec,
    data,
    look,
    words,
    width: 600,
    height: 300,
    format: (number, value) => `${value} ${String(number)}`,
    ...changes,
  };
}

// Options are a union of everything echarts knows; a test reads them as plain data.
const seriesOf = (option: unknown) => (option as { series: readonly Record<string, unknown>[] }).series;

/** How the names below a chart of this width stand. */
function axisOf(labels: readonly string[], width: number) {
  const categories = labels.map((label) => ({ label }));
  const numbers = labels.map((_label, index) => index);
  const option = chartOption(
    drawing({ type: 'bar' }, { width, data: { axis: '', categories, series: [series('one', numbers)] } }),
  );
  const { axisLabel } = (option as { xAxis: { axisLabel: Record<string, unknown> } }).xAxis;
  return { rotate: axisLabel['rotate'], interval: axisLabel['interval'] };
}

describe('the option of a chart', () => {
  test('ANA-16 names below the marks are turned before they are cut, and stand apart where there is one for each day', () => {
    const stages = ['Prospecting', 'Qualification', 'Proposal', 'Negotiation'];
    expect(axisOf(stages, 500)).toEqual({ rotate: undefined, interval: 0 });
    expect(axisOf(stages, 300)).toEqual({ rotate: 35, interval: 0 });
    // Cut either way.
    expect(
      axisOf(
        stages.map((stage) => `${stage} of everything there is`),
        500,
      ).rotate,
    ).toBeUndefined();
    const days = Array.from({ length: 90 }, (_, day) => `Sep ${String(day)}`);
    const { rotate, interval } = axisOf(days, 460);
    expect(rotate).toBeUndefined();
    expect(Number(interval)).toBeGreaterThan(10);
  });

  test.each(chartTypes)(
    'ANA-16 a %s is drawn in the colours and letters of the theme, and still where motion is unwanted',
    (type) => {
      const option = chartOption(drawing({ type }));
      expect(option).toMatchObject({
        color: look.palette,
        textStyle: { fontFamily: 'Inter', color: look.text },
        animation: true,
      });
      expect(seriesOf(option).length).toBeGreaterThan(0);
      expect(chartOption(drawing({ type }, { look: { ...look, isStill: true } })).animation).toBe(false);
    },
  );

  test('ANA-16 bars stand beside each other, on each other, or as shares of 100 per cent; the tooltip has the numbers', () => {
    const grouped = seriesOf(chartOption(drawing({ type: 'bar' })));
    expect(grouped.map((one) => [one['stack'], one['data']])).toEqual([
      [undefined, [1, 3, '-']],
      [undefined, [3, 1, 5]],
    ]);
    expect(seriesOf(chartOption(drawing({ type: 'bar', variant: 'stacked' })))[1]?.['stack']).toBe('all');
    const shares = seriesOf(chartOption(drawing({ type: 'bar', variant: 'percent' })));
    expect(shares.map((one) => one['data'])).toEqual([
      [25, 75, '-'],
      [75, 25, 100],
    ]);
    const tooltip = shares[0]?.['tooltip'] as { valueFormatter: (drawn: number, index: number) => string } | undefined;
    expect(tooltip?.valueFormatter(25, 0)).toBe('sum 1');
  });

  test('ANA-16 where nothing was made yet, the axis says so once and names no parts of a cent', () => {
    const labelOf = (numbers: readonly number[]) => {
      const option = chartOption(drawing({ type: 'bar' }, { data: { ...data, series: [series('one', numbers)] } }));
      return (option as { yAxis: { axisLabel: { formatter: (number: number) => string } } }).yAxis.axisLabel.formatter;
    };
    expect([0, 0.2, 1].map(labelOf([0, 0, Number.NaN]))).toEqual(['sum 0', '', '']);
    expect([0, 1].map(labelOf([0, 2, 0]))).toEqual(['sum 0', 'sum 1']);
  });

  test('ANA-16 shares of a category add up to 100, unless it is empty', () => {
    const numbers = fc.array(fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(numbers, (drawn) => {
        const shares = toShares(drawn.map((row, index) => series(String(index), row)));
        for (const place of [0, 1, 2]) {
          const sum = shares.reduce((all, row) => all + (row[place] ?? 0), 0);
          const isEmpty = drawn.every((row) => row[place] === 0);
          if (isEmpty) expect(sum).toBeNaN();
          else expect(sum).toBeCloseTo(100, 6);
        }
      }),
    );
  });

  test('ANA-16 a click on a mark finds its place in every type of chart', () => {
    const bar = drawing({ type: 'bar' });
    expect(markAtPlace(bar, { seriesIndex: 1, dataIndex: 2, data: 5 })).toEqual({
      rows: ['2'],
      columns: ['two'],
      value: 'sum',
    });
    const heat = drawing({ type: 'heatmap' });
    expect(markAtPlace(heat, { seriesIndex: 0, dataIndex: 4, data: [2, 1, 5] })).toEqual({
      rows: ['2'],
      columns: ['two'],
      value: 'sum',
    });
    const fall = drawing({ type: 'waterfall' });
    expect(markAtPlace(fall, { seriesIndex: 3, dataIndex: 1, data: 3 })).toEqual({
      rows: ['1'],
      columns: ['one'],
      value: 'sum',
    });
    expect(markAtPlace(bar, { seriesIndex: 7, dataIndex: 0, data: null })).toBeNull();
  });

  test('ANA-16 a waterfall goes on where the bar before ended, also below zero', () => {
    const steps = waterfallSteps([100, 30, -150, 50, Number.NaN], (index) => index === 0 || index === 4);
    expect(steps).toEqual([
      { from: 0, to: 100, kind: 'total' },
      { from: 100, to: 130, kind: 'up' },
      { from: 130, to: -20, kind: 'down' },
      { from: -20, to: 30, kind: 'up' },
      { from: 0, to: 30, kind: 'total' },
    ]);
    const fall: ChartData = { ...data, series: [series('one', [10, -30, 5])] };
    const drawn = seriesOf(chartOption(drawing({ type: 'waterfall' }, { data: fall })));
    const heights = (id: string) => {
      const bars = drawn.find((one) => one['id'] === id)?.['data'] as readonly { value: number }[] | undefined;
      return bars?.map(({ value }) => value + 0);
    };
    // 0 → 10 above; 10 → −20 is cut at zero; −20 → −15 below.
    expect(heights('above')).toEqual([10, 10, 0]);
    expect(heights('below')).toEqual([0, -20, -5]);
    expect(drawn.find((one) => one['id'] === 'below-foot')?.['data']).toEqual([-0, -0, -15]);
  });

  test('ANA-16 a saved picture gets a name that every file system takes', () => {
    expect(fileNameOf('Won: 2026/27 "EMEA"?', 'svg')).toBe('Won 2026 27 EMEA.svg');
    expect(fileNameOf('  ', 'png')).toBe('chart.png');
  });
});

/** OKLab of a colour as somebody sees it (matrices of Machado, Oliveira and Fernandes for full severity). */
const sights: readonly (readonly (readonly number[])[])[] = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
];
function linear(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}
const times = (matrix: readonly (readonly number[])[], vector: readonly number[]): readonly number[] =>
  matrix.map((row) => row.reduce((sum, factor, index) => sum + factor * (vector[index] ?? 0), 0));
function lab(colour: string, sight: readonly (readonly number[])[]): readonly number[] {
  const seen = times(sight, linear(colour)).map((part) => Math.min(1, Math.max(0, part)));
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    seen,
  ).map(Math.cbrt);
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}
const luminance = (colour: string): number =>
  linear(colour).reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);

describe('the palette of charts', () => {
  const css = readFileSync(path.resolve(import.meta.dirname, '../../../../src/renderer/ui/theme.css'), 'utf8');
  const blockOf = (theme: string): string =>
    css.slice(css.indexOf(`[data-mantine-color-scheme='${theme}']`)).split('}')[0] ?? '';

  test.each(['light', 'dark'])(
    'A11Y colours of charts stand out from the surface and from each other for every kind of sight, %s',
    (theme) => {
      const block = blockOf(theme);
      const palette = [...block.matchAll(/--op-chart-\d: (#\w{6})/g)].map((match) => match[1] ?? '');
      const surface = /--op-surface: (#\w{6})/.exec(block)?.[1] ?? '';
      expect(palette).toHaveLength(8);
      for (const colour of palette) {
        const [dark = 0, bright = 0] = [luminance(colour), luminance(surface)].toSorted((a, b) => a - b);
        expect((bright + 0.05) / (dark + 0.05), colour).toBeGreaterThan(3);
      }
      for (const sight of sights) {
        const seen = palette.map((colour) => lab(colour, sight));
        for (const [index, one] of seen.entries()) {
          for (const other of seen.slice(index + 1)) {
            expect(Math.hypot(...one.map((part, place) => part - (other[place] ?? 0)))).toBeGreaterThan(0.1);
          }
        }
      }
    },
  );

  test('ANA-17 paper has the colours of the light screen', () => {
    const block = blockOf('light');
    const colour = (name: string): string => new RegExp(`--op-${name}: (#\\w{6})`).exec(block)?.[1] ?? '';
    expect(paperLook).toMatchObject({
      palette: Array.from({ length: 8 }, (_none, at) => colour(`chart-${String(at + 1)}`)),
      text: colour('text'),
      muted: colour('text-muted'),
      line: colour('border'),
      surface: colour('surface'),
      good: colour('chart-3'),
      bad: colour('chart-4'),
    });
  });
});
