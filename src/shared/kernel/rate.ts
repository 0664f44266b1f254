// Exchange rates as exact decimals, and amounts multiplied by them: integers all the way, rounded once at the end, half
// away from zero.
import { exponentOf } from '#shared/kernel/money.ts';

/** `digits` / 10^`scale`: 0.9213 is 9213 / 10^4. */
export interface Rate {
  readonly digits: bigint;
  readonly scale: number;
}

const RATE_PATTERN = /^(\d{1,12})(?:\.(\d{1,12}))?$/;

/** The rate a decimal text says; null when it is none, or not above zero. */
export function parseRate(text: unknown): Rate | null {
  const match = typeof text === 'string' ? RATE_PATTERN.exec(text.trim()) : null;
  if (match === null) return null;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  const digits = BigInt((match[1] ?? '') + fraction);
  return digits === 0n ? null : { digits, scale: fraction.length };
}

/** numerator / denominator of one minor unit of a currency in minor units of another one, at a rate. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** Both as numbers, where they are small enough to be exact: nearly always, and then no big integers are needed. */
  readonly small: { readonly numerator: number; readonly denominator: number } | null;
}

export function ratioOf(rate: Rate, currency: string, homeCurrency: string): Ratio {
  const shift = exponentOf(homeCurrency) - exponentOf(currency) - rate.scale;
  const numerator = shift >= 0 ? rate.digits * 10n ** BigInt(shift) : rate.digits;
  const denominator = shift >= 0 ? 1n : 10n ** BigInt(-shift);
  const small = { numerator: Number(numerator), denominator: Number(denominator) };
  const isSmall = Number.isSafeInteger(small.numerator) && Number.isSafeInteger(2 * small.denominator);
  return { numerator, denominator, small: isSmall ? small : null };
}

/** An integer by a ratio, rounded half away from zero; null when the result is no safe integer. */
export function multiplyByRatio(value: number, ratio: Ratio): number | null {
  const quick = multiplySmall(Math.abs(value), ratio);
  if (quick !== null) return value < 0 && quick !== 0 ? -quick : quick;
  const { numerator, denominator } = ratio;
  const product = BigInt(Math.abs(value)) * numerator;
  const rounded = (2n * product + denominator) / (2n * denominator);
  const result = Number(rounded);
  if (!Number.isSafeInteger(result)) return null;
  return value < 0 && result !== 0 ? -result : result;
}

/** The same with numbers, null where one of the steps would not be exact. */
function multiplySmall(value: number, { small }: Ratio): number | null {
  if (small === null) return null;
  const { numerator, denominator } = small;
  const product = value * numerator;
  if (!Number.isSafeInteger(product)) return null;
  const rest = product % denominator;
  return (product - rest) / denominator + (2 * rest >= denominator ? 1 : 0);
}
