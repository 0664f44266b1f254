// The filter language of lists, boards, saved views and (later) pivots: a small closed tree, so that it can be stored,
// counted, shown in words and evaluated in one place. Relative dates stay relative until they are evaluated.

export type FilterOperator =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'in'
  | 'contains'
  | 'startsWith'
  | 'isEmpty'
  | 'isNotEmpty'
  | 'withinDays'
  | 'olderThanDays';

/** `withinDays` n: from today − n to today + n whichever sign fits: positive looks ahead, negative back. */
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
