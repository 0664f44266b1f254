// A report as a file for one person: the question without fields this person does not see, answered from the records this
// person sees, in this person's words. What was left out is said in it.
import type { Actor } from '#shared/access/actor.ts';
import { fieldsOfSpec, missingFields } from '#shared/analytics/check-pivot.ts';
import { withoutFields } from '#shared/analytics/edit-spec.ts';
import { inputsOfStep, pivotFieldAt } from '#shared/analytics/pivot-fields.ts';
import { readLook } from '#shared/analytics/pivot-look.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { Brand } from '#shared/brand/brand.ts';
import { brandOfFile } from '#shared/brand/brand-of-file.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import type { MailFormat } from '#shared/entities/report-schedule/report-schedule.ts';
import { drawPivotForPaper } from '#shared/charts/pivot-drawing.ts';
import { exportTableOf } from '#shared/analytics/export-pivot.ts';
import { exportFileName, exportTypes, writeExport } from '#shared/export/write-export.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { fieldsOfFilter } from '#shared/query/check-fields.ts';
import { chartToDots } from '#server/reports/chart-dots.ts';
import { filePlatform } from '#server/reports/file-platform.ts';
import type { ReportWords } from '#server/reports/report-words.ts';

export interface WrittenReport {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly rowCount: number;
  /** Fields the figures are made of. */
  readonly fields: readonly ExportedField[];
  readonly filteredBy: readonly string[];
  /** Fields of the question that the recipient does not see. */
  readonly leftOut: readonly ExportedField[];
}

/** The question as somebody may ask it, and what was left out; null when nothing of it is left, or its filter would change. */
export function askableSpec(
  actor: Actor,
  spec: PivotSpec,
): { readonly spec: PivotSpec; readonly leftOut: readonly string[] } | null {
  const missing = missingFields(spec, actor.fields);
  if (missing.length === 0) return { spec, leftOut: [] };
  const filtered = spec.filter === undefined ? [] : fieldsOfFilter(spec.filter);
  if (filtered.some((field) => missing.includes(field))) return null;
  const rest = withoutFields(spec, missing);
  if (rest.values.length === 0 || missingFields(rest, actor.fields).length > 0) return null;
  return { spec: rest, leftOut: missing };
}

function fieldsBehind(source: PivotSpec['source'], paths: readonly string[]): readonly ExportedField[] {
  return paths.flatMap((path) =>
    (pivotFieldAt(source, path)?.steps ?? []).flatMap((step) =>
      inputsOfStep(step).map((field) => ({ entity: step.entity, field })),
    ),
  );
}

export interface ReportToWrite {
  readonly title: string;
  readonly spec: PivotSpec;
  readonly look: unknown;
  readonly leftOut: readonly string[];
  readonly answer: PivotAnswer;
  readonly format: MailFormat;
  readonly recipient: string;
  readonly brand: Brand;
  readonly nowMs: number;
}

export async function writeReport(words: ReportWords, asked: ReportToWrite): Promise<WrittenReport> {
  const { t, names, style } = words;
  const { title, spec, answer, format, leftOut, brand, nowMs } = asked;
  const withoutRate = Object.entries(answer.withoutRate);
  const subtitle = [
    t('schedules.mail.computedFor', { name: asked.recipient, when: words.instant(nowMs) }),
    ...(leftOut.length === 0
      ? []
      : [t('schedules.mail.leftOut', { fields: leftOut.map((path) => names.field(spec.source, path)).join(', ') })]),
    ...names.remarks(spec),
    ...names.filter(spec, answer),
    ...(withoutRate.length === 0
      ? []
      : [
          t('analytics.pivot.withoutRate', {
            currency: answer.currency,
            amounts: withoutRate.map(([currency, count]) => `${String(count)} × ${currency}`).join(', '),
          }),
        ]),
  ];
  const look = readLook(asked.look);
  const shown = { spec, folded: look.folded, answer, names, total: t('analytics.pivot.total') };
  const charts = look.show === 'table' ? [] : await drawPivotForPaper(t, shown, look.chart, title, format, chartToDots);
  const table = { ...exportTableOf(shown, title, subtitle), charts };
  const pieces: Uint8Array[] = [];
  for await (const piece of writeExport(format, table, { ...style, ...brandOfFile(brand) }, filePlatform, {
    shortened: 0,
  }))
    pieces.push(piece);
  return {
    fileName: exportFileName(title, createTimeZone(words.timeZone).dayOf(nowMs), format),
    mediaType: exportTypes[format],
    bytes: Buffer.concat(pieces),
    rowCount: table.rowCount ?? 0,
    fields: fieldsBehind(spec.source, fieldsOfSpec(spec)),
    leftOut: fieldsBehind(spec.source, leftOut),
    filteredBy: spec.filter === undefined ? [] : fieldsOfFilter(spec.filter),
  };
}
