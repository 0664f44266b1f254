// An export of the audit as a file, in the words of its requester and as far as the requester sees it. On paper stands what
// people read; for programs stand ids and codes as well.
import type { Actor } from '#shared/access/actor.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { brandOfFile } from '#shared/brand/brand-of-file.ts';
import type { ExportCell, ExportColumn, ExportRow, ExportTable } from '#shared/export/export-table.ts';
import { exportFileName, exportTypes, writeExport } from '#shared/export/write-export.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  MOST_AUDIT_ENTRIES,
  type AuditExportWish,
  type AuditLine,
  type ComplianceReport,
  reportInstants,
} from '#shared/sync/audit-messages.ts';
import type { ExportFile } from '#server/audit/audit-exports.ts';
import { complianceReports } from '#server/audit/audit-reports.ts';
import { readNamed } from '#server/audit/audit-lines.ts';
import type { AuditWords, Named } from '#server/audit/audit-words.ts';
import { readAudit } from '#server/audit/read-audit.ts';
import { readBrand } from '#server/mail/branded-mail.ts';
import { filePlatform } from '#server/reports/file-platform.ts';
import type { SqlDatabase } from '#server/store/database.ts';

/** More is a question to be narrowed, not a file. */
const MOST_ENTRIES: Readonly<Record<AuditExportWish['format'], number>> = { csv: 200_000, json: 200_000, pdf: 20_000 };

export interface FileWish {
  readonly actor: Actor;
  readonly wish: AuditExportWish;
  readonly words: AuditWords;
  readonly nowMs: number;
}

interface LineColumn extends ExportColumn {
  /** Left out on paper. */
  readonly isForPrograms?: boolean;
  readonly cell: (line: AuditLine) => ExportCell;
}

function lineColumns(words: AuditWords, named: Named): readonly LineColumn[] {
  const { t } = words;
  const text = (key: string, cell: LineColumn['cell'], width?: number): LineColumn => ({
    key,
    label: t(`audit.columns.${key}`),
    type: 'text',
    cell,
    ...(width === undefined ? {} : { width }),
  });
  const raw = (key: string, cell: LineColumn['cell']): LineColumn => ({ ...text(key, cell), isForPrograms: true });
  const side = (which: 'before' | 'after') => (line: AuditLine) =>
    line.changes === null
      ? null
      : JSON.stringify(Object.fromEntries(line.changes.map((change) => [change.field, change[which]])));
  return [
    { key: 'no', label: t('audit.columns.no'), type: 'integer', isUngrouped: true, width: 7, cell: ({ no }) => no },
    { key: 'at', label: t('audit.columns.at'), type: 'dateTime', cell: ({ at }) => at },
    text('actor', ({ actor, actorName }) => actorName ?? actor ?? t('audit.operator'), 18),
    raw('actorId', ({ actor }) => actor),
    raw('actorEmail', ({ actorEmail }) => actorEmail),
    text('what', ({ command }) => words.command(command), 18),
    raw('command', (line) => line.command),
    raw('action', (line) => line.action),
    text('entity', ({ entity }) => words.entity(entity), 12),
    text('name', ({ name, id }) => name ?? id, 22),
    raw('entityId', ({ id }) => id),
    text('changes', (line) => words.changes(line, named).join('\n'), 40),
    raw('oldValues', side('before')),
    raw('newValues', side('after')),
    raw('changedFields', ({ groups }) => groups.join(', ')),
    text('outcome', ({ outcome }) => words.outcome(outcome), 14),
    raw('code', (line) => line.outcome),
    raw('error', ({ detail }) => detail?.['error'] ?? null),
    raw('sensitive', ({ isSensitive }) => isSensitive),
    raw('reviewedBy', ({ review }) => review?.reviewedBy ?? null),
    raw('reviewedAt', ({ review }) => review?.reviewedAt ?? null),
    raw('note', ({ review }) => review?.note ?? null),
    text('address', ({ detail }) => detail?.['address'] ?? null, 14),
    raw('userAgent', ({ detail }) => detail?.['userAgent'] ?? null),
    raw('session', ({ session }) => session),
    raw('device', ({ device }) => device),
  ];
}

async function readAll(db: SqlDatabase, { actor, wish }: FileWish): Promise<readonly AuditLine[]> {
  const lines: AuditLine[] = [];
  for (let before: number | null = null; ;) {
    const page = { ...wish.query, limit: MOST_AUDIT_ENTRIES, ...(before === null ? {} : { before }) };
    const { entries, next } = await readAudit(db, actor, page);
    lines.push(...entries);
    if (lines.length > MOST_ENTRIES[wish.format])
      throw new OutpostError('too_large', 'These are too many entries for one file. Narrow the filters.');
    if (next === null) return lines;
    before = next;
  }
}

async function entriesTable(db: SqlDatabase, asked: FileWish): Promise<ExportTable> {
  const { words, wish } = asked;
  const lines = await readAll(db, asked);
  const { actor } = asked;
  const named = await db.inTenant(actor.tenantId as TenantId, (session) => readNamed(session, actor, lines));
  const columns = lineColumns(words, named).filter(
    ({ isForPrograms }) => wish.format !== 'pdf' || isForPrograms !== true,
  );
  const rows = lines.map((line): ExportRow => ({ cells: columns.map(({ cell }) => cell(line)) }));
  const asLabelled = columns.map(({ cell: _cell, isForPrograms: _isForPrograms, ...column }) => column);
  return { title: words.t('audit.title'), subtitle: [], columns: asLabelled, rows: [rows], rowCount: rows.length };
}

function reportTable(words: AuditWords, report: ComplianceReport, format: AuditExportWish['format']): ExportTable {
  const { t } = words;
  const inWords: Readonly<Record<string, (value: string) => string>> = {
    action: words.command,
    entity: words.entity,
    outcome: words.outcome,
    role: words.role,
    factors: words.factors,
  };
  const text = (column: string, cell: ComplianceReport['rows'][number][number]): ExportCell => {
    if (typeof cell === 'number') return String(cell);
    if (format === 'json' || cell === null) return cell;
    if (typeof cell === 'boolean') return t(cell ? 'common.yes' : 'common.no');
    return inWords[column]?.(cell) ?? cell;
  };
  const summary = Object.entries(report.summary).map(
    ([name, value]) => `${t(`audit.figures.${name}`)}: ${String(value)}`,
  );
  return {
    title: t(`audit.reports.${report.report_type}`),
    subtitle: [
      `${words.instant(toEpochMs(report.from))} – ${words.instant(toEpochMs(report.until))}`,
      summary.join(' · '),
    ],
    columns: report.columns.map((key) => ({
      key,
      label: t(`audit.columns.${key}`),
      type: reportInstants.includes(key) ? 'dateTime' : 'text',
    })),
    rows: [
      report.rows.map((cells) => ({ cells: cells.map((cell, place) => text(report.columns[place] ?? '', cell)) })),
    ],
    rowCount: report.rows.length,
  };
}

async function tableOf(db: SqlDatabase, asked: FileWish): Promise<ExportTable> {
  const { wish, actor, nowMs, words } = asked;
  if (wish.report === undefined) return entriesTable(db, asked);
  const [report] = await complianceReports(db, actor, { report_type: 'access_review', ...wish.report }, nowMs);
  if (report === undefined) throw new OutpostError('not_found', 'There is no such report.');
  return reportTable(words, report, wish.format);
}

/** @throws OutpostError `action_forbidden`, `invalid`, `too_large`. */
export async function writeAuditFile(
  db: SqlDatabase,
  asked: FileWish,
): Promise<ExportFile & { readonly entries: number }> {
  const { actor, wish, words, nowMs } = asked;
  const table = await tableOf(db, asked);
  const madeFor = words.t('audit.madeFor', { name: actor.name, when: words.instant(nowMs) });
  const whole = { ...table, subtitle: [madeFor, ...table.subtitle] };
  const pieces: Uint8Array[] = [];
  const style = { ...words.style, ...brandOfFile(await readBrand(db, actor.tenantId as TenantId)) };
  for await (const piece of writeExport(wish.format, whole, style, filePlatform, { shortened: 0 })) pieces.push(piece);
  return {
    fileName: exportFileName(table.title, createTimeZone(words.timeZone).dayOf(nowMs), wish.format),
    mediaType: exportTypes[wish.format],
    content: new Uint8Array(Buffer.concat(pieces)),
    entries: table.rowCount ?? 0,
  };
}
