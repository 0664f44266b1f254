import type { TFunction } from 'i18next';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetricWords } from '#renderer/features/dashboards/metric-words.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
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

type ReportNames = ReadonlyMap<string, string>;

export const reportNamesOf = (rows: readonly LocalRecord[]): ReportNames =>
  new Map(rows.map((row) => [row.id, textOf(row['name'])]));

/** What a tile is called: as its author called it, else by what it shows. */
export function tileTitleOf(t: TFunction, words: MetricWords, reportNames: ReportNames, tile: Tile): string {
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
}

export function useTileTitle(words: MetricWords): (tile: Tile) => string {
  const { t } = useTranslation();
  const { data } = useLive('list', reportsQuery);
  const reportNames = useMemo(() => reportNamesOf(data?.rows ?? []), [data]);
  return useCallback((tile) => tileTitleOf(t, words, reportNames, tile), [t, words, reportNames]);
}
