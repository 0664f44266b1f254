// Guesses which column is which field, so that the user only has to look instead of to choose: first by what the column is
// called, then by what stands in it. Each field is given away once, the surest column first.
import type { Definitions } from '#shared/entities/custom-field/custom-definitions.ts';
import type { EntityDefinition, EntityName, FieldDefinition } from '#shared/entities/define-entity.ts';
import { fieldSynonyms } from '#shared/import/field-synonyms.ts';
import type { ColumnPlan, DateOrder, ImportTable } from '#shared/import/import-plan.ts';
import { damerauLevenshtein, normaliseName } from '#shared/import/map-values.ts';
import type { DecimalSeparator } from '#shared/kernel/money.ts';

const SAMPLE_ROWS = 200;
const IMPORTABLE: readonly EntityName[] = ['account', 'contact', 'lead', 'deal', 'product', 'user', 'activity', 'task'];

/** A plan for every column of the table, in its order. */
export function guessMapping(definition: EntityDefinition, table: ImportTable): readonly ColumnPlan[] {
  const samples = table.headers.map((_, index) => sampleOf(table, index));
  const guesses = table.headers.flatMap((header, index) =>
    Object.entries(definition.fields)
      .filter(([, field]) => isImportable(field))
      .map(([name, field]) => ({
        index,
        name,
        score: scoreColumn(definition, name, field, header, samples[index] ?? []),
      })),
  );
  const chosen = new Map<number, { readonly name: string; readonly score: number }>();
  const taken = new Set<string>();
  for (const guess of guesses.filter(({ score }) => score >= 0.5).sort((a, b) => b.score - a.score)) {
    if (chosen.has(guess.index) || taken.has(guess.name)) continue;
    chosen.set(guess.index, guess);
    taken.add(guess.name);
  }
  return table.headers.map((header, index): ColumnPlan => {
    const choice = chosen.get(index);
    if (choice === undefined) return { header, field: null, confidence: 0 };
    const values = samples[index] ?? [];
    return {
      header,
      field: choice.name,
      confidence: choice.score,
      ...notationOf(definition.fields[choice.name], values),
    };
  });
}

/** The entity whose fields explain the headers best. */
export function guessEntity(definitions: Definitions, table: ImportTable): EntityName {
  const scores = IMPORTABLE.map((name) => {
    const plan = guessMapping(definitions[name], table);
    const explained = plan.reduce((sum, column) => sum + (column.confidence ?? 0), 0);
    const hasTitle = plan.some((column) => column.field === definitions[name].titleField);
    return { name, score: explained + (hasTitle ? 0.5 : 0) };
  });
  return scores.sort((a, b) => b.score - a.score)[0]?.name ?? 'contact';
}

function isImportable(field: FieldDefinition): boolean {
  return field.system !== true && field.type !== 'json';
}

/** The plan of a column that is to be this field, written as its values are. */
export function planColumn(field: FieldDefinition | undefined, name: string, table: ImportTable, index: number) {
  return { field: name, confidence: 1, ...notationOf(field, sampleOf(table, index)) };
}

/** Values of a column, as many as tell what it is. */
export function sampleOf(table: ImportTable, index: number): readonly string[] {
  const values: string[] = [];
  for (const row of table.rows.slice(0, SAMPLE_ROWS)) {
    const value = row[index] ?? '';
    if (value !== '') values.push(value);
  }
  return values;
}

function scoreColumn(
  definition: EntityDefinition,
  name: string,
  field: FieldDefinition,
  header: string,
  sample: readonly string[],
): number {
  const byName = scoreName(definition, name, field, header);
  const byValues = scoreValues(field, sample);
  if (byName > 0) return byValues < 0 ? byName * 0.4 : byName;
  // Only addresses are telling enough to be found by their values alone.
  return field.type === 'email' && byValues === 1 ? 0.6 : 0;
}

function scoreName(definition: EntityDefinition, name: string, field: FieldDefinition, header: string): number {
  const wanted = normaliseName(header);
  if (wanted === '') return 0;
  const own = [name, name.replace(/Ids?$/, ''), field.label].map((text) => normaliseName(text));
  const synonyms = (fieldSynonyms[definition.name]?.[name] ?? []).map((text) => normaliseName(text));
  if (own.includes(wanted)) return 1;
  const rank = synonyms.indexOf(wanted);
  if (rank !== -1) return 0.95 - rank * 0.01;
  const limit = wanted.length < 6 ? 0 : 1;
  return [...own, ...synonyms].some((text) => text.length > 4 && damerauLevenshtein(wanted, text, limit) <= limit)
    ? 0.7
    : 0;
}

const PATTERNS: Readonly<Partial<Record<FieldDefinition['type'], RegExp>>> = {
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  date: /\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|^\d{8}$|[a-zäé]{3,}\.? \d/i,
  dateTime: /\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/,
  money: /^[-(]?\D{0,4}\d[\d.,\s']*\D{0,4}\)?$/,
  number: /^[-+]?[\d.,\s']+$/,
  integer: /^[-+]?[\d.,\s']+$/,
  percent: /^[\d.,]+\s*%?$/,
  url: /^(?:https?:\/\/|www\.)?\S+\.\S+$/i,
};

/** 1 when nearly all values look like the type, −1 when hardly any does, 0 when nothing can be said. */
function scoreValues(field: FieldDefinition, sample: readonly string[]): number {
  const pattern = PATTERNS[field.type];
  if (pattern === undefined || sample.length === 0) return 0;
  const share = sample.filter((value) => pattern.test(value)).length / sample.length;
  if (share > 0.9) return 1;
  return share < 0.2 ? -1 : 0;
}

/** How the values of a column write numbers and dates, as far as some of them tell. */
function notationOf(
  field: FieldDefinition | undefined,
  sample: readonly string[],
): { decimal?: DecimalSeparator; dateOrder?: DateOrder } {
  if (field?.type === 'date' || field?.type === 'dateTime') {
    const isMonthFirst = sample.some((value) => /^\d{1,2}[/.-](?:1[3-9]|2\d|3[01])[/.-]/.test(value));
    const isDayFirst =
      sample.some((value) => /^(?:1[3-9]|2\d|3[01])[/.-]\d{1,2}[/.-]/.test(value)) ||
      sample.some((value) => /^\d{1,2}\.\d{1,2}\./.test(value));
    if (isMonthFirst === isDayFirst) return {};
    return { dateOrder: isMonthFirst ? 'mdy' : 'dmy' };
  }
  if (field?.type !== 'money' && field?.type !== 'number') return {};
  const hasPointDecimals = sample.some((value) => /\.\d{1,2}\D*$/.test(value));
  const hasCommaDecimals = sample.some((value) => /,\d{1,2}\D*$/.test(value));
  if (hasPointDecimals === hasCommaDecimals) return {};
  return { decimal: hasPointDecimals ? '.' : ',' };
}
