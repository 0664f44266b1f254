// Runs an import in batches between which everybody else gets a turn. Records it makes have ids that begin with the id
// of the import, and the import's own record keeps what updated records said before: that is all undoing needs. Undoing
// leaves alone what somebody changed since. Where former values are more than a record holds, none are kept, which is
// told: undoing then deletes what was created and leaves updated records as they are.
import type { DataRequests, ImportProgress, ImportRequest } from '#renderer/data/data-contract.ts';
import { createBatchContext } from '#renderer/data/import-batch.ts';
import { enterRow, previewImport, readImport, type RowOutcome } from '#renderer/data/import-rows.ts';
import type { ProfileSession } from '#renderer/data/profile-session.ts';
import type { LiveAnswer } from '#renderer/data/queries/live-answer.ts';
import type { SerialQueue } from '#renderer/data/serial-queue.ts';
import { runCommand } from '#shared/entities/commands.ts';
import { entityNames, type EntityName } from '#shared/entities/define-entity.ts';
import type { ImportResult, ImportRow, RowError } from '#shared/import/import-plan.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import { isJsonEqual, isPlainObject } from '#shared/kernel/json.ts';
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
/** Former values of updated records, as JSON: a record takes 200,000 characters in one field, mapping included. */
const STORED_BEFORE_LENGTH = 150_000;

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
type UpdatedFields = Extract<RowOutcome, { kind: 'updated' }>['fields'];
type Progress = Mutable<ImportProgress>;
/** Value before and value entered, by field, by record. */
type Before = Record<string, { readonly entity: EntityName; readonly fields: UpdatedFields }>;

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

  /** The former values, or none when they are too many to be kept with the import. */
  function chooseKept(progress: Progress, before: Before): Before {
    if (JSON.stringify(before).length <= STORED_BEFORE_LENGTH) return before;
    const message = `The former values of ${progress.updated} updated records are too many to be kept. Undoing deletes what was created and leaves updated records as they are.`;
    progress.rowErrors = [{ row: 0, field: '', message, value: '' }, ...progress.rowErrors].slice(0, KEPT_ROW_ERRORS);
    return {};
  }

  function storedErrors(progress: Progress): readonly RowError[] {
    const first = progress.rowErrors.slice(0, STORED_ROW_ERRORS);
    return first.map((error) => ({ ...error, value: error.value.slice(0, STORED_VALUE_LENGTH) }));
  }

  /** Runs the commands of some rows and saves what they answer at once. */
  async function runBatch(progress: Progress, rows: readonly ImportRow[], before: Before): Promise<void> {
    const batch = createBatchContext(session.createContext());
    for (const row of rows) {
      const outcome = await enterRow(source, batch, row);
      progress.read += 1;
      progress[outcome.kind] += 1;
      if (outcome.kind === 'failed') noteErrors(progress, outcome.errors);
      if (outcome.kind === 'updated') before[row.id] = { entity: row.entity, fields: outcome.fields };
    }
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
    const before: Before = {};
    try {
      for (let at = 0; at < result.rows.length; at += BATCH_SIZE) {
        await queue.run(() => runBatch(progress, result.rows.slice(at, at + BATCH_SIZE), before));
        tell(progress);
      }
      progress.state = 'done';
    } catch (error) {
      progress.state = 'failed';
      noteErrors(progress, [toRowError(error)]);
    }
    try {
      const kept = chooseKept(progress, before);
      const values = resultValues(progress, { ...request.plan, before: kept });
      await command('updateRecord', { entity: 'importJob', id: progress.importId, values });
    } catch (error) {
      progress.state = 'failed';
      noteErrors(progress, [toRowError(error)]);
    }
    tell(progress);
  }

  function beforeOf(importId: string): Before {
    const plan = source.get('importJob', importId)?.['plan'];
    return isPlainObject(plan) && isPlainObject(plan['before']) ? (plan['before'] as Before) : {};
  }

  function madeBy(importId: string): readonly { readonly entity: EntityName; readonly id: string }[] {
    const prefix = `${importId}-`;
    return entityNames.flatMap((entity) => {
      // Stage histories go with their deals.
      if (entity === 'stageChange') return [];
      return [...source.all(entity).keys()].filter((id) => id.startsWith(prefix)).map((id) => ({ entity, id }));
    });
  }

  async function undoBatch(
    items: readonly (() => { readonly name: string; readonly input: unknown } | null)[],
  ): Promise<void> {
    const batch = createBatchContext(session.createContext());
    for (const item of items) {
      const step = item();
      if (step === null) continue;
      const result = await runCommand(step.name, batch.context, step.input);
      if (!result.ok) throw result.error;
      batch.add(result.value.operations);
    }
    await session.save(batch.operations);
  }

  function undoSteps(importId: string): readonly (() => { readonly name: string; readonly input: unknown } | null)[] {
    const deletions = madeBy(importId)
      .toReversed()
      .map((input) => () => ({ name: 'deleteRecord', input }));
    const restorations = Object.entries(beforeOf(importId)).map(([id, { entity, fields }]) => () => {
      const current = source.get(entity, id);
      if (current === undefined) return null;
      const untouched = Object.entries(fields).filter(([field, [, entered]]) =>
        isJsonEqual(current[field] ?? null, entered),
      );
      const values = Object.fromEntries(untouched.map(([field, [old]]) => [field, old]));
      return { name: 'updateRecord', input: { entity, id, values } };
    });
    return [...deletions, ...restorations];
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
      const result = readImport(source, request, () => {
        lastNumber += 1;
        return `${importId}-${String(lastNumber)}`;
      });
      const { entity } = request.plan;
      const total = result.rows.length + result.failedRows;
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
      const steps = undoSteps(importId);
      try {
        for (let at = 0; at < steps.length; at += BATCH_SIZE) {
          await queue.run(() => undoBatch(steps.slice(at, at + BATCH_SIZE)));
        }
        await command('updateRecord', { entity: 'importJob', id: importId, values: { state: 'undone' } });
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
