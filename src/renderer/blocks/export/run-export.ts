// An export from the window's side: starts the worker, hands it rows when it asks for them, and ends it when it is done or
// not wanted any more.
import type { FromWorker, ExportJob, ToWorker } from '#renderer/blocks/export/export-messages.ts';
import type { ExportRow, ExportTable } from '#shared/export/export-table.ts';
import { fromErrorData, OutpostError, toOutpostError } from '#shared/kernel/errors.ts';

export interface ExportProgress {
  readonly rows: number;
  readonly total: number | null;
}

export interface ExportedFile {
  readonly file: Blob;
  readonly rows: number;
  /** Texts that were longer than a cell holds. */
  readonly shortened: number;
}

function iterate(rows: ExportTable['rows']): AsyncIterator<readonly ExportRow[]> | Iterator<readonly ExportRow[]> {
  return Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
}

/** `rows`: for jobs whose rows the window has. Rejects with `cancelled` once the signal says so. */
export function runExport(
  job: ExportJob,
  rows: ExportTable['rows'] | null,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const worker = new Worker(new URL('./export-worker.ts', import.meta.url), { type: 'module', name: 'export' });
  const iterator = rows === null ? null : iterate(rows);
  const result = Promise.withResolvers<ExportedFile>();
  const post = (message: ToWorker): void => worker.postMessage(message);

  async function handOver(): Promise<void> {
    const next = await iterator?.next();
    if (next === undefined || next.done === true) post({ t: 'end' });
    else post({ t: 'rows', rows: next.value });
  }

  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.t === 'more') handOver().catch((error: unknown) => result.reject(toOutpostError(error)));
    else if (data.t === 'progress') onProgress(data);
    else if (data.t === 'done') result.resolve(data);
    else result.reject(fromErrorData(data.error));
  };
  worker.onerror = (event) =>
    result.reject(new OutpostError('internal', event.message || 'The export could not start.'));
  signal.addEventListener('abort', () => result.reject(new OutpostError('cancelled', 'The export was cancelled.')));
  if (signal.aborted) result.reject(new OutpostError('cancelled', 'The export was cancelled.'));
  else post({ t: 'start', job });
  return result.promise.finally(() => worker.terminate());
}
