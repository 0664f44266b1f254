// From sums to one expected number, in four ways, and what it would be if things went better or worse. Every way begins
// with what is closed already: that is no forecast any more.
import type { ForecastSums } from '#shared/analytics/forecast-sums.ts';
import { countWorkingDays, type Period } from '#shared/kernel/periods.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';

/**
 * `weighted`: open deals by their probability. `category`: what people stand for, commit and most likely, with
 * adjustments. `historical`: open deals by how many that reached their stage were won in the last twelve months.
 * `runRate`: goes on as in the last 90 days.
 */
export const forecastMethods = ['weighted', 'category', 'historical', 'runRate'] as const;
export type ForecastMethod = (typeof forecastMethods)[number];

export const scenarioNames = ['expected', 'best', 'worst', 'conservative', 'aggressive', 'custom'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export const scenarioFactors = { expected: 1, conservative: 0.8, aggressive: 1.2 } as const;

/** Days a run rate looks back. */
export const RUN_RATE_DAYS = 90;

export function weightedForecast(sums: ForecastSums): number {
  return sums.amount.closed + sums.weighted;
}

export interface StageAmount {
  readonly stageId: string;
  readonly amount: number;
  /** Percent, used where history says too little. */
  readonly probability: number;
}

/** Of the deals that reached a stage and are closed by now: won, and all. */
export interface StageOutcome {
  readonly won: number;
  readonly closed: number;
}

/** Fewer closed deals say nothing about a stage. */
export const ENOUGH_OUTCOMES = 10;

export function historicalForecast(
  closed: number,
  open: readonly StageAmount[],
  outcomes: ReadonlyMap<string, StageOutcome>,
): number {
  const expected = open.reduce((sum, { stageId, amount, probability }) => {
    const outcome = outcomes.get(stageId);
    const isKnown = outcome !== undefined && outcome.closed >= ENOUGH_OUTCOMES;
    return sum + (isKnown ? (amount * outcome.won) / outcome.closed : (amount * probability) / 100);
  }, 0);
  return closed + Math.round(expected);
}

export interface RunRate {
  readonly period: Period;
  readonly today: Day;
  readonly workingDays: readonly number[];
  /** Closed in the period so far. */
  readonly closed: number;
  /** Closed in the `RUN_RATE_DAYS` up to yesterday. */
  readonly recent: number;
}

/** What is closed, and for every working day that is left what a working day brought lately. */
export function runRateForecast({ period, today, workingDays, closed, recent }: RunRate): number {
  const window = { start: addDays(today, -RUN_RATE_DAYS), end: addDays(today, -1) };
  const worked = countWorkingDays(window, workingDays);
  const left = countWorkingDays({ start: today > period.start ? today : period.start, end: period.end }, workingDays);
  return worked === 0 ? closed : closed + Math.round((recent * left) / worked);
}

export interface ScenarioInput {
  /** What the chosen method expects. */
  readonly expected: number;
  readonly sums: ForecastSums;
  /** Commit of each owner by how well that owner's commits came true so far; 0 where nobody knows. */
  readonly trustedCommit: number;
  readonly customFactor: number;
}

/** Best: everything but mere pipeline is won. Worst: what is closed, and of what is committed as much as is to be trusted. */
export function scenarioForecast(name: ScenarioName, input: ScenarioInput): number {
  const { expected, sums, trustedCommit, customFactor } = input;
  const { closed, commit, most_likely: mostLikely, best_case: bestCase } = sums.amount;
  switch (name) {
    case 'best':
      return closed + commit + mostLikely + bestCase;
    case 'worst':
      return closed + Math.round(trustedCommit);
    case 'custom':
      return Math.round(expected * customFactor);
    case 'expected':
    case 'conservative':
    case 'aggressive':
      return Math.round(expected * scenarioFactors[name]);
  }
}
