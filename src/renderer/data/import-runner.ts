// Runs an import in batches between which everybody else gets a turn. Records it makes have ids that begin with the id
// of the import, and what updated records said before is kept with each batch, in the same step: that is all undoing
// needs, however large the import was and wherever it broke off.
import type { DataRequests, ImportProgress, ImportRequest } from '#renderer/data/data-contract.ts';
import { packFormerValues } from '#renderer/data/former-values.ts';
import { createBatchContext, type BatchContext } from '#renderer/data/import-batch.ts';
import { enterRow, previewImport, readImport } from '#renderer/data/import-rows.ts';
import { undoImport } from '#renderer/data/import-undo.ts';
import type { ProfileSession } from '#renderer/data/profile-session.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import type { SerialQueue } from '#renderer/data/serial-queue.ts';
import { runCommand } from '#shared/entities/commands.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { FormerValue } from '#shared/import/former-values.ts';
import { countLines, type ImportResult, type ImportRow, type RowError } from '#shared/import/import-plan.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { CreateId } from '#shared/kernel/ids.ts';

export interface ImportRunner {
  preview(request: ImportRequest): Promise<DataRequests['previewImport']['output']>;
  /** Answers when the import has begun; it goes on by itself. */
  start(request: ImportRequest): Promise<{ readonly importId: string }>;
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

/** Something that stopped the import and not one row of it. */
function toRowError(error: unknown): RowError {
  const refusal = toErrorData(error);
  return { row: 0, field: '', refusal, message: refusal.message, value: '' };
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

export function createImportRunner(session: ProfileSession, queue: SerialQueue, createId: CreateId): ImportRunner {
  const { source } = session.context;
  const running = new Map<string, Progress>();

  async function command(name: string, input: unknown): Promise<void> {
    await queue.run(() => session.execute(name, input));
  }

  function tell(progress: Progress): void {
    session.live.markId(progress.importId);
  }

  function noteErrors(progress: Progress, errors: readonly RowError[]): void {
    progress.rowErrors = [...progress.rowErrors, ...errors].slice(0, KEPT_ROW_ERRORS);
  }

  function storedErrors(progress: Progress): readonly RowError[] {
    const first = progress.rowErrors.slice(0, STORED_ROW_ERRORS);
    return first.map((error) => ({ ...error, value: error.value.slice(0, STORED_VALUE_LENGTH) }));
  }

  /** What undoing this batch takes, as commands of the same batch. */
  async function keepFormerValues(
    importId: string,
    batch: BatchContext,
    former: readonly FormerValue[],
  ): Promise<void> {
    for (const part of await packFormerValues(former)) {
      const input = { entity: 'importPart', values: { importId, ...part } };
      const result = await runCommand('createRecord', batch.context, input);
      if (!result.ok) throw result.error;
      batch.add(result.value.operations);
    }
  }

  /** Runs the commands of some rows and saves what they answer at once. */
  async function runBatch(progress: Progress, rows: readonly ImportRow[]): Promise<void> {
    const batch = createBatchContext(session.createContext());
    const former: FormerValue[] = [];
    for (const row of rows) {
      const outcome = await enterRow(source, batch, row);
      if (row.isBeside !== true) {
        progress.read += 1;
        progress[outcome.kind] += 1;
      }
      if (outcome.kind === 'failed') noteErrors(progress, outcome.errors);
      if (outcome.kind !== 'updated') continue;
      const { entity, id } = row;
      for (const [field, [before, entered]] of Object.entries(outcome.fields))
        if (!isJsonEqual(before, entered)) former.push({ entity, id, field, before, entered });
    }
    await keepFormerValues(progress.importId, batch, former);
    await session.save(batch.operations);
  }

  function resultValues(progress: Progress, plan: unknown): Record<string, unknown> {
    return {
      state: progress.state,
      readCount: progress.read,
      createdCount: progress.created,
      updatedCount: progress.updated,
      skippedCount: progress.skipped,
      failedCount: progress.failed,
      totalCount: progress.total,
      finishedAt: session.createContext().now,
      rowErrors: storedErrors(progress),
      plan,
    };
  }

  async function run(progress: Progress, request: ImportRequest, result: ImportResult): Promise<void> {
    try {
      for (let at = 0; at < result.rows.length; at += BATCH_SIZE) {
        await queue.run(() => runBatch(progress, result.rows.slice(at, at + BATCH_SIZE)));
        tell(progress);
      }
      progress.state = 'done';
    } catch (error) {
      progress.state = 'failed';
      noteErrors(progress, [toRowError(error)]);
    }
    try {
      const values = resultValues(progress, request.plan);
      await command('updateRecord', { entity: 'importJob', id: progress.importId, values });
    } catch (error) {
      progress.state = 'failed';
      noteErrors(progress, [toRowError(error)]);
    }
    tell(progress);
  }

  function progressOf(importId: string): Progress | null {
    const known = running.get(importId);
    if (known !== undefined) return known;
    const record = source.get('importJob', importId);
    if (record === undefined) return null;
    const state = record['state'] as ImportProgress['state'];
    return {
      importId,
      entity: record['entity'] as EntityName,
      // Nobody is at work on it in this run of the application.
      state: state === 'running' || state === 'undoing' ? 'failed' : state,
      read: toNumber(record['readCount']),
      created: toNumber(record['createdCount']),
      updated: toNumber(record['updatedCount']),
      skipped: toNumber(record['skippedCount']),
      failed: toNumber(record['failedCount']),
      total: toNumber(record['totalCount']),
      rowErrors: Array.isArray(record['rowErrors']) ? (record['rowErrors'] as RowError[]) : [],
    };
  }

  return {
    preview: (request) => previewImport(source, request, createId, session.createContext()),
    async start(request) {
      const importId = createId();
      let lastNumber = 0;
      const createRowId = (): string => {
        lastNumber += 1;
        return `${importId}-${String(lastNumber)}`;
      };
      const result = readImport(source, request, createRowId, session.actor().fields);
      const { entity } = request.plan;
      const total = countLines(result.rows) + result.failedRows;
      const counts = { read: result.failedRows, created: 0, updated: 0, skipped: 0, failed: result.failedRows, total };
      const progress: Progress = {
        importId,
        entity,
        state: 'running',
        ...counts,
        rowErrors: result.errors.slice(0, KEPT_ROW_ERRORS),
      };
      const { now } = session.createContext();
      const values = { fileName: request.fileName, entity, state: 'running', startedAt: now, totalCount: total };
      await command('createRecord', { entity: 'importJob', id: importId, values });
      running.set(importId, progress);
      void run(progress, request, result);
      return { importId };
    },
    async undo(importId) {
      const progress = progressOf(importId);
      if (progress === null) throw new OutpostError('not_found', 'This import is not available to you');
      if (progress.state === 'running' || progress.state === 'undoing') {
        throw new OutpostError('invalid', 'This import is still at work. Wait until it is done.', {
          problems: ['state:importRunning'],
        });
      }
      running.set(importId, progress);
      progress.state = 'undoing';
      tell(progress);
      try {
        progress.rowErrors = (await undoImport(session, queue, importId)).slice(0, KEPT_ROW_ERRORS);
        const values = { state: 'undone', rowErrors: storedErrors(progress) };
        await command('updateRecord', { entity: 'importJob', id: importId, values });
        progress.state = 'undone';
      } catch (error) {
        progress.state = 'failed';
        throw error;
      } finally {
        tell(progress);
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
}
