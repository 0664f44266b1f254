import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeText } from '#shared/sync/merge-text.ts';
import { propertyRuns } from '../../../support/sample-entities.ts';

const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd'), { maxLength: 8 }).map((parts) => parts.join(''));

it('SYNC-42 merging text does not depend on who was first', () => {
  fc.assert(
    fc.property(text, text, text, (base, left, right) => {
      expect(mergeText(base, left, right)).toBe(mergeText(base, right, left));
    }),
    propertyRuns,
  );
});

it('SYNC-42 a merged text has no line that none of the three sides has', () => {
  fc.assert(
    fc.property(text, text, text, (base, left, right) => {
      const merged = mergeText(base, left, right);
      if (merged === null) return;
      const known = new Set([base, left, right].flatMap((side) => side.match(/[^\n]*\n|[^\n]+$/g) ?? []));
      for (const line of merged.match(/[^\n]*\n|[^\n]+$/g) ?? []) expect(known).toContain(line);
    }),
    propertyRuns,
  );
});

it('SYNC-42 insertions of two people at different places are both kept', () => {
  expect(mergeText('1\n2\n3\n', '0\n1\n2\n3\n', '1\n2\n3\n4\n')).toBe('0\n1\n2\n3\n4\n');
});

it('SYNC-42 the same insertion by both is kept once, different ones at one place are a question', () => {
  expect(mergeText('1\n2\n', '1\nx\n2\n', '1\nx\n2\n')).toBe('1\nx\n2\n');
  expect(mergeText('1\n2\n', '1\nx\n2\n', '1\ny\n2\n')).toBeNull();
});

it('SYNC-42 very long texts that clash are a question instead of a long wait', () => {
  const long = 'line\n'.repeat(3000);
  expect(mergeText(long, `${long}a\n`, `b\n${long}`)).toBeNull();
});
