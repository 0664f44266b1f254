// One export from its turn among the jobs of this computer to the saved file: asked, written in a worker, recorded in the journal,
// handed to the person, and told to the jobs all the while. The record waits for the network like every other change; the file
// does not.
import type { ExportJob } from '#renderer/blocks/export/export-messages.ts';
import { runExport, type ExportedFile, type ExportProgress } from '#renderer/blocks/export/run-export.ts';
import { makeExport, type ExportTools } from '#renderer/blocks/export/export-makers.ts';
import { refusalOfExport, type PreparedExport } from '#renderer/blocks/export/export-offer.ts';
import { keepExport, type KeptExport } from '#renderer/blocks/export/export-question.ts';
import { saveFile } from '#renderer/blocks/save-file.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { ExportTable } from '#shared/export/export-table.ts';
import { exportFileName } from '#shared/export/write-export.ts';
import { CHUNK_BYTES } from '#shared/files/file-limits.ts';
import type { ChannelInput, EventPayloads } from '#shared/ipc/contract.ts';
import type { ExportDays } from '#shared/ipc/export-channels.ts';
import { toLocalDay } from '#shared/kernel/local-day.ts';
import { OutpostError, toErrorData, type ErrorCode } from '#shared/kernel/errors.ts';

export interface ExportWork {
  /** Of the job. */
  readonly id: string;
  readonly kept: KeptExport;
  /** The file goes into the folder the job knows, and not to where windows save. */
  readonly isForFolder?: boolean;
}

/** What is shown while it goes on. */
export interface ExportSigns {
  /** Before anything is written: how much of how much was asked. */
  readonly onAsked: (done: number, total: number) => void;
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

/** Piece by piece: no message between processes holds a whole file. */
async function putIntoFolder(id: string, name: string, file: Blob, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < file.size; at += CHUNK_BYTES) {
    const bytes = new Uint8Array(await file.slice(at, at + CHUNK_BYTES).arrayBuffer());
    signal.throwIfAborted();
    await invokeMain(getBridge(), 'exports.piece', { id, bytes });
  }
  await invokeMain(getBridge(), 'exports.keep', { id, file: name });
}

/** The jobs are told, and nothing waits for it: what becomes of a file does not depend on what is said about it. */
function tell<Name extends 'exports.progress' | 'exports.end' | 'exports.cancel'>(
  name: Name,
  input: ChannelInput<Name>,
): void {
  void getBridge().invoke(name, input);
}

/** What the audit is told. */
function recordOf({ subject, title, format }: KeptExport, prepared: PreparedExport, rowCount: number) {
  const { fields, leftOut = [], filteredBy = [] } = prepared;
  return {
    subject: subject.kind === 'records' ? 'records' : subject.what,
    source: subject.kind === 'records' ? subject.entity : subject.source,
    title: title.slice(0, 300),
    format,
    columns: fields.map(({ entity, field }) => ({ entity, field })),
    leftOut: leftOut.map(({ entity, field }) => ({ entity, field })),
    filteredBy: [...filteredBy],
    rowCount,
  };
}

/** What is handed to the worker at once, and the rows it asks for. */
function takeRows(prepared: PreparedExport['table']): {
  readonly table: ExportJob['table'];
  readonly rows: ExportTable['rows'] | null;
} {
  if ('parts' in prepared || !('rows' in prepared)) return { table: prepared, rows: null };
  const { rows, ...table } = prepared;
  return { table, rows };
}

/** Codes whose words in the catalogue are about a form or one record. */
const ownWords: Readonly<Partial<Record<ErrorCode, string>>> = {
  action_forbidden: 'localJobs.exportForbidden',
  field_forbidden: 'localJobs.exportUnseen',
  invalid: 'localJobs.exportUnseen',
  not_visible: 'localJobs.exportUnseen',
  too_large: 'export.tooLarge',
};

/** Why there is no file, as the jobs keep it. */
function problemOf(failure: unknown): { readonly code: string; readonly message: string } {
  const { code, message } = toErrorData(failure);
  const own = ownWords[code];
  return own === undefined ? { code, message: message.slice(0, 2000) } : { code: own, message: '' };
}

/**
 * Asks with the rights of now, whoever asked first and whenever that was. Resolves with what became of the file. Rejects with
 * `cancelled` when it was taken back, here or among the jobs.
 */
export async function performExport(
  { id, kept, isForFolder = false }: ExportWork,
  { makers, contextIn, execute }: ExportTools,
  { onAsked, onProgress, onWritten }: ExportSigns,
  controller: AbortController,
): Promise<DoneExport> {
  const { title, format } = kept;
  const { signal } = controller;
  const stopListening = getBridge().on('exports.stop', (told) => {
    if (told.id === id) controller.abort();
  });
  let file = '';
  let rowCount = 0;
  const end = (failure: { code: string; message: string } | null): void =>
    tell('exports.end', { id, file, rows: rowCount, failure });
  try {
    const context = await contextIn(kept.language, signal);
    const refusal = refusalOfExport(context.actor, kept.subject);
    if (refusal !== null) throw refusal;
    const prepared = await makeExport(makers, kept.question, context, {
      title,
      form: format,
      onAsked(done, total) {
        onAsked(done, total);
        tell('exports.progress', { id, done, total });
      },
    });
    signal.throwIfAborted();
    const { table, rows } = takeRows(prepared.table);
    const list = prepared.list === undefined ? {} : { list: prepared.list };
    const show = (progress: ExportProgress): void => {
      onProgress(progress);
      tell('exports.progress', { id, done: progress.rows, total: progress.total ?? 0 });
    };
    show({ rows: 0, total: null });
    const written = await runExport({ format, style: context.style, table, ...list }, rows, show, signal);
    // Nothing leaves before it is durable that it does.
    await execute('recordExport', recordOf(kept, prepared, written.rows));
    signal.throwIfAborted();
    file = exportFileName(title, toLocalDay(new Date()), format);
    rowCount = written.rows;
    if (isForFolder) {
      await putIntoFolder(id, file, written.file, signal);
      end(null);
      return { name: file, rows: rowCount, saved: 'saved' };
    }
    onWritten(file, written);
    const saving = untilSaved(file, signal);
    saveFile(file, written.file);
    const outcome = await saving;
    if (outcome === 'cancelled') tell('exports.cancel', { id });
    else if (outcome === 'failed') end({ code: 'localJobs.fileNotSaved', message: '' });
    else end(null);
    return { name: file, rows: rowCount, saved: outcome };
  } catch (failure) {
    const problem = problemOf(signal.aborted ? takenBack() : failure);
    if (problem.code === 'cancelled') tell('exports.cancel', { id });
    else end(problem);
    throw signal.aborted ? takenBack() : failure;
  } finally {
    stopListening();
  }
}

/** One of a former version. */
export function refuseFormer(id: string): void {
  tell('exports.end', { id, file: '', rows: 0, failure: { code: 'localJobs.exportFormer', message: '' } });
}

/** What the jobs call it. */
function labelOf({ title, format }: KeptExport): string {
  return `${title} · ${format.toUpperCase()}`.slice(0, 400);
}

/** When a file is made by itself. */
export interface ExportPlan {
  readonly days: ExportDays;
  readonly minuteOfDay: number;
}

/** From now on it is made by itself; the folder, or null when nobody chose one. */
export function planExport(kept: KeptExport, plan: ExportPlan): Promise<{ readonly folder: string } | null> {
  return invokeMain(getBridge(), 'exports.plan', { label: labelOf(kept), again: keepExport(kept), ...plan });
}

/** Resolves when its turn among the jobs came. */
export async function beginExport({ id, kept }: ExportWork, signal: AbortSignal): Promise<void> {
  const cancel = (): void => tell('exports.cancel', { id });
  signal.addEventListener('abort', cancel, { once: true });
  await invokeMain(getBridge(), 'exports.begin', { id, label: labelOf(kept), again: keepExport(kept) });
  signal.removeEventListener('abort', cancel);
  if (signal.aborted) cancel();
  signal.throwIfAborted();
}
