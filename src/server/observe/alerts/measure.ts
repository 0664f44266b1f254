// The values alerts are about, measured now. Nothing to measure is null: too few requests say nothing about a share, and a server that
// makes no backups has no age of one.
import type { AlertMetric, AlertRule } from '#shared/observe/alert-rules.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { cpus, loadavg } from 'node:os';
import { measureMachine, type MachineState } from '#server/http/measure-machine.ts';
import { readJobCounts } from '#server/jobs/read-jobs.ts';
import { JOB_SCHEMA } from '#server/jobs/queues.ts';
import { lastDoneMs } from '#server/maintenance/job-runs.ts';
import { readTotal } from '#server/observe/read-monitor.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import type { RequestFigures } from '#shared/sync/monitoring-messages.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Below it a share is chance. */
const FEWEST_REQUESTS = 20;
/** Of a service level, which looks at days. */
const FEWEST_OF_DAYS = 1_000;
const DAY_MINUTES = 1_440;

export interface MeasureOptions {
  readonly database: SqlDatabase;
  readonly nowMs: number;
  readonly tenantId: TenantId;
  /** Measures what is of the whole server, too. */
  readonly isOperator: boolean;
  readonly directory: string;
  readonly makesBackups: boolean;
}

async function countFailedJobs(
  { database, tenantId, isOperator, nowMs }: MeasureOptions,
  minutes: number,
): Promise<number> {
  const counts = await readJobCounts(database, isOperator ? null : tenantId);
  if (!counts.some(({ state, count }) => state === 'failed' && count > 0)) return 0;
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${JOB_SCHEMA}.job WHERE state = 'failed' AND completed_on >= to_timestamp($1::float8 / 1000)
       AND ($2::text IS NULL OR data->'data'->>'tenantId' = $2)`,
    [nowMs - minutes * MINUTE_MS, isOperator ? null : tenantId],
  );
  return row?.count ?? 0;
}

async function oldestJobMinutes({ database, tenantId, isOperator }: MeasureOptions): Promise<number> {
  const counts = await readJobCounts(database, isOperator ? null : tenantId);
  const paused = await database.query<{ queue: string }>('SELECT queue FROM job_pause');
  const running = counts.filter(
    ({ queue, state }) => state === 'waiting' && !paused.some((one) => one.queue === queue),
  );
  return Math.max(0, ...running.map(({ oldestSeconds }) => oldestSeconds)) / 60;
}

/** Over five minutes, as far as the system says; one look is chance. */
function loadOfMinutes(): number | null {
  const [, load = 0] = loadavg();
  return load === 0 ? null : Math.min(100, (load / Math.max(1, cpus().length)) * 100);
}

/** Measures each thing once, however many rules are about it. */
export function createMeasure(options: MeasureOptions): (rule: AlertRule) => Promise<number | null> {
  const { database, tenantId, nowMs } = options;
  const kept = new Map<string, Promise<unknown>>();
  function once<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
    const known = kept.get(key) as Promise<Value> | undefined;
    if (known !== undefined) return known;
    const made = work();
    kept.set(key, made);
    return made;
  }
  const machine = (): Promise<MachineState> => once('machine', () => measureMachine(options.directory));
  const requests = (minutes: number): Promise<RequestFigures> =>
    once(`requests ${String(minutes)}`, () =>
      database.inTenant(tenantId, (session) => readTotal(session, { tenantId, nowMs, hours: minutes / 60 })),
    );
  const ofMany = async (minutes: number, pick: (figures: RequestFigures) => number): Promise<number | null> => {
    const figures = await requests(minutes);
    const fewest = minutes > DAY_MINUTES ? FEWEST_OF_DAYS : FEWEST_REQUESTS;
    return figures.requests < fewest ? null : pick(figures);
  };
  const ofServer = async (pick: (state: MachineState) => number): Promise<number | null> =>
    options.isOperator ? pick(await machine()) : null;
  const measures: Readonly<Record<AlertMetric, (minutes: number) => Promise<number | null>>> = {
    errorRate: (minutes) => ofMany(minutes, ({ errorRate }) => errorRate * 100),
    availability: (minutes) => ofMany(minutes, ({ errorRate }) => (1 - errorRate) * 100),
    p95: (minutes) => ofMany(minutes, ({ p95Ms }) => p95Ms),
    limited: async (minutes) => (await requests(minutes)).limited,
    failedJobs: (minutes) => once(`failed ${String(minutes)}`, () => countFailedJobs(options, minutes)),
    oldestJob: () => once('oldest', () => oldestJobMinutes(options)),
    processor: () => ofServer(({ cpu_percent: percent }) => loadOfMinutes() ?? percent),
    memory: () => ofServer(({ memory }) => memory.used_percent),
    disk: () => ofServer(({ disk }) => disk.used_percent),
    async backupAge() {
      if (!options.isOperator || !options.makesBackups) return null;
      const doneMs = await lastDoneMs(database, 'backup');
      return doneMs === null ? null : (nowMs - doneMs) / HOUR_MS;
    },
  };
  return async (rule) => {
    const value = await measures[rule.metric](rule.windowMinutes);
    return value === null ? null : Math.round(value * 100) / 100;
  };
}
