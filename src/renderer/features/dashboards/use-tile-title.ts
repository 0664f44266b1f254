import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetricWords } from '#renderer/features/dashboards/metric-words.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Reports somebody can put on a dashboard. */
export const reportsQuery = {
  entity: 'report',
  sort: [{ field: 'name', direction: 'asc' }],
  offset: 0,
  limit: 500,
} as const;

/** What a tile is called: as its author called it, else by what it shows. */
export function useTileTitle(words: MetricWords): (tile: Tile) => string {
  const { t } = useTranslation();
  const { data } = useLive('list', reportsQuery);
  const reportNames = useMemo(() => new Map((data?.rows ?? []).map((row) => [row.id, textOf(row['name'])])), [data]);
  return useCallback(
    (tile) => {
      if (tile.title !== undefined && tile.title !== '') return tile.title;
      switch (tile.kind) {
        case 'number':
        case 'chart':
        case 'table':
          return words.name(tile.metric);
        case 'list':
          return t(`dashboards.lists.${tile.list}`);
        case 'feed':
          return t('dashboards.lists.feed');
        case 'goals':
          return t('goals.title');
        case 'forecast':
          return t('dashboards.forecast.title');
        case 'report':
          return reportNames.get(tile.report) ?? t('dashboards.report');
      }
    },
    [t, words, reportNames],
  );
}
