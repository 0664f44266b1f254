// What the filters leave of the audit, as a file that spreadsheet programs open.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveTextFile } from '#renderer/blocks/save-text-file.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import { readAllAudit, type AuditFilter } from '#renderer/features/settings/audit/use-audit.ts';
import { useAuditWords, type AuditWords } from '#renderer/features/settings/audit/use-audit-words.ts';
import { toCsv } from '#shared/kernel/csv.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';

export interface AuditExport {
  readonly isRunning: boolean;
  readonly status: string;
  readonly run: () => Promise<void>;
}

/** In the order of the cells. */
const headKeys = [
  'columns.no',
  'columns.when',
  'columns.who',
  'csv.whoId',
  'columns.what',
  'columns.record',
  'csv.recordId',
  'columns.fields',
  'columns.outcome',
  'csv.code',
  'columns.address',
  'csv.deviceName',
  'csv.device',
] as const;

function toCells(line: AuditLine, words: AuditWords, nameOf: (userId: string) => string): readonly string[] {
  const { no, at, actor, device, command, entity, id, outcome, detail } = line;
  return [
    String(no),
    at,
    actor === null ? '' : nameOf(actor),
    actor ?? '',
    words.command(command),
    words.entity(entity),
    id,
    words.fields(line),
    words.outcome(outcome),
    outcome,
    detail?.['address'] ?? '',
    detail?.['deviceName'] ?? '',
    device ?? '',
  ];
}

export function useAuditExport(filter: AuditFilter): AuditExport {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const request = useRequest();
  const words = useAuditWords();
  const [isRunning, setRunning] = useState(false);
  const [status, setStatus] = useState('');

  async function run(): Promise<void> {
    setRunning(true);
    try {
      const lines = await readAllAudit(filter, (sum) => setStatus(t('settings.audit.exporting', { sum })));
      const ids = [...new Set(lines.flatMap(({ actor }) => (actor === null ? [] : [actor])))];
      const people = await request('describePlaces', { places: ids.map((id) => ({ coll: 'people', id })) });
      const names = new Map(people.map(({ id, title }) => [id, title]));
      const heads = headKeys.map((key) => t(`settings.audit.${key}`));
      const name = `audit-${new Date().toISOString().slice(0, 10)}.csv`;
      saveTextFile(
        name,
        'text/csv',
        toCsv([heads, ...lines.map((line) => toCells(line, words, (id) => names.get(id) ?? ''))]),
      );
      setStatus(t('settings.audit.exported', { name }));
    } catch (failure) {
      setStatus(errorText(failure));
    } finally {
      setRunning(false);
    }
  }

  return { isRunning, status, run };
}
