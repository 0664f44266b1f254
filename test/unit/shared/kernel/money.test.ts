import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponentOf, toDecimalText, toMinorUnits } from '#shared/kernel/money.ts';

test.each([
  ['1,234.50', 'EUR', 123_450],
  ['1.234,50', 'EUR', 123_450],
  ['1 234,5', 'EUR', 123_450],
  ["1'234.50", 'CHF', 123_450],
  ['€ 5', 'EUR', 500],
  ['12 EUR', 'EUR', 1200],
  ['(12.00)', 'EUR', -1200],
  ['-0.10', 'EUR', -10],
  ['.5', 'EUR', 50],
  ['1.234', 'EUR', 123_400],
  ['1.234', 'KWD', 1234],
  ['1,234', 'JPY', 1234],
  ['1,23,45,678.00', 'INR', 1_234_567_800],
  ['1100.040', 'EUR', 110_004],
])('IMP-07 the amount %s in %s is read as %d minor units', (text, currency, expected) => {
  expect(toMinorUnits(text, currency)).toBe(expected);
});

test.each([
  ['', 'EUR'],
  ['abc', 'EUR'],
  ['1e5', 'EUR'],
  ['1.2345', 'EUR'],
  ['0.001', 'EUR'],
  ['12.5', 'JPY'],
  ['1,2,3', 'EUR'],
  ['12,34.5', 'EUR'],
  ['99999999999999999', 'EUR'],
  ['(-5)', 'EUR'],
])('IMP-07 %j in %s is no amount, and is refused rather than rounded', (text, currency) => {
  expect(toMinorUnits(text, currency)).toBeNull();
});

test('IMP-07 a file that says how it writes decimals is believed', () => {
  expect(toMinorUnits('1.500', 'EUR', '.')).toBe(150);
  expect(toMinorUnits('1.500', 'EUR', ',')).toBe(150_000);
});

test('CRM-03 every amount of every exponent is written and read back unchanged', () => {
  const amounts = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
  fc.assert(
    fc.property(amounts, fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'), (amount, currency) => {
      expect(toMinorUnits(toDecimalText(amount, currency), currency, '.')).toBe(amount);
      expect(toDecimalText(amount, currency).split('.')[1]?.length ?? 0).toBe(exponentOf(currency));
    }),
  );
});
