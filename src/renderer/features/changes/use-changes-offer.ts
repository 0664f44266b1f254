// The export of a comparison: all deals behind the bars that are shown, also those the list shows later, with what they were
// before and after.
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import type { PipelineChangeQuery, PipelineChangeResult } from '#shared/analytics/past/change-question.ts';

/** Null as long as nothing is shown. */
export function useChangesOffer(
  { limit: _shown, ...query }: PipelineChangeQuery,
  isUntilNow: boolean,
  data: PipelineChangeResult | undefined,
): ExportOffer | null {
  const { t } = useTranslation();
  const format = useFormat();
  if (data === undefined) return null;
  const { count } = data.total;
  return {
    subject: { kind: 'analytics', what: 'report', source: 'deal' },
    title: t('nav.changes'),
    choices: [
      {
        value: 'all',
        label: t('changes.exportAll', { count, formatted: format.number(count) }),
        question: { kind: 'changes', asked: { query, isUntilNow } },
      },
    ],
  };
}
