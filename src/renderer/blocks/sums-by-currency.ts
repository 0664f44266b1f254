// Sums of money over several currencies. Different currencies are never added up: the one of most deals comes first, and
// what is in others stands beside it.
import type { AggregateResult } from '#renderer/data/data-contract.ts';

const DEFAULT_CURRENCY = 'EUR';

export interface CurrencySum {
  readonly currency: string;
  /** Minor units. */
  readonly amount: number;
}

/** `groups`: an answer grouped by currency, the largest group first. Deals that name no currency count to the first. */
export function sumsByCurrency(groups: AggregateResult['groups'], sum: string): readonly CurrencySum[] {
  const main = groups.find((group) => group.key !== null)?.key ?? DEFAULT_CURRENCY;
  const amounts = new Map([[main, 0]]);
  for (const { key, sums } of groups) amounts.set(key ?? main, (amounts.get(key ?? main) ?? 0) + (sums[sum] ?? 0));
  const [first, ...others] = [...amounts].map(([currency, amount]) => ({ currency, amount }));
  return [...(first === undefined ? [] : [first]), ...others.filter(({ amount }) => amount !== 0)];
}
