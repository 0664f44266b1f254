// The export of a comparison: all deals behind the bars that are shown, also those the list shows later, with what they were
// before and after.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import type { ChangesState } from '#renderer/features/changes/use-changes-view.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import { useDataClient } from '#renderer/data/use-data.ts';
import type { DealThen, PipelineChangeQuery, PipelineChangeResult } from '#shared/analytics/past/change-question.ts';
import type { ExportColumn, ExportRow } from '#shared/export/export-table.ts';

const instantNow = (): string => new Date().toISOString();
const told = ['name', 'stageId', 'amount', 'currency', 'closeDate', 'ownerId'] as const;

/** Null as long as nothing is shown. */
export function useChangesOffer(
  state: ChangesState,
  query: PipelineChangeQuery,
  data: PipelineChangeResult | undefined,
): ExportOffer | null {
  const client = useDataClient();
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
    const cellsOf = (then: DealThen | null, labels: PipelineChangeResult['labels']): ExportRow['cells'] =>
      then === null
        ? [null, null, null, null]
        : [
            then.stageId === null ? null : (stages[then.stageId] ?? then.status),
            then.value,
            then.closeDate,
            then.ownerId === null ? null : (labels[then.ownerId] ?? null),
          ];
    const rowsOf = ({ deals, labels }: PipelineChangeResult): readonly ExportRow[] =>
      deals.map((deal) => ({
        cells: [
          labels[deal.dealId] ?? null,
          t(`changes.kinds.${deal.kind}`),
          deal.value,
          ...cellsOf(deal.before, labels),
          ...cellsOf(deal.after, labels),
        ],
      }));
    const until = view.to === null ? t('past.nowInSentence') : format.day(to);
    const counted = ({ total, currency }: PipelineChangeResult): string =>
      t('changes.dealsOf', {
        count: total.count,
        formatted: format.number(total.count),
        amount: format.money(total.value, currency),
      });
    const { count } = data.total;
    return {
      subject: { kind: 'analytics', what: 'report', source: 'deal' },
      title,
      choices: [
        {
          value: 'all',
          label: t('changes.exportAll', { count, formatted: format.number(count) }),
          prepare: async (_format, _style, { signal }) => {
            const everything = { ...query, limit: Number.MAX_SAFE_INTEGER };
            const all = await askOnce(client, 'pipelineChange', everything, signal);
            const rows = rowsOf(all);
            return {
              table: {
                title,
                subtitle: [
                  t('export.by', { name: ownName, when: format.instant(instantNow()) }),
                  t('changes.subtitle', { from: format.day(from), to: until }),
                  counted(all),
                ],
                columns,
                rows: [rows],
                rowCount: rows.length,
              },
              fields: told.map((field) => ({ entity: 'deal', field })),
            };
          },
        },
      ],
    };
  }, [data, query, client, from, to, view.to, stages, ownName, t, format]);
}
