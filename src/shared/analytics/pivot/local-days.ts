// Days of instants for whole columns: within a day of UTC a time zone begins at most one new day, so that two comparisons
// replace a question to the time zone. Where a zone is stranger than that (a day left out), it is asked for every instant.
import { readDay } from '#shared/analytics/pivot/buckets.ts';
import type { Day } from '#shared/kernel/calendar.ts';

const DAY_MS = 86_400_000;

interface UtcDay {
  readonly first: number;
  /** Instant at which the day after `first` begins. */
  readonly changesAt: number;
  readonly isOdd: boolean;
}

type DayOf = (epochMs: number) => Day;

const known = new WeakMap<DayOf, (epochMs: number) => number>();

/** Days since 1970-01-01 of instants, in the time zone of `dayOf`. Remembers what it found out for as long as `dayOf` lives. */
export function dayNumbersOf(dayOf: DayOf): (epochMs: number) => number {
  const remembered = known.get(dayOf);
  if (remembered !== undefined) return remembered;
  const ask = (epochMs: number): number => readDay(dayOf(epochMs));
  const days = new Map<number, UtcDay>();
  let lastUtc = Number.NaN;
  let last: UtcDay = { first: 0, changesAt: 0, isOdd: false };
  const toNumber = (epochMs: number): number => {
    const utc = Math.floor(epochMs / DAY_MS);
    if (utc !== lastUtc) {
      last = days.get(utc) ?? lookAt(ask, utc);
      days.set(utc, last);
      lastUtc = utc;
    }
    if (last.isOdd) return ask(epochMs);
    return epochMs < last.changesAt ? last.first : last.first + 1;
  };
  known.set(dayOf, toNumber);
  return toNumber;
}

function lookAt(ask: (epochMs: number) => number, utc: number): UtcDay {
  const from = utc * DAY_MS;
  const first = ask(from);
  const end = ask(from + DAY_MS - 1);
  if (end === first) return { first, changesAt: Number.POSITIVE_INFINITY, isOdd: false };
  let before = from;
  let after = from + DAY_MS - 1;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (ask(middle) === first) before = middle;
    else after = middle;
  }
  return { first, changesAt: after, isOdd: end !== first + 1 };
}
