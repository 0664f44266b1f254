// How a pivot is shown, beside what it asks: kept with the report.
import { isChartSpec, type ChartSpec } from '#shared/analytics/chart-spec.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

export const cellPaints = ['none', 'heat', 'bars', 'limits'] as const;
export type CellPaint = (typeof cellPaints)[number];

/** Numbers from `good` on are good, numbers below `bad` are bad; null: none are. */
export interface PaintLimits {
  readonly good: number | null;
  readonly bad: number | null;
}

export const pivotShows = ['table', 'chart', 'both'] as const;
export type PivotShow = (typeof pivotShows)[number];

export interface PivotLook {
  /** Values whose cells are coloured by their size, by the id of the value. */
  readonly paints: Readonly<Record<string, CellPaint>>;
  /** For values that are coloured by limits, in the numbers of their cells. */
  readonly limits: Readonly<Record<string, PaintLimits>>;
  /** Table, chart, or one above the other. */
  readonly show: PivotShow;
  readonly chart: ChartSpec;
  /** Rows that are folded in, as JSON of their path. */
  readonly folded: readonly string[];
}

export const plainLook: PivotLook = {
  paints: {},
  limits: {},
  show: 'table',
  chart: { type: 'bar' },
  folded: [],
};

/** Whatever is kept; what cannot be read is plain. */
export function readLook(stored: unknown): PivotLook {
  if (!isPlainObject(stored)) return plainLook;
  const { paints, limits, show, chart, folded } = stored;
  return {
    paints: isPlainObject(paints)
      ? Object.fromEntries(
          Object.entries(paints).flatMap(([id, paint]) => {
            const known = cellPaints.find((name) => name === paint);
            return known === undefined ? [] : [[id, known]];
          }),
        )
      : {},
    limits: isPlainObject(limits)
      ? Object.fromEntries(Object.entries(limits).map(([id, kept]) => [id, readLimits(kept)]))
      : {},
    show: pivotShows.find((known) => known === show) ?? plainLook.show,
    chart: isChartSpec(chart) ? chart : plainLook.chart,
    folded: Array.isArray(folded) ? folded.filter((path) => typeof path === 'string') : [],
  };
}

function readLimits(stored: unknown): PaintLimits {
  if (!isPlainObject(stored)) return { good: null, bad: null };
  const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return { good: numberOf(stored['good']), bad: numberOf(stored['bad']) };
}
