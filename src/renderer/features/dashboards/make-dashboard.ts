// The file of a dashboard: every tile in reading order with the filters all of them have. Each is asked once, one after the other,
// so that it can be followed and taken back.
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import type { ExportContext } from '#renderer/blocks/export/export-context.ts';
import type { ExportMaker } from '#renderer/blocks/export/export-makers.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import type { DataClient } from '#renderer/data/data-contract.ts';
import { metricPart } from '#renderer/features/dashboards/export-metric.ts';
import {
  emptyPart,
  exportRefusal,
  fieldsOfMetric,
  type PartContext,
  type TilePart,
} from '#renderer/features/dashboards/export-parts.ts';
import { forecastPart, listPart, reportPart } from '#renderer/features/dashboards/export-records.ts';
import { goalsPart } from '#renderer/features/dashboards/goals-export.ts';
import { createMetricWords } from '#renderer/features/dashboards/metric-words.ts';
import { metricsQueryOf } from '#renderer/features/dashboards/metrics-query.ts';
import { placesOf, treeQuery } from '#renderer/features/dashboards/places-below.ts';
import { reportNamesOf, reportsQuery, tileTitleOf } from '#renderer/features/dashboards/use-tile-title.ts';
import { metricCatalogue } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';
import { entities } from '#shared/entities/registry.ts';

async function partOf(context: PartContext, tile: Tile, title: string): Promise<TilePart> {
  switch (tile.kind) {
    case 'list':
    case 'feed':
      return listPart(context, tile, title);
    case 'report':
      return reportPart(context, tile, title);
    case 'forecast':
      return forecastPart(context, tile, title);
    case 'goals':
      return goalsPart(context, tile, title);
    case 'number':
    case 'chart':
    case 'table': {
      const refusal = exportRefusal(context, metricCatalogue[tile.metric].about);
      if (refusal === null) return metricPart(context, tile, title);
      return { part: emptyPart(tile, title, refusal), fields: [], leftOut: fieldsOfMetric(tile.metric) };
    }
  }
}

async function askPlaces(
  client: DataClient,
  filters: MetricFilter,
  signal: AbortSignal,
): Promise<PartContext['places']> {
  const rowsOf = async (entity: 'team' | 'territory') =>
    filters[entity] === undefined ? [] : (await askOnce(client, 'list', treeQuery(entity), signal)).rows;
  const [teams, territories] = [await rowsOf('team'), await rowsOf('territory')];
  return placesOf(filters, teams, territories);
}

const filteredEntities = { owner: 'user', team: 'team', territory: 'territory', pipeline: 'pipeline' } as const;

/** What all tiles are about, in words. */
async function filterLines(
  { t, format, client }: ExportContext,
  filters: MetricFilter,
  range: PartContext['result']['range'],
): Promise<readonly string[]> {
  const { period } = filters;
  const days = { from: format.day(range.from), to: format.day(range.to) };
  const name = typeof period === 'string' ? t(`dashboards.periods.${period}`) : t('dashboards.periods.custom');
  const places = (Object.keys(filteredEntities) as (keyof typeof filteredEntities)[]).flatMap((key) => {
    const id = filters[key];
    return id === undefined ? [] : [{ key, coll: entities[filteredEntities[key]].collection, id }];
  });
  const found =
    places.length === 0
      ? []
      : await client.request('describePlaces', { places: places.map(({ coll, id }) => ({ coll, id })) });
  const titles = new Map(found.map(({ id, title }) => [id, title]));
  return [
    period === 'always' ? name : t('dashboards.export.period', { name, ...days }),
    ...places.map(({ key, id }) => {
      const value = titles.get(id) ?? t('common.notAvailable');
      return t('dashboards.export.filter', { name: t(`dashboards.narrowings.${key}`), value });
    }),
  ];
}

export const makeDashboard: ExportMaker<'dashboard'> = async (context, asked, { title, form, onAsked }) => {
  const { t, format, names, client, signal, by } = context;
  const { filters } = asked;
  const tiles = asked.tiles.toSorted((a, b) => a.y - b.y || a.x - b.x);
  onAsked(0, tiles.length);
  const result = await askOnce(client, 'metrics', metricsQueryOf(asked.tiles, filters), signal);
  const places = await askPlaces(client, filters, signal);
  const reportNames = reportNamesOf((await askOnce(client, 'list', reportsQuery, signal)).rows);
  const words = createMetricWords(t, format, names);
  const today = toLocalDay(new Date());
  const ofParts: PartContext = { ...context, words, filters, places, result, today, form };
  const parts: TilePart[] = [];
  for (const tile of tiles) {
    parts.push(await partOf(ofParts, tile, tileTitleOf(t, words, reportNames, tile)));
    onAsked(parts.length, tiles.length);
  }
  const subtitle = [
    by,
    ...(await filterLines(context, filters, result.range)),
    ...(result.withoutRate > 0
      ? [t('dashboards.withoutRate', { count: result.withoutRate, currency: result.currency })]
      : []),
  ];
  return {
    table: { title, subtitle, parts: parts.map(({ part }) => part) },
    fields: parts.flatMap(({ fields }) => fields),
    leftOut: parts.flatMap(({ leftOut }) => leftOut),
    filteredBy: Object.keys(filters),
  };
};
