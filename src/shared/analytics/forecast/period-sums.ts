// Sums of the deals that close in a period, by owner or by territory. Kept for each period somebody asked for and moved by
// each changed deal; several missing ones are filled in one walk. A changed exchange rate begins all of them anew.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import type { RateTable } from '#shared/analytics/convert-money.ts';
import { addShare, emptySums, toDealShare, type ForecastSums } from '#shared/analytics/forecast-sums.ts';
import type { Hierarchy } from '#shared/analytics/forecast-tree.ts';
import type { Period } from '#shared/kernel/periods.ts';

/** By id of owner or territory; `''` for deals that have none. */
export type SumsByKey = ReadonlyMap<string, ForecastSums>;

export interface PeriodSums {
  rates(): RateTable;
  /** Amount of a deal in the organization's currency, null without a rate. */
  amountOf(deal: AnyRecord): number | null;
  /** One answer for each period, in their order. */
  of(hierarchy: Hierarchy, periods: readonly Period[]): readonly SumsByKey[];
  /** Open deals of a period that count, walked once until a deal changes. */
  openDeals(period: Period): readonly AnyRecord[];
  stop(): void;
}

interface Kept {
  readonly hierarchy: Hierarchy;
  readonly period: Period;
  readonly groups: Map<string, ForecastSums>;
}

const KEPT_PERIODS = 40;

export function keyOfDeal(deal: AnyRecord, hierarchy: Hierarchy): string {
  const id = hierarchy === 'managers' ? deal.ownerId : deal['territoryId'];
  return typeof id === 'string' ? id : '';
}

function isIn(deal: AnyRecord, { start, end }: Period): boolean {
  const day = deal['closeDate'];
  return typeof day === 'string' && day >= start && day <= end;
}

export function createPeriodSums(source: RecordSource): PeriodSums {
  const kept = new Map<string, Kept>();
  let rates: RateTable | null = null;
  let open: { readonly period: Period; readonly deals: readonly AnyRecord[] } | null = null;

  function ratesNow(): RateTable {
    return (rates ??= organizationMoneyOf(source));
  }

  function convert(deal: AnyRecord, minorUnits: number): number | null {
    const { currency, closeDate } = deal;
    return ratesNow().convert(
      minorUnits,
      typeof currency === 'string' ? currency : null,
      typeof closeDate === 'string' ? closeDate : '',
    );
  }

  function put(entry: Kept, deal: AnyRecord, sign: 1 | -1): void {
    if (!isIn(deal, entry.period)) return;
    const key = keyOfDeal(deal, entry.hierarchy);
    let sums = entry.groups.get(key);
    if (sums === undefined) entry.groups.set(key, (sums = emptySums()));
    const { status, forecastCategory, amount, probability } = deal;
    const share = toDealShare({ status, forecastCategory, amount, probability }, (units) => convert(deal, units));
    addShare(sums, share, sign);
  }

  const stop = source.subscribe((changes) => {
    if (changes.some(({ entity }) => entity === 'exchangeRate' || entity === 'organization')) {
      rates = null;
      kept.clear();
      open = null;
      return;
    }
    for (const { entity, before, after } of changes) {
      if (entity !== 'deal') continue;
      open = null;
      for (const entry of kept.values()) {
        if (before !== undefined) put(entry, before, -1);
        if (after !== undefined) put(entry, after, 1);
      }
    }
  });

  function keep(hierarchy: Hierarchy, period: Period, missing: Kept[]): Kept {
    const key = `${hierarchy} ${period.start} ${period.end}`;
    let entry = kept.get(key);
    kept.delete(key);
    if (entry === undefined) missing.push((entry = { hierarchy, period, groups: new Map() }));
    kept.set(key, entry);
    return entry;
  }

  function letGo(): void {
    for (const key of kept.keys()) {
      if (kept.size <= KEPT_PERIODS) return;
      kept.delete(key);
    }
  }

  return {
    rates: ratesNow,
    amountOf: (deal) => (typeof deal['amount'] === 'number' ? convert(deal, deal['amount']) : 0),
    of(hierarchy, periods) {
      const missing: Kept[] = [];
      const entries = periods.map((period) => keep(hierarchy, period, missing));
      if (missing.length > 0) {
        for (const deal of source.all('deal').values()) for (const entry of missing) put(entry, deal, 1);
      }
      letGo();
      return entries.map(({ groups }) => groups);
    },
    openDeals(period) {
      if (open?.period.start === period.start && open.period.end === period.end) return open.deals;
      const deals = [...source.all('deal').values()].filter(
        (deal) => deal['status'] === 'open' && deal['forecastCategory'] !== 'omitted' && isIn(deal, period),
      );
      open = { period, deals };
      return deals;
    },
    stop,
  };
}
