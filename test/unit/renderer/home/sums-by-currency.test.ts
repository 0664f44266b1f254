import { describe, expect, it } from 'vitest';
import { sumsByCurrency } from '#renderer/blocks/sums-by-currency.ts';

const group = (key: string | null, count: number, amount: number) => ({ key, count, sums: { amount } });

describe('sums of money on the first screen', () => {
  it('never adds up different currencies: the one of most deals first, the others beside it', () => {
    expect(sumsByCurrency([group('USD', 9, 900), group('EUR', 2, 50)], 'amount')).toEqual([
      { currency: 'USD', amount: 900 },
      { currency: 'EUR', amount: 50 },
    ]);
  });

  it('counts deals that name no currency to the main one, and leaves out others without an amount', () => {
    expect(sumsByCurrency([group(null, 9, 1), group('EUR', 2, 2), group('CHF', 1, 0)], 'amount')).toEqual([
      { currency: 'EUR', amount: 3 },
    ]);
  });

  it('is zero where there is no deal', () => {
    expect(sumsByCurrency([], 'amount')).toEqual([{ currency: 'EUR', amount: 0 }]);
  });
});
