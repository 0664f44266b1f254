// How often somebody may ask within a minute, an hour and a day. Windows begin with the minute, hour and day of UTC, so
// that every process of a server means the same window without talking about it.

export const rateSpans = ['minute', 'hour', 'day'] as const;
export type RateSpan = (typeof rateSpans)[number];
export const spanMs: Readonly<Record<RateSpan, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export type RateLimit = Readonly<Record<RateSpan, number>>;

/** What holds where nothing else was decided. */
export const defaultRateLimit: RateLimit = { minute: 60, hour: 1000, day: 10_000 };
/** The most an organization can give a role. */
export const mostRateLimit: RateLimit = { minute: 600, hour: 10_000, day: 100_000 };

export function windowStart(span: RateSpan, nowMs: number): number {
  return Math.floor(nowMs / spanMs[span]) * spanMs[span];
}

export function windowEnd(span: RateSpan, nowMs: number): number {
  return windowStart(span, nowMs) + spanMs[span];
}

/** Whole numbers from 1 that never shrink from minute to day: more an hour than a day would promise what nobody gets. */
export function isRateLimit(limit: RateLimit): boolean {
  return (
    rateSpans.every(
      (span) => Number.isInteger(limit[span]) && limit[span] >= 1 && limit[span] <= mostRateLimit[span],
    ) &&
    limit.minute <= limit.hour &&
    limit.hour <= limit.day
  );
}
