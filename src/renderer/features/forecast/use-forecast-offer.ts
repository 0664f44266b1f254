// The export of a forecast: the tree with all of its numbers, and the deals a submitted forecast was frozen with.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import type { ForecastQuery, ForecastResult, ShownSubmission } from '#shared/analytics/forecast/forecast-contract.ts';

const subject = { kind: 'analytics', what: 'forecast', source: 'deal' } as const;

/** Null while there is no forecast to show. */
export function useForecastOffer(query: ForecastQuery, data: ForecastResult | undefined): ExportOffer | null {
  const { t } = useTranslation();
  if (data?.kind !== 'answer' || data.rows.length === 0) return null;
  return {
    subject,
    title: t('forecast.title'),
    choices: (['standing', 'all'] as const).map((numbers) => ({
      value: numbers,
      label: t(`forecast.export.${numbers}`),
      question: { kind: 'forecast', asked: { query, numbers } },
    })),
  };
}

/** The deals of a submitted forecast. */
export function useSubmissionOffer(
  { id, byName }: ShownSubmission,
  query: ForecastQuery,
  nodeKey: string,
): ExportOffer {
  const { t } = useTranslation();
  return useMemo(
    (): ExportOffer => ({
      subject,
      title: t('forecast.export.submissionOf', { name: byName }),
      choices: [
        {
          value: 'deals',
          label: t('forecast.export.deals'),
          question: { kind: 'submission', asked: { query, nodeKey, id } },
        },
      ],
    }),
    [t, byName, id, query, nodeKey],
  );
}
