// A click on a figure as a filter: the conditions under which a record lies in that cell, as somebody could have typed them.
import { OTHERS } from '#shared/analytics/pivot-result.ts';
import type { DateUnit, PivotDimension, PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { periodOf, shiftPeriod, type Period } from '#shared/kernel/periods.ts';
import { bucketOf, readDay, toDayText } from '#shared/analytics/pivot/buckets.ts';
import type { FieldType } from '#shared/entities/define-entity.ts';
import type { FieldFilter } from '#shared/query/filter.ts';

type Path = readonly (string | null)[];

/** Null when no condition says it: the others of a top, a day of the week. `fiscalYearStart`: month, 1 to 12. */
export function conditionsOfCell(
  spec: PivotSpec,
  row: Path,
  column: Path,
  typeOf: (path: string) => FieldType | undefined,
  fiscalYearStart: number,
): readonly FieldFilter[] | null {
  const conditions: FieldFilter[] = [];
  for (const [axis, path] of [
    [spec.rows, row],
    [spec.columns, column],
  ] as const) {
    for (const [level, key] of path.entries()) {
      const dimension = axis[level];
      const type = dimension === undefined ? undefined : typeOf(dimension.field);
      if (dimension === undefined || type === undefined) return null;
      const found = conditionsOfKey(dimension, type, key, fiscalYearStart);
      if (found === null) return null;
      conditions.push(...found);
    }
  }
  return conditions;
}

function conditionsOfKey(
  { field, bucket }: PivotDimension,
  type: FieldType,
  key: string | null,
  fiscalYearStart: number,
): readonly FieldFilter[] | null {
  if (key === null) return [{ field, op: 'isEmpty' }];
  if (key === OTHERS) return null;
  if (bucket?.kind === 'bins') {
    const low = Number(key);
    return [
      { field, op: 'gte', value: low },
      { field, op: 'lt', value: low + bucket.size },
    ];
  }
  if (type === 'date' || type === 'dateTime') {
    const days = daysOfKey(key, bucket?.unit ?? 'day', fiscalYearStart);
    if (days === null) return null;
    return [
      { field, op: 'gte', value: days.start },
      { field, op: 'lte', value: days.end },
    ];
  }
  if (type === 'boolean') {
    // To a filter, a check box nobody touched is not ticked; in a pivot it stands by itself.
    const touched: readonly FieldFilter[] = key === 'true' ? [] : [{ field, op: 'isNotEmpty' }];
    return [{ field, op: 'eq', value: key === 'true' }, ...touched];
  }
  const isNumber = type === 'money' || type === 'number' || type === 'integer' || type === 'percent';
  return [{ field, op: 'eq', value: isNumber ? Number(key) : key }];
}

/** The first and the last day of a bucket by its key; null for a day of the week, which is no stretch of time. */
function daysOfKey(key: string, unit: DateUnit, fiscalYearStart: number): Period | null {
  const year = Number(key.slice(0, 4));
  const part = Number(key.slice(6));
  switch (unit) {
    case 'year': {
      return periodOf('year', `${key}-01-01`, 1);
    }
    case 'quarter': {
      return shiftPeriod('quarter', periodOf('quarter', `${key.slice(0, 4)}-01-01`, 1), part - 1);
    }
    case 'month': {
      return periodOf('month', `${key}-01`, 1);
    }
    case 'week': {
      const week = bucketOf(readDay(`${key.slice(0, 4)}-01-04`), 'week', 1) + part - 1;
      return { start: toDayText(week * 7 - 3), end: toDayText(week * 7 + 3) };
    }
    case 'day': {
      return { start: key, end: key };
    }
    case 'weekday': {
      return null;
    }
    case 'fiscalYear':
    case 'fiscalQuarter': {
      // Named after the calendar year it ends in.
      const first = fiscalYearStart === 1 ? year : year - 1;
      const start = `${String(first).padStart(4, '0')}-${String(fiscalYearStart).padStart(2, '0')}-01`;
      if (unit === 'fiscalYear') return periodOf('year', start, fiscalYearStart);
      return shiftPeriod('quarter', periodOf('quarter', start, fiscalYearStart), part - 1);
    }
  }
}
