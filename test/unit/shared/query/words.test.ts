import { expect, it } from 'vitest';
import { foldText, matchesWords, toWords } from '#shared/query/words.ts';

it('CRM-14 spellings of one word are one word', () => {
  for (const spelling of ['Müller', 'MÜLLER', 'mu\u0308ller', 'muller']) expect(foldText(spelling)).toBe('muller');
  expect(foldText('Straße Øre Łódź Æon')).toBe('strasse ore lodz aeon');
  expect(foldText('İstanbul ＡＢＣ')).toBe('istanbul abc');
});

it('CRM-14 everything but letters and digits separates words', () => {
  expect(toWords('Anna-Lena O’Neil, anna@example.com +49 30')).toEqual([
    'anna',
    'lena',
    'o',
    'neil',
    'anna',
    'example',
    'com',
    '49',
    '30',
  ]);
  expect(toWords(' … ')).toEqual([]);
});

it('CRM-14 every word asked for begins a word of the text', () => {
  const words = toWords('Northwind Traders');
  expect(matchesWords(toWords('trad north'), words)).toBe(true);
  expect(matchesWords(toWords('north wind'), words)).toBe(false);
  expect(matchesWords([], words)).toBe(true);
});
