// What a pivot may ask of a field, checked in one place, so that a report that outlived a field says which one it misses.
import { NO_DAY, type Column, type ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import type { DateUnit, PivotDimension } from '#shared/analytics/pivot-spec.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export const isEmptyDay = (day: number): boolean => day === NO_DAY;

/** @throws OutpostError `unknown_field` when there is no such field (any more). */
export function columnOf(table: ColumnTable, context: PivotContext, field: string): Column {
  const column = context.typeOf(field) === undefined ? undefined : table.column(field);
  if (column !== undefined) return column;
  throw new OutpostError('unknown_field', `There is no field ${field} (any more).`, {
    field,
    problems: [`${field}:unknown`],
  });
}

/** Something about the pivot that does not fit, at a field or a measure of it. */
export function unfit(name: string, problem: string, message: string): OutpostError {
  return new OutpostError('invalid', message, { problems: [`${name}:${problem}`] });
}

/** The unit of time a dimension counts in; days and instants without a bucket count in days. Null: no time. */
export function dateUnitOf(dimension: PivotDimension, column: Column, context: PivotContext): DateUnit | null {
  const { bucket, field } = dimension;
  const isTime = column.kind === 'days' || (column.kind === 'numbers' && context.typeOf(field) === 'dateTime');
  if (bucket?.kind === 'date') {
    if (!isTime) throw unfit(field, 'date', `${field} is no date, so it has no ${bucket.unit}.`);
    return bucket.unit;
  }
  if (bucket?.kind === 'bins') {
    if (isTime || column.kind !== 'numbers') throw unfit(field, 'number', `${field} is no number, so it has no bins.`);
    const isSound = Number.isFinite(bucket.size) && bucket.size > 0 && Number.isFinite(bucket.from ?? 0);
    if (!isSound) throw unfit(field, 'range', `The bins of ${field} need a size above zero.`);
  }
  return isTime ? 'day' : null;
}
