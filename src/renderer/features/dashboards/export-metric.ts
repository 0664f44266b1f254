// A figure in a file: one number with what it was before, or its parts as a table, with the chart where one is shown.
import { permissionNameOf } from '#renderer/blocks/use-permission-name.ts';
import { toPng } from '#renderer/blocks/charts/to-png.ts';
import { drawForPaper, chartWords } from '#shared/charts/paper-chart.ts';
import {
  chartSize,
  emptyPart,
  fieldsOfMetric,
  heldPart,
  typeOfUnit,
  type PartContext,
  type TilePart,
} from '#renderer/features/dashboards/export-parts.ts';
import { chartDataOfMetric, metricFormat, type ReadyMetric } from '#renderer/features/dashboards/metric-words.ts';
import { trendOf } from '#renderer/features/dashboards/trend-of.ts';
import { columnsOfMetric, metricCatalogue } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { ChartTile, NumberTile, TableTile } from '#shared/entities/dashboard/tiles.ts';
import type { ExportColumn, ExportRow } from '#shared/export/export-table.ts';

type MetricTile = NumberTile | ChartTile | TableTile;

function numberPart(context: PartContext, tile: NumberTile, title: string, answer: ReadyMetric): TilePart['part'] {
  const { t, words, format, result } = context;
  const { unit } = metricCatalogue[tile.metric];
  const trend = trendOf({ t, format, words, metric: tile.metric, answer, result });
  const type = typeOfUnit[unit];
  const money = type === 'money' ? { currency: result.currency } : {};
  const label = (name: string): string => t(`dashboards.export.columns.${name}`);
  const columns: readonly ExportColumn[] = [
    { key: 'figure', label: label('figure'), type: 'text' },
    { key: 'value', label: label('value'), type, ...money },
    { key: 'before', label: label('before'), type, ...money },
    { key: 'change', label: label('change'), type: unit === 'percent' ? 'number' : 'percent' },
  ];
  // Under the figure's own name as well, so that a title somebody gave does not hide what it is.
  const name = words.name(tile.metric);
  const cells = [title === name ? title : `${title} (${name})`, answer.value, answer.previous, trend.change];
  const text = answer.value === null ? '–' : words.number(answer.value, unit, result.currency, 'full');
  const figure = { text, change: trend.text.trim(), ...(trend.tone === undefined ? {} : { tone: trend.tone }) };
  return heldPart(tile, title, columns, [{ cells }], { figure });
}

/** Columns of a figure that the tile shows. */
function shownColumns(tile: ChartTile | TableTile) {
  const all = columnsOfMetric(tile.metric);
  if (tile.kind === 'table') return all;
  const wanted = all.filter(({ id }) => tile.columns?.includes(id) === true);
  return wanted.length === 0 ? all.slice(0, 1) : wanted;
}

async function tablePart(
  context: PartContext,
  tile: ChartTile | TableTile,
  title: string,
  answer: ReadyMetric,
): Promise<TilePart['part']> {
  const { t, words, result, form } = context;
  const shown = shownColumns(tile);
  const ids = shown.map(({ id }) => id);
  const data = chartDataOfMetric(words, tile.metric, answer, result.labels, ids, () => false);
  const columns: readonly ExportColumn[] = [
    { key: 'part', label: data.axis === '' ? title : data.axis, type: 'text' },
    ...shown.map(({ id, unit }): ExportColumn => {
      const type = typeOfUnit[unit];
      const label = words.column(tile.metric, id);
      return { key: id, label, type, ...(type === 'money' ? { currency: result.currency } : {}) };
    }),
  ];
  const rows = data.categories.map(({ label }, index): ExportRow => {
    const numbers = data.series.map(({ numbers: all }) => all[index] ?? Number.NaN);
    return { cells: [label, ...numbers.map((number) => (Number.isNaN(number) ? null : number))] };
  });
  if (tile.kind === 'table') return heldPart(tile, title, columns, rows);
  const { chart, variant } = tile;
  const spec = { type: chart, ...(variant === undefined ? {} : { variant }) };
  const size = chartSize(tile);
  const format = metricFormat(words, tile.metric, result.currency);
  const charts = await drawForPaper({ title, spec, data, format, words: chartWords(t), size }, form, toPng);
  return heldPart(tile, title, columns, rows, { charts, isDrawn: charts.length > 0 });
}

export async function metricPart(context: PartContext, tile: MetricTile, title: string): Promise<TilePart> {
  const { t, result } = context;
  const answer = result.metrics[tile.metric];
  const fields = fieldsOfMetric(tile.metric);
  if (answer === undefined || answer.state === 'unavailable') {
    const reason =
      answer?.reason === 'right'
        ? t('dashboards.unavailable.right', { permission: permissionNameOf(t, answer.right) })
        : t('dashboards.unavailable.field');
    const part = emptyPart(tile, title, reason);
    return { part, fields: [], leftOut: fields };
  }
  const part =
    tile.kind === 'number' ? numberPart(context, tile, title, answer) : await tablePart(context, tile, title, answer);
  return { part, fields, leftOut: [] };
}
