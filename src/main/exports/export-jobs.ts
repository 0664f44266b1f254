// Exports as jobs. The file is written in a window, by a worker that reads with the rights of the moment, and nothing of it is on the
// disk before all of it is there: so an export that was interrupted is told as such and never begins by itself. Whoever wants
// it, or wants one that is done anew, asks for it once more, and a window makes it from what it asked for. A report is an export
// that was planned: a window makes it when its time comes, and its file goes into the folder that was chosen then.
import type { ExportDays, KeptExport } from '#shared/ipc/export-channels.ts';
import type { ChannelInput } from '#shared/ipc/contract.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { assertFolder, createFolderFile, type FolderFile } from '#main/exports/folder-file.ts';
import { GiveUp, TryLater, type JobContext, type Jobs } from '#main/jobs/job-types.ts';

/** Writing a file takes a thread and much of the memory of a window. */
const AT_ONCE = 2;

export interface ExportJobDeps {
  /** The window that writes it is to stop. */
  readonly onStop: (id: string) => void;
  /** One is to be done once more: some window takes it. */
  readonly onOffered: () => void;
  /** One came due: a window takes it when there is one. */
  readonly onDue: () => void;
  /** Asks the person; null when nobody chose. */
  readonly chooseFolder: () => Promise<string | null>;
  readonly createId: () => string;
  /** Of the person, for times of the day. */
  readonly zone: () => string;
  readonly log: (message: string, error?: unknown) => void;
}

type AskedExport = Pick<KeptExport, 'id' | 'again'>;

interface PlannedExport {
  readonly again: string;
  readonly folder: string;
}

/** One that a window has, or is to take. */
interface Live {
  /** Of the window that writes it; null until one took it. */
  page: number | null;
  jobId: string | null;
  job: Pick<JobContext<AskedExport, never>, 'progress' | 'log'> | null;
  /** Of a report. */
  readonly file: FolderFile | null;
  readonly begun: PromiseWithResolvers<void>;
  readonly ended: PromiseWithResolvers<void>;
}

export interface ExportJobs {
  begin(work: ChannelInput<'exports.begin'>, page: number): Promise<void>;
  take(page: number): KeptExport | null;
  plan(wanted: ChannelInput<'exports.plan'>): Promise<{ readonly folder: string } | null>;
  add(piece: ChannelInput<'exports.piece'>): Promise<void>;
  keep(told: ChannelInput<'exports.keep'>): Promise<void>;
  progress(told: ChannelInput<'exports.progress'>): void;
  end(told: ChannelInput<'exports.end'>): void;
  cancel(id: string): Promise<void>;
  /** A window was closed, or its process died. */
  notePageGone(page: number): void;
}

function newLive(page: number | null, file: FolderFile | null = null): Live {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  // Nobody may wait for them yet when it is over.
  begun.promise.catch(() => undefined);
  ended.promise.catch(() => undefined);
  return { page, jobId: null, job: null, file, begun, ended };
}

const takenBack = () => new OutpostError('cancelled', 'The export was cancelled.');

function interrupted(): GiveUp {
  const cause = new OutpostError('interrupted', 'Outpost, or its window, was closed while the file was written.');
  return new GiveUp(cause.message, { cause });
}

const dayRules: Readonly<Record<ExportDays, string>> = {
  daily: '* * *',
  workdays: '* * 1-5',
  weekly: '* * 1',
  monthly: '1 * *',
};

export function defineExports(
  jobs: Pick<Jobs<never>, 'define' | 'enqueue' | 'cancel' | 'schedule'>,
  deps: ExportJobDeps,
): ExportJobs {
  const live = new Map<string, Live>();
  /** A person asked for these once more. */
  const wanted = new Set<string>();
  const offered = new Map<string, string>();

  function takeAway(id: string, reason: unknown): void {
    const one = live.get(id);
    if (one === undefined) return;
    live.delete(id);
    offered.delete(id);
    one.begun.reject(reason);
    one.ended.reject(reason);
    if (one.page !== null) deps.onStop(id);
  }

  function takeBack(jobId: string): void {
    jobs.cancel(jobId).catch((error: unknown) => deps.log('an export could not be taken back', error));
  }

  /** From its turn to its end, whichever window makes it. */
  async function follow(
    id: string,
    one: Live,
    { jobId, signal, progress, log }: Pick<JobContext<unknown, never>, 'jobId' | 'signal' | 'progress' | 'log'>,
  ): Promise<void> {
    one.jobId = jobId;
    one.job = { progress, log };
    one.begun.resolve();
    const stop = (): void => takeAway(id, signal.reason ?? takenBack());
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await one.ended.promise;
    } finally {
      signal.removeEventListener('abort', stop);
      live.delete(id);
      offered.delete(id);
      await one.file?.drop();
    }
  }

  function fileOf(id: string): FolderFile {
    const file = live.get(id)?.file ?? null;
    if (file === null) throw new OutpostError('not_found', 'No file is being written for this job.');
    return file;
  }

  // What failed would fail again: the person who reads why decides.
  const retry = { attempts: 1, firstPauseMs: 1_000, longestPauseMs: 1_000 };
  jobs.define<PlannedExport>({
    kind: 'report',
    concurrency: 1,
    retry,
    canRepeat: true,
    run(context) {
      const { jobId, data } = context;
      const one = newLive(null, createFolderFile(data.folder, jobId));
      live.set(jobId, one);
      offered.set(jobId, data.again);
      deps.onDue();
      return follow(jobId, one, context);
    },
  });
  jobs.define<AskedExport>({
    kind: 'export',
    concurrency: AT_ONCE,
    retry,
    canRepeat: true,
    askedAgain({ id }) {
      wanted.add(id);
    },
    async run(context) {
      const { id, again } = context.data;
      let one = live.get(id);
      const isAgain = wanted.delete(id);
      if (one === undefined) {
        if (!isAgain) throw interrupted();
        one = newLive(null);
        live.set(id, one);
        offered.set(id, again);
        deps.onOffered();
      }
      await follow(id, one, context);
    },
    cancelled({ id }) {
      takeAway(id, takenBack());
      return Promise.resolve();
    },
  });

  return {
    async begin({ id, label, again }, page) {
      const one = newLive(page);
      live.set(id, one);
      try {
        one.jobId = await jobs.enqueue({ kind: 'export', data: { id, again }, label, uniqueKey: id });
      } catch (error) {
        // Nobody is kept from exporting by what would have shown it.
        deps.log('an export could not be kept among the jobs', error);
        live.delete(id);
        return;
      }
      await one.begun.promise;
    },
    take(page) {
      const [next] = offered;
      if (next === undefined) return null;
      const [id, again] = next;
      offered.delete(id);
      const one = live.get(id);
      if (one === undefined) return null;
      one.page = page;
      return { id, again, isForFolder: one.file !== null };
    },
    async plan({ label, again, days, minuteOfDay }) {
      const folder = await deps.chooseFolder();
      if (folder === null) return null;
      await assertFolder(folder);
      const data: PlannedExport = { again, folder };
      await jobs.schedule({
        name: `report:${deps.createId()}`,
        kind: 'report',
        cron: `${minuteOfDay % 60} ${Math.floor(minuteOfDay / 60)} ${dayRules[days]}`,
        zone: deps.zone(),
        label: `${label} → ${folder}`,
        canRemove: true,
        data,
      });
      return { folder };
    },
    add: ({ id, bytes }) => fileOf(id).add(bytes),
    keep: ({ id, file }) => fileOf(id).keep(file),
    progress({ id, done, total }) {
      live.get(id)?.job?.progress(done, total);
    },
    end({ id, file, rows, failure }) {
      const one = live.get(id);
      if (one === undefined) return;
      if (failure === null) {
        one.job?.progress(rows, rows);
        one.job?.log({ key: 'exportSaved', values: { file, count: rows } });
        one.ended.resolve();
        return;
      }
      one.ended.reject(new GiveUp('An export failed in its window.', { told: failure }));
    },
    async cancel(id) {
      const jobId = live.get(id)?.jobId ?? null;
      if (jobId !== null) await jobs.cancel(jobId);
    },
    notePageGone(page) {
      for (const one of live.values()) {
        if (one.page !== page) continue;
        // One that had not begun is nobody's any more.
        if (one.job === null && one.jobId !== null) takeBack(one.jobId);
        else one.ended.reject(one.file === null ? interrupted() : new TryLater('Its window was closed.', 1_000));
      }
    },
  };
}
