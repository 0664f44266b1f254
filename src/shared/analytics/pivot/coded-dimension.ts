// A dimension as codes: whatever a field is (text, reference, day, instant, number), every record gets the number of the
// member it belongs to, and everything after works on numbers only. −1 is empty. Codes grow: a live pivot meets new members.
import {
  isSplitTable,
  type CodeColumn,
  type Column,
  type ColumnTable,
  type DayColumn,
  type NumberColumn,
} from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import type { DateUnit, PivotDimension } from '#shared/analytics/pivot-spec.ts';
import { bucketOf, keyOfBucket } from '#shared/analytics/pivot/buckets.ts';
import { withoutDust } from '#shared/analytics/pivot/decimals.ts';
import { columnOf, dateUnitOf, isEmptyDay } from '#shared/analytics/pivot/fields.ts';
import { dayNumbersOf } from '#shared/analytics/pivot/local-days.ts';

export interface CodedDimension {
  readonly dimension: PivotDimension;
  /** Set for buckets of time. */
  readonly unit: DateUnit | null;
  /** One for each slot of the table at the time of coding. */
  readonly codes: Int32Array;
  /** Members so far; codes are below. */
  size(): number;
  readonly keyOf: (code: number) => string;
  /** Where the member stands in its own order; null: it is sorted by its label. */
  readonly orderOf: (code: number) => number | null;
  /** The code of a slot as the table is now; may be a new one. */
  codeAt(slot: number): number;
}

/** @throws OutpostError `unknown_field`, or `invalid` for a bucket that does not fit the field. */
export function codeDimension(table: ColumnTable, dimension: PivotDimension, context: PivotContext): CodedDimension {
  const { field } = dimension;
  const column = partOf(table, field) ?? columnOf(table, context, field);
  const unit = dateUnitOf(dimension, column, context);
  if (column.kind === 'codes') return codeValues(table, dimension, column);
  if (unit !== null) return codeDates(table, dimension, column, unit, context);
  return codeNumbers(table, dimension);
}

/** Of a list, the column with one value in each slot. */
function partOf(table: ColumnTable, field: string): Column | undefined {
  return isSplitTable(table) ? table.part(field) : undefined;
}

const columnNow = (table: ColumnTable, field: string): Column | undefined =>
  partOf(table, field) ?? table.column(field);

function codeValues(table: ColumnTable, dimension: PivotDimension, column: CodeColumn): CodedDimension {
  const now = (): CodeColumn => (columnNow(table, dimension.field) as CodeColumn | undefined) ?? column;
  return {
    dimension,
    unit: null,
    codes: column.codes,
    size: () => now().values.length,
    keyOf: (code) => now().values[code] ?? '',
    orderOf: () => null,
    codeAt: (slot) => now().codes[slot] ?? -1,
  };
}

/** Members of numbers in the order they were met. */
function createDictionary(): { codeOf(value: number): number; readonly values: readonly number[] } {
  const codes = new Map<number, number>();
  const values: number[] = [];
  return {
    values,
    codeOf(value) {
      const known = codes.get(value);
      if (known !== undefined) return known;
      codes.set(value, values.length);
      values.push(value);
      return values.length - 1;
    },
  };
}

function codeDates(
  table: ColumnTable,
  dimension: PivotDimension,
  column: DayColumn | NumberColumn,
  unit: DateUnit,
  context: PivotContext,
): CodedDimension {
  const dictionary = createDictionary();
  const { near, codeOfDay } = rememberByDay((day) => dictionary.codeOf(bucketOf(day, unit, context.fiscalYearStart)));
  const toDay = dayNumbersOf(context.dayOf);
  const readCode = (column: DayColumn | NumberColumn, slot: number): number => {
    if (column.kind === 'days') {
      const day = column.days[slot] ?? 0;
      return isEmptyDay(day) ? -1 : codeOfDay(day);
    }
    const instant = column.numbers[slot] ?? Number.NaN;
    return Number.isNaN(instant) ? -1 : codeOfDay(toDay(instant));
  };
  return {
    dimension,
    unit,
    codes:
      column.kind === 'days'
        ? readDays(column.days, table, near, codeOfDay)
        : readCodes(table, (slot) => readCode(column, slot)),
    size: () => dictionary.values.length,
    keyOf: (code) => keyOfBucket(dictionary.values[code] ?? 0, unit),
    orderOf: (code) => dictionary.values[code] ?? null,
    codeAt: (slot) => readCode((columnNow(table, dimension.field) as DayColumn | undefined) ?? column, slot),
  };
}

/** The first day of 1900; days from there to 2100 are looked up by place. */
const FIRST_DAY = -25_567;

interface DayCodes {
  /** Codes of days by place, −1 for those nobody asked for yet. */
  readonly near: Int32Array;
  readonly codeOfDay: (day: number) => number;
}

function rememberByDay(toCode: (day: number) => number): DayCodes {
  const near = new Int32Array(73_049).fill(-1);
  return {
    near,
    codeOfDay(day) {
      const place = day - FIRST_DAY;
      const code = near[place];
      if (code === undefined) return toCode(day);
      if (code !== -1) return code;
      const fresh = toCode(day);
      near[place] = fresh;
      return fresh;
    },
  };
}

function readDays(
  days: Int32Array,
  { slots, live }: ColumnTable,
  near: Int32Array,
  codeOfDay: (day: number) => number,
): Int32Array {
  const codes = new Int32Array(slots);
  for (let slot = 0; slot < slots; slot += 1) {
    const day = days[slot] as number;
    let code = near[day - FIRST_DAY] ?? -1;
    if (code === -1 && live[slot] === 1 && !isEmptyDay(day)) code = codeOfDay(day);
    codes[slot] = code;
  }
  return codes;
}

function codeNumbers(table: ColumnTable, dimension: PivotDimension): CodedDimension {
  const bins = dimension.bucket?.kind === 'bins' ? dimension.bucket : null;
  const from = bins?.from ?? 0;
  const size = bins?.size ?? 1;
  const dictionary = createDictionary();
  const read = (column: Column | undefined, slot: number): number => {
    const value = column?.kind === 'numbers' ? (column.numbers[slot] ?? Number.NaN) : Number.NaN;
    if (Number.isNaN(value)) return -1;
    return dictionary.codeOf(bins === null ? value + 0 : binOf(value, from, size));
  };
  const column = columnNow(table, dimension.field);
  return {
    dimension,
    unit: null,
    codes: readCodes(table, (slot) => read(column, slot)),
    size: () => dictionary.values.length,
    keyOf: (code) => {
      const value = dictionary.values[code] ?? 0;
      return String(bins === null ? value : lowerBoundOf(value, from, size));
    },
    orderOf: (code) => dictionary.values[code] ?? null,
    codeAt: (slot) => read(columnNow(table, dimension.field), slot),
  };
}

/** Which bin a number lies in; 0.3 lies in [0.3, 0.4) though a computer's 0.3 is less than three times its 0.1. */
function binOf(value: number, from: number, size: number): number {
  const place = (value - from) / size;
  const nearest = Math.round(place);
  return Math.abs(place - nearest) <= Math.max(1, Math.abs(place)) * 1e-12 ? nearest : Math.floor(place);
}

function lowerBoundOf(bin: number, from: number, size: number): number {
  return withoutDust(from + bin * size, Math.abs(from) + Math.abs(bin * size));
}

function readCodes(table: ColumnTable, readCode: (slot: number) => number): Int32Array {
  const codes = new Int32Array(table.slots).fill(-1);
  for (let slot = 0; slot < table.slots; slot += 1) {
    if (table.live[slot] === 1) codes[slot] = readCode(slot);
  }
  return codes;
}
