// Every deal as a fact, read and converted once: figures are asked for again and again, and most deals stay as they are.
import { moneyEntities, organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { dealFactOf, type ConvertMoney, type DealFact } from '#shared/analytics/metrics/metric-input.ts';
import type { Day } from '#shared/kernel/calendar.ts';

export interface DealFacts {
  /** All deals; amounts of open ones at the rate of this day. */
  of(today: Day): { readonly facts: readonly DealFact[]; readonly currency: string };
}

interface Kept {
  readonly day: Day;
  readonly currency: string;
  readonly toFact: (record: AnyRecord) => DealFact;
  readonly facts: Map<string, DealFact>;
}

export function createDealFacts(source: RecordSource): DealFacts {
  let kept: Kept | null = null;
  /** All of them in a row, until one changes. */
  let list: readonly DealFact[] | null = null;

  function rebuild(day: Day): Kept {
    const money = organizationMoneyOf(source);
    const convert: ConvertMoney = (amount, currency, on) => money.convert(amount, currency, on);
    const toFact = (record: AnyRecord): DealFact => dealFactOf(record, convert, day);
    const facts = new Map<string, DealFact>();
    for (const record of source.all('deal').values()) facts.set(record.id, toFact(record));
    return { day, currency: money.homeCurrency, toFact, facts };
  }

  source.subscribe((changes) => {
    if (kept === null) return;
    for (const { entity, id, after } of changes) {
      if (entity !== 'deal') continue;
      list = null;
      if (after === undefined) kept.facts.delete(id);
      else kept.facts.set(id, kept.toFact(after));
    }
    if (changes.some(({ entity }) => moneyEntities.includes(entity))) kept = null;
  });

  return {
    of(today) {
      if (kept === null || kept.day !== today) {
        kept = rebuild(today);
        list = null;
      }
      list ??= [...kept.facts.values()];
      return { facts: list, currency: kept.currency };
    },
  };
}
