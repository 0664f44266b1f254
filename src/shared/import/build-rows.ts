// From table and plan to records. Every row is accounted for: it becomes a record to create, an update or a skip, or it
// fails with at least one error that names line, field, reason and value. Rows of the same file may refer to each other.
import type { Definitions } from '#shared/entities/custom-field/custom-definitions.ts';
import type { EntityDefinition, FieldProblem } from '#shared/entities/define-entity.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { withSeenFields, type FieldPolicy } from '#shared/access/field-policy.ts';
import { entities } from '#shared/entities/registry.ts';
import { findTreeProblem, treeFieldOf } from '#shared/access/tree.ts';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import type { Stage } from '#shared/entities/pipeline/pipeline.ts';
import { cleanValues } from '#shared/entities/clean-values.ts';
import { convertValue, type ConversionContext } from '#shared/import/convert-value.ts';
import type { ImportPlan, ImportResult, ImportRow, ImportTable, RowError } from '#shared/import/import-plan.ts';
import { isEmpty } from '#shared/import/parse-table.ts';
import type { ReferenceIndex } from '#shared/import/reference-index.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { CreateId } from '#shared/kernel/ids.ts';

export interface BuildOptions {
  /** Records of this device; rows of the file are added to it. */
  readonly references: ReferenceIndex;
  readonly createId: CreateId;
  /** What the organization defined. Default: nothing. */
  readonly definitions?: Definitions;
  /** Fields that whoever imports sees: a column of another one is a column of no field. Absent: all. */
  readonly policy?: FieldPolicy | undefined;
  /** Stages of the pipeline that imported deals go into. Default: the default pipeline. */
  readonly stages?: readonly Stage[];
}

interface Draft {
  readonly row: number;
  readonly cells: readonly string[];
  readonly id: string;
  readonly existingId: string | null;
}

export function buildRows(table: ImportTable, plan: ImportPlan, options: BuildOptions): ImportResult {
  const definition = withSeenFields(options.policy, (options.definitions ?? entities)[plan.entity]);
  const errors: RowError[] = [];
  const corrections = new Map<string, { readonly field: string; readonly from: string; readonly to: string }>();
  const context = {
    definition,
    currency: plan.currency,
    stages: options.stages ?? defaultStages,
    references: options.references,
  };
  const drafts = draftRows(table, plan, options, errors);
  const rows: ImportRow[] = [];
  for (const draft of drafts) {
    const built = buildValues(context, plan, draft, (field, from, to) =>
      corrections.set(`${field}|${from}`, { field, from, to }),
    );
    const action = draft.existingId === null || plan.onMatch === 'create' ? 'create' : plan.onMatch;
    const id = action === 'create' ? draft.id : (draft.existingId ?? draft.id);
    const values = action === 'create' ? completeValues(definition, built.values, options.references) : built.values;
    const known = new Set(built.errors.map(({ field }) => field));
    // A value that cannot be read is one fault, and not a missing value as well.
    const problems =
      action === 'create' ? findUserProblems(definition, id, values).filter(({ field }) => !known.has(field)) : [];
    const found = problems.map((problem) => ({ row: draft.row, ...problem, value: textOf(values[problem.field]) }));
    errors.push(...built.errors, ...found);
    if (built.errors.length + found.length === 0)
      rows.push({ row: draft.row, entity: plan.entity, action, id, values });
  }
  const kept = withoutDangling(definition, rows, drafts, errors);
  const failedRows = new Set(errors.map((error) => error.row)).size;
  return { rows: parentsFirst(definition, kept), errors, failedRows, corrections: [...corrections.values()] };
}

/** Gives every row its id first, so that rows can refer to rows further down. */
function draftRows(table: ImportTable, plan: ImportPlan, options: BuildOptions, errors: RowError[]): readonly Draft[] {
  const drafts: Draft[] = [];
  const seen = new Map<string, number>();
  const keyColumns = plan.matchBy
    .map((field) => plan.columns.findIndex((column) => column.field === field))
    .filter((at) => at !== -1);
  const titleAt = plan.columns.findIndex((column) => column.field === entities[plan.entity].titleField);
  const existing: { draft: Draft; title: string; key: string }[] = [];
  for (const [index, cells] of table.rows.entries()) {
    if (isEmpty(cells)) continue;
    const row = table.firstRowNumber + index;
    const keyAt = keyColumns.find((at) => (cells[at] ?? '') !== '');
    const key = keyAt === undefined ? '' : (cells[keyAt] ?? '');
    const first = key === '' ? undefined : seen.get(`${String(keyAt)}|${key.toLowerCase()}`);
    if (first !== undefined) {
      const message = `The file has this record already in line ${String(first)}.`;
      const field = plan.columns[keyAt ?? 0]?.field ?? '';
      errors.push({ row, field, code: 'twiceInFile', facts: { line: first }, message, value: key });
      continue;
    }
    if (key !== '') seen.set(`${String(keyAt)}|${key.toLowerCase()}`, row);
    const match = key === '' ? null : options.references.findExact(plan.entity, key);
    const existingId = match?.found === true ? match.id : null;
    const draft = { row, cells, id: options.createId(), existingId };
    drafts.push(draft);
    existing.push({ draft, title: titleAt === -1 ? '' : (cells[titleAt] ?? ''), key });
  }
  // Added after all rows were looked up: a row must not be taken for the record it makes itself.
  for (const { draft, title, key } of existing) {
    if (draft.existingId !== null || title === '') continue;
    options.references.add({ entity: plan.entity, id: draft.id, title, keys: key === '' ? [] : [key] });
  }
  return drafts;
}

interface BuiltValues {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly RowError[];
}

function buildValues(
  context: ConversionContext,
  plan: ImportPlan,
  draft: Draft,
  onCorrection: (field: string, from: string, to: string) => void,
): BuiltValues {
  const values: Record<string, unknown> = {};
  const errors: RowError[] = [];
  for (const [index, column] of plan.columns.entries()) {
    const cell = draft.cells[index] ?? '';
    const field = column.field;
    if (field === null || cell === '') continue;
    const converted = convertValue(context, column, field, cell);
    if (!converted.ok) {
      const { ok: _ok, ...problem } = converted;
      errors.push({ row: draft.row, field, ...problem, value: cell });
      continue;
    }
    values[field] = converted.value;
    if (converted.corrected !== undefined) onCorrection(field, cell, converted.corrected);
  }
  const cleaned = cleanValues(context.definition, values);
  errors.push(...cleaned.problems.map((problem) => ({ row: draft.row, ...problem, value: '' })));
  if ('currency' in context.definition.fields && hasMoney(context.definition, values)) {
    return { values: { currency: plan.currency, ...cleaned.values }, errors };
  }
  return { values: cleaned.values, errors };
}

function hasMoney(definition: EntityDefinition, values: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(values).some((name) => definition.fields[name]?.type === 'money');
}

/** Of people others refer to, so that what is wrong with one is known before the others are built upon. */
function findUserProblems(
  definition: EntityDefinition,
  id: string,
  values: Readonly<Record<string, unknown>>,
): readonly FieldProblem[] {
  return definition.name === 'user' ? validateRecord(definition, { ...values, id }) : [];
}

/** What other systems leave out and a record needs: a name for a deal, a reason for a lost one. */
function completeValues(
  definition: EntityDefinition,
  values: Readonly<Record<string, unknown>>,
  references: ReferenceIndex,
): Readonly<Record<string, unknown>> {
  if (definition.name === 'user') return { role: 'sales_rep', ...values };
  if (definition.name !== 'deal') return values;
  const stage = values['stageId'];
  const isLost = typeof stage === 'string' && (stage === 'closed_lost' || stage.endsWith('_lost'));
  return {
    ...(isLost ? { wonLostReason: 'imported' } : {}),
    ...(values['name'] === undefined ? { name: nameDeal(values, references) } : {}),
    ...values,
  };
}

function nameDeal(values: Readonly<Record<string, unknown>>, references: ReferenceIndex): string {
  const productIds = Array.isArray(values['productIds']) ? values['productIds'] : [];
  const parts = [references.titleOf('account', values['accountId']), references.titleOf('product', productIds[0])];
  const known = parts.filter((part) => part !== null);
  if (known.length > 0) return known.join(' – ');
  return typeof values['externalId'] === 'string' ? values['externalId'] : 'Imported deal';
}

/**
 * Without rows that refer to a row of the same file that fails itself, and without lines of a tree that lead back to
 * themselves: what is imported stands on its own.
 */
function withoutDangling(
  definition: EntityDefinition,
  rows: readonly ImportRow[],
  drafts: readonly Draft[],
  errors: RowError[],
): readonly ImportRow[] {
  const fields = selfFieldsOf(definition);
  const treeField = treeFieldOf(definition.name);
  const made = new Set(drafts.filter(({ existingId }) => existingId === null).map(({ id }) => id));
  let kept = rows;
  const fail = (row: ImportRow, field: string, code: 'cycle' | 'noRecord', message: string): void => {
    errors.push({ row: row.row, field, code, message, value: '' });
  };
  if (treeField !== undefined) {
    const above = new Map(rows.map((row) => [row.id, row.values[treeField]]));
    const isCircle = ({ id }: ImportRow): boolean =>
      findTreeProblem(id, (of) => idOrNull(above.get(of)), 0) === 'cycle';
    for (const row of rows.filter(isCircle)) fail(row, treeField, 'cycle', 'This line leads back to itself.');
    kept = rows.filter((row) => !isCircle(row));
  }
  for (let isDone = false; !isDone;) {
    const there = new Set(kept.map(({ id }) => id));
    const danglingOf = ({ values }: ImportRow): string | undefined =>
      fields.find((field) => made.has(String(values[field])) && !there.has(String(values[field])));
    const dangling = kept.filter((row) => danglingOf(row) !== undefined);
    for (const row of dangling)
      fail(row, danglingOf(row) ?? '', 'noRecord', 'It refers to a line of this file that cannot be imported.');
    kept = kept.filter((row) => !dangling.includes(row));
    isDone = dangling.length === 0;
  }
  return kept;
}

function idOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function selfFieldsOf(definition: EntityDefinition): readonly string[] {
  return Object.entries(definition.fields)
    .filter(([, field]) => field.to === definition.name && field.type === 'reference')
    .map(([name]) => name);
}

/** Rows that refer to rows of the same file come after them; circles stay where they are. */
function parentsFirst(definition: EntityDefinition, rows: readonly ImportRow[]): readonly ImportRow[] {
  const selfFields = selfFieldsOf(definition);
  if (selfFields.length === 0) return rows;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const ordered = new Set<ImportRow>();
  const visiting = new Set<ImportRow>();
  const visit = (row: ImportRow): void => {
    if (ordered.has(row) || visiting.has(row)) return;
    visiting.add(row);
    for (const field of selfFields) {
      const target = row.values[field];
      const parent = typeof target === 'string' ? byId.get(target) : undefined;
      if (parent !== undefined) visit(parent);
    }
    ordered.add(row);
  };
  for (const row of rows) visit(row);
  return [...ordered];
}
