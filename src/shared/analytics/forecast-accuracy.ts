// How well earlier forecasts came true: what was submitted at the beginning, in the middle and at the end of a period
// against what was closed in it.
import { daysOf, type Period } from '#shared/kernel/periods.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';

/** 1 − |submitted − actual| / actual, never below 0. Where nothing was closed, only a forecast of nothing was right. */
export function accuracyOf(submitted: number, actual: number): number {
  if (actual === 0) return submitted === 0 ? 1 : 0;
  return Math.max(0, 1 - Math.abs(submitted - actual) / Math.abs(actual));
}

export const checkpointNames = ['start', 'middle', 'end'] as const;
export type CheckpointName = (typeof checkpointNames)[number];

export function checkpointsOf(period: Period): Readonly<Record<CheckpointName, Day>> {
  return { start: period.start, middle: addDays(period.start, Math.floor(daysOf(period) / 2)), end: period.end };
}

export interface SubmittedCommit {
  /** ISO instant. */
  readonly at: string;
  /** Commit with what was closed. */
  readonly commit: number;
}

/** Accuracy at each checkpoint by the last submission up to its day; null where there was none. */
export function accuracyAtCheckpoints(
  period: Period,
  submissions: readonly SubmittedCommit[],
  actual: number,
): Readonly<Record<CheckpointName, number | null>> {
  const days = checkpointsOf(period);
  const at = (name: CheckpointName): number | null => {
    let last: SubmittedCommit | null = null;
    for (const submission of submissions) {
      const isBefore = submission.at.slice(0, 10) <= days[name];
      if (isBefore && (last === null || submission.at > last.at)) last = submission;
    }
    return last === null ? null : accuracyOf(last.commit, actual);
  };
  return { start: at('start'), middle: at('middle'), end: at('end') };
}

/** Mean of what is known; null when nothing is. */
export function meanAccuracy(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
