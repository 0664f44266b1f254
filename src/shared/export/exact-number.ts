// Numbers as people wrote them: no dust of binary fractions, no exponents.
import { exponentOf, toDecimalText } from '#shared/kernel/money.ts';

/** A number without the dust that arithmetic leaves in its last digits. */
export function withoutDust(value: number): number {
  return Number(value.toPrecision(15));
}

/** Decimal text with a point; never with an exponent. */
export function decimalText(value: number): string {
  const plain = String(withoutDust(value));
  if (!plain.includes('e')) return plain;
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(20).replace(/\.?0+$/, '');
}

/** An amount in minor units as decimal text with a point: exact for whole minor units, with more decimals for averages. */
export function amountText(minorUnits: number, currency: string | undefined): string {
  if (currency === undefined) return decimalText(minorUnits / 100);
  if (Number.isSafeInteger(minorUnits)) return toDecimalText(minorUnits, currency);
  return decimalText(minorUnits / 10 ** exponentOf(currency));
}
