// The file of a forecast: the tree with all of its numbers, for the period, the method and the scenario it was asked with.
import type { ExportContext } from '#renderer/blocks/export/export-context.ts';
import type { ExportMaker } from '#renderer/blocks/export/export-makers.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import { forecastTable } from '#renderer/features/forecast/export-forecast.ts';
import { rowNameOf } from '#renderer/features/forecast/use-row-name.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import type { ForecastQuery } from '#shared/analytics/forecast/forecast-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

const madeOf: readonly ExportedField[] = [
  { entity: 'deal', field: 'amount' },
  { entity: 'deal', field: 'currency' },
  { entity: 'deal', field: 'closeDate' },
  { entity: 'deal', field: 'probability' },
  { entity: 'deal', field: 'forecastCategory' },
  { entity: 'forecastAdjustment', field: 'value' },
  { entity: 'forecastSubmission', field: 'commit' },
  { entity: 'quota', field: 'amount' },
];

/** Who exported when, and which forecast it is. */
export function headOfForecast({ t, format, by }: ExportContext, query: ForecastQuery): readonly string[] {
  const { period, hierarchy, columnMode, method, scenario } = query;
  return [
    by,
    t('forecast.period', { from: format.day(period.start), to: format.day(period.end) }),
    [
      `${t('forecast.through')}: ${t(`forecast.hierarchies.${hierarchy}`)}`,
      `${t('forecast.columnMode')}: ${t(`forecast.columnModes.${columnMode}`)}`,
      `${t('forecast.method')}: ${t(`forecast.methods.${method}`)}`,
      `${t('forecast.scenario')}: ${t(`forecast.scenarios.${scenario}`)}`,
    ].join(' · '),
  ];
}

export const makeForecast: ExportMaker<'forecast'> = async (context, { query, numbers }, { title }) => {
  const { t, fieldModes, client, signal } = context;
  const answer = await askOnce(client, 'forecast', query, signal);
  if (answer.kind === 'unseen') throw new OutpostError('not_visible', 'What a forecast rests on is not shown.');
  const { currency, rows } = answer;
  const most = rows.reduce((sum, { unpriced }) => Math.max(sum, unpriced), 0);
  const unpriced = most === 0 ? [] : [t('forecast.unpriced', { count: most, currency })];
  const shown = { numbers, query, currency, rows, nameOf: rowNameOf(t) };
  return {
    table: forecastTable(t, shown, title, [...headOfForecast(context, query), ...unpriced]),
    fields: madeOf.filter(({ entity, field }) => fieldModes.isKnown(entities[entity], field)),
    leftOut: madeOf,
  };
};
