// What an organization owes for a month: a base price, and a price for each seat. Amounts are whole minor units, so that nothing is
// rounded twice; what leaves is written out in decimals, exactly. A price of a year is spread over its months so that twelve of them
// are the price, to the last unit.
import { Type, type Static } from 'typebox';
import { fractionDigits } from '#shared/words/currency-digits.ts';

/** In minor units. */
const MOST_PRICE = 1_000_000_000_000;
const Amount = Type.Integer({ minimum: 0, maximum: MOST_PRICE });

export const pricePeriods = ['month', 'year'] as const;
export const PriceSchema = Type.Object(
  {
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    period: Type.Enum(pricePeriods),
    base: Amount,
    seat: Amount,
  },
  { additionalProperties: false },
);
export type Price = Static<typeof PriceSchema>;

export const BillLineSchema = Type.Object({
  kind: Type.Enum(['base', 'seats']),
  quantity: Type.Integer({ minimum: 0 }),
  /** Of one, and of all: decimals like `12.50`. */
  price: Type.String(),
  amount: Type.String(),
});
export const BillSchema = Type.Object({
  currency: Type.String(),
  lines: Type.Array(BillLineSchema),
  total: Type.String(),
});
export type Bill = Static<typeof BillSchema>;

/** `1234` of a currency with two places is `12.34`. */
export function exactAmount(minor: bigint, currency: string): string {
  const digits = fractionDigits(currency);
  const text = minor.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The part of a price that falls into a month (`2026-03`). */
function shareOf(amount: number, { period }: Price, month: string): bigint {
  if (period === 'month') return BigInt(amount);
  const no = BigInt(month.slice(5, 7));
  return (BigInt(amount) * no) / 12n - (BigInt(amount) * (no - 1n)) / 12n;
}

export function billOf(price: Price, seats: number, month: string): Bill {
  const { currency } = price;
  const line = (kind: 'base' | 'seats', quantity: number, one: bigint) => ({
    kind,
    quantity,
    one,
    whole: one * BigInt(quantity),
  });
  const lines = [
    line('base', 1, shareOf(price.base, price, month)),
    line('seats', seats, shareOf(price.seat, price, month)),
  ];
  return {
    currency,
    lines: lines.map(({ kind, quantity, one, whole }) => ({
      kind,
      quantity,
      price: exactAmount(one, currency),
      amount: exactAmount(whole, currency),
    })),
    total: exactAmount(
      lines.reduce((sum, { whole }) => sum + whole, 0n),
      currency,
    ),
  };
}

/** What bills come to, by currency. */
export function sumBills(
  bills: readonly (Bill | null)[],
): readonly { readonly currency: string; readonly total: string }[] {
  const sums = new Map<string, bigint>();
  for (const bill of bills)
    if (bill !== null) sums.set(bill.currency, (sums.get(bill.currency) ?? 0n) + BigInt(bill.total.replace('.', '')));
  return [...sums].map(([currency, sum]) => ({ currency, total: exactAmount(sum, currency) }));
}
