// The jobs of this computer for everybody who has work for later: kinds are defined once, a profile's jobs go on when it is
// opened and stop when it is closed.
import type { LocalJob, LocalJobFilter, LocalJobsOverview } from '#shared/jobs/local-jobs.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import { jobStates, type JobState } from '#shared/sync/job-messages.ts';
import { EVERY_KIND, openJobEngine } from '#main/jobs/job-engine.ts';
import type { JobRow } from '#main/jobs/job-store.ts';
import type { JobKind, Jobs, OtherWork } from '#main/jobs/job-types.ts';

interface JobsProfile {
  /** Where the profile lies. */
  readonly directory: string;
  /** Seals what jobs are about. */
  readonly jobsKey: Uint8Array;
}

export interface JobsDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** 0 to 1. */
  readonly draw: () => number;
  readonly createId: () => string;
  /** Something about the jobs is different now. Not more often than screens can show it. */
  readonly onChange: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

export interface JobsHost<Profile> extends Jobs<Profile> {
  open(profile: Profile): void;
  /** What runs is waited for, for a moment; the rest goes on when the profile is opened again. */
  close(): Promise<void>;
  /** The computer woke up. */
  noteClock(): void;
}

const CLOSE_LIMIT_MS = 4_000;
const TELL_EVERY_MS = 200;
const LISTED = 200;

const stateOf = (row: JobRow): JobState => (row.state === 'delayed' && row.attempts > 0 ? 'retrying' : row.state);

export function createJobs<Profile extends JobsProfile>(deps: JobsDeps): JobsHost<Profile> {
  const { scheduler, log } = deps;
  const kinds = new Map<string, JobKind<unknown, Profile>>();
  const others: OtherWork[] = [];
  const openings: ((profile: Profile) => Promise<void>)[] = [];
  let engine: ReturnType<typeof openJobEngine<Profile>> | null = null;
  let telling: { cancel(): void } | null = null;

  function opened(): NonNullable<typeof engine> {
    if (engine === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return engine;
  }

  function tell(): void {
    telling ??= scheduler.after(TELL_EVERY_MS, () => {
      telling = null;
      deps.onChange();
    });
  }

  function toJob(row: JobRow): LocalJob {
    const instant = (at: number | null): string | null => (at === null ? null : toInstant(at));
    const kind = kinds.get(row.kind);
    const isRunning = row.state === 'active';
    return {
      id: row.id,
      kind: row.kind,
      label: row.label,
      state: stateOf(row),
      priority: row.priority,
      createdAt: toInstant(row.createdMs),
      startsAt: row.state === 'delayed' ? instant(row.runAtMs) : null,
      startedAt: instant(row.startedMs),
      endedAt: instant(row.endedMs),
      attempts: row.attempts + (isRunning ? 1 : 0),
      mostAttempts: kind?.retry.attempts ?? 1,
      progress: (isRunning ? engine?.liveProgress(row.id) : null) ?? row.progress,
      error: row.failure,
      isStopping: row.isStopping,
      canCancel: row.endedMs === null && !row.isStopping && kind?.canCancel !== false,
      canRepeat: row.state === 'done' && row.hasData,
      schedule: row.schedule,
    };
  }

  function overview(): LocalJobsOverview {
    const { counts, paused, plans } = opened();
    const counted = counts();
    const isPaused = paused();
    const shown = others.flatMap((work) => work.list());
    const names = new Set([
      ...kinds.keys(),
      ...others.flatMap((work) => work.kinds),
      ...counted.map(({ kind }) => kind),
    ]);
    const of = (kind: string) =>
      Object.fromEntries(
        jobStates.map((state) => [
          state,
          (counted.find((one) => one.kind === kind && one.state === state)?.count ?? 0) +
            shown.filter((one) => one.kind === kind && one.state === state).length,
        ]),
      ) as LocalJobsOverview['kinds'][number]['counts'];
    return {
      isPaused: isPaused.has(EVERY_KIND),
      kinds: [...names].map((kind) => ({ kind, isPaused: isPaused.has(kind), counts: of(kind) })),
      plans: [...plans()],
    };
  }

  function list(filter: LocalJobFilter = {}): readonly LocalJob[] {
    const { id, kind, state, limit = LISTED } = filter;
    const own = opened()
      .rows({ ...filter, limit })
      .map(toJob);
    const shown = others
      .flatMap((work) => work.list())
      .filter(
        (job) =>
          (id === undefined || job.id === id) &&
          (kind === undefined || job.kind === kind) &&
          (state === undefined || job.state === state),
      );
    const byNewest = (one: LocalJob, other: LocalJob): number => (one.createdAt < other.createdAt ? 1 : -1);
    return shown.length === 0 ? own : [...own, ...shown].toSorted(byNewest).slice(0, limit);
  }

  const otherOf = (id: string): OtherWork | undefined =>
    others.find((work) => work.list().some((job) => job.id === id));

  async function setPause(kind: string | null, isPaused: boolean): Promise<void> {
    await opened().setPause(kind ?? EVERY_KIND, isPaused);
    for (const work of others) work.noteHeld();
    tell();
  }

  return {
    define(kind) {
      if (kinds.has(kind.kind)) throw new Error(`The kind of job ${kind.kind} is defined twice.`);
      // A kind reads what it wrote itself.
      kinds.set(kind.kind, kind);
    },
    whenOpened(work) {
      openings.push(work);
    },
    showAlso(work) {
      others.push(work);
    },
    isPaused(kind) {
      const paused = engine?.paused();
      return paused !== undefined && (paused.has(EVERY_KIND) || paused.has(kind));
    },
    async enqueue(job) {
      const [id = ''] = await opened().enqueueAll([job]);
      return id;
    },
    enqueueAll: async (jobs) => opened().enqueueAll(jobs),
    schedule: async (schedule) => opened().schedule(schedule),
    runPlan: async (name) => opened().runPlan(name),
    unschedule: async (name) => opened().unschedule(name),
    async cancel(id) {
      const other = otherOf(id);
      await (other === undefined ? opened().cancel(id) : other.cancel(id));
    },
    async retry(id) {
      const other = otherOf(id);
      await (other === undefined ? opened().retry(id) : other.retry(id));
    },
    pause: (kind) => setPause(kind, true),
    resume: (kind) => setPause(kind, false),
    list,
    logOf: (id) =>
      otherOf(id)?.logOf(id) ??
      opened()
        .lines(id)
        .map(({ atMs, text }) => ({ at: toInstant(atMs), text })),
    overview,
    settled: async (id) => toJob(await opened().settled(id)),
    open(profile) {
      if (engine !== null) throw new Error('The jobs of another profile are still open.');
      const { directory, jobsKey } = profile;
      try {
        engine = openJobEngine({ ...deps, directory, key: jobsKey, profile, kinds, onChange: tell });
      } catch (error) {
        // Nobody is kept from working by what would have worked for them.
        log('the jobs of this profile could not be opened', error);
        return;
      }
      for (const work of openings)
        work(profile).catch((error: unknown) => log('the jobs of a profile could not be planned', error));
      tell();
    },
    async close() {
      const closing = engine;
      engine = null;
      telling?.cancel();
      telling = null;
      await closing?.close(CLOSE_LIMIT_MS);
    },
    noteClock: () => engine?.noteClock(),
  };
}
