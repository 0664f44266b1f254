// What is asked about the difference between two days, and what is told.
import type { ChangeKind, ChangeSum, ChangeSums } from '#shared/analytics/past/pipeline-change.ts';
import type { TrendPoint } from '#shared/analytics/past/pipeline-trend.ts';
import type { Period } from '#shared/kernel/periods.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { Labels } from '#shared/query/live-answer.ts';

/** Which deals a question is about; what is not named means all that is seen. */
export interface PastScope {
  /** Close date within; null: any, also none. */
  readonly period: Period | null;
  readonly owner?: string;
  /** With its child teams. */
  readonly team?: string;
  readonly pipeline?: string;
}

export interface PipelineChangeQuery extends PastScope {
  /** The ends of both days are compared; a day that is not over means now. */
  readonly from: Day;
  readonly to: Day;
  /** The deals to tell: of one bar, of one owner; absent: of all. */
  readonly kind?: ChangeKind;
  readonly of?: string;
  /** How many of them. */
  readonly limit: number;
}

/** What a deal was on one of the days. */
export interface DealThen {
  readonly stageId: string | null;
  readonly status: string | null;
  /** Minor units of the answer's currency; null without an amount or a rate. */
  readonly value: number | null;
  readonly closeDate: Day | null;
  readonly ownerId: string | null;
}

/** One bar's part of one deal. */
export interface ChangedDeal {
  readonly dealId: string;
  readonly kind: ChangeKind;
  readonly value: number;
  /** Null: it was not there yet. */
  readonly before: DealThen | null;
  readonly after: DealThen;
}

export interface OwnerChange extends ChangeSums {
  /** Null: deals nobody owns. */
  readonly ownerId: string | null;
}

export interface PipelineChangeResult extends ChangeSums {
  /** As asked for one owner at a time, the largest first: what one hands on is another's. */
  readonly owners: readonly OwnerChange[];
  /** By what they add or take, the largest first. */
  readonly deals: readonly ChangedDeal[];
  /** Of these deals in all. */
  readonly total: ChangeSum;
  readonly currency: string;
  /** Deals whose amount has no rate into that currency on one of the days: they count as nothing. */
  readonly withoutRate: number;
  /** Deals, people and stages. */
  readonly labels: Labels;
  /** Since when changes between two moves are told; null when none is. */
  readonly exactFrom: Day | null;
  /** The first day anything is known of, where nothing was open on the first of the days. */
  readonly knownFrom: Day | null;
}

export interface PipelineTrendQuery extends PastScope {
  readonly to: Day;
  /** At most 366. */
  readonly days: number;
}

export interface PipelineTrendResult {
  readonly points: readonly TrendPoint[];
  readonly currency: string;
  /** Days told by the snapshots the server keeps; all others are worked out from the history of the deals. */
  readonly fromSnapshots: number;
}
