// What lies on a dashboard: plain data, so that it travels, is copied and is taken back as one value. A tile names a figure,
// a list or a saved report; the numbers are always worked out anew, with the rights of whoever looks.
import { chartTypes, barVariants, type BarVariant, type ChartType } from '#shared/analytics/chart-spec.ts';
import { GRID_COLUMNS, type Placed } from '#shared/analytics/dashboard-layout.ts';
import { isMetricId, type MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

/** Lists a tile can show, beside saved views. */
export const tileLists = [
  'closingSoon',
  'overdueDeals',
  'largestDeals',
  'recentlyWon',
  'newLeads',
  'dueTasks',
] as const;
export type TileList = (typeof tileLists)[number];

interface TileBase extends Placed {
  /** Given by its author; otherwise the screen makes one. */
  readonly title?: string;
}

export interface NumberTile extends TileBase {
  readonly kind: 'number';
  readonly metric: MetricId;
}

export interface ChartTile extends TileBase {
  readonly kind: 'chart';
  readonly metric: MetricId;
  readonly chart: ChartType;
  readonly variant?: BarVariant;
  /** Columns of the figure that are drawn; default: the first. */
  readonly columns?: readonly string[];
}

/** All columns of a figure as a table; of people and teams a leaderboard. */
export interface TableTile extends TileBase {
  readonly kind: 'table';
  readonly metric: MetricId;
}

export interface ListTile extends TileBase {
  readonly kind: 'list';
  readonly list: TileList;
}

/** What was done last. */
export interface FeedTile extends TileBase {
  readonly kind: 'feed';
}

/** A saved report: its pivot as a table or drawn, with the chart saved beside it or another one. */
export interface ReportTile extends TileBase {
  readonly kind: 'report';
  readonly report: string;
  readonly chart: ChartType | 'table' | 'saved';
}

/** Closed, commit and what may come, beside the quota of the period. */
export interface ForecastTile extends TileBase {
  readonly kind: 'forecast';
}

/** Goals that run now. */
export interface GoalsTile extends TileBase {
  readonly kind: 'goals';
}

export type Tile = NumberTile | ChartTile | TableTile | ListTile | FeedTile | ReportTile | ForecastTile | GoalsTile;
export type TileKind = Tile['kind'];

export const MOST_TILES = 40;

const isCount = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

function isPlaced(tile: Readonly<Record<string, unknown>>): boolean {
  const { id, title, x, y, w, h } = tile;
  return (
    typeof id === 'string' &&
    id !== '' &&
    (title === undefined || typeof title === 'string') &&
    isCount(x, 0, GRID_COLUMNS - 1) &&
    isCount(y, 0, 10_000) &&
    isCount(w, 1, GRID_COLUMNS - Number(x)) &&
    isCount(h, 1, 100)
  );
}

const oneOf = (known: readonly string[], value: unknown): boolean => known.some((name) => name === value);

/** True for a tile this version knows. */
export function isTile(value: unknown): value is Tile {
  if (!isPlainObject(value) || !isPlaced(value)) return false;
  const { kind, metric, chart, variant, columns, list, report } = value;
  switch (kind) {
    case 'number':
    case 'table':
      return isMetricId(metric);
    case 'chart': {
      const isDrawn = isMetricId(metric) && oneOf(chartTypes, chart);
      const isVaried = variant === undefined || oneOf(barVariants, variant);
      return isDrawn && isVaried && (columns === undefined || Array.isArray(columns));
    }
    case 'list':
      return oneOf(tileLists, list);
    case 'report':
      return typeof report === 'string' && oneOf([...chartTypes, 'table', 'saved'], chart);
    case 'feed':
    case 'forecast':
    case 'goals':
      return true;
    default:
      return false;
  }
}

/** The tiles of a stored value; those a newer version made are left out. */
export function tilesOf(value: unknown): readonly Tile[] {
  return Array.isArray(value) ? value.filter(isTile) : [];
}
