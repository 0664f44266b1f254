// The filter language over columns: whatever `matchesFilter` says of a record, this says of its slot, without making the
// record. Conditions on texts and days are asked once for each different value, comparisons of numbers become ranges.
import type { CodeColumn, Column, ColumnTable, DayColumn, NumberColumn } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { toDayText } from '#shared/analytics/pivot/buckets.ts';
import { columnOf, isEmptyDay } from '#shared/analytics/pivot/fields.ts';
import { addMarks, keepCommon } from '#shared/analytics/pivot/marks.ts';
import { rangeOf } from '#shared/analytics/pivot/number-range.ts';
import type { FieldType } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { matchesCondition } from '#shared/query/evaluate-filter.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';

export interface SlotFilter {
  /** Of one slot, as the table is now. */
  test(slot: number): boolean;
  /** Of the first `slots` slots: 1 for those that pass. */
  select(slots: number): Uint8Array;
}

/** @throws OutpostError `unknown_field` for a field that does not exist (any more). */
export function compileFilter(table: ColumnTable, filter: Filter, context: PivotContext): SlotFilter {
  if ('and' in filter) {
    const parts = filter.and.map((part) => compileFilter(table, part, context));
    return combine(parts, 1, (test) => parts.every(test));
  }
  if ('or' in filter) {
    const parts = filter.or.map((part) => compileFilter(table, part, context));
    return combine(parts, 0, (test) => parts.some(test));
  }
  if ('not' in filter) {
    const part = compileFilter(table, filter.not, context);
    return {
      test: (slot) => !part.test(slot),
      select: (slots) => part.select(slots).map((passed) => 1 - passed),
    };
  }
  return compileCondition(table, filter, context);
}

/** `neutral` 1: all parts must pass; 0: one is enough. */
function combine(
  parts: readonly SlotFilter[],
  neutral: 0 | 1,
  decide: (test: (part: SlotFilter) => boolean) => boolean,
): SlotFilter {
  return {
    test: (slot) => decide((part) => part.test(slot)),
    select(slots) {
      const [first, ...others] = parts;
      const passed = first === undefined ? new Uint8Array(slots).fill(neutral) : first.select(slots);
      const join = neutral === 1 ? keepCommon : addMarks;
      for (const part of others) join(passed, part.select(slots), slots);
      return passed;
    },
  };
}

function compileCondition(table: ColumnTable, condition: FieldFilter, context: PivotContext): SlotFilter {
  const column = columnOf(table, context, condition.field);
  const type = context.typeOf(condition.field) ?? 'text';
  const isWanted = (value: unknown): boolean => matchesCondition(type, condition, value, context);
  const now = (): Column => table.column(condition.field) ?? column;
  if (column.kind === 'codes') return ofCodes(now as () => CodeColumn, type, isWanted);
  if (column.kind === 'days') return ofDays(now as () => DayColumn, isWanted);
  return ofNumbers(now as () => NumberColumn, type, condition, context, isWanted);
}

type Test = (value: unknown) => boolean;

/** 0: not asked yet. */
const [NO, YES] = [1, 2];

function ofCodes(now: () => CodeColumn, type: FieldType, isWanted: Test): SlotFilter {
  const answers: number[] = [];
  const empty = isWanted(null) ? YES : NO;
  const ask = (column: CodeColumn, code: number): number => {
    if (code < 0) return empty;
    answers[code] ??= isWanted(valueOf(type, column.values[code] ?? '')) ? YES : NO;
    return answers[code];
  };
  return {
    test: (slot) => ask(now(), now().codes[slot] ?? -1) === YES,
    select(slots) {
      const column = now();
      const table = Uint8Array.from({ length: column.values.length + 1 }, (_, at) => ask(column, at - 1) - 1);
      return markCodes(column.codes, table, slots);
    },
  };
}

const lists: readonly FieldType[] = ['tags', 'multiSelect', 'references'];

/** The value as it stands in the record: check boxes are `true` and `false`, lists the JSON of the array. */
function valueOf(type: FieldType, text: string): unknown {
  if (type === 'boolean') return text === 'true';
  if (!lists.includes(type)) return text;
  const list: unknown = JSON.parse(text);
  return list;
}

function ofDays(now: () => DayColumn, isWanted: Test): SlotFilter {
  const FIRST = -25_567;
  const near = new Uint8Array(73_049);
  const empty = isWanted(null) ? YES : NO;
  const ask = (day: number): number => {
    const known = near[day - FIRST];
    if (known === NO || known === YES) return known;
    const answer = isEmptyDay(day) ? empty : isWanted(toDayText(day)) ? YES : NO;
    if (known !== undefined) near[day - FIRST] = answer;
    return answer;
  };
  return {
    test: (slot) => ask(now().days[slot] ?? 0) === YES,
    select(slots) {
      const { days } = now();
      const passed = new Uint8Array(slots);
      for (let slot = 0; slot < slots; slot += 1) passed[slot] = ask(days[slot] as number) - 1;
      return passed;
    },
  };
}

function ofNumbers(
  now: () => NumberColumn,
  type: FieldType,
  condition: FieldFilter,
  context: PivotContext,
  isWanted: Test,
): SlotFilter {
  const range = rangeOf(type, condition, context);
  if (range !== null) {
    const { low, high } = range;
    return {
      test(slot) {
        const value = now().numbers[slot] ?? Number.NaN;
        return value >= low && value <= high;
      },
      select(slots) {
        return markRange(now().numbers, low, high, slots);
      },
    };
  }
  const test = (value: number): boolean => {
    if (Number.isNaN(value)) return isWanted(null);
    return isWanted(type === 'dateTime' ? toInstant(value) : value);
  };
  return {
    test: (slot) => test(now().numbers[slot] ?? Number.NaN),
    select(slots) {
      const { numbers } = now();
      return Uint8Array.from({ length: slots }, (_, slot) => (test(numbers[slot] ?? Number.NaN) ? 1 : 0));
    },
  };
}

function markCodes(codes: Int32Array, table: Uint8Array, slots: number): Uint8Array {
  const passed = new Uint8Array(slots);
  for (let slot = 0; slot < slots; slot += 1) passed[slot] = table[(codes[slot] as number) + 1] as number;
  return passed;
}

function markRange(numbers: Float64Array, low: number, high: number, slots: number): Uint8Array {
  const passed = new Uint8Array(slots);
  if (high === Infinity) {
    for (let slot = 0; slot < slots; slot += 1) passed[slot] = (numbers[slot] as number) >= low ? 1 : 0;
    return passed;
  }
  for (let slot = 0; slot < slots; slot += 1) {
    const value = numbers[slot] as number;
    passed[slot] = value >= low && value <= high ? 1 : 0;
  }
  return passed;
}
