// What is asked about pivots, and what is told.
import type { PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { Day } from '#shared/kernel/calendar.ts';
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
  /** Of a question about a past day. */
  readonly past?: PastAnswer;
}

export interface PastAnswer {
  readonly day: Day;
  /** The day is not over yet, or still to come: the records are those of now. */
  readonly isAhead: boolean;
  /** Fields of the question that show the values of today, because no history tells others. */
  readonly ofToday: readonly string[];
  /** The first day anything is known of, for a question without an answer. */
  readonly knownFrom: Day | null;
  /** Since when changes between two moves are told; null when none is. */
  readonly exactFrom: Day | null;
}
