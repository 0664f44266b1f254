import type { MetricFilter, MetricsQuery } from '#shared/analytics/metrics/metric-question.ts';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';

/** Figures of all tiles in one question. */
export function metricsQueryOf(tiles: readonly Tile[], filters: MetricFilter): MetricsQuery {
  const metrics = [...new Set(tiles.flatMap((tile) => ('metric' in tile ? [tile.metric] : [])))].sort();
  return { ...filters, metrics };
}
