// Columns for tests, made from rows as people write them, with what a pivot asks about their fields.
import { NO_DAY, type Column, type ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { readDay } from '#shared/analytics/pivot/buckets.ts';
import type { FieldType } from '#shared/entities/define-entity.ts';
import { toDay } from '#shared/kernel/calendar.ts';

export type Row = Readonly<Record<string, string | number | boolean | null>>;
export type Types = Readonly<Record<string, FieldType>>;

const codedTypes: readonly FieldType[] = ['number', 'integer', 'money', 'percent', 'date', 'dateTime'];

/** A table of these rows. `put` and `drop` change it as a store does. */
export interface TestTable extends ColumnTable {
  put(slot: number, row: Row): void;
  drop(slot: number): void;
}

/** `room`: slots that may be used later. */
export function columnsOf(types: Types, rows: readonly Row[], room = 0): TestTable {
  const capacity = rows.length + room;
  const live = new Uint8Array(capacity);
  const columns = new Map(Object.entries(types).map(([field, type]) => [field, emptyColumn(type, capacity)]));
  const places = new Map(Object.keys(types).map((field) => [field, new Map<string, number>()]));
  let slots = 0;
  const table: TestTable = {
    get slots() {
      return slots;
    },
    live,
    column: (path) => columns.get(path),
    put(slot, row) {
      slots = Math.max(slots, slot + 1);
      live[slot] = 1;
      for (const [field, column] of columns) {
        write(column, places.get(field) ?? new Map(), types[field] ?? 'text', slot, row[field] ?? null);
      }
    },
    drop(slot) {
      live[slot] = 0;
    },
  };
  for (const [slot, row] of rows.entries()) table.put(slot, row);
  return table;
}

function emptyColumn(type: FieldType, capacity: number): Column {
  if (type === 'date') return { kind: 'days', days: new Int32Array(capacity).fill(NO_DAY) };
  if (codedTypes.includes(type)) return { kind: 'numbers', numbers: new Float64Array(capacity).fill(Number.NaN) };
  return { kind: 'codes', codes: new Int32Array(capacity).fill(-1), values: [] };
}

function write(
  column: Column,
  places: Map<string, number>,
  type: FieldType,
  slot: number,
  value: string | number | boolean | null,
): void {
  if (column.kind === 'days') column.days[slot] = value === null ? NO_DAY : readDay(String(value));
  if (column.kind === 'numbers') column.numbers[slot] = toNumber(type, value);
  if (column.kind !== 'codes') return;
  if (value === null) {
    column.codes[slot] = -1;
    return;
  }
  const text = String(value);
  const known = places.get(text);
  column.codes[slot] = known ?? (column.values as string[]).push(text) - 1;
  places.set(text, column.codes[slot] ?? -1);
}

function toNumber(type: FieldType, value: string | number | boolean | null): number {
  if (value === null) return Number.NaN;
  return type === 'dateTime' && typeof value === 'string' ? Date.parse(value) : Number(value);
}

export function contextOf(types: Types, more: Partial<PivotContext> = {}): PivotContext {
  return {
    today: '2026-11-21',
    dayOf: toDay,
    fiscalYearStart: 1,
    moneyScale: 1,
    typeOf: (path) => types[path],
    optionsOf: () => undefined,
    labelOf: () => null,
    ...more,
  };
}
