// Scheduled reports as a part of the server. They begin once it listens and look at nothing as long as nobody scheduled
// anything: a timer waits for the next time any report is due, and a changed schedule sets it anew.
import { createReportJobs } from '#server/reports/report-jobs.ts';
import { planReports } from '#server/reports/plan-reports.ts';
import type { MailJob, ReportContext, RunJob } from '#server/reports/report-context.ts';
import { decideUnconfirmed } from '#server/reports/run-record.ts';
import { sweepRuns } from '#server/reports/sweep-runs.ts';
import type { JobEngine } from '#server/jobs/job-engine.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import { CHANGE_CHANNEL, type ChangeNotice } from '#server/store/database.ts';
import type { TenantId } from '#shared/kernel/ids.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** After a change that may be one of schedules: several in a row are one look. */
const SETTLE_MS = 2_000;
/** A timer never sleeps longer: clocks are set, and computers sleep. */
const LONGEST_WAIT_MS = HOUR_MS;

export interface Reports {
  /** Looks what is due now. */
  plan(): Promise<void>;
  /** Runs one now, whatever its times say. */
  runNow(job: RunJob): Promise<void>;
  /** A mail of which nobody knows whether it arrived: sent again, or known to have arrived. False when nobody asks any more. */
  decide(job: MailJob, isArrived: boolean): Promise<boolean>;
  stop(): Promise<void>;
}

function mayTouchSchedules(payload: string): boolean {
  if (payload === '') return true;
  const { edits } = JSON.parse(payload) as ChangeNotice;
  return edits === undefined || edits.some(({ kind }) => kind === 'reportSchedule');
}

/** Does nothing before `plan()` is called for the first time. */
export async function startReports(context: ReportContext, log: ServerLog, engine: JobEngine): Promise<Reports> {
  const { database, clock } = context;
  const jobs = createReportJobs(context, engine);
  for (const kind of [jobs.run, jobs.mail, jobs.notice]) engine.add(kind);
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isBegun = false;
  let sweptAtMs = -Infinity;
  let running: Promise<void> = Promise.resolve();

  function sleep(ms: number): void {
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(() => void plan(), Math.max(0, Math.min(ms, LONGEST_WAIT_MS)));
    timer.unref();
  }

  async function lookAtAll(): Promise<void> {
    const tenants = await database.asOwner((session) =>
      session.query<{ tenant: TenantId }>('SELECT tenant FROM tenant_head'),
    );
    const isSweepDue = clock.now() - sweptAtMs >= DAY_MS;
    let earliestMs = Infinity;
    for (const { tenant } of tenants) {
      if (isStopped) return;
      const nextMs = await planReports({ database, clock, send: (id, job) => engine.send(jobs.run, id, job) }, tenant);
      // Somebody scheduled something: what was left of it when the server stopped goes on.
      if (nextMs !== null) await engine.start();
      earliestMs = Math.min(earliestMs, nextMs ?? Infinity);
      if (isSweepDue) await sweepRuns(database, tenant, clock.now());
    }
    if (isSweepDue) sweptAtMs = clock.now();
    sleep(earliestMs - clock.now());
  }

  function plan(): Promise<void> {
    isBegun = true;
    running = running.then(lookAtAll).catch((error: unknown) => {
      log.error({ err: error }, 'Scheduled reports could not be planned');
      sleep(HOUR_MS / 60);
    });
    return running;
  }

  const stopListening = await database.listen(CHANGE_CHANNEL, (payload) => {
    if (isBegun && mayTouchSchedules(payload)) sleep(SETTLE_MS);
  });

  return {
    plan,
    async runNow(job) {
      await engine.send(jobs.run, job.runId, job);
    },
    async decide(job, isArrived) {
      const isDecided = await decideUnconfirmed(context, job, isArrived);
      if (isDecided && !isArrived) await jobs.sendMail(job);
      return isDecided;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await stopListening();
      await running;
    },
  };
}
