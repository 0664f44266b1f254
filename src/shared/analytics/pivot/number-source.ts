// The numbers of a field, whatever they are stored as: numbers and money as they are, instants in milliseconds, days counted
// from 1970, check boxes 0 and 1. NaN is empty. Looked up anew every time, as a table grows.
import type { Column, ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { columnOf, isEmptyDay, unfit } from '#shared/analytics/pivot/fields.ts';

export interface NumberSource {
  /** One for each slot, as the table is now. */
  all(): Float64Array;
  at(slot: number): number;
}

/** @throws OutpostError for a field that does not exist or holds no numbers. */
export function numbersOf(table: ColumnTable, context: PivotContext, field: string): NumberSource {
  const first = columnOf(table, context, field);
  const isCheckBox = context.typeOf(field) === 'boolean';
  if (first.kind === 'codes' && !isCheckBox) throw unfit(field, 'number', `${field} is no number.`);
  const now = (): Column => table.column(field) ?? first;
  const at = (slot: number): number => numberAt(now(), slot);
  return {
    at,
    all() {
      const column = now();
      if (column.kind === 'numbers') return column.numbers;
      return Float64Array.from({ length: table.slots }, (_, slot) => numberAt(column, slot));
    },
  };
}

/** As `numbersOf`; texts and references are their places in the column's list of values. */
export function valuesOf(table: ColumnTable, context: PivotContext, field: string): NumberSource {
  const first = columnOf(table, context, field);
  if (first.kind !== 'codes' || context.typeOf(field) === 'boolean') return numbersOf(table, context, field);
  const at = (slot: number): number => {
    const column = table.column(field) ?? first;
    const code = column.kind === 'codes' ? (column.codes[slot] ?? -1) : -1;
    return code < 0 ? Number.NaN : code;
  };
  return { at, all: () => Float64Array.from({ length: table.slots }, (_, slot) => at(slot)) };
}

function numberAt(column: Column, slot: number): number {
  if (column.kind === 'numbers') return column.numbers[slot] ?? Number.NaN;
  if (column.kind === 'days') {
    const day = column.days[slot] ?? 0;
    return isEmptyDay(day) ? Number.NaN : day;
  }
  const code = column.codes[slot] ?? -1;
  return code < 0 ? Number.NaN : column.values[code] === 'true' ? 1 : 0;
}
