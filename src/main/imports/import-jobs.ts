// Imports as jobs: the job keeps the rows and asks the data host for one batch after the other, so that an import that was interrupted
// goes on at the next start. Which batches are done only the record of the import says; nothing of it is kept here.
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { ImportStep, ImportToKeep } from '#shared/import/import-steps.ts';
import { OutpostError, toErrorData, type ErrorData } from '#shared/kernel/errors.ts';
import { GiveUp, TryLater, type Jobs } from '#main/jobs/job-types.ts';

const KIND = 'import';
const HOST_PAUSE_MS = 1_000;
const notYet: ReadonlySet<string> = new Set(['not_signed_in', 'local_database_damaged']);

export interface ImportJobDeps {
  readonly ask: (request: HostRequest) => Promise<unknown>;
  readonly isHostReady: () => boolean;
}

/** Gives what keeps a new import. */
export function defineImports(
  jobs: Pick<Jobs<never>, 'define' | 'enqueue' | 'isPaused'>,
  deps: ImportJobDeps,
): (work: ImportToKeep) => Promise<void> {
  async function next(importId: string, rows: string | null): Promise<ImportStep> {
    try {
      return (await deps.ask({ kind: 'continueImport', importId, rows })) as ImportStep;
    } catch (error) {
      // Of the host, and not of the import: it is started again, or opens the profile in this moment.
      if (error instanceof OutpostError && notYet.has(error.code)) throw new TryLater(error.message, HOST_PAUSE_MS);
      throw error;
    }
  }
  const stop = (importId: string, failure: ErrorData | null) => deps.ask({ kind: 'stopImport', importId, failure });
  jobs.define<ImportToKeep>({
    kind: KIND,
    // Each one looks up what is there when it begins.
    concurrency: 1,
    retry: { attempts: 6, firstPauseMs: 2_000, longestPauseMs: 60_000 },
    async run({ data, signal, progress, log, isLastAttempt }) {
      const { importId } = data;
      let rows: string | null = null;
      try {
        for (;;) {
          signal.throwIfAborted();
          // Between two batches, so that pausing means now.
          if (jobs.isPaused(KIND)) throw new TryLater('Paused.', 0);
          if (!deps.isHostReady()) throw new TryLater('The local database is not open yet.', HOST_PAUSE_MS);
          const step = await next(importId, rows);
          if (step.is === 'over') return;
          if (step.is === 'needsRows') {
            if (rows !== null) throw new GiveUp('The rows of this import cannot be read.');
            rows = data.rows;
            log({ key: 'importBegun' });
            continue;
          }
          progress(step.done, step.total);
          log({ key: 'rowsDone', values: { done: step.done, total: step.total } });
        }
      } catch (error) {
        const isFinal = error instanceof GiveUp || (isLastAttempt && !(error instanceof TryLater));
        if (isFinal && !signal.aborted && deps.isHostReady()) await stop(importId, toErrorData(error));
        throw error;
      }
    },
    async cancelled({ importId }) {
      if (deps.isHostReady()) await stop(importId, null);
    },
  });
  return async (work) => {
    await jobs.enqueue({ kind: KIND, data: work, label: work.fileName, uniqueKey: work.importId });
  };
}
