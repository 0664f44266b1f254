// The value at the end of a path, from the record it begins at. Money comes out in the home currency.
import { valueOfLine, type Line } from '#shared/analytics/deal-lines.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import type { PathStep, PivotField } from '#shared/analytics/pivot-fields.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';

/** Minor units of the home currency for an amount of a day; null when no rate is known. */
export type ConvertMoney = (minorUnits: number, currency: string | null, day: string) => number | null;

const DAY_MS = 86_400_000;

/** What a row has: a record, or one of its lines. */
export type ReadRow = (record: AnyRecord, line?: Line) => unknown;

export function createPathReader(source: RecordSource, field: PivotField, convert: ConvertMoney): ReadRow {
  const way = field.steps
    .slice(0, -1)
    .map(({ field: name, ofLine }, place) => ({ name, ofLine, to: field.steps[place + 1]?.entity }));
  const last = field.steps.at(-1);
  if (last === undefined) return () => null;
  const read = readerOf(last, field, convert);
  if (way.length === 0) return read;
  return (record, line) => {
    let at: AnyRecord | undefined = record;
    for (const { name, ofLine, to } of way) {
      const id: string | null = soleId(ofLine === undefined ? at[name] : line && valueOfLine(line, ofLine));
      at = id === null || to === undefined ? undefined : source.get(to, id);
      if (at === undefined) return null;
    }
    return read(at, line);
  };
}

/** The values of the list a path meets after so many steps, each once. */
export function createListReader(
  source: RecordSource,
  field: PivotField,
  steps: number,
): (record: AnyRecord, line?: Line) => readonly string[] {
  const read = createPathReader(source, { ...field, steps: field.steps.slice(0, steps), type: 'tags' }, () => null);
  return (record, line) => {
    const value = read(record, line);
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

function readerOf({ entity, field: name, ofLine }: PathStep, field: PivotField, convert: ConvertMoney): ReadRow {
  if (ofLine !== undefined) return lineReader(ofLine, field, convert);
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

/** Money of a line is in the currency of its deal, at the rate of the day of its deal. */
function lineReader(name: string, { type }: PivotField, convert: ConvertMoney): ReadRow {
  return (deal, line) => {
    const value = line === undefined ? null : valueOfLine(line, name);
    if (type !== 'money' || typeof value !== 'number') return value;
    return convert(value, currencyOf(deal), dayOfMoney(deal));
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
