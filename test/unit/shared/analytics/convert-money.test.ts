import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateTable, datedRatesOf, type DatedRate } from '#shared/analytics/convert-money.ts';
import { multiplyByRatio, parseRate, ratioOf } from '#shared/kernel/rate.ts';
import { propertyRuns } from '../../../support/sample-entities.ts';

const rate = (currency: string, day: string, text: string, homeCurrency = 'EUR'): DatedRate => ({
  currency,
  homeCurrency,
  day,
  rate: text,
});

test('ANA-20 an amount is worth what the latest rate on or before its day says', () => {
  const table = createRateTable([rate('USD', '2026-04-01', '0.9'), rate('USD', '2026-01-01', '0.8')], 'EUR');
  expect(table.convert(100_00, 'USD', '2026-01-01')).toBe(80_00);
  expect(table.convert(100_00, 'USD', '2026-03-31')).toBe(80_00);
  expect(table.convert(100_00, 'USD', '2026-04-01')).toBe(90_00);
  expect(table.convert(100_00, 'USD', '2027-12-31')).toBe(90_00);
});

test('ANA-20 an amount from before the first rate, or in a currency without one, has no value rather than a wrong one', () => {
  const table = createRateTable([rate('USD', '2026-01-01', '0.8')], 'EUR');
  expect(table.convert(100, 'USD', '2025-12-31')).toBeNull();
  expect(table.convert(100, 'GBP', '2026-06-01')).toBeNull();
});

test('ANA-20 the home currency needs no rate, and an amount without a currency counts as one in it', () => {
  const table = createRateTable([rate('EUR', '2026-01-01', '2')], 'EUR');
  expect(table.convert(123, 'EUR', '2020-01-01')).toBe(123);
  expect(table.convert(123, null, '2020-01-01')).toBe(123);
});

test('ANA-20 a rate that is stated in another currency than the organization has now is not used', () => {
  expect(createRateTable([rate('GBP', '2026-01-01', '1.2', 'USD')], 'EUR').convert(1, 'GBP', '2026-02-01')).toBeNull();
});

test.each([
  ['JPY', 1000, '0.0062', 'EUR', 620],
  ['KWD', 1234, '3.01', 'EUR', 371],
  ['EUR', 100, '161.5', 'JPY', 162],
  ['USD', 5, '0.5', 'EUR', 3],
  ['USD', -5, '0.5', 'EUR', -3],
  ['USD', 1, '0.4', 'EUR', 0],
  ['USD', 9_007_199_254_740_991, '1', 'EUR', 9_007_199_254_740_991],
])('ANA-20 the decimals of both currencies count: %s %i at %s is %s %i', (from, amount, text, to, expected) => {
  expect(createRateTable([rate(from, '2026-01-01', text, to)], to).convert(amount, from, '2026-01-01')).toBe(expected);
});

test('ANA-20 what is too large for an exact number has no value', () => {
  const table = createRateTable([rate('USD', '2026-01-01', '2')], 'EUR');
  expect(table.convert(9_007_199_254_740_991, 'USD', '2026-01-01')).toBeNull();
});

test('ANA-20 conversion is exact: half away from zero of the true product, for any rate and amount', () => {
  const amounts = fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 });
  const texts = fc.tuple(fc.nat(99_999), fc.nat(99_999_999)).map(([whole, part]) => `${whole}.${part}`);
  fc.assert(
    fc.property(amounts, texts, fc.constantFrom('USD', 'JPY', 'KWD'), (amount, text, currency) => {
      const parsed = parseRate(text);
      fc.pre(parsed !== null);
      const ratio = ratioOf(parsed, currency, 'EUR');
      const result = multiplyByRatio(amount, ratio);
      fc.pre(result !== null);
      const product = BigInt(amount) * ratio.numerator;
      const twiceOff = 2n * (BigInt(result) * ratio.denominator - product);
      const off = twiceOff < 0n ? -twiceOff : twiceOff;
      expect(off <= ratio.denominator).toBe(true);
      if (off === ratio.denominator) expect(Math.abs(result) * Number(ratio.denominator)).toBeGreaterThan(0);
      expect(multiplyByRatio(-amount, ratio)).toBe(result === 0 ? 0 : -result);
      expect(multiplyByRatio(amount, { ...ratio, small: null })).toBe(result);
    }),
    propertyRuns,
  );
});

test('ANA-20 of two rates for one day the one entered later holds, on every computer alike', () => {
  const records = [
    { id: 'b', createdAt: '2026-01-02T00:00:00.000Z', ...rate('USD', '2026-01-01', '0.9') },
    { id: 'a', createdAt: '2026-01-01T00:00:00.000Z', ...rate('USD', '2026-01-01', '0.8') },
  ];
  for (const order of [records, records.toReversed()]) {
    expect(createRateTable(datedRatesOf(order), 'EUR').convert(100, 'USD', '2026-01-05')).toBe(90);
  }
});

test.each(['', '0', '0.0', '-1', '1e3', '1,5', 'abc', '.5', '1.'])('ANA-20 %j is no rate', (text) => {
  expect(parseRate(text)).toBeNull();
});
