import { describe, expect, it } from 'vitest';
import { paintOf } from '#renderer/features/pivot/paint-cell.ts';
import { plainLook, readLook } from '#shared/analytics/pivot-look.ts';

const background = (...of: Parameters<typeof paintOf>): string | undefined => paintOf(...of)['background'];

describe('colours of cells', () => {
  it('ANA-16 get stronger from the smallest to the largest number, and never so strong that a number cannot be read', () => {
    expect(background('heat', 10, [10, 20], undefined)).toContain(' 0%');
    expect(background('heat', 15, [10, 20], undefined)).toContain(' 23%');
    expect(background('heat', 20, [10, 20], undefined)).toContain(' 46%');
    expect(background('heat', 7, [7, 7], undefined)).toContain(' 46%');
  });

  it('ANA-16 draw a bar as long as the number is large beside the largest, a negative one in another colour', () => {
    expect(background('bars', 5, [-20, 10], undefined)).toContain('25%');
    expect(background('bars', -20, [-20, 10], undefined)).toMatch(/op-danger.*100%/);
    expect(background('bars', 0, [0, 0], undefined)).toContain('0%');
  });

  it('ANA-16 tell good from bad by limits, which may be missing', () => {
    const limits = { good: 100, bad: 50 };
    expect([49, 50, 99, 100].map((number) => background('limits', number, undefined, limits))).toEqual([
      'var(--op-danger-surface)',
      'none',
      'none',
      'var(--op-good-surface)',
    ]);
    expect(background('limits', -5, undefined, { good: null, bad: null })).toBe('none');
  });

  it('ANA-16 an empty cell has no colour', () => {
    for (const paint of ['heat', 'bars', 'limits'] as const)
      expect(background(paint, NaN, [0, 1], { good: 0, bad: 9 })).toBe('none');
  });

  it('ANA-13 what was kept with a report is read as far as it can be', () => {
    expect(
      readLook({ paints: { a: 'heat', b: 'glow' }, limits: { a: { good: 'x', bad: 3 } }, folded: ['[]', 4] }),
    ).toEqual({
      paints: { a: 'heat' },
      limits: { a: { good: null, bad: 3 } },
      show: 'table',
      chart: { type: 'bar' },
      folded: ['[]'],
    });
    for (const stored of [null, 'x', 7, []]) expect(readLook(stored)).toEqual(plainLook);
  });
});
