// One run of one job: what its kind is given to work with, and what comes of it.
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import { GiveUp, TryLater, type JobContext, type JobKind } from '#main/jobs/job-types.ts';
import { pauseAfter } from '#main/jobs/back-off.ts';
import type { CommitQueue } from '#main/jobs/commit-queue.ts';
import type { JobRow, JobStore } from '#main/jobs/job-store.ts';

export interface Claimed {
  readonly seq: number;
  readonly id: string;
  readonly attempts: number;
  /** Told by an earlier run. */
  progress: JobRow['progress'];
}

/** A job that runs now. */
export interface Running extends Claimed {
  readonly kind: string;
  readonly abort: AbortController;
  /** A person took it back. */
  isStopping: boolean;
}

export type Outcome =
  | { readonly is: 'done' | 'cancelled' }
  /** The application ends: as if it had not begun. */
  | { readonly is: 'interrupted' }
  | { readonly is: 'again'; readonly pauseMs: number; readonly failure: JobRow['failure']; readonly counts: boolean }
  | { readonly is: 'failed'; readonly failure: JobRow['failure'] };

export interface RunDeps<Profile> {
  readonly profile: Profile;
  readonly store: JobStore;
  readonly commits: CommitQueue;
  readonly now: () => number;
  readonly draw: () => number;
  /** Nothing new begins, no step either. */
  readonly isEnding: () => boolean;
  readonly onProgress: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

const MESSAGE_LETTERS = 500;

function toFailure(error: unknown): NonNullable<JobRow['failure']> {
  const { code, message } = toErrorData(error);
  // Sealed with the job and seen by its owner only: here the words of libraries may be kept.
  const told = error instanceof Error && code === 'internal' ? error.message : message;
  return { code, message: told.slice(0, MESSAGE_LETTERS) };
}

function contextOf<Profile>(
  running: Running,
  kind: JobKind<unknown, Profile>,
  data: unknown,
  deps: RunDeps<Profile>,
): JobContext<unknown, Profile> {
  const { seq, id, attempts, abort } = running;
  const { store, commits, now } = deps;
  const begun = new Set<string>();
  return {
    jobId: id,
    data,
    profile: deps.profile,
    signal: abort.signal,
    attempt: attempts + 1,
    isLastAttempt: attempts + 1 >= kind.retry.attempts,
    async step(name, work) {
      if (begun.has(name)) throw new OutpostError('invalid', 'A step of a job occurs twice.', { name });
      begun.add(name);
      const before = store.readStep(seq, id, name);
      if (before !== null) return before.result as Awaited<ReturnType<typeof work>>;
      abort.signal.throwIfAborted();
      if (deps.isEnding()) throw new OutpostError('interrupted', 'The application ends.');
      const result = await work();
      // What a later run would get, so that both are the same.
      const kept = result === undefined ? null : (JSON.parse(JSON.stringify(result)) as unknown);
      await commits.write(() => store.writeStep(seq, id, name, kept));
      return (result === undefined ? undefined : kept) as Awaited<ReturnType<typeof work>>;
    },
    progress(done, total) {
      running.progress = { done, total };
      deps.onProgress();
    },
    log(line) {
      const atMs = now();
      commits
        .write(() => store.writeLine(seq, id, atMs, line), 'later')
        .then(deps.onProgress, (error: unknown) => deps.log('a line of a job was lost', error));
    },
  };
}

function judge<Profile>(
  error: unknown,
  running: Running,
  kind: JobKind<unknown, Profile>,
  deps: RunDeps<Profile>,
): Outcome {
  if (running.isStopping) return { is: 'cancelled' };
  if (deps.isEnding()) return { is: 'interrupted' };
  if (error instanceof TryLater) return { is: 'again', pauseMs: error.pauseMs, failure: null, counts: false };
  const told = error instanceof GiveUp ? error.told : null;
  const failure = told ?? toFailure(error instanceof GiveUp && error.cause !== undefined ? error.cause : error);
  const failures = running.attempts + 1;
  if (error instanceof GiveUp || failures >= kind.retry.attempts) return { is: 'failed', failure };
  return { is: 'again', pauseMs: pauseAfter(failures, kind.retry, deps.draw), failure, counts: true };
}

export async function runJob<Profile>(
  running: Running,
  kind: JobKind<unknown, Profile>,
  deps: RunDeps<Profile>,
): Promise<Outcome> {
  const data = deps.store.readData(running.seq, running.id);
  try {
    if (data === undefined) throw new GiveUp('What this job was to do cannot be read any more.');
    await kind.run(contextOf(running, kind, data, deps));
    return { is: 'done' };
  } catch (error) {
    const outcome = judge(error, running, kind, deps);
    if (outcome.is === 'again' || outcome.is === 'failed') deps.log(`a job of kind ${running.kind} failed`, error);
    return outcome;
  }
}
