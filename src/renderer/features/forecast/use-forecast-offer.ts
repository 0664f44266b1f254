// The export of a forecast: the tree with all of its numbers, and the deals a submitted forecast was frozen with.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import { useDataClient } from '#renderer/data/use-data.ts';
import { forecastTable } from '#renderer/features/forecast/export-forecast.ts';
import { submissionTable } from '#renderer/features/forecast/export-submission.ts';
import type { ForecastViewState } from '#renderer/features/forecast/use-forecast-view.ts';
import { useRowName } from '#renderer/features/forecast/use-row-name.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import type { ForecastResult, ShownSubmission } from '#shared/analytics/forecast/forecast-contract.ts';
import { entities } from '#shared/entities/registry.ts';

const subject = { kind: 'analytics', what: 'forecast', source: 'deal' } as const;

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

const instantNow = (): string => new Date().toISOString();

/** Who exported when, and which forecast it is. */
function useHead(state: ForecastViewState): () => readonly string[] {
  const { t } = useTranslation();
  const format = useFormat();
  const ownName = useOwnName();
  return () => {
    const { period, hierarchy, columnMode, method, scenario } = state.query;
    return [
      t('export.by', { name: ownName, when: format.instant(instantNow()) }),
      t('forecast.period', { from: format.day(period.start), to: format.day(period.end) }),
      [
        `${t('forecast.through')}: ${t(`forecast.hierarchies.${hierarchy}`)}`,
        `${t('forecast.columnMode')}: ${t(`forecast.columnModes.${columnMode}`)}`,
        `${t('forecast.method')}: ${t(`forecast.methods.${method}`)}`,
        `${t('forecast.scenario')}: ${t(`forecast.scenarios.${scenario}`)}`,
      ].join(' · '),
    ];
  };
}

/** Null while there is no forecast to show. */
export function useForecastOffer(state: ForecastViewState, data: ForecastResult | undefined): ExportOffer | null {
  const { t } = useTranslation();
  const fieldModes = useFieldModes();
  const nameOf = useRowName();
  const head = useHead(state);
  if (data?.kind !== 'answer' || data.rows.length === 0) return null;
  const { currency, rows } = data;
  const title = t('forecast.title');
  const fields = madeOf.filter(({ entity, field }) => fieldModes.isKnown(entities[entity], field));
  return {
    subject,
    title,
    choices: (['standing', 'all'] as const).map((numbers) => ({
      value: numbers,
      label: t(`forecast.export.${numbers}`),
      prepare: () => {
        const most = rows.reduce((sum, { unpriced }) => Math.max(sum, unpriced), 0);
        const unpriced = most === 0 ? [] : [t('forecast.unpriced', { count: most, currency })];
        const shown = { numbers, query: state.query, currency, rows, nameOf };
        return { table: forecastTable(t, shown, title, [...head(), ...unpriced]), fields, leftOut: madeOf };
      },
    })),
  };
}

/** The deals of a submitted forecast. */
export function useSubmissionOffer(submission: ShownSubmission, state: ForecastViewState): ExportOffer {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const fieldModes = useFieldModes();
  const client = useDataClient();
  const head = useHead(state);
  return useMemo((): ExportOffer => {
    const title = t('forecast.export.submissionOf', { name: submission.byName });
    return {
      subject,
      title,
      choices: [
        {
          value: 'deals',
          label: t('forecast.export.deals'),
          prepare: (_form, _style, { signal }) =>
            submissionTable({ t, format, names, fieldModes, client, signal }, submission, title, head()),
        },
      ],
    };
  }, [t, format, names, fieldModes, client, submission, head]);
}
