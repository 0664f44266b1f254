import { expect, it } from 'vitest';
import { guessKind } from '#shared/import/guess-kind.ts';

it.each([
  [['2026-01-31', '2026-02-01'], 'date'],
  [['31.01.2026', '1.2.2026'], 'date'],
  [['12', '1,200.50'], 'number'],
  [['01067', '10115'], 'text'],
  [['12 %', '7,5 %'], 'percent'],
  [['yes', 'no', 'ja'], 'tick'],
  [['1', '0'], 'number'],
  [['a@b.example', 'c@d.example'], 'mail'],
  [['https://a.example', 'www.b.example'], 'link'],
  [['one', 'two', 'three'], 'text'],
  [['x'.repeat(300), 'y'], 'longText'],
  [[], 'text'],
] as const)('IMP-05 a column with %j would be a field of the kind %s', (values, kind) => {
  expect(guessKind(values)).toEqual({ kind });
});

it('IMP-05 a column of few values that are repeated would be a choice among them', () => {
  expect(guessKind(['Gold', 'Silver', 'Gold', 'Silver'])).toEqual({ kind: 'choice', options: ['Gold', 'Silver'] });
  expect(guessKind(['Gold', 'gold', 'Gold', 'gold'])).toEqual({ kind: 'text' });
});
