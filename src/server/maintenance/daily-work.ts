// What the server does by itself every day, as jobs of the queue `maintenance`: when it is due stands in the database, so a day on which
// no server ran is made up for once, several servers do each day once, and administrators see, move, switch off and start it.
import { dueBetween, minutesOf, type ScheduleRule } from '#shared/analytics/schedule-rule.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { DailyPlan, PlanChange } from '#shared/sync/job-messages.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { auditJob, type JobAuthor } from '#server/jobs/control-jobs.ts';
import type { JobEngine, JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import { archiveLogs } from '#server/maintenance/archive-logs.ts';
import { makeDailyBackup } from '#server/maintenance/daily-backup.ts';
import { forgetOldRuns, noteRun, readLastRuns, type RunFacts } from '#server/maintenance/job-runs.ts';
import type { OperationsSettings } from '#server/observe/operations-settings.ts';
import type { SqlDatabase } from '#server/store/database.ts';

/** A timer never sleeps longer: clocks are set, and another server may have been told another time. */
const LONGEST_WAIT_MS = 600_000;
const MOST_SECONDS = 4 * 3600;
const KEEP_RUNS_MS = 400 * 86_400_000;

interface DailyJob {
  readonly id: string;
  readonly dueMs: number;
}

interface Work {
  readonly time: string;
  readonly isSetUp: boolean;
  readonly run: (job: DailyJob) => Promise<RunFacts>;
}

interface PlanRow {
  readonly name: string;
  readonly time: string;
  readonly timeZone: string;
  readonly isOn: boolean;
  readonly plannedUntil: number;
}

export interface DailyWork {
  /** Sends what is due, and looks again when something will be. */
  plan(): Promise<void>;
  describe(): Promise<readonly DailyPlan[]>;
  change(by: JobAuthor, change: PlanChange): Promise<void>;
  runNow(by: JobAuthor, name: string): Promise<void>;
  stop(): void;
}

interface DailyWorkOptions {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly log: ServerLog;
  readonly settings: OperationsSettings;
  readonly engine: JobEngine;
}

function ruleOf({ time, timeZone }: Pick<PlanRow, 'time' | 'timeZone'>): ScheduleRule {
  return { frequency: 'daily', weekday: 1, dayOfMonth: 1, minutes: minutesOf(time) ?? 0, timeZone };
}

const READ =
  'SELECT name, time, time_zone AS "timeZone", is_on AS "isOn", planned_until AS "plannedUntil" FROM job_plan';

export function createDailyWork({ database, clock, log, settings, engine }: DailyWorkOptions): DailyWork {
  const { backup, logFolder } = settings;
  const works: Readonly<Record<string, Work>> = {
    backup: {
      time: '02:30',
      isSetUp: backup !== null,
      async run({ dueMs }) {
        if (backup === null) throw new OutpostError('invalid', 'No folder for backups is set up.');
        return makeDailyBackup(database, backup, dueMs, clock.now());
      },
    },
    logs: {
      time: '03:30',
      isSetUp: true,
      async run() {
        await forgetOldRuns(database, clock.now() - KEEP_RUNS_MS);
        return archiveLogs(logFolder, clock.now());
      },
    },
  };
  const kinds = new Map(
    Object.entries(works).map(([name, { run }]): [string, JobKind<DailyJob>] => [
      name,
      {
        queue: 'maintenance',
        name,
        atOnce: 1,
        mostSeconds: MOST_SECONDS,
        work: (job) => noteRun(database, clock, { id: job.id, name }, () => run(job)),
        // It stands among the runs as failed, and an alert tells of it.
        giveUp: () => Promise.resolve(),
      },
    ]),
  );
  for (const kind of kinds.values()) engine.add(kind);
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let planning: Promise<void> = Promise.resolve();

  async function readPlans(): Promise<readonly PlanRow[]> {
    const rows = await database.query<PlanRow>(READ);
    return Object.entries(works).map(([name, { time }]) => {
      const known = rows.find((row) => row.name === name);
      return known ?? { name, time, timeZone: 'UTC', isOn: true, plannedUntil: clock.now() };
    });
  }

  function moveTo(plan: PlanRow, untilMs: number) {
    return database.query(
      `INSERT INTO job_plan (name, time, time_zone, is_on, planned_until) VALUES ($1, $2, $3, $4, $5::bigint)
       ON CONFLICT (name) DO UPDATE SET planned_until = greatest(job_plan.planned_until, excluded.planned_until)`,
      [plan.name, plan.time, plan.timeZone, plan.isOn, untilMs],
    );
  }

  async function send(name: string, dueMs: number, mark: string): Promise<void> {
    const kind = kinds.get(name);
    if (kind === undefined) throw new OutpostError('not_found', 'There is no such daily work.');
    const id = stableId('daily', name, mark);
    await engine.send(kind, id, { id, dueMs });
  }

  async function planAll(): Promise<void> {
    let earliestMs = Infinity;
    for (const plan of await readPlans()) {
      if (isStopped) return;
      const nowMs = clock.now();
      const { lastMs, nextMs } = dueBetween(ruleOf(plan), plan.plannedUntil, nowMs);
      if (lastMs !== null && plan.isOn && works[plan.name]?.isSetUp === true)
        await send(plan.name, lastMs, String(lastMs));
      await moveTo(plan, lastMs ?? plan.plannedUntil);
      earliestMs = Math.min(earliestMs, nextMs);
    }
    sleep(earliestMs - clock.now());
  }

  function sleep(ms: number): void {
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(() => void plan(), Math.max(0, Math.min(ms, LONGEST_WAIT_MS)));
    timer.unref();
  }

  function plan(): Promise<void> {
    planning = planning.then(planAll).catch((error: unknown) => {
      log.error({ err: error }, 'daily work could not be planned');
      sleep(LONGEST_WAIT_MS);
    });
    return planning;
  }

  return {
    plan,
    async describe() {
      const [plans, runs] = await Promise.all([readPlans(), readLastRuns(database)]);
      const daily = plans.map(({ name, time, timeZone, isOn, plannedUntil }): DailyPlan => {
        const isSetUp = works[name]?.isSetUp === true;
        const { nextMs } = dueBetween(ruleOf({ time, timeZone }), plannedUntil, clock.now());
        return {
          name,
          time,
          timeZone,
          isOn,
          isSetUp,
          ...(name === 'backup' && backup?.most !== undefined ? { keeps: backup.most } : {}),
          nextAt: isOn && isSetUp ? toInstant(nextMs) : null,
          last: runs[name] ?? null,
        };
      });
      return daily;
    },
    async change(by, { name, time, timeZone, isOn }) {
      if (works[name] === undefined) throw new OutpostError('not_found', 'There is no such daily work.');
      if (!Intl.supportedValuesOf('timeZone').includes(timeZone) && timeZone !== 'UTC')
        throw new OutpostError('invalid', 'There is no such time zone.');
      await database.inTenant(by.actor.tenantId as TenantId, async (session) => {
        // A new time begins now: what would have been due earlier today by it is not made up for.
        await session.query(
          `INSERT INTO job_plan (name, time, time_zone, is_on, planned_until) VALUES ($1, $2, $3, $4, $5::bigint)
           ON CONFLICT (name) DO UPDATE SET time = $2, time_zone = $3, is_on = $4, planned_until = $5::bigint`,
          [name, time, timeZone, isOn, by.nowMs],
        );
        await auditJob(session, by, 'job.plan', name);
      });
      await plan();
    },
    async runNow(by, name) {
      if (works[name]?.isSetUp !== true) throw new OutpostError('invalid', 'The operator has not set this up.');
      await database.inTenant(by.actor.tenantId as TenantId, (session) => auditJob(session, by, 'job.run', name));
      await send(name, by.nowMs, `now-${String(by.nowMs)}`);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
