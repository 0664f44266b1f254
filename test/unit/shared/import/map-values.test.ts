import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { damerauLevenshtein, matchValue } from '#shared/import/map-values.ts';

const candidates = ['North Basic', 'North Pro', 'North Plus Basic', 'technology', 'Model 12', 'Model 13'].map(
  (name) => ({ value: name, names: [name] }),
);

test.each([
  ['NorthPro', 'North Pro', 'exact'],
  ['technolgy', 'technology', 'near'],
  ['tehcnology', 'technology', 'near'],
  ['NORTH PLUS-BASIC', 'North Plus Basic', 'exact'],
])('IMP-07 %s is recognised as %s (%s)', (text, value, kind) => {
  expect(matchValue(text, candidates)).toEqual({ value, kind });
});

test.each(['Model 14', 'North', 'te', '', 'something else'])('IMP-07 %j is taken for nothing', (text) => {
  expect(matchValue(text, candidates)).toBeNull();
});

test('IMP-07 the distance of two texts is symmetric, zero for equal ones, and one for a swap of neighbours', () => {
  const text = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(damerauLevenshtein(left, right)).toBe(damerauLevenshtein(right, left));
      expect(damerauLevenshtein(left, left)).toBe(0);
      expect(damerauLevenshtein(left, right)).toBeLessThanOrEqual(Math.max(left.length, right.length));
    }),
  );
  expect(damerauLevenshtein('ab', 'ba')).toBe(1);
  expect(damerauLevenshtein('abcdef', 'xyz', 1)).toBe(2);
});
