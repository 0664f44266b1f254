// The export of a pivot: what is on the screen, its chart with it, with the fields it is made of told to the audit. A report
// that is open gives it its name.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { drawPivotForPaper } from '#shared/charts/pivot-drawing.ts';
import { toPng } from '#renderer/blocks/charts/to-png.ts';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';
import { entityOfSource } from '#shared/analytics/pivot-source.ts';
import { inputsOfSpec } from '#shared/analytics/check-pivot.ts';
import { exportTableOf, type ShownPivot } from '#shared/analytics/export-pivot.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { fieldsOfFilter } from '#shared/query/check-fields.ts';

const instantNow = (): string => new Date().toISOString();

/** Null as long as nothing is shown. `chart`: what is drawn beside the table. */
export function usePivotOffer(
  shown: (ShownPivot & { readonly names: PivotNames }) | null,
  chart: ChartSpec | null,
  reportId: string | null,
): ExportOffer | null {
  const { t } = useTranslation();
  const format = useFormat();
  const ownName = useOwnName();
  const { data: report } = useLive('record', reportId === null ? null : { entity: 'report', id: reportId });
  const reportName = textOf(report?.record?.['name']);
  return useMemo(() => {
    if (shown === null) return null;
    const { spec } = shown;
    const title = reportName === '' ? t('nav.pivot') : reportName;
    return {
      subject: { kind: 'analytics', what: reportName === '' ? 'pivot' : 'report', source: entityOfSource(spec.source) },
      title,
      choices: [
        {
          value: 'shown',
          label: t('analytics.pivot.exportShown'),
          prepare: async (form) => {
            const subtitle = [
              t('export.by', { name: ownName, when: format.instant(instantNow()) }),
              ...(spec.asOf === undefined ? [] : [t('past.asOf', { day: format.day(spec.asOf) })]),
              ...shown.names.remarks(spec),
              ...shown.names.filter(spec, shown.answer),
            ];
            const charts = chart === null ? [] : await drawPivotForPaper(t, shown, chart, title, form, toPng);
            return {
              table: { ...exportTableOf(shown, title, subtitle), charts },
              fields: inputsOfSpec(spec),
              filteredBy: spec.filter === undefined ? [] : fieldsOfFilter(spec.filter),
            };
          },
        },
      ],
    };
  }, [shown, chart, reportName, t, format, ownName]);
}
