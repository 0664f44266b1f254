import { describe, expect, it } from 'vitest';
import { changesOfAccent, contrastOf, grounds, LEAST_CONTRAST, lookOfAccent, mix } from '#shared/brand/accent.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

const random = createSeededRandom(14);
const any = Array.from(
  { length: 300 },
  () => `#${Array.from({ length: 3 }, () => random.integer(0, 255).toString(16).padStart(2, '0')).join('')}`,
);
const colors = ['#000000', '#ffffff', '#ffff00', '#00ff00', '#0000ff', '#808080', '#5066e0', ...any];

describe('IDT-14 the accent of an organization', () => {
  it('IDT-14 is measured as WCAG does', () => {
    expect(contrastOf('#ffffff', '#000000')).toBeCloseTo(21);
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 1);
    expect(contrastOf('#123456', '#123456')).toBe(1);
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
  });

  it('IDT-14 can be read in light and dark, and leaves what stands on its tints readable, whatever was chosen', () => {
    for (const color of colors) {
      const look = lookOfAccent(color);
      expect(contrastOf(look.fill, '#ffffff'), color).toBeGreaterThanOrEqual(LEAST_CONTRAST);
      for (const scheme of ['light', 'dark'] as const) {
        const { text, selected } = look[scheme];
        const { surface, canvas, sidebar, text: usual, muted } = grounds[scheme];
        for (const ground of [surface, canvas, sidebar, selected])
          expect(contrastOf(text, ground), `${color} ${scheme} ${ground}`).toBeGreaterThanOrEqual(LEAST_CONTRAST);
        for (const other of [usual, muted])
          expect(contrastOf(other, selected), `${color} ${scheme} ${other}`).toBeGreaterThanOrEqual(LEAST_CONTRAST);
      }
    }
  });

  it('IDT-14 has ten shades from light to dark, and its lighter ones are texts in the dark', () => {
    for (const color of colors) {
      const { shades, fill } = lookOfAccent(color);
      expect(shades).toHaveLength(10);
      expect(shades[6]).toBe(fill);
      for (const shade of shades.slice(0, 5))
        expect(contrastOf(shade, grounds.dark.surface), `${color} ${shade}`).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    }
  });

  it('IDT-14 stays as it was chosen where it can be read, and says where it cannot', () => {
    expect(changesOfAccent(lookOfAccent('#ffe600'))).toEqual(['fill', 'light']);
    expect(changesOfAccent(lookOfAccent('#101060'))).toEqual(['dark']);
    expect(lookOfAccent('#101060').fill).toBe('#101060');
  });
});
