// The export of a dashboard: every tile in reading order with the filters all of them have. Each is asked once, one after
// the other, so that it can be followed and taken back.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import type { ExportOffer, PreparedExport } from '#renderer/blocks/export/export-offer.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import { usePivotNames } from '#renderer/blocks/use-pivot-names.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import type { DataClient } from '#renderer/data/data-contract.ts';
import { useDataClient } from '#renderer/data/use-data.ts';
import { metricsQueryOf } from '#renderer/features/dashboards/dashboard-grid.tsx';
import {
  emptyPart,
  exportRefusal,
  fieldsOfMetric,
  type PartContext,
  type TilePart,
} from '#renderer/features/dashboards/export-parts.ts';
import { goalsPart } from '#renderer/features/dashboards/goals-export.ts';
import { metricPart } from '#renderer/features/dashboards/export-metric.ts';
import { forecastPart, listPart, reportPart } from '#renderer/features/dashboards/export-records.ts';
import { useMetricWords } from '#renderer/features/dashboards/metric-words.ts';
import { placesOf, treeQuery } from '#renderer/features/dashboards/places-below.ts';
import type { DashboardView } from '#renderer/features/dashboards/use-dashboards.ts';
import { usePermissionName } from '#renderer/blocks/use-permission-name.ts';
import { useTileTitle } from '#renderer/features/dashboards/use-tile-title.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';
import { metricCatalogue } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';
import { entities } from '#shared/entities/registry.ts';
import type { ExportFormat } from '#shared/export/export-table.ts';

const instantNow = (): string => new Date().toISOString();

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

/** Null as long as nobody is signed in, and for a dashboard without tiles. */
export function useDashboardOffer(view: DashboardView, filters: MetricFilter): ExportOffer | null {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const pivotNames = usePivotNames();
  const words = useMetricWords();
  const fieldModes = useFieldModes();
  const permissionName = usePermissionName();
  const client = useDataClient();
  const ownName = useOwnName();
  const titleOf = useTileTitle(words);
  const actor = useAppSelector(({ device }) => (device.session?.status === 'signedIn' ? device.session.actor : null));
  return useMemo(() => {
    if (actor === null || view.tiles.length === 0) return null;
    const who = actor;

    /** What all tiles are about, in words. */
    async function filterLines(range: PartContext['result']['range']): Promise<readonly string[]> {
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

    async function prepare(form: ExportFormat, control: Parameters<ExportOffer['choices'][number]['prepare']>[2]) {
      const { signal, onProgress } = control;
      const tiles = view.tiles.toSorted((a, b) => a.y - b.y || a.x - b.x);
      onProgress(0, tiles.length);
      const result = await askOnce(client, 'metrics', metricsQueryOf(view.tiles, filters), signal);
      const places = await askPlaces(client, filters, signal);
      const context: PartContext = {
        t,
        format,
        names,
        pivotNames,
        words,
        permissionName,
        fieldModes,
        client,
        signal,
        actor: who,
        filters,
        places,
        result,
        today: toLocalDay(new Date()),
        form,
      };
      const parts: TilePart[] = [];
      for (const tile of tiles) {
        parts.push(await partOf(context, tile, titleOf(tile)));
        onProgress(parts.length, tiles.length);
      }
      const subtitle = [
        t('export.by', { name: ownName, when: format.instant(instantNow()) }),
        ...(await filterLines(result.range)),
        ...(result.withoutRate > 0
          ? [t('dashboards.withoutRate', { count: result.withoutRate, currency: result.currency })]
          : []),
      ];
      const prepared: PreparedExport = {
        table: { title: view.name, subtitle, parts: parts.map(({ part }) => part) },
        fields: parts.flatMap(({ fields }) => fields),
        leftOut: parts.flatMap(({ leftOut }) => leftOut),
        filteredBy: Object.keys(filters),
      };
      return prepared;
    }
    return {
      subject: { kind: 'analytics', what: 'dashboard', source: null },
      title: view.name === '' ? t('dashboards.title') : view.name,
      choices: [
        {
          value: 'all',
          label: t('dashboards.export.all'),
          prepare: (form, _style, control) => prepare(form, control),
        },
      ],
    };
  }, [t, format, names, pivotNames, words, permissionName, fieldModes, client, ownName, titleOf, actor, view, filters]);
}
