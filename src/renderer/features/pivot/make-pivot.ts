// The file of a pivot: the answer of now to its question, as the grid shows it, its chart with it, with the fields it is made of told
// to the audit.
import { toPng } from '#renderer/blocks/charts/to-png.ts';
import type { ExportMaker } from '#renderer/blocks/export/export-makers.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import { checkPivot, inputsOfSpec } from '#shared/analytics/check-pivot.ts';
import { exportTableOf } from '#shared/analytics/export-pivot.ts';
import { drawPivotForPaper } from '#shared/charts/pivot-drawing.ts';
import { fieldsOfFilter } from '#shared/query/check-fields.ts';

export const makePivot: ExportMaker<'pivot'> = async (context, { spec, folded, chart }, { title, form }) => {
  const { t, format, pivotNames: names, actor, client, signal, by } = context;
  checkPivot(spec, actor.fields);
  const answer = await askOnce(client, 'pivot', { spec }, signal);
  const shown = { spec, folded, answer, names, total: t('analytics.pivot.total') };
  const subtitle = [
    by,
    ...(spec.asOf === undefined ? [] : [t('past.asOf', { day: format.day(spec.asOf) })]),
    ...names.remarks(spec),
    ...names.filter(spec, answer),
  ];
  const charts = chart === null ? [] : await drawPivotForPaper(t, shown, chart, title, form, toPng);
  return {
    table: { ...exportTableOf(shown, title, subtitle), charts },
    fields: inputsOfSpec(spec),
    filteredBy: spec.filter === undefined ? [] : fieldsOfFilter(spec.filter),
  };
};
