import type { Filter } from '#shared/query/filter.ts';

/** A column of the workload: a week, what is late, or what has no day. */
export interface Span {
  readonly key: string;
  readonly label: string;
  readonly filter: Filter;
  /** Whether its hours are measured against those of a week. */
  readonly isWeek: boolean;
}
