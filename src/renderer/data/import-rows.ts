// From the text of a file and the user's plan to rows, with the records of this device to look references up in. The
// preview and the import itself go through here, so the one shows what the other does.
import Papa from 'papaparse';
import type { ImportPreview, ImportRequest, LocalRecord } from '#renderer/data/data-contract.ts';
import { createBatchContext, type BatchContext } from '#renderer/data/import-batch.ts';
import { collectLabels } from '#renderer/data/queries/labels.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import { runCommand } from '#shared/entities/commands.ts';
import { definitionsIn } from '#shared/entities/custom-field/custom-definitions.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { stagesOf } from '#shared/entities/pipeline/pipeline.ts';
import { entities } from '#shared/entities/registry.ts';
import { buildRows } from '#shared/import/build-rows.ts';
import { buildSalesTeams, isSalesTeamPlan } from '#shared/import/build-sales-teams.ts';
import { countLines, type ImportResult, type ImportRow, type RowError } from '#shared/import/import-plan.ts';
import { toTable } from '#shared/import/parse-table.ts';
import { createReferenceIndex, type ReferenceEntry, type ReferenceIndex } from '#shared/import/reference-index.ts';
import type { ProblemCode } from '#shared/entities/problem-codes.ts';
import { toErrorData, type OutpostError } from '#shared/kernel/errors.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { CreateId } from '#shared/kernel/ids.ts';

const PREVIEW_ERRORS = 500;
const PREVIEW_ROWS = 50;
const PREVIEW_SLICE = 1000;
/** Above this a file's own titles are left out of the preview: they are many, and deals hardly point to each other. */
const MAX_TITLED_ROWS = 5000;

/** Kinds a file may refer to by name or key. */
const referenced: readonly EntityName[] = [
  'account',
  'contact',
  'lead',
  'deal',
  'product',
  'user',
  'team',
  'territory',
  'pipeline',
  'role',
];
const keyFields: readonly string[] = ['externalId', 'code', 'email'];

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function* entriesOf(source: RecordSource): Generator<ReferenceEntry> {
  for (const entity of referenced) {
    const { titleField } = entities[entity];
    for (const [id, record] of source.all(entity)) {
      const title = record[titleField];
      const keys = keyFields.map((field) => record[field]).filter(isText);
      yield { entity, id, title: isText(title) ? title : '', keys };
    }
  }
}

export function createReferences(source: RecordSource): ReferenceIndex {
  return createReferenceIndex(entriesOf(source));
}

/** All rows of the file: what becomes of each, and why some become nothing. */
export function readImport(
  source: RecordSource,
  request: ImportRequest,
  createId: CreateId,
  policy: FieldPolicy | undefined,
): ImportResult {
  const parsed = Papa.parse<string[]>(request.text, { skipEmptyLines: false });
  const table = toTable(parsed.data);
  const options = { references: createReferences(source), createId, policy, definitions: definitionsIn(source) };
  const { plan } = request;
  if (plan.entity === 'user' && isSalesTeamPlan(plan.columns)) return buildSalesTeams(table, plan.columns, options);
  const pipeline = [...source.all('pipeline').values()].find((record) => record['isDefault'] === true);
  const stages = stagesOf({ stages: pipeline?.['stages'] });
  return buildRows(table, plan, stages.length === 0 ? options : { ...options, stages });
}

/** Values that are entered for a row: `merge` leaves alone what is filled already. */
function valuesToEnter(row: ImportRow, current: LocalRecord | undefined): Readonly<Record<string, unknown>> {
  if (row.action !== 'merge' || current === undefined) return row.values;
  const isBlank = (value: unknown): boolean =>
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(row.values).filter(([field]) => isBlank(current[field])));
}

export type RowOutcome =
  | { readonly kind: 'created' | 'skipped' }
  /** Value before and value entered, by field. */
  | { readonly kind: 'updated'; readonly fields: Readonly<Record<string, readonly [unknown, unknown]>> }
  | { readonly kind: 'failed'; readonly errors: readonly RowError[] };

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(isText) : [];
}

function toRowErrors(row: ImportRow, error: OutpostError): readonly RowError[] {
  const messages = textsOf(error.details['messages']);
  const problems = textsOf(error.details['problems']).map((problem) => problem.split(':'));
  if (messages.length === 0)
    return [{ row: row.row, field: '', refusal: toErrorData(error), message: error.message, value: '' }];
  return messages.map((message, index) => {
    const [field = '', code] = problems[index] ?? [];
    const value = row.values[field];
    return { row: row.row, field, code: code as ProblemCode, message, value: isText(value) ? value : '' };
  });
}

/** Runs the command of a row; its operations go into the batch. */
export async function enterRow(source: RecordSource, batch: BatchContext, row: ImportRow): Promise<RowOutcome> {
  if (row.action === 'skip') return { kind: 'skipped' };
  const { entity, id } = row;
  const isNew = row.action === 'create';
  const current = isNew ? undefined : source.get(entity, id);
  const values = valuesToEnter(row, current);
  const result = await runCommand(isNew ? 'createRecord' : 'updateRecord', batch.context, { entity, id, values });
  if (!result.ok) return { kind: 'failed', errors: toRowErrors(row, result.error) };
  batch.add(result.value.operations.map((operation) => ({ ...operation, command: 'import' })));
  if (isNew) return { kind: 'created' };
  if (result.value.operations.length === 0) return { kind: 'skipped' };
  const fields = Object.entries(values).map(([field, value]) => [field, [current?.[field] ?? null, value]] as const);
  return { kind: 'updated', fields: Object.fromEntries(fields) };
}

/** Other work gets a turn. */
function takeBreath(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** Does everything an import does but save. */
export async function previewImport(
  source: RecordSource,
  request: ImportRequest,
  createId: CreateId,
  context: CommandContext,
): Promise<ImportPreview> {
  const { rows, errors, failedRows, corrections } = readImport(source, request, createId, context.actor.fields);
  const counts = { created: 0, updated: 0, skipped: 0, failed: failedRows };
  const allErrors = [...errors];
  const batch = createBatchContext(context);
  const sample: ImportRow[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % PREVIEW_SLICE === 0) await takeBreath();
    const outcome = await enterRow(source, batch, row);
    if (row.isBeside !== true) counts[outcome.kind] += 1;
    if (outcome.kind === 'failed') allErrors.push(...outcome.errors);
    else if (sample.length < PREVIEW_ROWS) sample.push(outcome.kind === 'skipped' ? { ...row, action: 'skip' } : row);
  }
  return {
    read: countLines(rows) + failedRows,
    create: counts.created,
    update: counts.updated,
    skip: counts.skipped,
    failed: counts.failed,
    errors: allErrors.toSorted((a, b) => a.row - b.row).slice(0, PREVIEW_ERRORS),
    corrections,
    sample,
    // Rows may point to rows of the same file, which are not records yet.
    labels: { ...titlesOf(rows), ...collectLabels(source, sample.map(toUnsavedRecord)).labels },
  };
}

function titlesOf(rows: readonly ImportRow[]): Readonly<Record<string, string>> {
  if (rows.length > MAX_TITLED_ROWS) return {};
  return Object.fromEntries(rows.map((row) => [row.id, textOf(row.values[entities[row.entity].titleField])]));
}

function toUnsavedRecord(row: ImportRow): LocalRecord {
  const nobody = { ownerId: null, teamId: null, createdBy: null, updatedBy: null };
  return { ...nobody, ...row.values, id: row.id, kind: row.entity, rev: 0, createdAt: '', updatedAt: '', pending: [] };
}
