// The words of the job engine of this computer. A kind says how its jobs are done; a job is kept on the disk before its id
// is given back, and until it is done. It may be begun again after a crash, but never repeats a step whose result is kept.
import type { JobLineText } from '#shared/jobs/job-lines.ts';
import type { LocalJob, LocalJobFilter, LocalJobLine, LocalJobsOverview } from '#shared/jobs/local-jobs.ts';

export interface RetryRule {
  /** Runs at most, the first one included. */
  readonly attempts: number;
  /** Before the second run; doubled before each further one, and shortened by chance down to half. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export interface JobContext<Data, Profile> {
  readonly jobId: string;
  readonly data: Data;
  /** Whose job it is. It is open as long as the signal is not aborted. */
  readonly profile: Profile;
  /** Aborted when the job is cancelled, and when the application ends: throw, and what is left is done by the next start. */
  readonly signal: AbortSignal;
  /** 1 for the first run. */
  readonly attempt: number;
  /** A failure of this run is final. */
  readonly isLastAttempt: boolean;
  /**
   * Does a piece of the job once: when it resolves its result is on the disk, and a later run gets that instead of doing it
   * again. A name occurs once in a job. What `work` gives back is kept as JSON.
   */
  readonly step: <Result>(name: string, work: () => Promise<Result> | Result) => Promise<Result>;
  readonly progress: (done: number, total: number) => void;
  /** A line for whoever looks at the job; the last 200 are kept. */
  readonly log: (line: JobLineText) => void;
}

export interface JobKind<Data, Profile> {
  /** Its name on screens stands in the translations, under `localJobs.kinds`. */
  readonly kind: string;
  /** Jobs of this kind at once; two of one `uniqueKey` never run at once. */
  readonly concurrency: number;
  readonly retry: RetryRule;
  /** False: a person cannot take its jobs back, because half of them would be worse than none or all. */
  readonly canCancel?: boolean;
  /** True: what is done can be done once more, so that what it needs is kept as long as it is listed. */
  readonly canRepeat?: boolean;
  run(context: JobContext<Data, Profile>): Promise<void>;
  /** A person wants one again that had ended, or now that waits: before it begins. */
  askedAgain?(data: Data): void;
  /** A person took a job back, whether or not it ran; not repeated after a crash. */
  cancelled?(data: Data): Promise<void>;
}

export interface NewJob {
  readonly kind: string;
  /** JSON; sealed on the disk. */
  readonly data: unknown;
  /** Not before this instant (ms). */
  readonly runAt?: number;
  /** Higher ones first; default 0. */
  readonly priority?: number;
  /** What it is about, for people: the name of a file or of a mailbox. Sealed. */
  readonly label?: string;
  /** While a job of this kind with this key counts, another one is not made: the id of the one there is given back. */
  readonly uniqueKey?: string;
  /**
   * Which ones count. `unfinished` (default): waiting or running. `waiting`: a running one may have looked already, so one
   * more waits behind it. `kept`: also finished ones, as long as they are kept (30 days at least).
   */
  readonly unique?: 'unfinished' | 'waiting' | 'kept';
}

export interface NewSchedule {
  /** Names it; the same name again replaces it, and goes on where it was. */
  readonly name: string;
  /** Five parts, or six with seconds first. */
  readonly cron: string;
  /** IANA, like `Europe/Berlin`. */
  readonly zone: string;
  readonly kind: string;
  readonly data: unknown;
  /** What it is about, for people. Sealed. */
  readonly label?: string;
  /** A person made it, and may take it away; those of the product come again with every start. */
  readonly canRemove?: boolean;
  /** What was missed while the computer slept or was off: done once, now (default), or left out. */
  readonly missed?: 'once' | 'skip';
}

/** Throw it from `run`: not before this pause, without counting as a failure. */
export class TryLater extends Error {
  readonly pauseMs: number;
  constructor(message: string, pauseMs: number) {
    super(message);
    this.name = 'TryLater';
    this.pauseMs = pauseMs;
  }
}

/** Throw it from `run`: trying again would not help. */
export class GiveUp extends Error {
  /** Why, where what happened was not an error of this process. */
  readonly told: LocalJob['error'];
  constructor(message: string, options: { readonly cause?: unknown; readonly told?: LocalJob['error'] } = {}) {
    super(message, options);
    this.name = 'GiveUp';
    this.told = options.told ?? null;
  }
}

/**
 * Work of this computer that has a state of its own elsewhere and is shown among the jobs, so that nobody has to know two lists. It is
 * worked out when it is asked for; pausing its kinds is kept with those of the jobs.
 */
export interface OtherWork {
  readonly kinds: readonly string[];
  /** Empty while no profile is open. */
  list(): readonly LocalJob[];
  logOf(id: string): readonly LocalJobLine[];
  retry(id: string): void;
  cancel(id: string): void;
  /** Whether its kinds are paused may be different now. */
  noteHeld(): void;
}

/** What everybody who has work for later may ask. All of it throws `not_signed_in` while no profile is open. */
export interface Jobs<Profile> {
  /** Before a profile is opened; once for each kind. */
  define<Data>(kind: JobKind<Data, Profile>): void;
  /** Before a profile is opened: called with each one that was, for schedules and for what it still owes. */
  whenOpened(work: (profile: Profile) => Promise<void>): void;
  /** Before a profile is opened. */
  showAlso(work: OtherWork): void;
  isPaused(kind: string): boolean;
  /** Resolves when it is on the disk. Throws `disk_full`. */
  enqueue(job: NewJob): Promise<string>;
  /** All of them or none. */
  enqueueAll(jobs: readonly NewJob[]): Promise<readonly string[]>;
  schedule(schedule: NewSchedule): Promise<void>;
  unschedule(name: string): Promise<void>;
  /** What is planned, now and once more; its times stay. */
  runPlan(name: string): Promise<void>;
  /** One that waits is taken back; one that runs is asked to stop. */
  cancel(id: string): Promise<void>;
  /** One that was given up or taken back begins anew and keeps its finished steps; one that waits for its time runs now. */
  retry(id: string): Promise<void>;
  /** Nothing of this kind, or of any, begins any more; what runs goes on. */
  pause(kind: string | null): Promise<void>;
  resume(kind: string | null): Promise<void>;
  /** Newest first. */
  list(filter?: LocalJobFilter): readonly LocalJob[];
  logOf(id: string): readonly LocalJobLine[];
  overview(): LocalJobsOverview;
  /** Resolves when this job is done, given up or taken back in this run of the application. */
  settled(id: string): Promise<LocalJob>;
}
