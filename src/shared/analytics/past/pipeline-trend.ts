// The open deals of a question at the end of every day of a stretch. Each deal is looked at on the days on which something
// happened to it and counts the same in between, so that ninety days cost little more than one.
import { dealOnDay, type DatedEntry, type Moment } from '#shared/analytics/past/deal-on-day.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toEpochMs, type Day } from '#shared/kernel/calendar.ts';

export interface TrendPoint {
  readonly day: Day;
  readonly count: number;
  readonly value: number;
}

export interface TrendQuestion {
  /** In the order of time. */
  readonly moments: readonly Moment[];
  readonly entriesOf: (dealId: string) => readonly DatedEntry[];
  readonly teamOf: (userId: string) => string | null;
  /** What an open deal of the question is worth; null when it is no part of it. */
  readonly openValueOf: (deal: AnyRecord) => number | null;
}

export function trendOfDeals(deals: Iterable<AnyRecord>, question: TrendQuestion): readonly TrendPoint[] {
  const { moments } = question;
  const days = moments.length;
  const count = new Float64Array(days + 1);
  const value = new Float64Array(days + 1);
  for (const deal of deals) {
    const entries = question.entriesOf(deal.id);
    const places = placesToLook(deal, entries, moments);
    for (const [at, place] of places.entries()) {
      const moment = moments[place];
      const then = moment === undefined ? null : dealOnDay(deal, entries, moment, question.teamOf);
      const worth = then === null ? null : question.openValueOf(then);
      if (then === null || worth === null) continue;
      const until = places[at + 1] ?? days;
      count[place] = (count[place] ?? 0) + 1;
      count[until] = (count[until] ?? 0) - 1;
      value[place] = (value[place] ?? 0) + worth;
      value[until] = (value[until] ?? 0) - worth;
    }
  }
  return addUp(moments, count, value);
}

/** Places of days from which on a deal may be something else than the day before; the first day is always one. */
function placesToLook(deal: AnyRecord, entries: readonly DatedEntry[], moments: readonly Moment[]): readonly number[] {
  const places = new Set([0]);
  const look = (atMs: number): void => {
    const place = placeOf(atMs, moments);
    if (place > 0 && place < moments.length) places.add(place);
  };
  for (const { atMs } of entries) look(atMs);
  look(toEpochMs(deal.createdAt));
  look(toEpochMs(deal.updatedAt));
  const openedAt = deal['openedAt'];
  if (typeof openedAt === 'string') {
    const place = moments.findIndex(({ day }) => day >= openedAt);
    if (place > 0) places.add(place);
  }
  return [...places].sort((a, b) => a - b);
}

/** The first day that is over after an instant. */
function placeOf(atMs: number, moments: readonly Moment[]): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((moments[middle]?.endMs ?? 0) > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

function addUp(moments: readonly Moment[], counts: Float64Array, values: Float64Array): readonly TrendPoint[] {
  let [count, value] = [0, 0];
  return moments.map(({ day }, place) => {
    count += counts[place] ?? 0;
    value += values[place] ?? 0;
    return { day, count, value };
  });
}
