// What screens ask about goals, and what they are told: each goal with how far it is, or why that is not said to this user.
import type { Period } from '#shared/kernel/periods.ts';
import type { PaceState } from '#shared/analytics/quota-attainment.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { GoalMetric, GoalWindow } from '#shared/entities/goal/goal.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { Filter } from '#shared/query/filter.ts';

export const goalTimes = ['current', 'upcoming', 'past'] as const;
export type GoalTime = (typeof goalTimes)[number];

/** What is not named is not asked about. */
export interface GoalsQuery {
  readonly time?: GoalTime;
  readonly person?: string;
  /** Goals of the team, and of the people in it and in the teams below. */
  readonly team?: string;
}

export interface GoalSubject {
  readonly kind: 'user' | 'team';
  readonly id: string;
  /** Null for somebody who is not known here. */
  readonly name: string | null;
}

export interface GoalMilestone {
  readonly percent: number;
  /** The share of the target it stands for, rounded up to what can be counted. */
  readonly amount: number;
  /** The first day on which it was reached; null while it is not. */
  readonly reachedOn: Day | null;
}

/** Every number of the formula: pace = actual / (target × elapsed working days / working days). */
export interface GoalStanding {
  readonly actual: number;
  /** Actual as a share of the target. */
  readonly attainment: number;
  readonly elapsedDays: number;
  readonly workingDays: number;
  /** What should be reached by today; null before the first working day. */
  readonly expected: number | null;
  readonly pace: number | null;
  readonly state: PaceState | null;
  /** Where it would end at the speed so far; null before the first working day and after the window. */
  readonly projected: number | null;
  /** What each working day that is left has to bring; null when nothing is missing or no day is left. */
  readonly neededPerDay: number | null;
  /** Deals whose amount has no rate into the currency of the target: they are in no sum. */
  readonly withoutRate: number;
}

export type GoalFigure =
  | ({ readonly kind: 'ready' } & GoalStanding)
  /** Of the records of a team this user sees only some: those make a number of their own, which says nothing of the goal. */
  | { readonly kind: 'part'; readonly actual: number; readonly withoutRate: number }
  /** Made of fields this user does not see, of which those that may be named are. */
  | { readonly kind: 'unseen'; readonly entity: EntityName; readonly fields: readonly string[] }
  /** The target has no rate into the organization's currency. */
  | { readonly kind: 'noRate' };

export interface GoalView {
  readonly id: string;
  readonly name: string;
  readonly metric: GoalMetric;
  readonly activityType: string | null;
  readonly counted: EntityName;
  readonly subject: GoalSubject;
  readonly windowType: GoalWindow;
  readonly window: Period;
  readonly time: GoalTime;
  /** Minor units of the currency of the answer where the metric is money. */
  readonly target: number;
  readonly isMoney: boolean;
  readonly note: string | null;
  readonly figure: GoalFigure;
  /** Without days for whoever is told no standing. */
  readonly milestones: readonly GoalMilestone[];
  readonly may: { readonly change: boolean; readonly remove: boolean };
  readonly isPending: boolean;
}

export interface GoalsResult {
  /** Furthest first within the same metric and window. */
  readonly goals: readonly GoalView[];
  readonly currency: string;
  readonly today: Day;
}

/** A day of the course of a goal: what was reached by its end, and what should have been. */
export interface CoursePoint {
  readonly day: Day;
  /** Null for days that are still to come. */
  readonly actual: number | null;
  readonly expected: number;
}

/** What somebody of a team brought to its goal, beside the own goal of the same kind and window where there is one. */
export interface GoalShare {
  readonly userId: string;
  readonly name: string | null;
  readonly actual: number;
  readonly share: number | null;
  readonly own: GoalView | null;
}

export interface GoalDetail {
  readonly goal: GoalView;
  readonly currency: string;
  readonly today: Day;
  /** Empty where no standing is told. */
  readonly course: readonly CoursePoint[];
  /** Of a team: the most first. */
  readonly people: readonly GoalShare[];
  /** The records behind the figure as a list; null where no list shows exactly them. */
  readonly records: { readonly entity: EntityName; readonly filter: Filter } | null;
}
