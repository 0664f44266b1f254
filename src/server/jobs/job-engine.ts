// Work of the server that nobody waits for. A job is kept in the database until it is done, whatever happens to the server;
// it runs on one of several servers, again after a failure with growing pauses, and at last is handed to what its kind does
// about jobs that cannot be done. A job may run twice (a server died after doing it and before saying so), so what it does
// has to bear that. The same id is one job, however often it is sent. Nothing is started before there is something to do.
// What is kept of a failure is its kind and place, never its message: libraries quote in it what they were given.
import type { Job, PgBoss } from 'pg-boss';
import { describeUnexpected, OutpostError } from '#shared/kernel/errors.ts';
import { toBossDatabase } from '#server/jobs/boss-database.ts';
import { deadQueueOf, JOB_SCHEMA, queueNames } from '#server/jobs/queues.ts';
import { PAUSE_CHANNEL, readPauses } from '#server/jobs/pauses.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export interface JobKind<Data extends object> {
  /** Name of its queue; what it could not do goes to `<queue>.dead`. Several kinds share a queue. */
  readonly queue: string;
  /** Tells it from others of its queue; default: the name of the queue. */
  readonly name?: string;
  /** Runs of this queue at once on one server. */
  readonly atOnce: number;
  /** For whom it is. No more than half of the runs at once are for one of them: a slow one leaves room for all others. */
  readonly groupOf?: (data: Data) => string;
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

export interface JobRun {
  readonly queue: string;
  readonly kind: string;
  readonly jobId: string;
  /** Of what sent it; null when nothing was recorded. */
  readonly trace: string | null;
}

/** Goes along with a run of a job; rejects as `work` does. */
export type WatchRun = (run: JobRun, work: () => Promise<void>) => Promise<void>;

export interface JobEngine {
  /** Before anything is sent or started. */
  add(kind: JobKind<never>): void;
  /** Keeps a job; one with this id that is there already, done or not, stays what it is. Not before `startAfter`, when given. */
  send<Data extends object>(kind: JobKind<Data>, id: string, data: Data, startAfter?: Date): Promise<void>;
  /** Goes on with what was left when the server stopped. Sending does this, too. */
  start(): Promise<void>;
  /** Null: nothing was started yet, because there was nothing to do. */
  readonly runningSince: () => number | null;
  /** Waits for what runs (as long as a server waits); the rest stays for the next start. */
  stop(): Promise<void>;
}

/** So long a stopping server waits for running jobs. What is not done by then runs again later. */
const STOP_GRACE_MS = 5_000;

export interface EngineOptions {
  readonly database: SqlDatabase;
  readonly log: ServerLog;
  readonly times?: JobTimes;
  readonly watch?: WatchRun;
  /** The trace a job that is sent now belongs to. */
  readonly trace?: () => string | null;
}

interface Envelope {
  readonly kind: string;
  readonly data: never;
  readonly trace?: string;
}

export function nameOf(kind: Pick<JobKind<never>, 'name' | 'queue'>): string {
  return kind.name ?? kind.queue;
}

/** What is kept of a failed attempt. */
function toKeptError(error: unknown): Error {
  const { kind, place } = describeUnexpected(error);
  const code = error instanceof OutpostError ? error.code : kind;
  const kept = new Error(place === undefined ? code : `${code} at ${place}`);
  kept.name = kind;
  delete kept.stack;
  return kept;
}

export function createJobEngine(options: EngineOptions, first: readonly JobKind<never>[] = []): JobEngine {
  const { database, log, times = jobTimes } = options;
  const kinds: JobKind<never>[] = [...first];
  let starting: Promise<PgBoss> | null = null;
  let runningSince: number | null = null;
  let isStopped = false;
  let stopListening: (() => Promise<void>) | null = null;

  async function open(): Promise<PgBoss> {
    // Only a server that has jobs loads what it takes.
    const { PgBoss: Boss } = await import('pg-boss');
    const boss = new Boss({
      db: toBossDatabase(database),
      backend: database.engine,
      schema: JOB_SCHEMA,
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
    const workers = createWorkers(boss, kinds, options);
    for (const queue of new Set([...queueNames, ...kinds.map((kind) => kind.queue)]))
      await createQueue(boss, queue, times);
    await workers.follow(await readPauses(database));
    stopListening = await database.listen(PAUSE_CHANNEL, () => {
      readPauses(database)
        .then((paused) => workers.follow(paused))
        .catch((error: unknown) => log.error({ err: error }, 'paused queues could not be read'));
    });
    runningSince = Date.now();
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
    add(kind) {
      if (starting !== null) throw new Error('A kind of job came after the jobs were started.');
      kinds.push(kind);
    },
    async send(kind, id, data, startAfter) {
      if (isStopped) return;
      const boss = await opened();
      const trace = options.trace?.() ?? null;
      const envelope = { kind: nameOf(kind), data, ...(trace === null ? {} : { trace }) };
      const later = startAfter === undefined ? {} : { startAfter };
      const group = kind.groupOf === undefined ? {} : { group: { id: kind.groupOf(data) } };
      await boss.send(kind.queue, envelope, { id, expireInSeconds: kind.mostSeconds, ...later, ...group });
    },
    async start() {
      if (!isStopped) await opened();
    },
    runningSince: () => runningSince,
    async stop() {
      isStopped = true;
      const boss = await starting?.catch(() => null);
      await stopListening?.();
      await boss?.stop({ graceful: true, timeout: STOP_GRACE_MS, close: false });
    },
  };
}

async function createQueue(boss: PgBoss, queue: string, times: JobTimes): Promise<void> {
  const dead = deadQueueOf(queue);
  const options = {
    retryLimit: times.retries,
    retryDelay: times.firstPauseSeconds,
    retryBackoff: true,
    retryDelayMax: times.longestPauseSeconds,
    notify: true,
  };
  await boss.createQueue(dead, options);
  await boss.updateQueue(dead, options);
  await boss.createQueue(queue, { ...options, deadLetter: dead });
  await boss.updateQueue(queue, { ...options, deadLetter: dead });
}

/** Whoever works at the queues that have kinds: all of them but those that were paused. */
function createWorkers(boss: PgBoss, kinds: readonly JobKind<never>[], options: EngineOptions) {
  const { log, watch, times = jobTimes } = options;
  const looks = { pollingIntervalSeconds: times.lookSeconds, notifyPollingIntervalSeconds: times.lookSeconds };
  const working = new Set<string>();
  let following: Promise<void> = Promise.resolve();

  function kindOf(queue: string, { kind: name }: Envelope): JobKind<never> {
    const kind = kinds.find((known) => known.queue === queue && nameOf(known) === name);
    // A newer server sent it: one of its kind does it.
    if (kind === undefined) throw new Error(`This server knows no job ${name}.`);
    return kind;
  }

  async function runJob(queue: string, { id, data }: Job<Envelope>, work: () => Promise<void>): Promise<void> {
    const { kind, trace = null } = data;
    try {
      await (watch === undefined ? work() : watch({ queue, kind, jobId: id, trace }, work));
    } catch (error) {
      log.warn({ err: error, queue, job: kind, jobId: id }, 'a job failed');
      throw toKeptError(error);
    }
  }

  async function begin(queue: string): Promise<void> {
    const own = kinds.filter((kind) => kind.queue === queue);
    const localConcurrency = Math.max(...own.map((kind) => kind.atOnce));
    const shares = own.some((kind) => kind.groupOf !== undefined)
      ? { localGroupConcurrency: Math.ceil(localConcurrency / 2) }
      : {};
    const dead = deadQueueOf(queue);
    await boss.work(queue, { ...looks, localConcurrency, ...shares }, async ([job]: Job<Envelope>[]) => {
      if (job === undefined) return;
      await runJob(queue, job, async () => kindOf(queue, job.data).work(job.data.data, job.signal));
    });
    await boss.work(dead, looks, async ([job]: Job<Envelope>[]) => {
      if (job === undefined) return;
      await runJob(dead, job, async () => kindOf(queue, job.data).giveUp(job.data.data));
    });
  }

  async function workAt(paused: ReadonlySet<string>): Promise<void> {
    for (const queue of new Set(kinds.map((kind) => kind.queue))) {
      const isPaused = paused.has(queue);
      if (isPaused && working.delete(queue)) for (const name of [queue, deadQueueOf(queue)]) await boss.offWork(name);
      if (!isPaused && !working.has(queue)) {
        working.add(queue);
        await begin(queue);
      }
    }
  }

  return {
    /** One after the other: a queue that is paused and resumed at once ends as it was said last. */
    follow(paused: ReadonlySet<string>): Promise<void> {
      const done = following.then(() => workAt(paused));
      following = done.catch(() => undefined);
      return done;
    },
  };
}
