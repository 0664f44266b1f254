// Runs as records: begun once, each recipient settled once, finished when nobody waits any more. Everything happens under a
// lock of the run's record, so that two jobs of one run, on whatever servers, never undo each other.
import {
  recipientsOf,
  stateOfRun,
  type RecipientReason,
  type RunReason,
  type RunRecipient,
  type RunState,
} from '#shared/entities/report-run/report-run.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { endHandOver, mayBeGone } from '#server/reports/hand-over.ts';
import type { MailJob, ReportContext, RunJob } from '#server/reports/report-context.ts';
import type { SqlSession } from '#server/store/database.ts';
import { changeRecord, createRecords, findRecord, newRecord } from '#server/sync/write-record.ts';

/** Writes that a run began, and whom it is for; the run as it stands when it began before. */
export function beginRun(
  { database, clock }: ReportContext,
  job: RunJob,
  schedule: AnyRecord,
  reason: RunReason | null,
): Promise<readonly RunRecipient[]> {
  const { tenantId, runId, dueMs, isManual, missed } = job;
  const nowMs = clock.now();
  const at = toInstant(nowMs);
  const named = Array.isArray(schedule['recipientIds']) ? schedule['recipientIds'] : [];
  const recipients = [...new Set(named.filter((id) => typeof id === 'string'))].map((userId): RunRecipient => ({
    userId,
    state: 'waiting',
    reason: null,
    at: null,
  }));
  return database.inTenant(tenantId, async (session) => {
    const known = await findRecord(session, tenantId, 'reportRun', runId, true);
    if (known !== null) return recipientsOf(known.record);
    const values = {
      name: schedule['name'],
      scheduleId: schedule.id,
      reportId: schedule['reportId'],
      format: schedule['format'],
      dueAt: toInstant(dueMs),
      startedAt: at,
      isManual,
      missed,
      ...(reason === null
        ? { state: 'running', recipients }
        : { state: 'failed', reason, finishedAt: at, recipients: [] }),
    };
    const by = { nowMs, actorId: null };
    const record = newRecord('reportRun', runId, schedule.ownerId ?? '', values, by);
    await createRecords(session, { tenantId, ...by }, [record]);
    return reason === null ? recipients : [];
  });
}

export type Settled =
  | { readonly state: 'sent' | 'unconfirmed' }
  | { readonly state: 'skipped' | 'failed'; readonly reason: RecipientReason };

/** The recipient of a run as a mail finds it, or leaves it. */
type RecipientState = RunRecipient['state'];

interface Change {
  readonly from: readonly RecipientState[];
  readonly to: RunRecipient;
}

/** What a run is with one recipient changed; null when this recipient stands elsewhere. */
async function changeRecipient(
  session: SqlSession,
  { tenantId, runId }: MailJob,
  nowMs: number,
  { from, to }: Change,
): Promise<{ readonly state: RunState } | null> {
  const run = await findRecord(session, tenantId, 'reportRun', runId, true);
  const before = recipientsOf(run?.record ?? {});
  const one = before.find(({ userId }) => userId === to.userId);
  if (run === null || one === undefined || !from.includes(one.state)) return null;
  const recipients = before.map((other) => (other === one ? to : other));
  const state = stateOfRun(recipients);
  const finishedAt = state === 'running' ? null : toInstant(nowMs);
  await changeRecord(session, { tenantId, nowMs, actorId: null }, run, { recipients, state, finishedAt });
  return { state };
}

/** Notes what became of one recipient. True when with it the run is over, and somebody did not get it for certain. */
export function settleRecipient({ database, clock }: ReportContext, job: MailJob, settled: Settled): Promise<boolean> {
  return database.inTenant(job.tenantId, async (session) => {
    const nowMs = clock.now();
    const { userId } = job;
    // Whoever gave up says that it did not go, and cannot know when it may be gone.
    const isUnknown = settled.state === 'failed' && settled.reason === 'unreachable' && (await mayBeGone(session, job));
    const { state } = isUnknown ? ({ state: 'unconfirmed' } as const) : settled;
    const reason = !isUnknown && 'reason' in settled ? settled.reason : null;
    const changed = await changeRecipient(session, job, nowMs, {
      // A job that was given up as lost may still bring the answer.
      from: state === 'sent' ? ['waiting', 'unconfirmed'] : ['waiting'],
      to: { userId, state, reason, at: toInstant(nowMs) },
    });
    if (changed !== null && state !== 'unconfirmed') await endHandOver(session, job);
    return changed !== null && changed.state !== 'running' && changed.state !== 'done';
  });
}

/** Somebody says that a mail arrived of which nobody knew, or wants it sent again. False when nobody asks any more. */
export function decideUnconfirmed(
  { database, clock }: Pick<ReportContext, 'database' | 'clock'>,
  job: MailJob,
  isArrived: boolean,
): Promise<boolean> {
  return database.inTenant(job.tenantId, async (session) => {
    const nowMs = clock.now();
    const { userId } = job;
    const changed = await changeRecipient(session, job, nowMs, {
      from: ['unconfirmed'],
      to: isArrived
        ? { userId, state: 'sent', reason: null, at: toInstant(nowMs) }
        : { userId, state: 'waiting', reason: null, at: null },
    });
    if (changed !== null) await endHandOver(session, job);
    return changed !== null;
  });
}
