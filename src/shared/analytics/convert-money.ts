// Amounts in the organization's currency at dated rates. The rate of a day is the latest one on or before it; before the
// first one there is none, and what has no rate is not added up as if it had: the answer is null, and whoever shows a sum
// says how much is missing.
import type { Day } from '#shared/kernel/calendar.ts';
import { multiplyByRatio, parseRate, ratioOf, type Ratio } from '#shared/kernel/rate.ts';

/** As the records of `exchangeRate` hold it. Of two for the same currency and day, the later in the list holds. */
export interface DatedRate {
  readonly currency: string;
  readonly homeCurrency: string;
  readonly day: Day;
  /** Units of the home currency for one unit of the currency, decimal text. */
  readonly rate: string;
}

export interface RateTable {
  readonly homeCurrency: string;
  /**
   * Minor units of the home currency, rounded half away from zero; null where no rate is known on that day. An amount
   * without a currency counts as one in the home currency.
   */
  convert(minorUnits: number, currency: string | null, day: Day): number | null;
  /** The ratio `convert` multiplies by, null without a rate; of the home currency there is none to need. */
  ratioOn(currency: string, day: Day): Ratio | null;
}

interface Step {
  readonly day: Day;
  readonly ratio: Ratio;
}

/** Rates stated in another currency than the home currency are passed over, and so is what is no rate. */
export function createRateTable(rates: readonly DatedRate[], homeCurrency: string): RateTable {
  const stepsOf = new Map<string, readonly Step[]>();
  for (const [currency, byDay] of groupRates(rates, homeCurrency)) {
    stepsOf.set(
      currency,
      [...byDay].map(([day, ratio]) => ({ day, ratio })).sort((a, b) => (a.day < b.day ? -1 : 1)),
    );
  }

  function ratioOn(currency: string, day: Day): Ratio | null {
    const steps = stepsOf.get(currency) ?? [];
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((steps[middle]?.day ?? '') <= day) low = middle + 1;
      else high = middle;
    }
    return steps[low - 1]?.ratio ?? null;
  }

  return {
    homeCurrency,
    ratioOn,
    convert(minorUnits, currency, day) {
      if (currency === null || currency === homeCurrency) return minorUnits;
      const ratio = ratioOn(currency, day);
      return ratio === null ? null : multiplyByRatio(minorUnits, ratio);
    },
  };
}

function groupRates(rates: readonly DatedRate[], homeCurrency: string): Map<string, Map<Day, Ratio>> {
  const groups = new Map<string, Map<Day, Ratio>>();
  for (const { currency, homeCurrency: statedIn, day, rate } of rates) {
    const parsed = statedIn === homeCurrency && currency !== homeCurrency ? parseRate(rate) : null;
    if (parsed === null) continue;
    const byDay = groups.get(currency) ?? new Map<Day, Ratio>();
    byDay.set(day, ratioOf(parsed, currency, homeCurrency));
    groups.set(currency, byDay);
  }
  return groups;
}

/** The rates among records of `exchangeRate`, in the order in which they were entered. */
export function datedRatesOf(records: Iterable<Readonly<Record<string, unknown>>>): readonly DatedRate[] {
  return [...records]
    .map((record) => ({ ...toDatedRate(record), at: `${String(record['createdAt'])} ${String(record['id'])}` }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function toDatedRate(record: Readonly<Record<string, unknown>>): DatedRate {
  const textOf = (field: string): string => (typeof record[field] === 'string' ? record[field] : '');
  return {
    currency: textOf('currency'),
    homeCurrency: textOf('homeCurrency'),
    day: textOf('day'),
    rate: textOf('rate'),
  };
}
