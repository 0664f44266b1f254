// The values of a field as whole numbers, for telling them apart: texts and references have theirs, days and numbers get one.
import type { Column, ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { columnOf, isEmptyDay } from '#shared/analytics/pivot/fields.ts';

export interface ValueIds {
  /** One for each slot, −1 for empty. */
  readonly ids: Int32Array;
  /** All are below. */
  readonly size: number;
}

export interface ValueSource {
  /** As the table is now. */
  all(): ValueIds;
  /** True when the slot has a value. */
  hasValue(slot: number): boolean;
  /** Visits every other slot with the same value. */
  eachLike(slot: number, slots: number, visit: (other: number) => void): void;
}

/** @throws OutpostError `unknown_field`. */
export function valueIdsOf(table: ColumnTable, context: PivotContext, field: string): ValueSource {
  const first = columnOf(table, context, field);
  const now = (): Column => table.column(field) ?? first;
  return {
    all: () => idsOf(now(), table.slots),
    hasValue: (slot) => isFilled(now(), slot),
    eachLike(slot, slots, visit) {
      const values = valuesIn(now());
      const value = values[slot];
      for (let other = 0; other < slots; other += 1) if (values[other] === value && other !== slot) visit(other);
    },
  };
}

function valuesIn(column: Column): Int32Array | Float64Array {
  if (column.kind === 'codes') return column.codes;
  return column.kind === 'days' ? column.days : column.numbers;
}

function isFilled(column: Column, slot: number): boolean {
  if (column.kind === 'codes') return (column.codes[slot] ?? -1) >= 0;
  if (column.kind === 'days') return !isEmptyDay(column.days[slot] ?? 0);
  return !Number.isNaN(column.numbers[slot] ?? Number.NaN);
}

function idsOf(column: Column, slots: number): ValueIds {
  if (column.kind === 'codes') return { ids: column.codes, size: column.values.length };
  const values = valuesIn(column);
  const known = new Map<number, number>();
  const ids = new Int32Array(slots).fill(-1);
  for (let slot = 0; slot < slots; slot += 1) {
    if (!isFilled(column, slot)) continue;
    const value = (values[slot] ?? 0) + 0;
    const id = known.get(value) ?? known.size;
    if (id === known.size) known.set(value, id);
    ids[slot] = id;
  }
  return { ids, size: known.size };
}
