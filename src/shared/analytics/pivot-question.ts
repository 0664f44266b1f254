// What is asked about pivots, and what is told.
import type { PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { Labels } from '#shared/query/live-answer.ts';

/** A cell of a pivot; paths as its members have them. */
export interface PivotCell {
  readonly spec: PivotSpec;
  readonly row: readonly (string | null)[];
  readonly column: readonly (string | null)[];
}

export interface PivotQuery {
  readonly spec: PivotSpec;
}

export interface PivotAnswer {
  readonly result: PivotResult;
  /** Titles of the records and stages that members name. */
  readonly labels: Labels;
  /** What money in the cells is in. */
  readonly currency: string;
  /** Records whose amount is left out because no rate is known, by currency. */
  readonly withoutRate: Readonly<Record<string, number>>;
}
