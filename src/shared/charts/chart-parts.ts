// Pieces that charts of several types are made of: axes, room, tooltips.
import type { ChartData } from '#shared/analytics/chart-data.ts';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';
import type { ChartLook, FormatChartNumber } from '#shared/charts/chart-look.ts';

export interface ChartDrawing {
  readonly spec: ChartSpec;
  readonly data: ChartData;
  readonly look: ChartLook;
  readonly format: FormatChartNumber;
  /** Words of series that only some charts have. */
  readonly words: { readonly total: string; readonly up: string; readonly down: string };
  /** Room to draw in; many categories get their labels turned. */
  readonly width: number;
  readonly height: number;
}

const LEGEND_HEIGHT = 28;
/** Width of one category below which its label is turned. */
const LABEL_WIDTH = 58;
const TURNED_WIDTH = 92;
/** About what a letter of a label takes. */
const LETTER_WIDTH = 6.6;
/** From one name to the next where not all can stand. */
const SPARSE_WIDTH = 64;
/** Names of categories that have less stand at some of them only. */
const LEAST_ROOM = 16;
/** About what the numbers of the other axis take. */
const AXIS_WIDTH = 60;
const EMPTY = '-';

/** Echarts draws nothing for a dash. */
export function toDrawn(number: number | undefined): number | typeof EMPTY {
  return number === undefined || Number.isNaN(number) ? EMPTY : number;
}

export function tooltipOf(look: ChartLook) {
  return {
    confine: true,
    backgroundColor: look.surface,
    borderColor: look.line,
    textStyle: { color: look.text, fontSize: 12, fontFamily: look.fontFamily },
    transitionDuration: look.isStill ? 0 : 0.2,
  };
}

export function gridOf(drawing: ChartDrawing) {
  const hasLegend = drawing.data.series.length > 1;
  return { left: 8, right: 12, top: 12, bottom: hasLegend ? LEGEND_HEIGHT + 4 : 4, containLabel: true };
}

export function categoryAxis({ look, data, width }: ChartDrawing) {
  const room = (width - AXIS_WIDTH) / Math.max(1, data.categories.length);
  const isDense = room <= LEAST_ROOM;
  const longest = LETTER_WIDTH * Math.max(0, ...data.categories.map(({ label }) => label.length));
  // Turned where that shows more: names that are cut either way are read more easily level.
  const isTight = !isDense && (room < LABEL_WIDTH || (longest > room - 4 && longest <= TURNED_WIDTH));
  return {
    type: 'category' as const,
    data: data.categories.map(({ label }) => label),
    axisLine: { lineStyle: { color: look.line } },
    axisTick: { show: false },
    axisLabel: {
      color: look.muted,
      // All names where they fit, turned where they are many or long, some of them where there is a point for every day.
      interval: isDense ? Math.ceil(SPARSE_WIDTH / Math.max(1, room)) - 1 : 0,
      width: isDense ? SPARSE_WIDTH : isTight ? TURNED_WIDTH : room - 4,
      overflow: 'truncate' as const,
      ...(isTight ? { rotate: 35 } : {}),
    },
  };
}

export function valueAxis({ look, format, spec, data }: ChartDrawing, value: string, isShare = false) {
  // Between nothing and nothing there are no steps to name: they would all be parts of a cent.
  const isNothing = data.series.every(({ numbers }) => numbers.every((number) => finite(number) === 0));
  return {
    type: 'value' as const,
    splitLine: { lineStyle: { color: look.line } },
    axisLabel: {
      color: look.muted,
      formatter: (number: number): string =>
        isNothing && number !== 0 ? '' : isShare ? `${String(Math.round(number))} %` : format(number, value, 'short'),
    },
    ...(isShare ? { max: 100 } : {}),
    ...(spec.type === 'scatter' ? { scale: true } : {}),
  };
}

export function finite(number: number | undefined): number {
  return number === undefined || !Number.isFinite(number) ? 0 : number;
}
