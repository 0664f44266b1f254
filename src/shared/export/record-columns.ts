// Records as rows of a table: numbers stay numbers, references are called by the names of what they point to, options by
// their labels. A masked value leaves as its mask, a reference to something this person does not have as "not available".
import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { EntityDefinition, FieldType } from '#shared/entities/define-entity.ts';
import type { ExportCell, ExportColumn, ExportRow, ExportType } from '#shared/export/export-table.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Plain data: it is handed to the worker that writes. */
export interface RecordColumn {
  readonly field: string;
  readonly kind: 'plain' | 'option' | 'reference' | 'json';
  readonly column: ExportColumn;
  /** Labels of a closed list. */
  readonly options?: Readonly<Record<string, string>>;
}

const exportTypeOf: Partial<Readonly<Record<FieldType, ExportType>>> = {
  number: 'number',
  integer: 'integer',
  money: 'money',
  percent: 'percent',
  date: 'date',
  dateTime: 'dateTime',
  boolean: 'boolean',
};

const envelopeInstants = new Set(['createdAt', 'updatedAt']);
const envelopePeople = new Set(['createdBy', 'updatedBy']);

/** How a field is exported. `labelOfOption` names the values of closed lists. */
export function recordColumn(
  definition: EntityDefinition,
  field: string,
  label: string,
  labelOfOption: (value: string) => string,
): RecordColumn {
  const found = definition.fields[field];
  const type = envelopeInstants.has(field) ? 'dateTime' : ((found && exportTypeOf[found.type]) ?? 'text');
  const isUngrouped = found?.isUngrouped === true || field.startsWith('year');
  const column: ExportColumn = { key: field, label, type, ...(isUngrouped ? { isUngrouped } : {}) };
  if (envelopePeople.has(field) || field === 'stageId') return { field, kind: 'reference', column };
  if (found?.type === 'reference' || found?.type === 'references') return { field, kind: 'reference', column };
  if (found?.type === 'json') return { field, kind: 'json', column };
  if (found?.type !== 'select' && found?.type !== 'multiSelect') return { field, kind: 'plain', column };
  const options = Object.fromEntries((found.options ?? []).map(({ value }) => [value, labelOfOption(value)]));
  return { field, kind: 'option', column, options };
}

/** The fields a row is made of: those of the columns, then the currency of its amounts. */
export function neededFields(columns: readonly RecordColumn[]): readonly string[] {
  return [...columns.map(({ field }) => field), 'currency'];
}

function toCell(
  value: unknown,
  { kind, options }: RecordColumn,
  labels: Readonly<Record<string, string>>,
  gone: string,
): ExportCell {
  if (value === null || value === undefined || value === '') return null;
  const masked = maskedTextOf(value);
  if (masked !== null) return masked;
  const nameOf = (item: unknown): string => {
    const text = maskedTextOf(item) ?? textOf(item);
    if (kind === 'option') return options?.[text] ?? text;
    return kind === 'reference' ? (labels[text] ?? gone) : text;
  };
  if (Array.isArray(value)) return value.map(nameOf).join(', ');
  if (kind === 'json' || typeof value === 'object') return JSON.stringify(value);
  if (kind !== 'plain') return nameOf(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : textOf(value);
}

/** A row from the values of `neededFields`. `gone`: in place of a name this person may not know. */
export function recordRow(
  columns: readonly RecordColumn[],
  values: readonly unknown[],
  labels: Readonly<Record<string, string>>,
  gone: string,
): ExportRow {
  const currency = values[columns.length];
  return {
    cells: columns.map((column, index) => toCell(values[index], column, labels, gone)),
    ...(typeof currency === 'string' && currency !== '' ? { currency } : {}),
  };
}
