// What deals add to a forecast, by category. Won deals are closed and lost ones omitted whatever else they say; omitted
// deals are in no sum. Amounts are minor units of the organization's currency; everything is an integer, so that a changed
// deal is taken out exactly as it was put in.
import { forecastCategories, type ForecastCategory } from '#shared/entities/deal/deal.ts';

/** Columns of a forecast, from what is certain to what is possible. */
export const forecastColumns = ['closed', 'commit', 'most_likely', 'best_case', 'pipeline'] as const;
export type ForecastColumn = (typeof forecastColumns)[number];

/** `single`: a column holds its own category. `cumulative`: what is surer stands in it as well. */
export const columnModes = ['single', 'cumulative'] as const;
export type ColumnMode = (typeof columnModes)[number];

export interface DealShare {
  readonly category: ForecastCategory;
  /** Null: no rate for its currency on its day. */
  readonly amount: number | null;
  /** Amount by probability of an open deal that counts; 0 for all others. */
  readonly weighted: number;
  readonly isLost: boolean;
}

export interface ForecastSums {
  readonly amount: Record<ForecastCategory, number>;
  readonly count: Record<ForecastCategory, number>;
  weighted: number;
  lost: number;
  /** Deals that are counted but not added up, for want of a rate. */
  unpriced: number;
}

export function emptySums(): ForecastSums {
  const zero = (): Record<ForecastCategory, number> => ({
    pipeline: 0,
    best_case: 0,
    most_likely: 0,
    commit: 0,
    closed: 0,
    omitted: 0,
  });
  return { amount: zero(), count: zero(), weighted: 0, lost: 0, unpriced: 0 };
}

export interface ForecastDeal {
  readonly status?: unknown;
  readonly forecastCategory?: unknown;
  readonly amount?: unknown;
  readonly probability?: unknown;
}

/** The category a deal counts in. An open deal whose category nobody set is pipeline. */
export function categoryOf(deal: ForecastDeal): ForecastCategory {
  if (deal.status === 'won') return 'closed';
  if (deal.status === 'lost') return 'omitted';
  const named = forecastCategories.find((category) => category === deal.forecastCategory);
  return named === undefined || named === 'closed' ? 'pipeline' : named;
}

/** `convert` answers in the organization's currency, null without a rate. */
export function toDealShare(deal: ForecastDeal, convert: (minorUnits: number) => number | null): DealShare {
  const category = categoryOf(deal);
  const amount = typeof deal.amount === 'number' ? convert(deal.amount) : 0;
  const isWeighed = category !== 'closed' && category !== 'omitted' && typeof deal.probability === 'number';
  const probability = isWeighed ? deal.probability : 0;
  return {
    category,
    amount,
    weighted: Math.round(((amount ?? 0) * probability) / 100),
    isLost: deal.status === 'lost',
  };
}

export function addShare(sums: ForecastSums, share: DealShare, sign: 1 | -1): void {
  sums.amount[share.category] += sign * (share.amount ?? 0);
  sums.count[share.category] += sign;
  sums.weighted += sign * share.weighted;
  if (share.isLost) sums.lost += sign;
  if (share.amount === null) sums.unpriced += sign;
}

export function addSums(into: ForecastSums, from: ForecastSums): void {
  for (const category of forecastCategories) {
    into.amount[category] += from.amount[category];
    into.count[category] += from.count[category];
  }
  into.weighted += from.weighted;
  into.lost += from.lost;
  into.unpriced += from.unpriced;
}

/** Categories that stand in a column. */
export function categoriesOf(column: ForecastColumn, mode: ColumnMode): readonly ForecastCategory[] {
  if (mode === 'single') return [column];
  // The open pipeline is everything open and nothing closed.
  if (column === 'pipeline') return ['pipeline', 'best_case', 'most_likely', 'commit'];
  return forecastColumns.slice(0, forecastColumns.indexOf(column) + 1);
}

export function valueOfColumn(sums: ForecastSums, column: ForecastColumn, mode: ColumnMode): number {
  return categoriesOf(column, mode).reduce((sum, category) => sum + sums.amount[category], 0);
}

export function openAmountOf(sums: ForecastSums): number {
  return valueOfColumn(sums, 'pipeline', 'cumulative');
}
