// Deals (ANA-02): won and lost by close date, what is open now, win rate by count and by value, sales cycle and velocity.
import {
  closesWithin,
  weightedOf,
  type DealFact,
  type MetricInput,
  type MetricSpan,
} from '#shared/analytics/metrics/metric-input.ts';
import {
  meanOf,
  shareOf,
  sumOf,
  toMoney,
  type MetricNumbers,
  type MetricPart,
} from '#shared/analytics/metrics/metric-numbers.ts';
import { daysBetween } from '#shared/analytics/metrics/period.ts';
import { medianOf } from '#shared/analytics/stage-stays.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';

/** The deals that closed in a period. */
export interface DealsOfSpan {
  readonly won: readonly DealFact[];
  readonly lost: readonly DealFact[];
}

export function dealsOf({ deals }: MetricInput, span: MetricSpan): DealsOfSpan {
  const won: DealFact[] = [];
  const lost: DealFact[] = [];
  for (const deal of deals) {
    if (deal.status === 'open' || !closesWithin(deal, span)) continue;
    if (deal.status === 'won') won.push(deal);
    else lost.push(deal);
  }
  return { won, lost };
}

/** Deals that were created in a period. */
export function dealTotal({ deals }: MetricInput, { fromMs, untilMs }: MetricSpan): MetricNumbers {
  let count = 0;
  for (const { createdMs } of deals) if (createdMs >= fromMs && createdMs < untilMs) count += 1;
  return { value: count };
}

export function valueOf(deals: readonly DealFact[]): number {
  return sumOf(deals, ({ amount }) => amount ?? 0);
}

export function weightedValueOf(deals: readonly DealFact[]): number {
  return sumOf(deals, weightedOf);
}

/** won / (won + lost), in percent. */
export function winRateOf({ won, lost }: DealsOfSpan): number | null {
  return shareOf(won.length, won.length + lost.length);
}

/** The same by what the deals were worth. */
export function winRateByValueOf({ won, lost }: DealsOfSpan): number | null {
  return shareOf(valueOf(won), valueOf(won) + valueOf(lost));
}

/** What a won deal is worth on average; deals without an amount say nothing about it. */
export function averageDealOf(won: readonly DealFact[]): number | null {
  return meanOf(won.flatMap(({ amount }) => amount ?? []));
}

/** Where a deal begins: the day it was opened on, else its first open stage, else its creation. */
export function startDayOf(deal: DealFact, input: Pick<MetricInput, 'historyOf'>): Day {
  if (deal.openedAt !== null) return deal.openedAt;
  const first = input.historyOf(deal.id).find(({ toType }) => toType === 'open');
  return (first?.occurredAt ?? deal.createdAt).slice(0, 10);
}

/** Days from the start of each won deal to its close date. One that closed before it began (typed in later) has none. */
export function salesCyclesOf(won: readonly DealFact[], input: Pick<MetricInput, 'historyOf'>): readonly number[] {
  return won.flatMap((deal) => {
    if (deal.closeDate === null) return [];
    const days = daysBetween(startDayOf(deal, input), deal.closeDate);
    return days < 0 ? [] : [days];
  });
}

export function salesCycle(won: readonly DealFact[], input: MetricInput): MetricNumbers {
  const cycles = salesCyclesOf(won, input);
  return { value: cycles.length === 0 ? null : medianOf(cycles) };
}

export function salesCycleMean(won: readonly DealFact[], input: MetricInput): MetricNumbers {
  return { value: meanOf(salesCyclesOf(won, input)) };
}

/** Open deals past the first stage of their pipeline. */
function qualifiedOf({ deals, pipelines }: MetricInput): readonly DealFact[] {
  const first = new Map(pipelines.map(({ id, stages }) => [id, stages.find(({ type }) => type === 'open')?.id]));
  return deals.filter(({ status, stageId, pipelineId }) => status === 'open' && first.get(pipelineId) !== stageId);
}

/** Qualified open deals × win rate × average won deal / mean sales cycle: what the pipeline wins in a day. */
export function velocity(of: DealsOfSpan, input: MetricInput): MetricNumbers {
  const rate = winRateOf(of);
  const average = averageDealOf(of.won);
  const days = meanOf(salesCyclesOf(of.won, input));
  if (rate === null || average === null || days === null || days === 0) return { value: null };
  return { value: toMoney((qualifiedOf(input).length * (rate / 100) * average) / days) };
}

/** The months from one day to another, `2026-07`. */
export function monthsBetween(from: Day, to: Day): readonly string[] {
  const months: string[] = [];
  for (let day = `${from.slice(0, 7)}-01`; day <= to; day = `${addDays(day, 32).slice(0, 7)}-01`)
    months.push(day.slice(0, 7));
  return months;
}

export const MONTHS_BACK = 12;
export const MONTHS_AHEAD = 6;

/** The month so many months away from that of a day. */
export function monthsFrom(day: Day, count: number): Day {
  let month = `${day.slice(0, 7)}-01`;
  for (let step = 0; step < Math.abs(count); step += 1) {
    month = `${addDays(month, count > 0 ? 32 : -1).slice(0, 7)}-01`;
  }
  return month;
}

/** Numbers of each month of a range, also of those in which nothing happened. */
export function partsByMonth<Item>(
  months: readonly string[],
  items: readonly Item[],
  monthOf: (item: Item) => string | null,
  numbersOf: (items: readonly Item[]) => readonly number[],
): readonly MetricPart[] {
  const groups = new Map<string, Item[]>(months.map((month) => [month, []]));
  for (const item of items) {
    const month = monthOf(item);
    if (month !== null) groups.get(month)?.push(item);
  }
  return [...groups].map(([key, group]) => ({ key, numbers: numbersOf(group) }));
}

/** Won amounts by month of closing, the last twelve months. */
export function wonByMonth({ deals, today }: MetricInput): MetricNumbers {
  const months = monthsBetween(monthsFrom(today, 1 - MONTHS_BACK), today);
  const parts = partsByMonth(
    months,
    deals.filter(({ status }) => status === 'won'),
    ({ closeDate }) => closeDate?.slice(0, 7) ?? null,
    (group) => [valueOf(group)],
  );
  return { value: sumOf(parts, ({ numbers }) => numbers[0] ?? 0), parts };
}

/** Open amounts by the month they are expected to close in: this one and the next five. */
export function closingByMonth({ deals, today }: MetricInput): MetricNumbers {
  const months = monthsBetween(today, monthsFrom(today, MONTHS_AHEAD - 1));
  const parts = partsByMonth(
    months,
    deals.filter(({ status }) => status === 'open'),
    ({ closeDate }) => closeDate?.slice(0, 7) ?? null,
    (group) => [valueOf(group), weightedValueOf(group)],
  );
  return { value: sumOf(parts, ({ numbers }) => numbers[0] ?? 0), parts };
}
