// The dashboards somebody can look at: those that are part of the program, and those people saved.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { isMetricPeriod } from '#shared/analytics/metrics/period.ts';
import { builtInDashboards, type BuiltInId } from '#shared/entities/dashboard/built-in-dashboards.ts';
import { tilesOf, type Tile } from '#shared/entities/dashboard/tiles.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';

export interface DashboardView {
  readonly id: string;
  readonly name: string;
  readonly tiles: readonly Tile[];
  readonly filters: MetricFilter;
  /** Part of the program. */
  readonly builtIn: BuiltInId | null;
  /** The record of a saved one. */
  readonly record: LocalRecord | null;
}

/** Filters of a stored value; what is no filter is left out. */
export function filtersOf(value: unknown): MetricFilter {
  const stored = isPlainObject(value) ? value : {};
  const { period } = stored;
  const ids = (['owner', 'team', 'territory', 'pipeline'] as const).flatMap((name) => {
    const id = stored[name];
    return typeof id === 'string' && id !== '' ? [[name, id] as const] : [];
  });
  return { period: isMetricPeriod(period) ? period : 'thisQuarter', ...Object.fromEntries(ids) };
}

/** Built-in ones first, then the saved ones by name. */
export function useDashboards(userId: string): { readonly views: readonly DashboardView[]; readonly isKnown: boolean } {
  const { t } = useTranslation();
  const { data } = useLive('list', {
    entity: 'dashboard',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 200,
  });
  const views = useMemo(() => {
    const builtIn = builtInDashboards.map(({ id, tiles, period, isOwn }): DashboardView => ({
      id,
      name: t(`dashboards.builtIn.${id}`),
      tiles,
      filters: { period, ...(isOwn ? { owner: userId } : {}) },
      builtIn: id,
      record: null,
    }));
    const saved = (data?.rows ?? []).map((row): DashboardView => ({
      id: row.id,
      name: textOf(row['name']),
      tiles: tilesOf(row['tiles']),
      filters: filtersOf(row['filters']),
      builtIn: null,
      record: row,
    }));
    return [...builtIn, ...saved];
  }, [data, t, userId]);
  return { views, isKnown: data !== undefined };
}
