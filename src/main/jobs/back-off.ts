import type { RetryRule } from '#main/jobs/job-types.ts';

/** Pause before the next run after so many failures; `draw` gives 0 to 1, so that many who failed together do not return together. */
export function pauseAfter(failures: number, { firstPauseMs, longestPauseMs }: RetryRule, draw: () => number): number {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 40));
  return Math.round(full * (0.5 + draw() / 2));
}
