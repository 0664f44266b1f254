// Where a day ends, for whoever looks: the instant at which the next day begins in their time zone.
import type { Moment } from '#shared/analytics/past/deal-on-day.ts';
import { addDays, toEpochMs, toInstant, type Day } from '#shared/kernel/calendar.ts';

/** No time zone is further from UTC. */
const FURTHEST_MS = 15 * 3_600_000;

/** The end of a day; `dayOf` is the day of an instant where somebody looks. */
export function endOfDay(day: Day, dayOf: (epochMs: number) => Day): Moment {
  const midnightMs = toEpochMs(addDays(day, 1));
  let last = midnightMs - FURTHEST_MS;
  let first = midnightMs + FURTHEST_MS;
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (dayOf(middle) <= day) last = middle;
    else first = middle;
  }
  return { day, endMs: first, endInstant: toInstant(first) };
}
