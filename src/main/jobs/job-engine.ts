// The jobs of one open profile. Every commit does the same in one transaction: what was asked for is written, what became due
// joins the queue, and what has a free place is marked as begun; then it is run. So nothing runs that is not on the disk, and
// whatever the process dies of, the next one finds each job waiting, done, or begun and to be begun again.
import path from 'node:path';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import { createCommitQueue } from '#main/jobs/commit-queue.ts';
import { openJobFile } from '#main/jobs/job-file.ts';
import { createJobStore, type JobRow } from '#main/jobs/job-store.ts';
import type { JobKind, NewJob, NewSchedule } from '#main/jobs/job-types.ts';
import { runJob, type Claimed, type Outcome, type RunDeps, type Running } from '#main/jobs/run-job.ts';
import { createSchedules, type Due } from '#main/jobs/schedules.ts';

export const JOBS_FILE = 'jobs.sqlite';

/** All kinds at once, in the list of what is paused. */
export const EVERY_KIND = '*';

/** A job that the process died in so often is what it dies of. */
const MOST_CRASHES = 5;
/** The clock is looked at so often, because timers stand still while a computer sleeps. */
const LONGEST_SLEEP_MS = 30_000;
const SWEEP_EVERY_MS = 3_600_000;
const WRITE_AGAIN_MS = 1_000;
/** A clock that went back by more: what waits for a second try does not wait for that time. */
const CLOCK_WENT_BACK_MS = 5 * 60_000;

const crashed = { code: 'interrupted', message: 'Outpost ended several times while this ran.' };

export interface EngineDeps<Profile> {
  readonly directory: string;
  readonly key: Uint8Array;
  readonly profile: Profile;
  readonly kinds: ReadonlyMap<string, JobKind<unknown, Profile>>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** 0 to 1. */
  readonly draw: () => number;
  readonly createId: () => string;
  readonly onChange: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

export function openJobEngine<Profile>(deps: EngineDeps<Profile>) {
  const { kinds, clock, scheduler, log } = deps;
  const db = openJobFile(path.join(deps.directory, JOBS_FILE), () => clock.now(), log);
  const store = createJobStore(db, deps.key);
  const schedules = createSchedules(db, deps.key);
  const running = new Map<string, Running>();
  const waitingFor = new Map<string, { resolve(row: JobRow): void; reject(error: unknown): void }[]>();
  let paused = store.pauses();
  let timer: { cancel(): void } | null = null;
  let isEnding = false;
  let whenIdle: (() => void) | null = null;
  let sweptMs = 0;
  let seenMs = clock.now();
  const commits = createCommitQueue(db, {
    andThen: takeNext,
    onRollback: () => schedules.reload(),
    onFailed(error) {
      log('jobs could not be begun', error);
      sleepUntil(clock.now() + WRITE_AGAIN_MS, clock.now());
    },
  });
  const runDeps: RunDeps<Profile> = {
    profile: deps.profile,
    store,
    commits,
    now: () => clock.now(),
    draw: deps.draw,
    isEnding: () => isEnding,
    onProgress: deps.onChange,
    log,
  };

  const recovered = store.recover(MOST_CRASHES, clock.now(), crashed);
  if (recovered > 0) log(`${String(recovered)} jobs were interrupted and are begun again`);

  function freePlaces(kind: JobKind<unknown, Profile>): number {
    if (isEnding || paused.has(EVERY_KIND) || paused.has(kind.kind)) return 0;
    let taken = 0;
    for (const one of running.values()) if (one.kind === kind.kind) taken += 1;
    return Math.max(0, kind.concurrency - taken);
  }

  /** While one of a schedule waits or runs, no other one is made. */
  function addPlanned({ name, kind, data, label }: Due, nowMs: number): void {
    const about = label === '' ? {} : { label };
    store.insert(deps.createId(), { kind, data, ...about, uniqueKey: `schedule:${name}` }, nowMs, name);
  }

  /** The second half of every commit. */
  function takeNext(): () => void {
    const nowMs = clock.now();
    followClock(nowMs);
    store.promote(nowMs);
    for (const due of schedules.takeDue(nowMs)) addPlanned(due, nowMs);
    const begun: (Claimed & { kind: JobKind<unknown, Profile> })[] = [];
    for (const kind of kinds.values()) {
      const free = freePlaces(kind);
      if (free > 0) for (const claimed of store.claim(kind.kind, free, nowMs)) begun.push({ ...claimed, kind });
    }
    const soonest = [store.soonest(), schedules.soonest()].filter((at) => at !== null);
    return () => {
      for (const { kind, ...claimed } of begun) start(claimed, kind);
      sleepUntil(Math.min(nowMs + LONGEST_SLEEP_MS, ...soonest), nowMs);
      deps.onChange();
    };
  }

  function followClock(nowMs: number): void {
    if (nowMs < seenMs - CLOCK_WENT_BACK_MS) {
      const longest = Math.max(0, ...[...kinds.values()].map((kind) => kind.retry.longestPauseMs));
      store.hasten(nowMs + longest);
    }
    seenMs = nowMs;
    if (Math.abs(nowMs - sweptMs) < SWEEP_EVERY_MS) return;
    sweptMs = nowMs;
    store.sweep(nowMs);
  }

  function sleepUntil(atMs: number, nowMs: number): void {
    timer?.cancel();
    timer = isEnding ? null : scheduler.after(Math.max(0, atMs - nowMs), () => commits.touch());
  }

  function start(claimed: Claimed, kind: JobKind<unknown, Profile>): void {
    const one: Running = {
      ...claimed,
      kind: kind.kind,
      abort: new AbortController(),
      isStopping: false,
    };
    running.set(one.id, one);
    void runJob(one, kind, runDeps).then((outcome) => keep(one, outcome));
  }

  function writeOutcome(one: Running, outcome: Outcome): void {
    const nowMs = clock.now();
    const { attempts, progress } = one;
    switch (outcome.is) {
      case 'done':
        return store.end(
          one,
          'done',
          { nowMs, attempts: attempts + 1, progress, failure: null },
          kinds.get(one.kind)?.canRepeat === true,
        );
      case 'cancelled':
        return store.end(one, 'cancelled', { nowMs, attempts, progress, failure: null });
      case 'failed':
        return store.end(one, 'failed', { nowMs, attempts: attempts + 1, progress, failure: outcome.failure });
      case 'interrupted':
        return store.again(one, { nowMs, runAt: nowMs, attempts, progress, failure: null });
      case 'again': {
        const counted = outcome.counts ? attempts + 1 : attempts;
        const { failure, pauseMs } = outcome;
        return store.again(one, { nowMs, runAt: nowMs + pauseMs, attempts: counted, progress, failure });
      }
    }
  }

  /** Keeps its place until what became of it is on the disk: a full disk must not have it done again. */
  function keep(one: Running, outcome: Outcome): void {
    commits
      .write(() => {
        // The place is free for what this commit begins.
        running.delete(one.id);
        writeOutcome(one, outcome);
      })
      .then(() => {
        if (outcome.is === 'cancelled') noteCancelled(one);
        settle(one.id);
      })
      .catch((error: unknown) => {
        log('what became of a job could not be kept yet', error);
        running.set(one.id, one);
        if (isEnding) whenIdle?.();
        else scheduler.after(WRITE_AGAIN_MS, () => keep(one, outcome));
      });
  }

  function noteCancelled({ seq, id, kind }: Pick<JobRow, 'seq' | 'id' | 'kind'>): void {
    const data = store.readData(seq, id);
    if (data === undefined) return;
    kinds
      .get(kind)
      ?.cancelled?.(data)
      .catch((error: unknown) => log('what follows from taking a job back could not be done', error));
  }

  function settle(id: string): void {
    if (running.size === 0) whenIdle?.();
    const waiting = waitingFor.get(id);
    const row = waiting === undefined ? null : store.find(id);
    if (waiting === undefined || row === null || row.endedMs === null) return;
    waitingFor.delete(id);
    for (const one of waiting) one.resolve(row);
  }

  function requireJob(id: string): JobRow {
    const row = store.find(id);
    if (row === null) throw new OutpostError('not_found', 'There is no such job any more.');
    return row;
  }

  async function drain(limitMs: number): Promise<void> {
    if (running.size === 0) return;
    await new Promise<void>((resolve) => {
      const half = scheduler.after(limitMs / 2, () => {
        for (const one of running.values()) one.abort.abort(new Error('The application ends.'));
      });
      const end = scheduler.after(limitMs, () => whenIdle?.());
      whenIdle = () => {
        half.cancel();
        end.cancel();
        resolve();
      };
    });
  }

  commits.touch();

  return {
    async enqueueAll(jobs: readonly NewJob[]): Promise<readonly string[]> {
      const nowMs = clock.now();
      const prepared = jobs.map((job) => ({ job, id: deps.createId() }));
      return commits.write(() => prepared.map(({ job, id }) => store.insert(id, job, nowMs, null)));
    },
    async schedule(schedule: NewSchedule): Promise<void> {
      await commits.write(() => schedules.set(schedule, clock.now()));
    },
    async unschedule(name: string): Promise<void> {
      await commits.write(() => schedules.remove(name));
    },
    async runPlan(name: string): Promise<void> {
      const plan = schedules.find(name);
      if (plan === null) throw new OutpostError('not_found', 'There is no such schedule any more.');
      await commits.write(() => addPlanned(plan, clock.now()));
    },
    async cancel(id: string): Promise<void> {
      const nowMs = clock.now();
      let cancelled: JobRow | null = null as JobRow | null;
      const what = await commits.write(() => {
        const row = requireJob(id);
        if (row.endedMs !== null) return null;
        cancelled = row;
        if (row.state === 'active') store.markStopping(row.seq);
        else store.end(row, 'cancelled', { nowMs, attempts: row.attempts, progress: row.progress, failure: null });
        return row.state;
      });
      const one = running.get(id);
      if (what === 'active' && one !== undefined) {
        one.isStopping = true;
        one.abort.abort(new OutpostError('cancelled', 'This job was cancelled.'));
      } else {
        if (what !== null && what !== 'active' && cancelled !== null) noteCancelled(cancelled);
        settle(id);
      }
      deps.onChange();
    },
    async retry(id: string): Promise<void> {
      await commits.write(() => {
        const { seq, kind, state } = requireJob(id);
        if (state === 'active') return;
        const data = store.readData(seq, id);
        if (state === 'done' && data === undefined) return;
        if (data !== undefined) kinds.get(kind)?.askedAgain?.(data);
        store.renew(id, clock.now());
      });
    },
    async setPause(kind: string, isPaused: boolean): Promise<void> {
      await commits.write(() => store.setPause(kind, isPaused));
      paused = store.pauses();
      commits.touch();
    },
    paused: () => paused,
    rows: (filter: { id?: string; kind?: string; state?: string; limit: number }) => store.list(filter),
    liveProgress: (id: string) => running.get(id)?.progress ?? null,
    lines: (id: string) => store.lines(id),
    counts: () => store.counts(),
    plans: () => schedules.plans(),
    async settled(id: string): Promise<JobRow> {
      const row = requireJob(id);
      if (row.endedMs !== null) return row;
      return new Promise((resolve, reject) => {
        waitingFor.set(id, [...(waitingFor.get(id) ?? []), { resolve, reject }]);
      });
    },
    /** The computer woke up, or its clock was set. */
    noteClock: () => commits.touch(),
    /** Begins nothing more, waits for what runs, asks it to stop at half of the time; what then still runs is begun again next time. */
    async close(limitMs: number): Promise<void> {
      isEnding = true;
      timer?.cancel();
      await drain(limitMs);
      // The next start shall not take these for what the process died of.
      const left = [...running.values()];
      const written = Promise.allSettled(
        left.map((one) => commits.write(() => writeOutcome(one, { is: 'interrupted' }))),
      );
      commits.close();
      await written;
      running.clear();
      const gone = new OutpostError('cancelled', 'The jobs of this profile are closed.');
      for (const one of [...waitingFor.values()].flat()) one.reject(gone);
      waitingFor.clear();
      db.close();
    },
  };
}
