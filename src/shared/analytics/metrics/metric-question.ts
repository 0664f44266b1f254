// What is asked about figures, and what is told.
import type { PermissionName } from '#shared/access/permissions.ts';
import type { MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { MetricPart } from '#shared/analytics/metrics/metric-numbers.ts';
import type { DayRange, MetricPeriod } from '#shared/analytics/metrics/period.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { Labels } from '#shared/query/live-answer.ts';

/** What figures are about; an owner, team or territory that is not named means all that is seen. */
export interface MetricFilter {
  readonly period: MetricPeriod;
  readonly owner?: string;
  /** With its child teams. */
  readonly team?: string;
  /** With its child territories, as far as they add up their figures. */
  readonly territory?: string;
  readonly pipeline?: string;
}

export interface MetricsQuery extends MetricFilter {
  readonly metrics: readonly MetricId[];
}

/** A figure, or why there is none for this user: a masked or hidden field never becomes a number. */
export type MetricAnswer =
  | {
      readonly state: 'ready';
      readonly value: number | null;
      /** In the period before, or on `previousDay`; null without one. */
      readonly previous: number | null;
      /** Of a figure of now: the day at whose end it was `previous`. */
      readonly previousDay?: Day;
      readonly parts?: readonly MetricPart[];
    }
  | { readonly state: 'unavailable'; readonly reason: 'field' }
  | { readonly state: 'unavailable'; readonly reason: 'right'; readonly right: PermissionName };

export interface MetricsResult {
  readonly metrics: Readonly<Partial<Record<MetricId, MetricAnswer>>>;
  /** Amounts are minor units of it. */
  readonly currency: string;
  /** Deals whose amount has no rate into that currency: they are not in the sums. */
  readonly withoutRate: number;
  readonly range: DayRange;
  readonly before: DayRange | null;
  /** People, teams, and stages as `pipelineId/stageId`. */
  readonly labels: Labels;
}
