// That a report is mailed again and again: when, in which form and to whom. Everybody gets the answer from the own records, so
// only people of the organization can be named: of an address outside nobody could say what it may see. What came of it
// stands in `reportRun`.
import { minutesOf } from '#shared/analytics/schedule-rule.ts';
import { isTimeZone } from '#shared/analytics/time-zone.ts';
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import type { ExportFormat } from '#shared/export/export-table.ts';

/** Forms that people read. */
export const mailFormats = ['xlsx', 'pdf', 'csv', 'html'] as const satisfies readonly ExportFormat[];
export type MailFormat = (typeof mailFormats)[number];

/** Each of them costs the server a computation: larger rounds are better served by sharing the report. */
export const MOST_RECIPIENTS = 50;

export const reportSchedule = defineEntity({
  name: 'reportSchedule',
  collection: 'reports',
  label: 'Scheduled report',
  labelPlural: 'Scheduled reports',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name', required: true, maxLength: 120, listed: true },
    reportId: { type: 'reference', to: 'report', label: 'Report', required: true, indexed: true, listed: true },
    frequency: {
      type: 'select',
      label: 'How often',
      required: true,
      listed: true,
      group: 'when',
      defaultValue: 'weekly',
      options: toOptions({ daily: 'Every day', weekly: 'Every week', monthly: 'Every month' }),
    },
    /** 1 (Monday) to 7. */
    weekday: { type: 'integer', label: 'Day of the week', group: 'when' },
    /** 1 to 31; the last day of a month that is shorter. */
    dayOfMonth: { type: 'integer', label: 'Day of the month', group: 'when' },
    /** `07:30`, by the clock of the time zone. */
    time: { type: 'text', label: 'Time', maxLength: 5, group: 'when' },
    /** The server takes a quiet time of the night instead. */
    offPeak: { type: 'boolean', label: 'At a quiet time of the night', group: 'when', defaultValue: false },
    timeZone: { type: 'text', label: 'Time zone', required: true, maxLength: 64, group: 'when' },
    format: {
      type: 'select',
      label: 'Form of the file',
      required: true,
      listed: true,
      defaultValue: 'xlsx',
      options: toOptions({ xlsx: 'Excel', pdf: 'PDF', csv: 'CSV', html: 'HTML' }),
    },
    recipientIds: { type: 'references', to: 'user', label: 'Recipients', required: true },
    subject: { type: 'text', label: 'Subject', maxLength: 200 },
    message: { type: 'longText', label: 'Message', maxLength: 2000 },
    isActive: { type: 'boolean', label: 'Active', defaultValue: true, listed: true },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'manual',
    name: 'manual',
    reportId: 'immutable',
    when: 'manual',
    recipientIds: 'set',
    message: 'text3',
    isActive: 'manual',
  },
  validate: (record): readonly FieldProblem[] => [...problemsOfTime(record), ...problemsOfRecipients(record)],
});
export type ReportSchedule = RecordOf<typeof reportSchedule>;

function problemsOfTime(record: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { frequency, weekday, dayOfMonth, time, offPeak, timeZone } = record;
  const isWithin = (value: unknown, most: number): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
  if (frequency === 'weekly' && !isWithin(weekday, 7))
    problems.push({ field: 'weekday', code: 'range', message: 'Choose a day of the week.' });
  if (frequency === 'monthly' && !isWithin(dayOfMonth, 31))
    problems.push({ field: 'dayOfMonth', code: 'range', message: 'Choose a day from 1 to 31.' });
  if (offPeak !== true && minutesOf(time) === null)
    problems.push({ field: 'time', code: 'time', message: 'Enter a time like 07:30.' });
  if (typeof timeZone === 'string' && !isTimeZone(timeZone))
    problems.push({ field: 'timeZone', code: 'option', message: 'There is no such time zone.' });
  return problems;
}

function problemsOfRecipients({ recipientIds }: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  const count = Array.isArray(recipientIds) ? recipientIds.length : 0;
  if (count >= 1 && count <= MOST_RECIPIENTS) return [];
  return [{ field: 'recipientIds', code: 'recipients', message: `Name 1 to ${String(MOST_RECIPIENTS)} people.` }];
}
