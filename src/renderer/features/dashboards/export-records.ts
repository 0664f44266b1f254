// Tiles in a file that show records, a report or the forecast.
import { toPng } from '#renderer/blocks/charts/to-png.ts';
import { drawForPaper, chartWords } from '#shared/charts/paper-chart.ts';
import { drawPivotForPaper } from '#shared/charts/pivot-drawing.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import {
  chartSize,
  emptyPart,
  exportRefusal,
  heldPart,
  type PartContext,
  type TilePart,
} from '#renderer/features/dashboards/export-parts.ts';
import {
  forecastChartOf,
  forecastFacts,
  forecastNumber,
  forecastQueryOf,
  forecastRowOf,
} from '#renderer/features/dashboards/forecast-figures.ts';
import { narrowingOf, startOfDayHere } from '#renderer/features/dashboards/places-below.ts';
import { lookOfTile, narrowedRemarks } from '#renderer/features/dashboards/report-look.ts';
import { queryOf, shapeOf } from '#renderer/features/dashboards/tile-lists.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import { inputsOfSpec, isPivotSpec, missingFields } from '#shared/analytics/check-pivot.ts';
import { exportTableOf } from '#shared/analytics/export-pivot.ts';
import { forecastColumns } from '#shared/analytics/forecast-sums.ts';
import { narrowPivot } from '#shared/analytics/narrow-pivot.ts';
import { entityOfSource } from '#shared/analytics/pivot-source.ts';
import type { FeedTile, ForecastTile, ListTile, ReportTile } from '#shared/entities/dashboard/tiles.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { ExportColumn, ExportRow } from '#shared/export/export-table.ts';
import { neededFields, recordColumn, recordRow } from '#shared/export/record-columns.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

/** What a list on a dashboard tells of its records. */
const listFields: Readonly<Partial<Record<EntityName, readonly string[]>>> = {
  deal: ['name', 'accountId', 'ownerId', 'stageId', 'amount', 'closeDate'],
  lead: ['name', 'company', 'ownerId', 'status', 'leadSource', 'createdAt'],
  task: ['title', 'accountId', 'dealId', 'ownerId', 'priority', 'dueDate'],
  activity: ['subject', 'activityType', 'accountId', 'dealId', 'ownerId', 'occurredAt'],
};

function fieldsOfList(entity: EntityName): readonly string[] {
  const { fields, titleField } = entities[entity];
  const known = (listFields[entity] ?? []).filter((field) => Object.hasOwn(fields, field) || field === 'createdAt');
  return known.includes(titleField) ? known : [titleField, ...known];
}

export async function listPart(context: PartContext, tile: ListTile | FeedTile, title: string): Promise<TilePart> {
  const { t, client, signal, filters, places, today, names, format, fieldModes } = context;
  const shape = shapeOf(tile.kind === 'feed' ? 'feed' : tile.list, today);
  const { entity } = shape;
  const definition = entities[entity];
  const wanted = fieldsOfList(entity);
  const all = wanted.map((field): ExportedField => ({ entity, field }));
  const refusal = exportRefusal(context, entity);
  if (refusal !== null) return { part: emptyPart(tile, title, refusal), fields: [], leftOut: all };
  const query = queryOf(shape, filters, places);
  const isAsked = [...query.sort.map(({ field }) => field), shape.fact].every((field) =>
    fieldModes.isKnown(definition, field),
  );
  if (!isAsked) return { part: emptyPart(tile, title, t('dashboards.unavailable.field')), fields: [], leftOut: all };
  const { rows, total } = await askOnce(client, 'list', query, signal);
  const shown = wanted.filter((field) => fieldModes.isShown(definition, field));
  const columns = shown.map((field) =>
    recordColumn(definition, field, names.field(definition, field), (value) => names.option(definition, field, value)),
  );
  const answer = await client.request('exportRows', {
    entity,
    ids: rows.map(({ id }) => id),
    fields: neededFields(columns),
  });
  const cells = answer.rows.map((values) => recordRow(columns, values, answer.labels, t('common.notAvailable')));
  const subtitle =
    total <= rows.length
      ? []
      : [t('dashboards.export.first', { shown: format.number(rows.length), total: format.number(total) })];
  return {
    part: heldPart(
      tile,
      title,
      columns.map(({ column }) => column),
      cells,
      { subtitle },
    ),
    fields: shown.map((field) => ({ entity, field })),
    leftOut: all,
  };
}

export async function reportPart(context: PartContext, tile: ReportTile, title: string): Promise<TilePart> {
  const { t, client, signal, actor, filters, places, result, names, pivotNames, form } = context;
  const { record } = await askOnce(client, 'record', { entity: 'report', id: tile.report }, signal);
  const spec = record?.['spec'];
  if (!isPivotSpec(spec)) return { part: emptyPart(tile, title, t('dashboards.reportGone')), fields: [], leftOut: [] };
  if (missingFields(spec, actor.fields).length > 0)
    return {
      part: emptyPart(tile, title, t('dashboards.unavailable.field')),
      fields: [],
      leftOut: inputsOfSpec(spec),
    };
  const refusal = exportRefusal(context, entityOfSource(spec.source));
  if (refusal !== null) return { part: emptyPart(tile, title, refusal), fields: [], leftOut: inputsOfSpec(spec) };
  const narrowed = narrowPivot(spec, narrowingOf(filters, places, result.range), actor.fields, startOfDayHere);
  const answer = await askOnce(client, 'pivot', { spec: narrowed.spec }, signal);
  const look = record?.['look'];
  const folded = isPlainObject(look) && Array.isArray(look['folded']) ? look['folded'].map(String) : [];
  const shown = { spec: narrowed.spec, answer, names: pivotNames, total: t('analytics.pivot.total'), folded };
  const table = exportTableOf(shown, title, narrowedRemarks(t, names, narrowed));
  const chart = lookOfTile(tile, look);
  const charts = chart === 'table' ? [] : await drawPivotForPaper(t, shown, chart, title, form, toPng, chartSize(tile));
  const rows = [...table.rows];
  return {
    part: { ...table, rows, charts, isDrawn: charts.length > 0, span: tile.w },
    fields: inputsOfSpec(narrowed.spec),
    leftOut: [],
  };
}

const forecastFields = ['amount', 'currency', 'closeDate', 'forecastCategory', 'probability'].map(
  (field): ExportedField => ({ entity: 'deal', field }),
);

export async function forecastPart(context: PartContext, tile: ForecastTile, title: string): Promise<TilePart> {
  const { t, client, signal, filters, result, names, format, form } = context;
  const data = await askOnce(client, 'forecast', forecastQueryOf(filters, result.range), signal);
  if (data.kind === 'unseen')
    return {
      part: emptyPart(tile, title, t('dashboards.unavailable.field')),
      fields: [],
      leftOut: data.fields.map((field) => ({ entity: 'deal', field })),
    };
  const row = forecastRowOf(data, filters);
  if (row === undefined) return { part: emptyPart(tile, title, t('charts.empty')), fields: [], leftOut: [] };
  const { currency } = data;
  const chartData = forecastChartOf(t, names, row, title);
  const columns: readonly ExportColumn[] = [
    { key: 'category', label: chartData.axis, type: 'text' },
    { key: 'amount', label: t('dashboards.export.columns.value'), type: 'money', currency },
  ];
  const rows = forecastColumns.map((column): ExportRow => ({
    cells: [names.option(entities.deal, 'forecastCategory', column), row.columns[column].managerAdjusted],
  }));
  const charts = await drawForPaper(
    {
      title,
      spec: { type: 'waterfall' },
      data: chartData,
      format: forecastNumber(format, currency),
      words: chartWords(t),
      size: chartSize(tile),
    },
    form,
    toPng,
  );
  const facts = forecastFacts(t, format, row, currency).join(' · ');
  const subtitle = facts === '' ? [] : [facts];
  return {
    part: heldPart(tile, title, columns, rows, { charts, isDrawn: charts.length > 0, subtitle }),
    fields: forecastFields,
    leftOut: [],
  };
}
