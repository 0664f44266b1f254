// Days of instants in a time zone, fast enough for every record of a column. The zone's distance from UTC is asked for once for
// a fortnight and remembered; where the clock changes within it, the instant of the change is looked for to the millisecond.
import { toDayNumber, toDayText } from '#shared/analytics/pivot/buckets.ts';
import { toEpochMs, type Day } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export interface TimeZone {
  /** Day of an instant. */
  readonly dayOf: (epochMs: number) => Day;
  /** What the clocks of the zone are ahead of UTC at an instant, in milliseconds. */
  readonly offsetAt: (epochMs: number) => number;
  /** Instant at which a day begins; where midnight is skipped, the first instant that belongs to the day. */
  readonly startOf: (day: Day) => number;
}

const DAY_MS = 86_400_000;
/** No zone changes its clocks twice within it. */
const STRETCH_MS = 14 * DAY_MS;

interface Stretch {
  readonly before: number;
  readonly after: number;
  readonly changesAt: number;
}

export function isTimeZone(name: string): boolean {
  try {
    clockOf(name);
    return true;
  } catch (error) {
    if (error instanceof OutpostError) return false;
    throw error;
  }
}

/** @throws OutpostError `invalid` for a name that is no time zone, such as `Europe/Atlantis`. */
export function createTimeZone(name: string): TimeZone {
  const ask = askClock(name);
  const stretches = new Map<number, Stretch>();
  const offsetAt = (epochMs: number): number => {
    const place = Math.floor(epochMs / STRETCH_MS);
    const known = stretches.get(place) ?? lookAt(ask, place);
    stretches.set(place, known);
    return epochMs < known.changesAt ? known.before : known.after;
  };
  return {
    offsetAt,
    dayOf: (epochMs) => toDayText(Math.floor((epochMs + offsetAt(epochMs)) / DAY_MS)),
    startOf(day) {
      const midnight = toEpochMs(day);
      // The clocks may change within the day before or after: the earlier of both readings that is not on the day before.
      const readings = [midnight - offsetAt(midnight - DAY_MS), midnight - offsetAt(midnight + DAY_MS)];
      const [first = midnight, second = midnight] = readings.sort((left, right) => left - right);
      return first + offsetAt(first) >= midnight ? first : second;
    },
  };
}

function lookAt(ask: (epochMs: number) => number, place: number): Stretch {
  let from = place * STRETCH_MS;
  let to = from + STRETCH_MS;
  const [before, after] = [ask(from), ask(to)];
  if (before === after) return { before, after, changesAt: to };
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (ask(middle) === before) from = middle;
    else to = middle;
  }
  return { before, after, changesAt: to };
}

/** Reads the clock of the zone: year to second, as the calendar of the platform knows it. */
function askClock(name: string): (epochMs: number) => number {
  const clock = clockOf(name);
  return (epochMs) => {
    const parts = new Map(clock.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const day = toDayNumber(part('year'), part('month'), part('day'));
    const local = day * DAY_MS + part('hour') * 3_600_000 + part('minute') * 60_000 + part('second') * 1000;
    return local - Math.floor(epochMs / 1000) * 1000;
  };
}

function clockOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new OutpostError('invalid', `There is no time zone ${name}.`, { problems: ['timeZone:option'] }, { cause });
  }
}
