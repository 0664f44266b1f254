// Turns the text of one cell into the value of a field, or says in a sentence why it cannot. Nothing is rounded, cut or
// guessed away: what is not understood is an error of that row.
import { resolveRole } from '#shared/access/roles.ts';
import type { EntityDefinition, FieldDefinition } from '#shared/entities/define-entity.ts';
import type { Stage } from '#shared/entities/pipeline/pipeline.ts';
import type { ProblemCode } from '#shared/entities/problem-codes.ts';
import { valueSynonyms } from '#shared/import/field-synonyms.ts';
import type { ColumnPlan, DateOrder } from '#shared/import/import-plan.ts';
import { matchValue, normaliseName, type Candidate } from '#shared/import/map-values.ts';
import type { ReferenceIndex } from '#shared/import/reference-index.ts';
import { isDay, isInstant, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { toMinorUnits } from '#shared/kernel/money.ts';

export interface ConversionContext {
  readonly definition: EntityDefinition;
  readonly currency: string;
  readonly stages: readonly Stage[];
  readonly references: ReferenceIndex;
}

export type Converted =
  /** `corrected`: what the text was taken for, when it was written differently. */
  { readonly ok: true; readonly value: unknown; readonly corrected?: string } | NotConverted;

interface NotConverted {
  readonly ok: false;
  readonly code: ProblemCode;
  readonly facts?: Readonly<Record<string, string | number>>;
  readonly message: string;
}

function refuse(code: ProblemCode, message: string, facts?: NotConverted['facts']): NotConverted {
  return { ok: false, code, message, ...(facts === undefined ? {} : { facts }) };
}

const YES = new Set(['yes', 'y', 'true', '1', 'x', 'ja', 'j', 'wahr', 'on']);
const NO = new Set(['no', 'n', 'false', '0', 'nein', 'falsch', 'off']);

/** True for a text that a yes-or-no field takes. */
export function isYesOrNo(text: string): boolean {
  return YES.has(text.toLowerCase()) || NO.has(text.toLowerCase());
}

const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'januar', 'january', 'jänner'],
  ['feb', 'februar', 'february'],
  ['mar', 'mär', 'march', 'märz', 'mrz'],
  ['apr', 'april'],
  ['may', 'mai'],
  ['jun', 'june', 'juni'],
  ['jul', 'july', 'juli'],
  ['aug', 'august'],
  ['sep', 'sept', 'september'],
  ['oct', 'okt', 'october', 'oktober'],
  ['nov', 'november'],
  ['dec', 'dez', 'december', 'dezember'],
];

/** The value of a filled cell. */
export function convertValue(
  context: ConversionContext,
  column: ColumnPlan,
  fieldName: string,
  cell: string,
): Converted {
  const field = context.definition.fields[fieldName];
  if (field === undefined) return refuse('unknown', 'There is no such field.');
  const decided = column.values?.[cell];
  const text = decided ?? cell;
  if (fieldName === 'stageId' && context.definition.name === 'deal') return convertStage(context.stages, text);
  switch (field.type) {
    case 'number':
    case 'integer':
    case 'percent':
    case 'money':
      return convertNumber(context, field, column, text);
    case 'date': {
      const day = toDay(text, column.dateOrder);
      return day === null
        ? refuse('notDate', 'This is not a date; write it like 2026-11-21.')
        : { ok: true, value: day };
    }
    case 'dateTime': {
      if (isInstant(text)) return { ok: true, value: toInstant(toEpochMs(text)) };
      const day = toDay(text, column.dateOrder);
      return day === null
        ? refuse('notDate', 'This is not a date; write it like 2026-11-21.')
        : { ok: true, value: toInstant(toEpochMs(day)) };
    }
    case 'boolean':
      if (YES.has(text.toLowerCase())) return { ok: true, value: true };
      return NO.has(text.toLowerCase()) ? { ok: true, value: false } : refuse('notYesNo', 'Write yes or no.');
    case 'select':
      return field.orRecordOf === undefined ? convertOption(field, text) : convertRole(context, field, text);
    case 'reference':
      return convertReference(context, field, text, column.others);
    case 'references':
      return convertList(splitList(text), (item) => convertReference(context, field, item));
    case 'multiSelect':
      return convertList(splitList(text), (item) => convertOption(field, item));
    case 'tags':
      return { ok: true, value: [...new Set(splitList(text))] };
    case 'currency':
      return { ok: true, value: text.toUpperCase() };
    case 'email':
      return { ok: true, value: text.toLowerCase() };
    case 'json':
      return refuse('notImportable', 'This field cannot be imported.');
    case 'text':
    case 'longText':
    case 'phone':
    case 'url':
      return { ok: true, value: text };
  }
}

function convertNumber(
  context: ConversionContext,
  field: FieldDefinition,
  column: ColumnPlan,
  text: string,
): Converted {
  if (field.type === 'money') {
    const minor = toMinorUnits(text, context.currency, column.decimal);
    const value = minor === null ? null : minor * (column.factor ?? 1);
    if (value !== null && Number.isSafeInteger(value)) return { ok: true, value };
    return refuse('notAmount', `This is not an amount in ${context.currency}.`, { currency: context.currency });
  }
  // Four decimals are enough for every number that is not money.
  const scaled = toMinorUnits(text.replace(/%$/, ''), 'CLF', column.decimal);
  const value = scaled === null ? Number.NaN : (scaled / 10_000) * (column.factor ?? 1);
  if (Number.isNaN(value)) return refuse('number', 'This is not a number.');
  if (field.type === 'integer' && !Number.isInteger(value)) return refuse('integer', 'This is not a whole number.');
  return { ok: true, value };
}

function convertOption(field: FieldDefinition, text: string): Converted {
  const candidates = (field.options ?? []).map(({ value, label }): Candidate => ({
    value,
    names: [value, label, ...(valueSynonyms[value] ?? [])],
  }));
  return fromCandidates(text, candidates, refuse('option', 'This is none of the possible values.'));
}

/** A role by its name, by one of its older names, or one that the organization made. */
function convertRole(context: ConversionContext, field: FieldDefinition, text: string): Converted {
  const builtIn = resolveRole(text);
  if (builtIn !== undefined) return { ok: true, value: builtIn };
  const made = field.orRecordOf === undefined ? null : context.references.findExact(field.orRecordOf, text);
  return made?.found === true ? { ok: true, value: made.id } : convertOption(field, text);
}

function convertStage(stages: readonly Stage[], text: string): Converted {
  const candidates = stages.map(({ id, name }): Candidate => ({
    value: id,
    names: [id, name, ...(valueSynonyms[id] ?? [])],
  }));
  return fromCandidates(text, candidates, refuse('stage', 'The pipeline has no such stage.'));
}

function fromCandidates(text: string, candidates: readonly Candidate[], otherwise: NotConverted): Converted {
  const match = matchValue(text, candidates);
  if (match === null) return otherwise;
  const isAsWritten = normaliseName(match.value) === normaliseName(text);
  return { ok: true, value: match.value, ...(isAsWritten ? {} : { corrected: match.value }) };
}

function convertReference(
  context: ConversionContext,
  field: FieldDefinition,
  text: string,
  others?: string,
): Converted {
  if (field.to === undefined) return refuse('notImportable', 'This field cannot be imported.');
  const match = context.references.find(field.to, text);
  if (match.found) {
    const isAsWritten = match.title === '' || match.title === text || !isSimilar(match.title, text);
    return { ok: true, value: match.id, ...(isAsWritten ? {} : { corrected: match.title }) };
  }
  if (match.reason === 'ambiguous') return refuse('ambiguous', 'Several records have this name; use the id.');
  if (others !== undefined)
    return { ok: true, value: others, corrected: context.references.titleOf(field.to, others) ?? others };
  const { suggestion } = match;
  if (suggestion === null) return refuse('noRecord', 'There is no such record.');
  return refuse('noRecordLike', `There is no such record. Did you mean “${suggestion}”?`, { suggestion });
}

/** False when a record was found by its key: then its name says nothing about the spelling. */
function isSimilar(title: string, text: string): boolean {
  const [first, second] = [normaliseName(title), normaliseName(text)];
  return first === second || (first.length > 3 && Math.abs(first.length - second.length) <= 2);
}

function convertList(items: readonly string[], convert: (item: string) => Converted): Converted {
  const values = new Set<unknown>();
  const corrected: string[] = [];
  for (const item of items) {
    const converted = convert(item);
    if (!converted.ok) return converted;
    values.add(converted.value);
    corrected.push(converted.corrected ?? item);
  }
  const text = corrected.join('; ');
  return { ok: true, value: [...values], ...(text === items.join('; ') ? {} : { corrected: text }) };
}

function splitList(text: string): readonly string[] {
  return text
    .split(text.includes(';') ? ';' : /[,|]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A written day as YYYY-MM-DD, null when it is none. Without an order, points mean day first and slashes are refused if unclear. */
export function toDay(text: string, order?: DateOrder): string | null {
  const plain = text.trim();
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/.exec(plain) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  if (iso !== null) return dayOf(iso[1], iso[2], iso[3]);
  const numeric = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?: .*)?$/.exec(plain);
  if (numeric !== null) {
    const [, first = '', separator = '', second = '', year = ''] = numeric;
    if (order === 'mdy' || (order === undefined && Number(second) > 12)) return dayOf(year, first, second);
    const isClear = order === 'dmy' || separator === '.' || Number(first) > 12 || first === second;
    return isClear ? dayOf(year, second, first) : null;
  }
  const dayFirst = /^(\d{1,2})\.? ?([\p{L}]{3,})\.?,? (\d{4})$/u.exec(plain);
  if (dayFirst !== null) return dayOf(dayFirst[3], monthOf(dayFirst[2]), dayFirst[1]);
  const monthFirst = /^([\p{L}]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/u.exec(plain);
  return monthFirst === null ? null : dayOf(monthFirst[3], monthOf(monthFirst[1]), monthFirst[2]);
}

function monthOf(word = ''): string {
  return String(MONTHS.findIndex((names) => names.includes(word.toLowerCase())) + 1);
}

function dayOf(year = '', month = '', day = ''): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(text) ? text : null;
}
