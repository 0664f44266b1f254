// Where somebody stands against a quota. What cannot be said (no quota, nothing left to cover) is null, never a number.
import { countWorkingDays, type Period } from '#shared/kernel/periods.ts';
import type { Day } from '#shared/kernel/calendar.ts';

export const paceStates = ['achieved', 'ahead', 'onTrack', 'behind', 'missed'] as const;
export type PaceState = (typeof paceStates)[number];

export interface QuotaInput {
  readonly quota: number | null;
  readonly closed: number;
  /** Everything open in the period. */
  readonly open: number;
  /** Closed with what people commit to. */
  readonly commit: number;
  readonly period: Period;
  readonly today: Day;
  readonly workingDays: readonly number[];
}

export interface QuotaStanding {
  /** Closed as a share of the quota. */
  readonly attainment: number | null;
  /** Open pipeline as a multiple of what is missing; null when nothing is. */
  readonly coverage: number | null;
  /** What is missing to the quota if everything committed comes; below zero when it is more. */
  readonly gap: number | null;
  /** Closed as a share of what should be closed by today, by working days; null before the first one. */
  readonly pace: number | null;
  readonly state: PaceState | null;
}

export function standingOf(input: QuotaInput): QuotaStanding {
  const { quota, closed, open, commit } = input;
  if (quota === null || quota <= 0) return { attainment: null, coverage: null, gap: null, pace: null, state: null };
  const pace = paceOf(input, quota);
  return {
    attainment: closed / quota,
    coverage: closed >= quota ? null : open / (quota - closed),
    gap: quota - commit,
    pace,
    state: stateOf(input, quota, pace),
  };
}

function paceOf({ closed, period, today, workingDays }: QuotaInput, quota: number): number | null {
  const all = countWorkingDays(period, workingDays);
  const until = today > period.end ? period.end : today;
  const elapsed = today < period.start ? 0 : countWorkingDays({ start: period.start, end: until }, workingDays);
  return all === 0 || elapsed === 0 ? null : closed / ((quota * elapsed) / all);
}

function stateOf({ closed, period, today }: QuotaInput, quota: number, pace: number | null): PaceState | null {
  if (closed >= quota) return 'achieved';
  if (today > period.end) return 'missed';
  if (pace === null) return null;
  if (pace >= 1.1) return 'ahead';
  return pace >= 0.9 ? 'onTrack' : 'behind';
}
