// One run of a scheduled report: when, what it came to, and for each recipient whether the mail went out or why not. Written by
// the server alone; the owner of the schedule and administrators read it; removed after 90 days. It tells no figures, and how
// many rows somebody got is known to the audit alone: who may read less must not learn it from here.
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { mailFormats } from '#shared/entities/report-schedule/report-schedule.ts';

export const RUNS_KEPT_DAYS = 90;

/** `partial`: some got their mail. `unconfirmed`: of some nobody knows whether it arrived, all others got it. */
export const runStates = ['running', 'done', 'unconfirmed', 'partial', 'failed'] as const;
export type RunState = (typeof runStates)[number];

/** Why a whole run came to nothing. */
export const runReasons = ['noMail', 'noReport', 'ownerGone', 'ownerMayNotExport'] as const;
export type RunReason = (typeof runReasons)[number];

/** Why somebody got no mail. `refused`: their mail server did; `unreachable`: ours, for as long as was tried. */
export const recipientReasons = [
  'deactivated',
  'noAddress',
  'noPermission',
  'noReport',
  'cannotAnswer',
  'refused',
  'unreachable',
] as const;
export type RecipientReason = (typeof recipientReasons)[number];

export const RunRecipientSchema = Type.Object({
  userId: Type.String(),
  /** `unconfirmed`: its mail was being handed over, and how that ended is not known. It is never sent again by itself. */
  state: Type.Enum(['waiting', 'sent', 'skipped', 'failed', 'unconfirmed']),
  reason: Type.Union([Type.Enum(recipientReasons), Type.Null()]),
  at: Type.Union([Type.String(), Type.Null()]),
});
export type RunRecipient = Static<typeof RunRecipientSchema>;

export const reportRun = defineEntity({
  name: 'reportRun',
  collection: 'reports',
  label: 'Run of a report',
  labelPlural: 'Runs of reports',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name', required: true, maxLength: 120, listed: true },
    scheduleId: { type: 'reference', to: 'reportSchedule', label: 'Scheduled report', required: true, indexed: true },
    reportId: { type: 'reference', to: 'report', label: 'Report' },
    dueAt: { type: 'dateTime', label: 'Due', required: true, indexed: true, listed: true },
    startedAt: { type: 'dateTime', label: 'Started' },
    finishedAt: { type: 'dateTime', label: 'Finished', listed: true },
    state: {
      type: 'select',
      label: 'Result',
      required: true,
      listed: true,
      options: toOptions({
        running: 'Running',
        done: 'Delivered',
        unconfirmed: 'Unconfirmed',
        partial: 'Partly delivered',
        failed: 'Failed',
      }),
    },
    reason: {
      type: 'select',
      label: 'Reason',
      options: toOptions({
        noMail: 'Mail is not set up',
        noReport: 'The report is gone',
        ownerGone: 'The owner is deactivated',
        ownerMayNotExport: 'The owner may not export any more',
      }),
    },
    /** Somebody asked for it. */
    isManual: { type: 'boolean', label: 'Run by hand' },
    /** Times before it for which no server was there. */
    missed: { type: 'integer', label: 'Missed before' },
    format: {
      type: 'select',
      label: 'Form of the file',
      options: mailFormats.map((value) => ({ value, label: value.toUpperCase() })),
    },
    recipients: { type: 'json', label: 'Recipients' },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'current' },
});
export type ReportRun = RecordOf<typeof reportRun>;

/** The recipients of a run; what cannot be read is left out. */
export function recipientsOf(run: object): readonly RunRecipient[] {
  const recipients: unknown = 'recipients' in run ? run.recipients : [];
  return Array.isArray(recipients) ? recipients.filter((one) => Value.Check(RunRecipientSchema, one)) : [];
}

/** What a run has come to: running as long as somebody waits. */
export function stateOfRun(recipients: readonly RunRecipient[]): RunState {
  if (recipients.some(({ state }) => state === 'waiting')) return 'running';
  const countOf = (wanted: RunRecipient['state']): number => recipients.filter(({ state }) => state === wanted).length;
  const [sent, unconfirmed] = [countOf('sent'), countOf('unconfirmed')];
  if (sent + unconfirmed === 0) return 'failed';
  if (sent + unconfirmed < recipients.length) return 'partial';
  return unconfirmed > 0 ? 'unconfirmed' : 'done';
}
