// A team or a territory with everything below it: what a dashboard that is about it is about.
import { useMemo } from 'react';
import type { ListQuery, LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { MetricFilter, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';
import type { Narrowing } from '#shared/analytics/narrow-pivot.ts';

type Tree = 'team' | 'territory';

export const treeQuery = (entity: Tree): ListQuery => ({ entity, sort: [], offset: 0, limit: 1000 });

/** Ids of one and of everything below it, as far as it adds up the figures of those: figures are narrowed in the same way. */
export function idsBelow(rows: readonly LocalRecord[], id: string): readonly string[] {
  const found = new Set([id]);
  for (const parent of found) {
    if (rows.find((row) => row.id === parent)?.['rollupMetrics'] === false) continue;
    for (const row of rows) if (row['parentId'] === parent) found.add(row.id);
  }
  return [...found];
}

export interface PlacesBelow {
  readonly team?: readonly string[];
  readonly territory?: readonly string[];
}

/** Of the team and the territory of a filter; without the rows of a tree, of what is named alone. */
export function placesOf(
  { team, territory }: MetricFilter,
  teams: readonly LocalRecord[] = [],
  territories: readonly LocalRecord[] = [],
): PlacesBelow {
  return {
    ...(team === undefined ? {} : { team: idsBelow(teams, team) }),
    ...(territory === undefined ? {} : { territory: idsBelow(territories, territory) }),
  };
}

export function usePlaces(filters: MetricFilter): PlacesBelow {
  const { data: teams } = useLive('list', filters.team === undefined ? null : treeQuery('team'));
  const { data: territories } = useLive('list', filters.territory === undefined ? null : treeQuery('territory'));
  return useMemo(() => placesOf(filters, teams?.rows, territories?.rows), [filters, teams, territories]);
}

/** What a dashboard says to its reports. */
export function narrowingOf(
  { owner, pipeline, period }: MetricFilter,
  places: PlacesBelow,
  range: MetricsResult['range'],
): Narrowing {
  return {
    ...(period === 'always' ? {} : { period: range }),
    ...(owner === undefined ? {} : { owner }),
    ...places,
    ...(pipeline === undefined ? {} : { pipeline }),
  };
}

/** The instant a day begins at, where the person is. */
export function startOfDayHere(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}
