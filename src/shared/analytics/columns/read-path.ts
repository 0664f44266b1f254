// The value at the end of a path, from the record it begins at. Money comes out in the home currency.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import type { PivotField } from '#shared/analytics/pivot-fields.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';

/** Minor units of the home currency for an amount of a day; null when no rate is known. */
export type ConvertMoney = (minorUnits: number, currency: string | null, day: string) => number | null;

const DAY_MS = 86_400_000;

export function createPathReader(
  source: RecordSource,
  field: PivotField,
  convert: ConvertMoney,
): (record: AnyRecord) => unknown {
  const way = field.steps.slice(0, -1).map(({ field: name }, place) => ({ name, to: field.steps[place + 1]?.entity }));
  const last = field.steps.at(-1);
  if (last === undefined) return () => null;
  const read = readerOf(last.entity, last.field, field, convert);
  if (way.length === 0) return read;
  return (record) => {
    let at: AnyRecord | undefined = record;
    for (const { name, to } of way) {
      const id = soleId(at[name]);
      at = id === null || to === undefined ? undefined : source.get(to, id);
      if (at === undefined) return null;
    }
    return read(at);
  };
}

/** The values of the list a path meets after so many steps, each once. */
export function createListReader(
  source: RecordSource,
  field: PivotField,
  steps: number,
): (record: AnyRecord) => readonly string[] {
  const read = createPathReader(source, { ...field, steps: field.steps.slice(0, steps), type: 'tags' }, () => null);
  return (record) => {
    const value = read(record);
    return Array.isArray(value) ? [...new Set(value.filter((item) => typeof item === 'string'))] : [];
  };
}

/** What follows for one value of that list: the value itself, or what the rest of the path finds from the record it names. */
export function createPartReader(
  source: RecordSource,
  field: PivotField,
  steps: number,
  convert: ConvertMoney,
): (value: string) => unknown {
  const rest = field.steps.slice(steps);
  const [first] = rest;
  if (first === undefined) return (value) => value;
  const read = createPathReader(source, { ...field, steps: rest }, convert);
  return (value) => {
    const record = source.get(first.entity, value);
    return record === undefined ? null : read(record);
  };
}

/** The record a field names; of a list only when it names one. */
function soleId(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' ? value[0] : null;
}

function readerOf(
  entity: string,
  name: string,
  field: PivotField,
  convert: ConvertMoney,
): (record: AnyRecord) => unknown {
  if (entity === 'deal' && name === 'daysToClose') return daysToClose;
  if (field.type !== 'money') return (record) => record[name];
  const isWeighted = entity === 'deal' && name === 'weighted';
  return (record) => {
    const minorUnits = record[isWeighted ? 'amount' : name];
    if (typeof minorUnits !== 'number') return null;
    const converted = convert(minorUnits, currencyOf(record), dayOfMoney(record));
    if (converted === null || !isWeighted) return converted;
    return typeof record['probability'] === 'number' ? Math.round((converted * record['probability']) / 100) : null;
  };
}

export function currencyOf(record: AnyRecord): string | null {
  return typeof record['currency'] === 'string' && record['currency'] !== '' ? record['currency'] : null;
}

/** What says how much an amount is worth. */
export const moneyNames = ['currency', 'closeDate', 'closeDateAfter'] as const;

/** The day whose rate counts: when the money is expected or came in, otherwise when the record was made. */
export function dayOfMoney(record: AnyRecord): string {
  const day = record['closeDate'] ?? record['closeDateAfter'];
  return typeof day === 'string' ? day : record.createdAt.slice(0, 10);
}

function daysToClose(record: AnyRecord): number | null {
  const { openedAt, closedAt } = record;
  if (typeof openedAt !== 'string' || typeof closedAt !== 'string') return null;
  const days = Math.floor((toEpochMs(closedAt.slice(0, 10)) - toEpochMs(openedAt)) / DAY_MS);
  return Number.isNaN(days) ? null : Math.max(0, days);
}
