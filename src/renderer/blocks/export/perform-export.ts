// One export from its turn among the jobs of this computer to the saved file: written in a worker, recorded in the journal, handed
// to the person, and told to the jobs all the while.
import type { ExportJob } from '#renderer/blocks/export/export-messages.ts';
import { runExport, type ExportedFile, type ExportProgress } from '#renderer/blocks/export/run-export.ts';
import type { ExportRecord } from '#renderer/blocks/export/kept-export.ts';
import { saveFile } from '#renderer/blocks/save-file.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { ExportTable } from '#shared/export/export-table.ts';
import { exportFileName } from '#shared/export/write-export.ts';
import type { ChannelInput, EventPayloads } from '#shared/ipc/contract.ts';
import { toLocalDay } from '#shared/kernel/local-day.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';

export interface ExportWork {
  /** Of the job. */
  readonly id: string;
  /** Name of the file without day and ending. */
  readonly title: string;
  readonly job: ExportJob;
  /** Absent: the worker reads them. */
  readonly rows: ExportTable['rows'] | null;
  readonly record: ExportRecord;
}

export interface ExportHooks {
  readonly execute: (command: string, input: unknown) => Promise<unknown>;
  readonly onProgress: (progress: ExportProgress) => void;
  readonly onWritten: (name: string, file: ExportedFile) => void;
}

export type SavedOutcome = EventPayloads['file.saved']['outcome'];

export interface DoneExport {
  readonly name: string;
  readonly rows: number;
  readonly saved: SavedOutcome;
}

function untilSaved(name: string, signal: AbortSignal): Promise<SavedOutcome> {
  const { promise, resolve, reject } = Promise.withResolvers<SavedOutcome>();
  const stop = getBridge().on('file.saved', (told) => {
    if (told.name === name) resolve(told.outcome);
  });
  signal.addEventListener('abort', () => reject(takenBack()), { once: true });
  return promise.finally(stop);
}

const takenBack = () => new OutpostError('cancelled', 'The export was cancelled.');

/** The jobs are told, and nothing waits for it: what becomes of a file does not depend on what is said about it. */
function tell<Name extends 'exports.progress' | 'exports.end' | 'exports.cancel'>(
  name: Name,
  input: ChannelInput<Name>,
): void {
  void getBridge().invoke(name, input);
}

/** Resolves with what became of the file. Rejects with `cancelled` when it was taken back, here or among the jobs. */
export async function performExport(
  work: ExportWork,
  { execute, onProgress, onWritten }: ExportHooks,
  controller: AbortController,
): Promise<DoneExport> {
  const { id, title, job } = work;
  const { signal } = controller;
  const stopListening = getBridge().on('exports.stop', (told) => {
    if (told.id === id) controller.abort();
  });
  let file = '';
  let rows = 0;
  const end = (failure: { code: string; message: string } | null): void =>
    tell('exports.end', { id, file, rows, failure });
  try {
    const show = (progress: ExportProgress): void => {
      onProgress(progress);
      tell('exports.progress', { id, done: progress.rows, total: progress.total ?? 0 });
    };
    const written = await runExport(job, work.rows, show, signal);
    // Nothing leaves before it is durable that it does.
    await execute('recordExport', { ...work.record, rowCount: written.rows });
    signal.throwIfAborted();
    file = exportFileName(title, toLocalDay(new Date()), job.format);
    rows = written.rows;
    onWritten(file, written);
    const saving = untilSaved(file, signal);
    saveFile(file, written.file);
    const outcome = await saving;
    if (outcome === 'cancelled') tell('exports.cancel', { id });
    else if (outcome === 'failed') end({ code: 'localJobs.fileNotSaved', message: '' });
    else end(null);
    return { name: file, rows, saved: outcome };
  } catch (failure) {
    const { code, message } = toErrorData(signal.aborted ? takenBack() : failure);
    if (code === 'cancelled') tell('exports.cancel', { id });
    else end({ code, message: message.slice(0, 2000) });
    throw signal.aborted ? takenBack() : failure;
  } finally {
    stopListening();
  }
}

/** Resolves when its turn among the jobs came. */
export async function beginExport(id: string, label: string, again: string, signal: AbortSignal): Promise<void> {
  const cancel = (): void => tell('exports.cancel', { id });
  signal.addEventListener('abort', cancel, { once: true });
  await invokeMain(getBridge(), 'exports.begin', { id, label: label.slice(0, 400), again });
  signal.removeEventListener('abort', cancel);
  if (signal.aborted) cancel();
  signal.throwIfAborted();
}
