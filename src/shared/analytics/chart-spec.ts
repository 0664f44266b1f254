// A chart as somebody asks for it: plain data, stored with a dashboard or a report. It names what it draws by places of
// its pivot (an axis and a level of it) and ids of values, so that the pivot can change its fields and the chart stays.

import { isPlainObject } from '#shared/kernel/json.ts';

export const chartTypes = ['bar', 'line', 'area', 'pie', 'scatter', 'heatmap', 'gauge', 'funnel', 'waterfall'] as const;
export type ChartType = (typeof chartTypes)[number];

export const barVariants = ['grouped', 'stacked', 'percent'] as const;
export type BarVariant = (typeof barVariants)[number];

/** A level of an axis of the pivot; the first level is 1. */
export interface ChartLevel {
  readonly axis: 'rows' | 'columns';
  readonly level: number;
}

export interface ChartSpec {
  readonly type: ChartType;
  /** Of bars and areas; default: grouped. */
  readonly variant?: BarVariant;
  readonly title?: string;
  /** What lies along the axis: the slices of a pie, the points of a scatter. Default: the first level of the rows. */
  readonly x?: ChartLevel;
  /** Ids of the values that are drawn, default all. Of a scatter: across, then up. */
  readonly y?: readonly string[];
  /** One series for each member; default: the columns of the pivot, or each value. Null: one series for each value. */
  readonly colorBy?: ChartLevel | null;
  /** Id of the value that is the size of a point of a scatter. */
  readonly sizeBy?: string;
  /** Of a gauge: the value at its end. Default: 100 for percent, else a round number above the value. */
  readonly most?: number;
}

/** Types that show how parts make a whole, or one figure: they draw the first series only. */
export const singleSeriesTypes: ReadonlySet<ChartType> = new Set(['pie', 'gauge', 'funnel', 'waterfall']);

/** True for a chart in form, whatever it names. */
export function isChartSpec(value: unknown): value is ChartSpec {
  if (!isPlainObject(value)) return false;
  const { type, variant, x, y, colorBy, sizeBy, most } = value;
  return (
    chartTypes.some((known) => known === type) &&
    (variant === undefined || barVariants.some((known) => known === variant)) &&
    (x === undefined || isLevel(x)) &&
    (y === undefined || (Array.isArray(y) && y.every((id) => typeof id === 'string'))) &&
    (colorBy === undefined || colorBy === null || isLevel(colorBy)) &&
    (sizeBy === undefined || typeof sizeBy === 'string') &&
    (most === undefined || typeof most === 'number')
  );
}

function isLevel(value: unknown): value is ChartLevel {
  if (!isPlainObject(value)) return false;
  const { axis, level } = value;
  return (axis === 'rows' || axis === 'columns') && typeof level === 'number';
}
