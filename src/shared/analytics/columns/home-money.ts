// Amounts of all currencies in that of the organization, at the rates of their days. An amount without a rate is left out
// and counted, never taken for what it is not.
import { currencyOf, dayOfMoney, type ConvertMoney } from '#shared/analytics/columns/read-path.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { moneyEntities, organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import type { RateTable } from '#shared/analytics/convert-money.ts';
import { figuresOf, ORGANIZATION_ID, type OrganizationFigures } from '#shared/entities/organization/organization.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';

export interface HomeMoney {
  figures(): OrganizationFigures;
  readonly convert: ConvertMoney;
  /** Records of an entity with an amount for which there is no rate, by currency. */
  withoutRate(entity: EntityName): Readonly<Record<string, number>>;
  /** Calls back when amounts are worth something else than before. */
  subscribe(listener: () => void): () => void;
  stop(): void;
}

function hasMoney(record: AnyRecord): boolean {
  return typeof record['amount'] === 'number' || typeof record['amountAfter'] === 'number';
}

export function createHomeMoney(source: RecordSource): HomeMoney {
  const listeners = new Set<() => void>();
  const unrated = new Map<EntityName, Readonly<Record<string, number>>>();
  let table: RateTable | null = null;

  const figures = (): OrganizationFigures => figuresOf(source.get('organization', ORGANIZATION_ID));

  function rates(): RateTable {
    return (table ??= organizationMoneyOf(source));
  }

  const stop = source.subscribe((changes) => {
    for (const { entity } of changes) unrated.delete(entity);
    if (!changes.some(({ entity }) => moneyEntities.includes(entity))) return;
    table = null;
    unrated.clear();
    for (const listener of listeners) listener();
  });

  function count(entity: EntityName): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const record of source.all(entity).values()) {
      const currency = currencyOf(record);
      if (currency === null || currency === rates().homeCurrency || !hasMoney(record)) continue;
      if (rates().ratioOn(currency, dayOfMoney(record)) === null) counts[currency] = (counts[currency] ?? 0) + 1;
    }
    return counts;
  }

  return {
    figures,
    convert: (minorUnits, currency, day) => rates().convert(minorUnits, currency, day),
    withoutRate(entity) {
      let known = unrated.get(entity);
      if (known === undefined) unrated.set(entity, (known = count(entity)));
      return known;
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
