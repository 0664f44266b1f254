// Runs an import in batches between which everybody else gets a turn. The job engine of the main process asks for one batch after
// the other and keeps the rows, so that an import that was interrupted goes on; how far it came is in its own record, written in
// the same step as each batch: none is done twice. Records it makes have ids that begin with the id of the import, and what
// updated records said before is kept with each batch: that is all undoing needs, wherever it broke off.
import type { DataRequests, ImportProgress, ImportRequest } from '#renderer/data/data-contract.ts';
import { packFormerValues } from '#renderer/data/former-values.ts';
import { createBatchContext, type BatchContext } from '#renderer/data/import-batch.ts';
import { enterRow, previewImport, readImport } from '#renderer/data/import-rows.ts';
import { undoImport } from '#renderer/data/import-undo.ts';
import { packText, unpackText } from '#renderer/data/pack-text.ts';
import type { ProfileSession } from '#renderer/data/profile-session.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import type { SerialQueue } from '#renderer/data/serial-queue.ts';
import { runCommand } from '#shared/entities/commands.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { FormerValue } from '#shared/import/former-values.ts';
import { countLines, type ImportPlan, type ImportRow, type RowError } from '#shared/import/import-plan.ts';
import type { ImportStep, ImportToKeep } from '#shared/import/import-steps.ts';
import { fromErrorData, OutpostError, toErrorData, type ErrorData } from '#shared/kernel/errors.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { CreateId } from '#shared/kernel/ids.ts';

export interface ImportRunner {
  preview(request: ImportRequest): Promise<DataRequests['previewImport']['output']>;
  /** Answers when the import is kept; it goes on by itself. */
  start(request: ImportRequest): Promise<{ readonly importId: string }>;
  /** The next batch. `rows`: what was kept of it, when it was asked for. Called inside the queue. */
  continue(importId: string, rows: string | null): Promise<ImportStep>;
  /** It was taken back, or is given up for this reason. Called inside the queue. */
  stop(importId: string, failure: ErrorData | null): Promise<void>;
  undo(importId: string): Promise<void>;
  answerProgress(importId: string): LiveAnswer<ImportProgress | null>;
}

const BATCH_SIZE = 500;
const KEPT_ROW_ERRORS = 500;
/** Kept with the import's record, which travels to the server. */
const STORED_ROW_ERRORS = 100;
const STORED_VALUE_LENGTH = 200;

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
type Progress = Mutable<ImportProgress>;

/** What is kept of an import until it is over: the file as it was understood when it began. */
interface KeptImport {
  readonly rows: readonly ImportRow[];
  readonly errors: readonly RowError[];
  readonly failedRows: number;
  readonly plan: ImportPlan;
}

interface Running {
  readonly work: KeptImport;
  readonly progress: Progress;
  /** Row the next batch begins with. */
  at: number;
}

/** Something that stopped the import and not one row of it. */
function toRowError(error: unknown): RowError {
  const refusal = toErrorData(error);
  return { row: 0, field: '', refusal, message: refusal.message, value: '' };
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** Where the batch begins after which so many lines of the file were done. */
function rowAfter(rows: readonly ImportRow[], lines: number): number {
  let counted = 0;
  let at = 0;
  for (; at < rows.length && counted < lines; at += BATCH_SIZE) counted += countLines(rows.slice(at, at + BATCH_SIZE));
  return at;
}

function countsOf({ read, created, updated, skipped, failed, total }: ImportProgress): Record<string, unknown> {
  return {
    readCount: read,
    createdCount: created,
    updatedCount: updated,
    skippedCount: skipped,
    failedCount: failed,
    totalCount: total,
  };
}

function withErrors(progress: ImportProgress, errors: readonly RowError[]): readonly RowError[] {
  return [...progress.rowErrors, ...errors].slice(0, KEPT_ROW_ERRORS);
}

function storedErrors({ rowErrors }: ImportProgress): readonly RowError[] {
  return rowErrors
    .slice(0, STORED_ROW_ERRORS)
    .map((error) => ({ ...error, value: error.value.slice(0, STORED_VALUE_LENGTH) }));
}

export function createImportRunner(
  session: ProfileSession,
  queue: SerialQueue,
  createId: CreateId,
  keepImport: (work: ImportToKeep) => Promise<void>,
): ImportRunner {
  const { source } = session.context;
  const running = new Map<string, Running>();
  /** What became of those that ended in this run of the application, or are being undone. */
  const ended = new Map<string, Progress>();

  async function command(name: string, input: unknown): Promise<void> {
    await queue.run(() => session.execute(name, input));
  }

  function tell(importId: string): void {
    session.live.markId(importId);
  }

  /** Commands of the batch itself, which must not fail. */
  async function add(batch: BatchContext, name: string, input: unknown): Promise<void> {
    const result = await runCommand(name, batch.context, input);
    if (!result.ok) throw result.error;
    batch.add(result.value.operations);
  }

  /** Runs the commands of some rows and saves what they answer at once, with how far the import has come. */
  async function runBatch(one: Running): Promise<void> {
    const { work, progress } = one;
    const { importId } = progress;
    const rows = work.rows.slice(one.at, one.at + BATCH_SIZE);
    const batch = createBatchContext(session.createContext());
    const next: Progress = { ...progress };
    const errors: RowError[] = [];
    const former: FormerValue[] = [];
    for (const row of rows) {
      // Made by this import before it was interrupted: ids of rows are never those of other records.
      const isThere = row.action === 'create' && source.get(row.entity, row.id) !== undefined;
      const outcome = isThere ? ({ kind: 'created' } as const) : await enterRow(source, batch, row);
      if (row.isBeside !== true) {
        next.read += 1;
        next[outcome.kind] += 1;
      }
      if (outcome.kind === 'failed') errors.push(...outcome.errors);
      if (outcome.kind !== 'updated') continue;
      const { entity, id } = row;
      for (const [field, [before, entered]] of Object.entries(outcome.fields))
        if (!isJsonEqual(before, entered)) former.push({ entity, id, field, before, entered });
    }
    // What undoing this batch takes.
    for (const part of await packFormerValues(former))
      await add(batch, 'createRecord', { entity: 'importPart', values: { importId, ...part } });
    next.rowErrors = withErrors(progress, errors);
    const isLast = one.at + BATCH_SIZE >= work.rows.length;
    if (isLast) next.state = 'done';
    const values = {
      ...countsOf(next),
      state: next.state,
      ...(errors.length > 0 || isLast ? { rowErrors: storedErrors(next) } : {}),
      ...(isLast ? { finishedAt: session.createContext().now, plan: work.plan } : {}),
    };
    await add(batch, 'updateRecord', { entity: 'importJob', id: importId, values });
    await session.save(batch.operations);
    Object.assign(progress, next);
    one.at += BATCH_SIZE;
  }

  function storedProgress(importId: string): Progress | null {
    const record = source.get('importJob', importId);
    if (record === undefined) return null;
    return {
      importId,
      entity: record['entity'] as EntityName,
      state: record['state'] as ImportProgress['state'],
      read: toNumber(record['readCount']),
      created: toNumber(record['createdCount']),
      updated: toNumber(record['updatedCount']),
      skipped: toNumber(record['skippedCount']),
      failed: toNumber(record['failedCount']),
      total: toNumber(record['totalCount']),
      rowErrors: Array.isArray(record['rowErrors']) ? (record['rowErrors'] as RowError[]) : [],
    };
  }

  function progressOf(importId: string): Progress | null {
    const known = running.get(importId)?.progress ?? ended.get(importId);
    if (known !== undefined) return known;
    const stored = storedProgress(importId);
    // Nobody is at work on it in this run of the application.
    if (stored?.state === 'running' || stored?.state === 'undoing') stored.state = 'failed';
    return stored;
  }

  function end(progress: Progress): void {
    running.delete(progress.importId);
    ended.set(progress.importId, progress);
  }

  const isOver: ImportStep = { is: 'over' };

  /** Null when its rows have to be given first. */
  async function resume(importId: string, packed: string | null): Promise<Running | ImportStep> {
    const stored = storedProgress(importId);
    if (stored === null) throw new OutpostError('not_found', 'This import is not here yet.');
    if (stored.state !== 'running' && stored.state !== 'failed') return isOver;
    if (packed === null) return { is: 'needsRows' };
    const work = JSON.parse(await unpackText(packed)) as KeptImport;
    const rowErrors = stored.rowErrors.filter(({ row }) => row > 0);
    const at = rowAfter(work.rows, stored.read - work.failedRows);
    const one: Running = { work, at, progress: { ...stored, state: 'running', rowErrors } };
    running.set(importId, one);
    return one;
  }

  async function readAndKeep(request: ImportRequest, importId: string): Promise<Progress> {
    let lastNumber = 0;
    const createRowId = (): string => {
      lastNumber += 1;
      return `${importId}-${String(lastNumber)}`;
    };
    const { rows, errors, failedRows } = readImport(source, request, createRowId, session.actor().fields);
    const { fileName, plan } = request;
    const { entity } = plan;
    const counts = { read: failedRows, created: 0, updated: 0, skipped: 0, failed: failedRows };
    const progress: Progress = {
      importId,
      entity,
      state: 'running',
      ...counts,
      total: countLines(rows) + failedRows,
      rowErrors: errors.slice(0, KEPT_ROW_ERRORS),
    };
    const work: KeptImport = { rows, errors: progress.rowErrors, failedRows, plan };
    const packed = await packText(JSON.stringify(work));
    const { now } = session.createContext();
    const stored = { ...countsOf(progress), rowErrors: storedErrors(progress) };
    const values = { fileName, entity, state: 'running', startedAt: now, ...stored };
    await command('createRecord', { entity: 'importJob', id: importId, values });
    running.set(importId, { work, progress, at: 0 });
    await keepImport({ importId, fileName, rows: packed });
    return progress;
  }

  const runner: ImportRunner = {
    preview: (request) => previewImport(source, request, createId, session.createContext()),
    async start(request) {
      const importId = createId();
      try {
        await readAndKeep(request, importId);
      } catch (error) {
        if (running.has(importId)) await queue.run(() => runner.stop(importId, toErrorData(error)));
        throw error;
      }
      return { importId };
    },
    async continue(importId, packed) {
      const one = running.get(importId) ?? (await resume(importId, packed));
      if ('is' in one) return one;
      const { progress, work } = one;
      if (progress.state !== 'running') return isOver;
      await runBatch(one);
      if (one.at >= work.rows.length) end(progress);
      tell(importId);
      return { is: 'step', done: progress.read, total: progress.total };
    },
    async stop(importId, failure) {
      const progress = running.get(importId)?.progress ?? storedProgress(importId);
      if (progress?.state !== 'running') return;
      progress.state = 'failed';
      const error =
        failure === null
          ? new OutpostError('cancelled', 'This import was stopped. What it did before is there.')
          : fromErrorData(failure);
      progress.rowErrors = [toRowError(error), ...progress.rowErrors];
      const { now } = session.createContext();
      const values = { state: 'failed', finishedAt: now, rowErrors: storedErrors(progress) };
      end(progress);
      tell(importId);
      await session.execute('updateRecord', { entity: 'importJob', id: importId, values });
    },
    async undo(importId) {
      const progress = progressOf(importId);
      if (progress === null) throw new OutpostError('not_found', 'This import is not available to you');
      if (progress.state === 'running' || progress.state === 'undoing') {
        throw new OutpostError('invalid', 'This import is still at work. Wait until it is done.', {
          problems: ['state:importRunning'],
        });
      }
      ended.set(importId, progress);
      progress.state = 'undoing';
      tell(importId);
      try {
        progress.rowErrors = (await undoImport(session, queue, importId)).slice(0, KEPT_ROW_ERRORS);
        const values = { state: 'undone', rowErrors: storedErrors(progress) };
        await command('updateRecord', { entity: 'importJob', id: importId, values });
        progress.state = 'undone';
      } catch (error) {
        progress.state = 'failed';
        throw error;
      } finally {
        tell(importId);
      }
    },
    answerProgress: (importId) => {
      const progress = progressOf(importId);
      return {
        value: progress === null ? null : { ...progress },
        entities: new Set(['importJob']),
        ids: new Set([importId]),
      };
    },
  };
  return runner;
}
