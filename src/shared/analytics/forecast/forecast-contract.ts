// What the forecast screen, dashboards and tiles ask about forecasts, and what they are told.
import type { CheckpointName } from '#shared/analytics/forecast-accuracy.ts';
import type { ConfidenceLevel, Interval } from '#shared/analytics/forecast-confidence.ts';
import type { ForecastMethod, ScenarioName } from '#shared/analytics/forecast-methods.ts';
import type { ColumnMode, ForecastColumn } from '#shared/analytics/forecast-sums.ts';
import type { ForecastNodeKind, Hierarchy } from '#shared/analytics/forecast-tree.ts';
import type { Period, PeriodType } from '#shared/kernel/periods.ts';
import type { QuotaStanding } from '#shared/analytics/quota-attainment.ts';
import type { ForecastCategory } from '#shared/entities/deal/deal.ts';

export interface ForecastQuery {
  readonly hierarchy: Hierarchy;
  readonly columnMode: ColumnMode;
  readonly period: Period;
  /** Quotas belong to months, quarters and years; null for any other period, which has none. */
  readonly periodType: PeriodType | null;
  readonly method: ForecastMethod;
  readonly scenario: ScenarioName;
  readonly customFactor: number;
  /** `sum`: what hangs below instead of the own quota, for whoever chose that. */
  readonly quotaBasis: 'own' | 'sum';
}

/** A number somebody put in place. */
export interface ShownAdjustment {
  readonly id: string;
  readonly value: number;
  readonly baseValue: number;
  readonly byId: string;
  readonly byName: string;
  readonly at: string;
  readonly note: string | null;
  readonly isStale: boolean;
  readonly isPending: boolean;
}

export interface ForecastCell {
  readonly unadjusted: number;
  readonly ownerAdjusted: number;
  readonly managerAdjusted: number;
  readonly owner: ShownAdjustment | null;
  readonly manager: ShownAdjustment | null;
  /** What an adjustment by the person who asks would stand in place of. */
  readonly base: number;
}

export interface ForecastRow {
  readonly key: string;
  readonly kind: ForecastNodeKind;
  readonly id: string | null;
  readonly parent: string | null;
  readonly name: string;
  readonly level: number;
  readonly hasChildren: boolean;
  /** Id of the person whose number it is. */
  readonly ownerId: string | null;
  readonly columns: Readonly<Record<ForecastColumn, ForecastCell>>;
  readonly counts: Readonly<Record<ForecastCategory, number>>;
  /** By the chosen method and scenario; null when it rests on something the person does not see. */
  readonly forecast: number | null;
  /** Deals that are in no sum, for want of an exchange rate. */
  readonly unpriced: number;
  readonly quota: number | null;
  /** Of everybody below, to be shown beside. */
  readonly quotaBelow: number | null;
  readonly standing: QuotaStanding;
  readonly submitted: { readonly at: string; readonly commit: number } | null;
  readonly may: { readonly adjust: boolean; readonly submit: boolean; readonly setQuota: boolean };
  /** Owners (or territories) whose deals its numbers are made of; null: all. */
  readonly dealsOf: readonly (string | null)[] | null;
}

export type ForecastResult =
  | { readonly kind: 'answer'; readonly currency: string; readonly rows: readonly ForecastRow[] }
  /** Fields of deals the person does not see, without which there is no forecast. */
  | { readonly kind: 'unseen'; readonly fields: readonly string[] };

export interface ShownSubmission {
  readonly id: string;
  readonly at: string;
  readonly byName: string;
  readonly commit: number;
  readonly currency: string;
  readonly dealCount: number;
  readonly note: string | null;
  readonly isPending: boolean;
}

export interface PastPeriod {
  readonly period: Period;
  readonly actual: number;
  readonly accuracy: Readonly<Record<CheckpointName, number | null>>;
}

export interface ForecastDetail {
  readonly currency: string;
  readonly methods: Readonly<Record<ForecastMethod, number | null>>;
  readonly scenarios: Readonly<Record<ScenarioName, number | null>>;
  /** Null when probabilities are not shown to the person. */
  readonly interval: Interval | null;
  readonly confidence: {
    readonly level: ConfidenceLevel;
    /** Won or lost in the last twelve months. */
    readonly closedDeals: number;
    readonly accuracy: number | null;
  };
  /** Newest first. */
  readonly submissions: readonly ShownSubmission[];
  readonly past: readonly PastPeriod[];
  /** Every number anybody put in place here in this period that the person may see, newest first. */
  readonly adjustments: readonly (ShownAdjustment & { readonly category: string; readonly isHeld: boolean })[];
}
