// How people and teams do (ANA-05): won in the period, win rate, what they have open now, what they did for it. The first
// of the list is the first of the leaderboard.
import { valueOf, type DealsOfSpan } from '#shared/analytics/metrics/deal-metrics.ts';
import {
  isInstantWithin,
  weightedOf,
  type MetricInput,
  type MetricSpan,
} from '#shared/analytics/metrics/metric-input.ts';
import {
  largestFirst,
  ratioOf,
  shareOf,
  toMoney,
  type MetricNumbers,
} from '#shared/analytics/metrics/metric-numbers.ts';

interface Tally {
  wonValue: number;
  won: number;
  /** Won deals that have an amount. */
  priced: number;
  lost: number;
  openValue: number;
  weighted: number;
  activities: number;
}

interface Owned {
  readonly ownerId: string | null;
  readonly teamId: string | null;
}

export function performanceBy(
  keyOf: (record: Owned) => string | null,
  of: DealsOfSpan,
  input: MetricInput,
  span: MetricSpan,
): MetricNumbers {
  const tallies = new Map<string | null, Tally>();
  function tallyOf(record: Owned): Tally {
    const key = keyOf(record);
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = { wonValue: 0, won: 0, priced: 0, lost: 0, openValue: 0, weighted: 0, activities: 0 };
      tallies.set(key, tally);
    }
    return tally;
  }
  for (const deal of of.won) {
    const tally = tallyOf(deal);
    tally.won += 1;
    tally.wonValue += deal.amount ?? 0;
    if (deal.amount !== null) tally.priced += 1;
  }
  for (const deal of of.lost) tallyOf(deal).lost += 1;
  for (const deal of input.deals) {
    if (deal.status !== 'open') continue;
    const tally = tallyOf(deal);
    tally.openValue += deal.amount ?? 0;
    tally.weighted += weightedOf(deal);
  }
  for (const activity of input.activities) {
    if (isInstantWithin(activity['occurredAt'], span)) tallyOf(activity).activities += 1;
  }
  const parts = [...tallies].map(([key, { won, lost, wonValue, priced, openValue, weighted, activities }]) => ({
    key,
    numbers: [
      wonValue,
      won,
      shareOf(won, won + lost),
      toMoney(ratioOf(wonValue, priced)),
      openValue,
      weighted,
      activities,
    ],
  }));
  return { value: valueOf(of.won), parts: largestFirst(parts) };
}
