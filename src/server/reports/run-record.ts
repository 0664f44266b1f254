// Runs as records: begun once, each recipient settled once, finished when nobody waits any more. Everything happens under a
// lock of the run's record, so that two jobs of one run, on whatever servers, never undo each other.
import {
  recipientsOf,
  stateOfRun,
  type RecipientReason,
  type RunReason,
  type RunRecipient,
} from '#shared/entities/report-run/report-run.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { ReportContext, RunJob } from '#server/reports/report-context.ts';
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
  | { readonly state: 'sent' }
  | { readonly state: 'skipped' | 'failed'; readonly reason: RecipientReason };

/** Notes what became of one recipient. True when with it the run is over, and somebody did not get it. */
export function settleRecipient(
  { database, clock }: ReportContext,
  tenantId: TenantId,
  runId: string,
  userId: string,
  settled: Settled,
): Promise<boolean> {
  return database.inTenant(tenantId, async (session) => {
    const run = await findRecord(session, tenantId, 'reportRun', runId, true);
    if (run === null) return false;
    const nowMs = clock.now();
    const at = toInstant(nowMs);
    const before = recipientsOf(run.record);
    if (!before.some((one) => one.userId === userId && one.state === 'waiting')) return false;
    const reason = settled.state === 'sent' ? null : settled.reason;
    const recipients = before.map((one) =>
      one.userId === userId && one.state === 'waiting' ? { userId, state: settled.state, reason, at } : one,
    );
    const state = stateOfRun(recipients);
    const isOver = state !== 'running';
    await changeRecord(session, { tenantId, nowMs, actorId: null }, run, {
      recipients,
      state,
      ...(isOver ? { finishedAt: at } : {}),
    });
    return isOver && state !== 'done';
  });
}
