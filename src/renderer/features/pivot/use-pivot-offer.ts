// The export of a pivot: what is on the screen, its chart with it. A report that is open gives it its name.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { PivotDraft } from '#renderer/features/pivot/use-pivot-draft.ts';
import { entityOfSource } from '#shared/analytics/pivot-source.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Null as long as nothing is shown. */
export function usePivotOffer({ spec, look, reportId }: PivotDraft, isShown: boolean): ExportOffer | null {
  const { t } = useTranslation();
  const { data: report } = useLive('record', reportId === null ? null : { entity: 'report', id: reportId });
  const reportName = textOf(report?.record?.['name']);
  return useMemo(() => {
    if (!isShown) return null;
    const chart = look.show === 'table' ? null : look.chart;
    return {
      subject: { kind: 'analytics', what: reportName === '' ? 'pivot' : 'report', source: entityOfSource(spec.source) },
      title: reportName === '' ? t('nav.pivot') : reportName,
      choices: [
        {
          value: 'shown',
          label: t('analytics.pivot.exportShown'),
          question: { kind: 'pivot', asked: { spec, folded: look.folded, chart } },
        },
      ],
    };
  }, [isShown, spec, look, reportName, t]);
}
