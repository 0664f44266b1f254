// Amounts of all currencies in that of the organization, at the rates of their days. An amount without a rate is left out
// and counted, never taken for what it is not.
import { linesOf } from '#shared/analytics/deal-lines.ts';
import { currencyOf, dayOfMoney, type ConvertMoney } from '#shared/analytics/columns/read-path.ts';
import type { RecordChange, RecordSource } from '#shared/query/record-source.ts';
import { moneyEntities, organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import type { RateTable } from '#shared/analytics/convert-money.ts';
import { figuresOf, ORGANIZATION_ID, type OrganizationFigures } from '#shared/entities/organization/organization.ts';
import { entityOfSource, type PivotSource } from '#shared/analytics/pivot-source.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

export interface HomeMoney {
  figures(): OrganizationFigures;
  readonly convert: ConvertMoney;
  /** Rows of a source with an amount for which there is no rate, by currency. */
  withoutRate(source: PivotSource): Readonly<Record<string, number>>;
  /** Calls back when amounts are worth something else than before. */
  subscribe(listener: () => void): () => void;
  stop(): void;
}

/** How many rows of a record have an amount. */
function amountsOf(source: PivotSource, record: AnyRecord): number {
  if (source === 'dealLine') return linesOf(record).filter(({ unitPrice }) => unitPrice !== null).length;
  return typeof record['amount'] === 'number' || typeof record['amountAfter'] === 'number' ? 1 : 0;
}

export function createHomeMoney(source: RecordSource): HomeMoney {
  const listeners = new Set<() => void>();
  const unrated = new Map<PivotSource, Map<string, number>>();
  let table: RateTable | null = null;

  const figures = (): OrganizationFigures => figuresOf(source.get('organization', ORGANIZATION_ID));

  function rates(): RateTable {
    return (table ??= organizationMoneyOf(source));
  }

  const stop = source.subscribe((changes) => {
    if (!changes.some(({ entity }) => moneyEntities.includes(entity))) {
      for (const change of changes) follow(change);
      return;
    }
    table = null;
    unrated.clear();
    for (const listener of listeners) listener();
  });

  function count(asked: PivotSource): Map<string, number> {
    const counts = new Map<string, number>();
    for (const record of source.all(entityOfSource(asked)).values()) add(asked, counts, record, 1);
    return counts;
  }

  function add(asked: PivotSource, counts: Map<string, number>, record: AnyRecord, sign: 1 | -1): void {
    const currency = currencyOf(record);
    if (currency === null || currency === rates().homeCurrency) return;
    const amounts = amountsOf(asked, record);
    if (amounts === 0 || rates().ratioOn(currency, dayOfMoney(record)) !== null) return;
    const now = (counts.get(currency) ?? 0) + amounts * sign;
    if (now === 0) counts.delete(currency);
    else counts.set(currency, now);
  }

  /** What was counted is moved by a change, and not counted again. */
  function follow({ entity, before, after }: RecordChange): void {
    for (const [asked, counts] of unrated) {
      if (entityOfSource(asked) !== entity) continue;
      if (before !== undefined) add(asked, counts, before, -1);
      if (after !== undefined) add(asked, counts, after, 1);
    }
  }

  return {
    figures,
    convert: (minorUnits, currency, day) => rates().convert(minorUnits, currency, day),
    withoutRate(asked) {
      let known = unrated.get(asked);
      if (known === undefined) unrated.set(asked, (known = count(asked)));
      return Object.fromEntries(known);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    stop,
  };
}
