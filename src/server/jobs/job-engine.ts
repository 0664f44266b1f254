// Work of the server that nobody waits for. A job is kept in the database until it is done, whatever happens to the server;
// it runs on one of several servers, again after a failure with growing pauses, and at last is handed to what its kind does
// about jobs that cannot be done. A job may run twice (a server died after doing it and before saying so), so what it does
// has to bear that. The same id is one job, however often it is sent. Nothing is started before there is something to do.
import type { Job, PgBoss } from 'pg-boss';
import { toBossDatabase } from '#server/jobs/boss-database.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const SCHEMA = 'outpost_jobs';

export interface JobKind<Data extends object> {
  /** Name of its queue; what it could not do goes to `<queue>.dead`. */
  readonly queue: string;
  /** Runs of this kind at once on one server. */
  readonly atOnce: number;
  /** A run that takes longer was lost. */
  readonly mostSeconds: number;
  readonly work: (data: Data, signal: AbortSignal) => Promise<void>;
  /** After the last attempt. It is tried again like any other job. */
  readonly giveUp: (data: Data) => Promise<void>;
}

export interface JobTimes {
  /** Attempts after the first one. */
  readonly retries: number;
  /** Before the second attempt; doubled (and spread) before each further one, up to the longest. */
  readonly firstPauseSeconds: number;
  readonly longestPauseSeconds: number;
  /** How often a queue is looked at, apart from being told of new jobs. */
  readonly lookSeconds: number;
}

/** Twelve attempts over about a day. */
export const jobTimes: JobTimes = {
  retries: 11,
  firstPauseSeconds: 60,
  longestPauseSeconds: 3 * 3600,
  lookSeconds: 20,
};

export interface JobEngine {
  /** Keeps a job; one with this id that is there already, done or not, stays what it is. */
  send<Data extends object>(kind: JobKind<Data>, id: string, data: Data): Promise<void>;
  /** Goes on with what was left when the server stopped. Sending does this, too. */
  start(): Promise<void>;
  /** Waits for what runs (as long as a server waits); the rest stays for the next start. */
  stop(): Promise<void>;
}

/** So long a stopping server waits for running jobs. What is not done by then runs again later. */
const STOP_GRACE_MS = 5_000;

interface EngineOptions {
  readonly database: SqlDatabase;
  readonly log: ServerLog;
  readonly times?: JobTimes;
}

export function createJobEngine(
  { database, log, times = jobTimes }: EngineOptions,
  kinds: readonly JobKind<never>[],
): JobEngine {
  let starting: Promise<PgBoss> | null = null;
  let isStopped = false;

  async function open(): Promise<PgBoss> {
    // Only a server that has jobs loads what it takes.
    const { PgBoss: Boss } = await import('pg-boss');
    const boss = new Boss({
      db: toBossDatabase(database),
      backend: database.engine,
      schema: SCHEMA,
      createSchema: false,
      schedule: false,
      useListenNotify: true,
      reindex: false,
      monitorVacuum: false,
      superviseIntervalSeconds: 120,
      monitorIntervalSeconds: 120,
      queueCacheIntervalSeconds: 600,
      bamIntervalSeconds: 600,
      flowIntervalSeconds: 600,
    });
    boss.on('error', (error) => log.error({ err: error }, 'the job engine failed at something'));
    boss.on('warning', (warning) => log.warn({ warning }, 'the job engine warns'));
    await boss.start();
    for (const kind of kinds) await openQueue(boss, kind, times);
    return boss;
  }

  function opened(): Promise<PgBoss> {
    if (starting === null) {
      const attempt = open();
      starting = attempt;
      // The next one who needs it tries again.
      attempt.catch(() => {
        starting = null;
      });
    }
    return starting;
  }

  return {
    async send(kind, id, data) {
      if (isStopped) return;
      const boss = await opened();
      await boss.send(kind.queue, data, { id });
    },
    async start() {
      if (!isStopped) await opened();
    },
    async stop() {
      isStopped = true;
      const boss = await starting?.catch(() => null);
      await boss?.stop({ graceful: true, timeout: STOP_GRACE_MS, close: false });
    },
  };
}

async function openQueue(boss: PgBoss, kind: JobKind<never>, times: JobTimes): Promise<void> {
  const dead = `${kind.queue}.dead`;
  const options = {
    retryLimit: times.retries,
    retryDelay: times.firstPauseSeconds,
    retryBackoff: true,
    retryDelayMax: times.longestPauseSeconds,
    expireInSeconds: kind.mostSeconds,
    notify: true,
  };
  await boss.createQueue(dead, options);
  await boss.updateQueue(dead, options);
  await boss.createQueue(kind.queue, { ...options, deadLetter: dead });
  await boss.updateQueue(kind.queue, { ...options, deadLetter: dead });
  const looks = { pollingIntervalSeconds: times.lookSeconds, notifyPollingIntervalSeconds: times.lookSeconds };
  await boss.work(kind.queue, { ...looks, localConcurrency: kind.atOnce }, ([job]: Job<never>[]) =>
    job === undefined ? Promise.resolve() : kind.work(job.data, job.signal),
  );
  await boss.work(dead, looks, ([job]: Job<never>[]) =>
    job === undefined ? Promise.resolve() : kind.giveUp(job.data),
  );
}
