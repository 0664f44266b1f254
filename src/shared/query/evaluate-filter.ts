// Does a record pass a filter? A field that is missing or empty fails every comparison but `isEmpty`, `ne` and `notIn`, an
// unknown field fails everything, an empty `and` passes and an empty `or` does not. Relative dates are relative to the
// day given. Values are stored data and may be of a wrong type: a comparison that makes no sense is false, never an error.
import type { EntityDefinition, FieldType } from '#shared/entities/define-entity.ts';
import { addDays, isDay, type Day } from '#shared/kernel/calendar.ts';
import type { AskedOn, FieldFilter, Filter, FilterOperator } from '#shared/query/filter.ts';
import { namedPeriodOf } from '#shared/query/named-periods.ts';
import { foldText } from '#shared/query/words.ts';

type Values = Readonly<Record<string, unknown>>;

/** Type of a field of an entity or of the envelope; undefined when there is no such field. */
export function typeOfField(definition: EntityDefinition, field: string): FieldType | undefined {
  return definition.fields[field]?.type ?? envelopeTypes.get(field);
}

const envelopeTypes: ReadonlyMap<string, FieldType> = new Map([
  ['id', 'reference'],
  ['kind', 'select'],
  ['rev', 'integer'],
  ['ownerId', 'reference'],
  ['teamId', 'reference'],
  ['createdAt', 'dateTime'],
  ['createdBy', 'reference'],
  ['updatedAt', 'dateTime'],
  ['updatedBy', 'reference'],
]);

/** Evaluates the tree on one record. */
export function matchesFilter(definition: EntityDefinition, filter: Filter, record: Values, asked: AskedOn): boolean {
  if ('and' in filter) return filter.and.every((part) => matchesFilter(definition, part, record, asked));
  if ('or' in filter) return filter.or.some((part) => matchesFilter(definition, part, record, asked));
  if ('not' in filter) return !matchesFilter(definition, filter.not, record, asked);
  const type = typeOfField(definition, filter.field);
  return type !== undefined && matchesCondition(type, filter, record[filter.field], asked);
}

/** One condition on one value of a field of this type. */
export function matchesCondition(type: FieldType, condition: FieldFilter, value: unknown, asked: AskedOn): boolean {
  return operators[condition.op]({ type, value, wanted: condition.value, asked });
}

interface Comparison {
  readonly type: FieldType;
  readonly value: unknown;
  readonly wanted: FieldFilter['value'];
  readonly asked: AskedOn;
}

const operators: Readonly<Record<FilterOperator, (comparison: Comparison) => boolean>> = {
  eq: ({ type, value, wanted }) => isEqual(type, value, wanted),
  ne: ({ type, value, wanted }) => !isEqual(type, value, wanted),
  lt: (comparison) => isOrdered(comparison, (order) => order < 0),
  lte: (comparison) => isOrdered(comparison, (order) => order <= 0),
  gt: (comparison) => isOrdered(comparison, (order) => order > 0),
  gte: (comparison) => isOrdered(comparison, (order) => order >= 0),
  in: (comparison) => isAmong(comparison),
  notIn: (comparison) => !isAmong(comparison),
  contains: ({ value, wanted }) => hasText(value, wanted, (text, part) => text.includes(part)),
  startsWith: ({ value, wanted }) => hasText(value, wanted, (text, part) => text.startsWith(part)),
  isEmpty: ({ value }) => isEmpty(value),
  isNotEmpty: ({ value }) => !isEmpty(value),
  withinDays: ({ value, wanted, asked: { today } }) => {
    const day = toDayText(value);
    if (day === null || typeof wanted !== 'number' || !Number.isInteger(wanted)) return false;
    const other = addDays(today, wanted);
    return wanted < 0 ? other <= day && day <= today : today <= day && day <= other;
  },
  olderThanDays: ({ value, wanted, asked: { today } }) => {
    const day = toDayText(value);
    return day !== null && typeof wanted === 'number' && Number.isInteger(wanted) && day < addDays(today, -wanted);
  },
  inPeriod: ({ value, wanted, asked }) => {
    const day = toDayText(value);
    const period = namedPeriodOf(wanted, asked);
    return day !== null && period !== null && period.start <= day && day <= period.end;
  },
};

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function isAmong({ type, value, wanted }: Comparison): boolean {
  return listOf(wanted).some((item) => isEqual(type, value, item));
}

function listOf(value: FieldFilter['value']): readonly (string | number | boolean | null | undefined)[] {
  return Array.isArray(value) ? (value as readonly (string | number)[]) : [value as string];
}

const freeText: readonly FieldType[] = ['text', 'longText', 'email', 'phone', 'url'];

/** Free text is compared folded. A list equals a value when it holds it. A check box nobody touched is not ticked. */
function isEqual(type: FieldType, value: unknown, wanted: unknown): boolean {
  if (wanted === null || wanted === undefined) return isEmpty(value);
  if (Array.isArray(wanted)) return false;
  if (Array.isArray(value)) return value.some((item) => isEqual('text', item, wanted));
  if (type === 'boolean') return (value ?? false) === wanted;
  if (typeof value === 'string' && typeof wanted === 'string') {
    if (freeText.includes(type)) return foldText(value) === foldText(wanted);
    if (type === 'dateTime' && isDay(wanted)) return toDayText(value) === wanted;
  }
  return value === wanted;
}

function isOrdered({ type, value, wanted }: Comparison, isWanted: (order: number) => boolean): boolean {
  if (typeof value === 'number' && typeof wanted === 'number') return isWanted(value - wanted);
  if (typeof value !== 'string' || typeof wanted !== 'string' || value === '') return false;
  if (freeText.includes(type)) return isWanted(compareText(foldText(value), foldText(wanted)));
  // A whole day is one value: `lte` a day includes everything that happened on it.
  const left = type === 'dateTime' && isDay(wanted) ? (toDayText(value) ?? '') : value;
  return isWanted(compareText(left, wanted));
}

/** Order by code units: the same on every computer. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function hasText(value: unknown, wanted: unknown, test: (text: string, part: string) => boolean): boolean {
  if (typeof wanted !== 'string') return false;
  const part = foldText(wanted);
  const texts = Array.isArray(value) ? value : [value];
  return texts.some((text) => typeof text === 'string' && test(foldText(text), part));
}

/** The day of a day or an instant. */
function toDayText(value: unknown): Day | null {
  if (typeof value !== 'string') return null;
  const day = value.slice(0, 10);
  return isDay(day) ? day : null;
}
