// Days as the instants at which they begin and are over where the user is, for everything that is counted by a time.
import { spanOf, type MetricSpan } from '#shared/analytics/metrics/metric-input.ts';
import type { DayRange } from '#shared/analytics/metrics/period.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import { addDays, toInstant, type Day } from '#shared/kernel/calendar.ts';

/** Years outside stand for "always". */
const KNOWN_YEARS = { first: '1971', last: '2500' };

/** Days as instants, where the user is. */
export interface LocalDays {
  readonly startOfDay: (day: Day) => string;
  readonly spanOf: (range: DayRange) => MetricSpan;
}

export function createLocalDays({ startOf }: TimeZone): LocalDays {
  const startOfDay = (day: Day): string =>
    day < KNOWN_YEARS.first || day > KNOWN_YEARS.last ? `${day}T00:00:00.000Z` : toInstant(startOf(day));
  return {
    startOfDay,
    spanOf(range) {
      const isOpenEnded = range.to > KNOWN_YEARS.last;
      const until = isOpenEnded ? `${range.to}T23:59:59.999Z` : startOfDay(addDays(range.to, 1));
      return spanOf(range, startOfDay(range.from), until);
    },
  };
}
