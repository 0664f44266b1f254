// One column that is written slot by slot and grows with its table. What kind of column it is follows from the type of the
// field; a value of a wrong type is empty, as everywhere.
import { NO_DAY, type Column } from '#shared/analytics/column-table.ts';
import type { FieldType } from '#shared/entities/define-entity.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';

export interface GrowingColumn {
  /** The same object for ever; its arrays are replaced by longer ones. */
  readonly column: Column;
  set(slot: number, value: unknown): void;
}

const DAY_MS = 86_400_000;
const FIRST_SLOTS = 256;

const numeric: ReadonlySet<FieldType> = new Set<FieldType>(['number', 'integer', 'money', 'percent']);

export function createGrowingColumn(type: FieldType, slots: number): GrowingColumn {
  if (type === 'date') return createDays(slots);
  if (type === 'dateTime') return createNumbers(slots, (value) => (typeof value === 'string' ? toEpochMs(value) : NaN));
  if (numeric.has(type)) return createNumbers(slots, (value) => (typeof value === 'number' ? value : NaN));
  return createCodes(slots, type === 'boolean' ? tickOf : textOfValue);
}

function lengthFor(slot: number): number {
  return Math.max(FIRST_SLOTS, slot + 1 + (slot >>> 1));
}

function createNumbers(slots: number, read: (value: unknown) => number): GrowingColumn {
  const column = { kind: 'numbers' as const, numbers: new Float64Array(lengthFor(slots)).fill(NaN) };
  return {
    column,
    set(slot, value) {
      if (slot >= column.numbers.length) {
        const longer = new Float64Array(lengthFor(slot)).fill(NaN);
        longer.set(column.numbers);
        column.numbers = longer;
      }
      column.numbers[slot] = read(value);
    },
  };
}

function createDays(slots: number): GrowingColumn {
  const column = { kind: 'days' as const, days: new Int32Array(lengthFor(slots)).fill(NO_DAY) };
  const known = new Map<string, number>();
  const read = (value: unknown): number => {
    if (typeof value !== 'string') return NO_DAY;
    let day = known.get(value);
    if (day === undefined) {
      const epochMs = toEpochMs(value);
      day = Number.isNaN(epochMs) ? NO_DAY : Math.floor(epochMs / DAY_MS);
      known.set(value, day);
    }
    return day;
  };
  return {
    column,
    set(slot, value) {
      if (slot >= column.days.length) {
        const longer = new Int32Array(lengthFor(slot)).fill(NO_DAY);
        longer.set(column.days);
        column.days = longer;
      }
      column.days[slot] = read(value);
    },
  };
}

function createCodes(slots: number, read: (value: unknown) => string | null): GrowingColumn {
  const values: string[] = [];
  const column = { kind: 'codes' as const, codes: new Int32Array(lengthFor(slots)).fill(-1), values };
  const known = new Map<string, number>();
  return {
    column,
    set(slot, value) {
      if (slot >= column.codes.length) {
        const longer = new Int32Array(lengthFor(slot)).fill(-1);
        longer.set(column.codes);
        column.codes = longer;
      }
      const text = read(value);
      let code = text === null ? -1 : known.get(text);
      if (code === undefined && text !== null) {
        code = values.push(text) - 1;
        known.set(text, code);
      }
      column.codes[slot] = code ?? -1;
    },
  };
}

/** The values of a list count as one value together. */
function textOfValue(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (!Array.isArray(value) || value.length === 0) return null;
  return JSON.stringify(value.filter((item) => typeof item === 'string').sort());
}

/** A check box nobody touched is not ticked. */
function tickOf(value: unknown): string {
  return value === true ? 'true' : 'false';
}
