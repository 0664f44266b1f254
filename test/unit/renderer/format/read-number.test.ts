import { describe, expect, it } from 'vitest';
import { createFormat } from '#renderer/app/format/format.ts';
import { readAmount, readWholeNumber } from '#renderer/app/format/read-number.ts';

describe('numbers as people type them', () => {
  it.each([
    ['33,900', 3_390_000],
    ['33.900', 3_390_000],
    ['33900.5', 3_390_050],
    ['33900,50', 3_390_050],
    ['1.234,50', 123_450],
    ['1,234.50', 123_450],
    ["€ 1'200", 120_000],
    ['12 000 EUR', 1_200_000],
  ])('CRM-04: the amount %s keeps its size in every language', (text, minorUnits) => {
    expect(readAmount(text, 'EUR')).toBe(minorUnits);
  });

  it.each(['45k', 'about 10', '1.2.3,4', '12.345,678'])('CRM-04: %s is handed back as typed, never guessed', (text) => {
    expect(readAmount(text, 'EUR')).toBe(text);
  });

  it('CRM-04: nothing typed is no amount', () => {
    expect(readAmount('  ', 'EUR')).toBeNull();
    expect(readWholeNumber('')).toBeNull();
  });

  it.each(['en-US', 'en-GB', 'de-DE'])('CRM-04: an amount shown in %s is read as itself', (locale) => {
    const format = createFormat(locale);
    for (const currency of ['EUR', 'USD', 'SEK', 'PLN', 'CZK', 'CHF', 'JPY'])
      for (const minorUnits of [0, 5, 123_450, 3_390_000, 12_345_678_900]) {
        expect(readAmount(format.money(minorUnits, currency), currency)).toBe(minorUnits);
        expect(readAmount(format.amount(minorUnits, currency), currency)).toBe(minorUnits);
      }
  });

  it('CRM-04: whole numbers may be grouped, and are not cut at a decimal sign', () => {
    expect(readWholeNumber('1,200')).toBe(1200);
    expect(readWholeNumber('1.200')).toBe(1200);
    expect(readWholeNumber('1.5')).toBe('1.5');
  });
});
