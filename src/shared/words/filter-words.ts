// A filter in words, for the head of a document: what everything in it has in common.
import { isDay } from '#shared/kernel/calendar.ts';
import type { FieldFilter, Filter, FilterOperator } from '#shared/query/filter.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Translate } from '#shared/words/names.ts';

/** What fields and values of a filter are called. */
export interface FilterNames {
  field(field: string): string;
  value(field: string, value: unknown): string;
}

/** All conditions, however they are joined. */
export function conditionsOf(filter: Filter): readonly FieldFilter[] {
  if ('and' in filter) return filter.and.flatMap(conditionsOf);
  if ('or' in filter) return filter.or.flatMap(conditionsOf);
  if ('not' in filter) return conditionsOf(filter.not);
  return [filter];
}

export function valuesOf({ value }: FieldFilter): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** “Filter: Stage is Won and Amount is at least € 500”. */
export function filterInWords(t: Translate, filter: Filter, names: FilterNames): string {
  const conditions = conditionsInWords(t, filter, names);
  return t('export.filter', { conditions, interpolation: { escapeValue: false } });
}

/** The same, without saying that it is a filter. */
export function conditionsInWords(t: Translate, filter: Filter, names: FilterNames): string {
  const part = (inner: Filter): string => conditionsInWords(t, inner, names);
  if ('and' in filter) return filter.and.map(part).join(` ${t('export.and')} `);
  if ('or' in filter) return `(${filter.or.map(part).join(` ${t('export.or')} `)})`;
  if ('not' in filter) return `${t('export.not')} (${part(filter.not)})`;
  return condition(t, filter, names);
}

function condition(t: Translate, filter: FieldFilter, names: FilterNames): string {
  const { field, op } = filter;
  const isRelative = op === 'withinDays' || op === 'olderThanDays';
  const values = op === 'isEmpty' || op === 'isNotEmpty' ? [] : valuesOf(filter);
  const words = values.map((value) => {
    if (op === 'inPeriod') return t(`filter.period.${textOf(value)}`);
    if (isRelative) return `${textOf(value)} ${t('filter.days')}`;
    if (value === true || value === false) return value ? t('common.yes') : t('common.no');
    return names.value(field, value);
  });
  return [names.field(field), operatorInWords(t, op, values[0]), words.join(', ')]
    .filter((text) => text !== '')
    .join(' ');
}

const orders = new Set<FilterOperator>(['eq', 'ne', 'lt', 'lte', 'gt', 'gte']);

/** Days are before and after each other, everything else is less and more. */
export function operatorInWords(t: Translate, op: FilterOperator, value: unknown): string {
  return t(isDay(value) && orders.has(op) ? `filter.dayOp.${op}` : `filter.op.${op}`);
}
