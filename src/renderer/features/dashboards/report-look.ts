// A saved report on a dashboard: drawn or as a table, and what there is to know about how it was narrowed.
import type { TFunction } from 'i18next';
import type { Names } from '#shared/words/names.ts';
import { isChartSpec, type ChartSpec } from '#shared/analytics/chart-spec.ts';
import { entityOfSource } from '#shared/analytics/pivot-source.ts';
import type { NarrowedPivot } from '#shared/analytics/narrow-pivot.ts';
import type { ReportTile } from '#shared/entities/dashboard/tiles.ts';
import { entities } from '#shared/entities/registry.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

/** As the tile says; `saved`: as the report was kept. */
export function lookOfTile({ chart: wanted }: ReportTile, look: unknown): ChartSpec | 'table' {
  if (wanted === 'table') return 'table';
  if (wanted !== 'saved') return { type: wanted };
  const { show, chart } = isPlainObject(look) ? look : {};
  return (show === 'chart' || show === 'both') && isChartSpec(chart) ? chart : 'table';
}

/** By which day the period narrows it, and by which filters it is not narrowed. */
export function narrowedRemarks(
  t: TFunction,
  names: Names,
  { spec, dayField, left }: NarrowedPivot,
): readonly string[] {
  return [
    ...(dayField === null
      ? []
      : [t('dashboards.narrowedBy', { field: names.field(entities[entityOfSource(spec.source)], dayField) })]),
    ...(left.length === 0
      ? []
      : [t('dashboards.notNarrowed', { filters: left.map((name) => t(`dashboards.filters.${name}`)).join(', ') })]),
  ];
}
