// Durations of many requests in few numbers: how many took at most so long. Such counts can be added up over minutes, servers
// and days, which percentiles cannot; a percentile is read from them afterwards, as exact as the steps are.

/** Upper ends in milliseconds; whatever takes longer than the last is in one more step. */
export const latencySteps = [5, 10, 25, 50, 75, 100, 150, 250, 500, 1000, 2500, 5000, 10_000] as const;

/** Number of counts: one for each step and one beyond. */
export const LATENCY_COUNTS = latencySteps.length + 1;

/** Which count a duration belongs to. */
export function latencyStepOf(ms: number): number {
  const step = latencySteps.findIndex((end) => ms <= end);
  return step === -1 ? latencySteps.length : step;
}

/**
 * The duration below which this share of the requests lies, read between the ends of its step; 0 for none. `minMs` and `maxMs`
 * are of the same requests: nothing is said to be outside of them.
 */
export function percentileOfCounts(counts: readonly number[], share: number, minMs: number, maxMs: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  const rank = share * total;
  let before = 0;
  for (const [index, count] of counts.entries()) {
    if (before + count >= rank && count > 0) {
      const from = Math.max(latencySteps[index - 1] ?? 0, minMs);
      const until = Math.min(latencySteps[index] ?? maxMs, maxMs);
      return from + Math.max(0, until - from) * ((rank - before) / count);
    }
    before += count;
  }
  return maxMs;
}
