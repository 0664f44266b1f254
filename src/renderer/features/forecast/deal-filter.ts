// The deals behind a number, as a filter of the list: exactly those that were added up, and nothing else.
import type { ForecastQuery, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { categoriesOf, type ForecastColumn } from '#shared/analytics/forecast-sums.ts';
import type { ForecastCategory } from '#shared/entities/deal/deal.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';

export function filterOfCell(query: ForecastQuery, row: ForecastRow, column: ForecastColumn): Filter {
  const { start, end } = query.period;
  const inPeriod: readonly FieldFilter[] = [
    { field: 'closeDate', op: 'gte', value: start },
    { field: 'closeDate', op: 'lte', value: end },
  ];
  return { and: [...inPeriod, ...ownersOf(query, row), ...categoriesFilter(categoriesOf(column, query.columnMode))] };
}

function ownersOf(query: ForecastQuery, row: ForecastRow): readonly FieldFilter[] {
  if (row.dealsOf === null) return [];
  const field = query.hierarchy === 'managers' ? 'ownerId' : 'territoryId';
  const ids = row.dealsOf.filter((id) => id !== null);
  const [first] = ids;
  if (first === undefined) return [{ field, op: 'isEmpty' }];
  return [ids.length === 1 ? { field, op: 'eq', value: first } : { field, op: 'in', value: ids }];
}

const isWon: FieldFilter = { field: 'status', op: 'eq', value: 'won' };
const isOpen: FieldFilter = { field: 'status', op: 'eq', value: 'open' };

function categoriesFilter(categories: readonly ForecastCategory[]): readonly Filter[] {
  const open = categories.filter((category) => category !== 'closed');
  if (open.length === 0) return [isWon];
  const openParts = openFilter(open);
  return categories.includes('closed') ? [{ or: [isWon, { and: openParts }] }] : openParts;
}

function openFilter(categories: readonly ForecastCategory[]): readonly Filter[] {
  const [first] = categories;
  const named: FieldFilter =
    categories.length === 1 && first !== undefined
      ? { field: 'forecastCategory', op: 'eq', value: first }
      : { field: 'forecastCategory', op: 'in', value: categories };
  if (!categories.includes('pipeline')) return [isOpen, named];
  // An open deal whose category nobody set is pipeline.
  const unset: readonly Filter[] = [
    { field: 'forecastCategory', op: 'isEmpty' },
    { field: 'forecastCategory', op: 'eq', value: 'closed' },
  ];
  return [isOpen, { or: [named, ...unset] }];
}
