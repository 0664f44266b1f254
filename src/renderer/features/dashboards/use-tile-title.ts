import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetricWords } from '#renderer/features/dashboards/metric-words.ts';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';

/** What a tile is called: as its author called it, else by what it shows. */
export function useTileTitle(words: MetricWords): (tile: Tile) => string {
  const { t } = useTranslation();
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
      }
    },
    [t, words],
  );
}
