// The export of a comparison: the deals behind the bars that are shown, with what they were before and after.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import type { ChangesState } from '#renderer/features/changes/use-changes-view.ts';
import type { DealThen, PipelineChangeResult } from '#shared/analytics/past/change-question.ts';
import type { ExportColumn, ExportRow } from '#shared/export/export-table.ts';

const instantNow = (): string => new Date().toISOString();
const told = ['name', 'stageId', 'amount', 'currency', 'closeDate', 'ownerId'] as const;

/** Null as long as nothing is shown. */
export function useChangesOffer(state: ChangesState, data: PipelineChangeResult | undefined): ExportOffer | null {
  const { t } = useTranslation();
  const format = useFormat();
  const stages = useStageLabels();
  const ownName = useOwnName();
  const { from, to, view } = state;
  return useMemo(() => {
    if (data === undefined) return null;
    const money = { type: 'money', currency: data.currency } as const;
    const title = t('nav.changes');
    const columns: readonly ExportColumn[] = [
      { key: 'deal', label: t('changes.deal'), type: 'text' },
      { key: 'kind', label: t('changes.kind'), type: 'text' },
      { key: 'effect', label: t('changes.effect'), ...money },
      ...(['before', 'after'] as const).flatMap((when): readonly ExportColumn[] => {
        const label = (key: 'stage' | 'amount' | 'closeDate' | 'owner'): string =>
          t(`changes.${when}`, { what: t(`changes.columns.${key}`) });
        return [
          { key: `${when}.stage`, label: label('stage'), type: 'text' },
          { key: `${when}.amount`, label: label('amount'), ...money },
          { key: `${when}.closeDate`, label: label('closeDate'), type: 'date' },
          { key: `${when}.owner`, label: label('owner'), type: 'text' },
        ];
      }),
    ];
    const cellsOf = (then: DealThen | null): ExportRow['cells'] =>
      then === null
        ? [null, null, null, null]
        : [
            then.stageId === null ? null : (stages[then.stageId] ?? then.status),
            then.value,
            then.closeDate,
            then.ownerId === null ? null : (data.labels[then.ownerId] ?? null),
          ];
    const rows = data.deals.map((deal): ExportRow => ({
      cells: [
        data.labels[deal.dealId] ?? null,
        t(`changes.kinds.${deal.kind}`),
        deal.value,
        ...cellsOf(deal.before),
        ...cellsOf(deal.after),
      ],
    }));
    const until = view.to === null ? t('past.nowInSentence') : format.day(to);
    const counted = t('changes.dealsOf', {
      count: data.total.count,
      formatted: format.number(data.total.count),
      amount: format.money(data.total.value, data.currency),
    });
    return {
      subject: { kind: 'analytics', what: 'report', source: 'deal' },
      title,
      choices: [
        {
          value: 'shown',
          label: t('changes.exportShown', { count: rows.length, formatted: format.number(rows.length) }),
          prepare: () => ({
            table: {
              title,
              subtitle: [
                t('export.by', { name: ownName, when: format.instant(instantNow()) }),
                t('changes.subtitle', { from: format.day(from), to: until }),
                counted,
              ],
              columns,
              rows: [rows],
              rowCount: rows.length,
            },
            fields: told.map((field) => ({ entity: 'deal', field })),
          }),
        },
      ],
    };
  }, [data, from, to, view.to, stages, ownName, t, format]);
}
