// The deals a submitted forecast was frozen with. Which deals, and the sum somebody stood for, are as they were; what is told of
// each deal is as it is now, and whether it changed since.
import type { ExportContext } from '#renderer/blocks/export/export-context.ts';
import type { ExportMaker } from '#renderer/blocks/export/export-makers.ts';
import type { ExportQuestions } from '#renderer/blocks/export/export-question.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import { headOfForecast } from '#renderer/features/forecast/make-forecast.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import type { ShownSubmission } from '#shared/analytics/forecast/forecast-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { inBatches, type ExportRow } from '#shared/export/export-table.ts';
import { neededFields, recordColumn, recordRow } from '#shared/export/record-columns.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

const wanted = ['name', 'accountId', 'ownerId', 'stageId', 'forecastCategory', 'amount', 'currency', 'closeDate'];
const PIECE = 500;

/** `deal:revision`, as they were frozen. */
function frozenDeals(value: unknown): readonly { readonly id: string; readonly rev: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((text) => {
    if (typeof text !== 'string') return [];
    const colon = text.lastIndexOf(':');
    return colon < 1 ? [] : [{ id: text.slice(0, colon), rev: text.slice(colon + 1) }];
  });
}

/** As this person sees it where it stands. */
async function submissionOf(
  { client, signal }: ExportContext,
  { query, nodeKey, id }: ExportQuestions['submission'],
): Promise<ShownSubmission> {
  const detail = await askOnce(client, 'forecastDetail', { query, nodeKey }, signal);
  const found = detail?.submissions.find((submission) => submission.id === id);
  if (found === undefined) throw new OutpostError('not_visible', 'The submitted forecast is not shown.');
  return found;
}

export const makeSubmission: ExportMaker<'submission'> = async (context, asked, { title }) => {
  const { t, format, names, fieldModes, client, signal } = context;
  const definition = entities.deal;
  const submission = await submissionOf(context, asked);
  const { record } = await askOnce(client, 'record', { entity: 'forecastSubmission', id: submission.id }, signal);
  const frozen = frozenDeals(record?.['deals']);
  const all = wanted.map((field): ExportedField => ({ entity: 'deal', field }));
  const shown = wanted.filter((field) => fieldModes.isShown(definition, field));
  const columns = shown.map((field) =>
    recordColumn(definition, field, names.field(definition, field), (value) => names.option(definition, field, value)),
  );
  const fields = ['id', 'rev', ...neededFields(columns)];
  const rows: ExportRow[] = [];
  for (let start = 0; start < frozen.length; start += PIECE) {
    const piece = frozen.slice(start, start + PIECE);
    const answer = await client.request('exportRows', { entity: 'deal', ids: piece.map(({ id }) => id), fields });
    const found = new Map(answer.rows.map(([id, rev, ...values]) => [id, { rev, values }]));
    for (const { id, rev } of piece) {
      const deal = found.get(id);
      const gone: ExportRow = { cells: [t('common.notAvailable')] };
      const row = deal === undefined ? gone : recordRow(columns, deal.values, answer.labels, t('common.notAvailable'));
      rows.push({ ...row, cells: [...row.cells, ...(deal === undefined ? [] : [String(deal.rev) !== rev])] });
    }
  }
  const said = t('forecast.detail.submission', {
    name: submission.byName,
    when: format.instant(submission.at),
    commit: format.money(submission.commit, submission.currency),
    count: submission.dealCount,
  });
  const more = submission.dealCount - frozen.length;
  return {
    table: {
      title,
      subtitle: [
        ...headOfForecast(context, asked.query),
        said,
        ...(submission.note === null ? [] : [submission.note]),
        t('forecast.export.asNow'),
        ...(more > 0 ? [t('forecast.export.largest', { shown: format.number(frozen.length) })] : []),
      ],
      columns: [
        ...columns.map(({ column }) => column),
        { key: 'changed', label: t('forecast.export.changed'), type: 'boolean' },
      ],
      rows: inBatches(rows),
      rowCount: rows.length,
    },
    fields: [
      ...shown.map((field): ExportedField => ({ entity: 'deal', field })),
      { entity: 'forecastSubmission', field: 'commit' },
    ],
    leftOut: all,
  };
};
