// The filter language written as SQL by its rules, not by its code: empty fails every comparison but `ne` and `isEmpty`, text is
// compared without case and accents, instants with a day by their day in UTC.
import type { FieldType } from '#shared/entities/define-entity.ts';
import type { AskedOn, FieldFilter, Filter } from '#shared/query/filter.ts';
import type { Types } from '../columns-of.ts';
import { toSql } from './open-duckdb.ts';

export function filterToSql(filter: Filter, types: Types, asked: AskedOn): string {
  const list = (parts: readonly Filter[], word: string, none: string): string =>
    parts.length === 0 ? none : `(${parts.map((part) => filterToSql(part, types, asked)).join(` ${word} `)})`;
  if ('and' in filter) return list(filter.and, 'and', 'true');
  if ('or' in filter) return list(filter.or, 'or', 'false');
  if ('not' in filter) return `(not ${filterToSql(filter.not, types, asked)})`;
  return `coalesce(${conditionToSql(filter, types[filter.field] ?? 'text', asked)}, false)`;
}

const fold = (expression: string): string => `lower(strip_accents(${expression}))`;

function conditionToSql(
  { field, op, value = null }: FieldFilter,
  type: FieldType,
  { today, fiscalYearStart }: AskedOn,
): string {
  const isTime = type === 'date' || type === 'dateTime';
  const column = type === 'dateTime' ? `("${field}" at time zone 'UTC')::date` : `"${field}"`;
  const own = type === 'text' ? fold(column) : column;
  const literal = (wanted: unknown): string => {
    const text = toSql(wanted as string | number | boolean | null);
    if (isTime) return `${text}::date`;
    return type === 'text' ? fold(text) : text;
  };
  const equals = (wanted: unknown): string => {
    if (wanted === null) return `${column} is null`;
    if (type === 'boolean') return `coalesce(${column}, false) = ${literal(wanted)}`;
    return `coalesce(${own} = ${literal(wanted)}, false)`;
  };
  const among = (): string => {
    const wanted = value as readonly unknown[];
    return wanted.length === 0 ? 'false' : `(${wanted.map((item) => `(${equals(item)})`).join(' or ')})`;
  };
  const signs = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
  switch (op) {
    case 'eq': {
      return equals(value);
    }
    case 'ne': {
      return `not (${equals(value)})`;
    }
    case 'in': {
      return among();
    }
    case 'notIn': {
      return `not (${among()})`;
    }
    case 'contains': {
      return `contains(${own}, ${literal(value)})`;
    }
    case 'startsWith': {
      return `starts_with(${own}, ${literal(value)})`;
    }
    case 'isEmpty': {
      return `${column} is null`;
    }
    case 'isNotEmpty': {
      return `${column} is not null`;
    }
    case 'withinDays': {
      const other = `(date '${today}' + ${String(value)})`;
      return `${column} between least(date '${today}', ${other}) and greatest(date '${today}', ${other})`;
    }
    case 'olderThanDays': {
      return `${column} < date '${today}' - (${String(value)})`;
    }
    case 'inPeriod': {
      const [, turn = '', unit = ''] = /^(last|this|next)(\w+)$/.exec(String(value)) ?? [];
      const days = { yesterday: -1, today: 0, tomorrow: 1 }[String(value)];
      if (days !== undefined) return `${column} = date '${today}' + (${String(days)})`;
      // Quarters and years are moved back to where they would begin with the calendar's.
      const months = unit === 'Quarter' || unit === 'Year' ? fiscalYearStart - 1 : 0;
      const start = (day: string): string => `date_trunc('${unit}', ${day} - interval '${String(months)} months')`;
      const shift = `(${String({ last: -1, this: 0, next: 1 }[turn])}) * interval '1 ${unit}'`;
      return `${start(column)} = ${start(`date '${today}'`)} + ${shift}`;
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte': {
      return value === null ? 'false' : `${own} ${signs[op]} ${literal(value)}`;
    }
  }
}
