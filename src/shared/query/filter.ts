// The filter language of lists, boards, saved views and (later) pivots: a small closed tree, so that it can be stored,
// counted, shown in words and evaluated in one place. Relative dates stay relative until they are evaluated.
import type { Day } from '#shared/kernel/calendar.ts';

export type FilterOperator =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'in'
  | 'notIn'
  | 'contains'
  | 'startsWith'
  | 'isEmpty'
  | 'isNotEmpty'
  | 'withinDays'
  | 'olderThanDays'
  | 'inPeriod';

/** When a filter is asked: the day of the person, and the first month of the organization's year, 1 to 12. */
export interface AskedOn {
  readonly today: Day;
  readonly fiscalYearStart: number;
}

/**
 * `withinDays` n: from today − n to today + n whichever sign fits: positive looks ahead, negative back. `inPeriod` is about
 * a named period (`thisQuarter`, see `namedPeriods`), `in` and `notIn` are about lists.
 */
export interface FieldFilter {
  readonly field: string;
  readonly op: FilterOperator;
  readonly value?: string | number | boolean | null | readonly (string | number)[];
}

export type Filter =
  | FieldFilter
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter };

export interface Sort {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}
