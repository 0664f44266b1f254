// What a record must look like, on every side: types, required fields, closed lists, lengths, and text that survives
// every store (no NUL, no half of a surrogate pair). Rules over several fields are the entity's own.
import {
  fieldNamesOf,
  type AnyRecord,
  type EntityDefinition,
  type FieldDefinition,
  type FieldProblem,
  type FieldType,
} from '#shared/entities/define-entity.ts';
import type { ProblemCode } from '#shared/entities/problem-codes.ts';
import { isDay, isInstant } from '#shared/kernel/calendar.ts';
import { isId } from '#shared/kernel/ids.ts';
import { isStorableText } from '#shared/kernel/storable-text.ts';

const DEFAULT_TEXT_LENGTH = 255;
const DEFAULT_LONG_TEXT_LENGTH = 20_000;
const MAX_LIST_LENGTH = 500;
const MAX_TAG_LENGTH = 100;
const MAX_JSON_LENGTH = 200_000;
const MAX_JSON_DEPTH = 20;

/** Names every record carries beside its fields; `pending` exists on a device only. */
const ENVELOPE = new Set([
  'id',
  'kind',
  'rev',
  'ownerId',
  'teamId',
  'createdAt',
  'createdBy',
  'updatedAt',
  'updatedBy',
]);

type Complaint = readonly [code: ProblemCode, message: string];

const matches = (pattern: RegExp) => (text: string) => pattern.test(text);

/** Field types whose text has a form, with the complaint about text that has not. */
const FORMATS: Readonly<Partial<Record<FieldType, readonly [(text: string) => boolean, Complaint]>>> = {
  email: [matches(/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/), ['email', 'Enter an e-mail address like name@company.com.']],
  phone: [matches(/^[+(\d][\d\s()/.x-]{2,38}$/i), ['phone', 'Enter a phone number like +49 30 123456.']],
  url: [
    matches(/^(?:https?:\/\/)?[^\s/:?#@]+\.[^\s/:?#@]+(?::\d+)?(?:[/?#]\S*)?$/i),
    ['url', 'Enter a web address like https://company.com.'],
  ],
  currency: [matches(/^[A-Z]{3}$/), ['currency', 'Enter a currency code like EUR.']],
  date: [isDay, ['date', 'Enter a date.']],
  dateTime: [isInstant, ['dateTime', 'Enter a date and a time.']],
  reference: [isId, ['reference', 'Choose a record.']],
};

/** True for a value that counts as "nothing entered". */
export function isBlank(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** All problems of a whole record, empty when it is valid. Messages never contain a field value. */
export function validateRecord(
  definition: EntityDefinition,
  record: Readonly<Record<string, unknown>>,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const name of Object.keys(record)) {
    if (!Object.hasOwn(definition.fields, name) && !ENVELOPE.has(name)) {
      problems.push({ field: name, code: 'unknown', message: 'There is no such field.' });
    }
  }
  for (const name of fieldNamesOf(definition, record)) {
    const field = definition.fields[name];
    if (field === undefined) continue;
    const value = record[name];
    const complaint = isBlank(value) ? findAbsence(field) : findComplaint(field, value);
    if (complaint !== null) problems.push({ field: name, code: complaint[0], message: complaint[1] });
  }
  if (problems.length > 0) return problems;
  return definition.validate?.(record) ?? [];
}

/** The record without anything that is neither envelope nor field of its entity (marks of a device, for example). */
export function pickFields(definition: EntityDefinition, record: AnyRecord): AnyRecord {
  const entries = Object.entries(record).filter(
    ([name]) => ENVELOPE.has(name) || Object.hasOwn(definition.fields, name),
  );
  return Object.fromEntries(entries) as unknown as AnyRecord;
}

function findAbsence(field: FieldDefinition): Complaint | null {
  return field.required === true ? ['required', `${field.label} is required.`] : null;
}

function findComplaint(field: FieldDefinition, value: unknown): Complaint | null {
  switch (field.type) {
    case 'text':
    case 'longText':
    case 'email':
    case 'phone':
    case 'url':
    case 'currency':
    case 'date':
    case 'dateTime':
    case 'reference':
    case 'select':
      return typeof value === 'string' ? findTextComplaint(field, value) : ['type', 'This must be text.'];
    case 'number':
    case 'integer':
    case 'money':
    case 'percent':
      return findNumberComplaint(field, value);
    case 'boolean':
      return typeof value === 'boolean' ? null : ['type', 'This must be yes or no.'];
    case 'multiSelect':
    case 'tags':
    case 'references':
      return findListComplaint(field, value);
    case 'json':
      return findJsonComplaint(value);
  }
}

function findTextComplaint(field: FieldDefinition, text: string): Complaint | null {
  if (!isStorableText(text)) return ['characters', 'This contains characters that cannot be stored.'];
  const maxLength = field.maxLength ?? (field.type === 'longText' ? DEFAULT_LONG_TEXT_LENGTH : DEFAULT_TEXT_LENGTH);
  if (text.length > maxLength) return ['tooLong', `This may have at most ${String(maxLength)} characters.`];
  const format = FORMATS[field.type];
  if (format !== undefined && !format[0](text)) return format[1];
  return field.type === 'select' && !isOption(field, text) ? ['option', 'Choose one of the list.'] : null;
}

function isOption(field: FieldDefinition, value: string): boolean {
  if (field.orRecordOf !== undefined && isId(value)) return true;
  return field.options === undefined || field.options.some((option) => option.value === value);
}

function findNumberComplaint(field: FieldDefinition, value: unknown): Complaint | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return ['number', 'Enter a number.'];
  if ((field.type === 'integer' || field.type === 'money') && !Number.isSafeInteger(value)) {
    return ['integer', 'Enter a whole number.'];
  }
  if (field.type === 'percent' && (value < 0 || value > 100)) return ['range', 'Enter a percentage between 0 and 100.'];
  return null;
}

function findListComplaint(field: FieldDefinition, value: unknown): Complaint | null {
  if (!Array.isArray(value)) return ['type', 'This must be a list.'];
  if (value.length > MAX_LIST_LENGTH) return ['tooLong', `This may have at most ${String(MAX_LIST_LENGTH)} entries.`];
  const items: readonly unknown[] = value;
  if (new Set(items).size !== items.length) return ['duplicate', 'An entry occurs twice.'];
  for (const item of items) {
    if (typeof item !== 'string' || item.trim() === '') return ['type', 'An entry is empty.'];
    if (!isStorableText(item)) return ['characters', 'This contains characters that cannot be stored.'];
    if (field.type === 'references' && !isId(item)) return ['reference', 'Choose records.'];
    if (field.type === 'multiSelect' && !isOption(field, item)) return ['option', 'Choose from the list.'];
    if (field.type === 'tags' && item.length > MAX_TAG_LENGTH) {
      return ['tooLong', `A tag may have at most ${String(MAX_TAG_LENGTH)} characters.`];
    }
  }
  return null;
}

function findJsonComplaint(value: unknown): Complaint | null {
  if (!isStorableJson(value, 0)) return ['type', 'This value cannot be stored.'];
  if (JSON.stringify(value).length > MAX_JSON_LENGTH) return ['tooLong', 'This value is too large.'];
  return null;
}

function isStorableJson(value: unknown, depth: number): boolean {
  if (depth > MAX_JSON_DEPTH) return false;
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return isStorableText(value);
  if (Array.isArray(value)) return value.every((item) => isStorableJson(item, depth + 1));
  if (typeof value !== 'object') return false;
  return Object.entries(value).every(
    ([key, item]) => isStorableJson(key, depth + 1) && isStorableJson(item, depth + 1),
  );
}
