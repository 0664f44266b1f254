// The file of a comparison of two days.
import type { TFunction } from 'i18next';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import type { ExportContext } from '#renderer/blocks/export/export-context.ts';
import type { ExportMaker } from '#renderer/blocks/export/export-makers.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import type { DealThen, PipelineChangeResult } from '#shared/analytics/past/change-question.ts';
import type { ExportColumn, ExportRow } from '#shared/export/export-table.ts';
import type { Labels } from '#shared/query/live-answer.ts';

const told = ['name', 'stageId', 'amount', 'currency', 'closeDate', 'ownerId'] as const;

function columnsOf(t: TFunction, currency: string): readonly ExportColumn[] {
  const money = { type: 'money', currency } as const;
  return [
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
}

function rowsOf({ t }: ExportContext, { deals, labels }: PipelineChangeResult, stages: Labels): readonly ExportRow[] {
  const cellsOf = (then: DealThen | null): ExportRow['cells'] =>
    then === null
      ? [null, null, null, null]
      : [
          then.stageId === null ? null : (stages[then.stageId] ?? then.status),
          then.value,
          then.closeDate,
          then.ownerId === null ? null : (labels[then.ownerId] ?? null),
        ];
  return deals.map(({ dealId, kind, value, before, after }) => ({
    cells: [labels[dealId] ?? null, t(`changes.kinds.${kind}`), value, ...cellsOf(before), ...cellsOf(after)],
  }));
}

export const makeChanges: ExportMaker<'changes'> = async (context, { query, isUntilNow }, { title }) => {
  const { t, format, client, signal, by } = context;
  const { from } = query;
  const to = isUntilNow ? toLocalDay(new Date()) : query.to;
  const everything = { ...query, to, limit: Number.MAX_SAFE_INTEGER };
  const answer = await askOnce(client, 'pipelineChange', everything, signal);
  const { total, currency } = answer;
  const rows = rowsOf(context, answer, await context.stages());
  const counted = { count: total.count, formatted: format.number(total.count) };
  const until = isUntilNow ? t('past.nowInSentence') : format.day(to);
  return {
    table: {
      title,
      subtitle: [
        by,
        t('changes.subtitle', { from: format.day(from), to: until }),
        t('changes.dealsOf', { ...counted, amount: format.money(total.value, currency) }),
      ],
      columns: columnsOf(t, currency),
      rows: [rows],
      rowCount: rows.length,
    },
    fields: told.map((field) => ({ entity: 'deal', field })),
  };
};
