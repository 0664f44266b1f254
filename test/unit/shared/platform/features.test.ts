import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, isFeatureOn, readFeatureRules, rulesOf, type FeatureRule } from '#shared/platform/features.ts';

const someone = fc.record({ tenantId: fc.uuid(), userId: fc.uuid() });
const rule = (percent: number, by: FeatureRule['by'] = 'user', isOn = true): FeatureRule => ({ isOn, percent, by });

describe('features', () => {
  it('IDT-20 a feature nobody switched is on for everybody', () => {
    fc.assert(fc.property(someone, (who) => isFeatureOn({}, 'pivot', who)));
  });

  it('IDT-20 the share somebody falls into is the same for ever and in every process', () => {
    // Written down: another hash would move people from one side to the other with an update.
    expect(['pivot north ada', 'pivot north rene', 'forecast south', ''].map(bucketOf)).toEqual([18, 31, 60, 23]);
  });

  it('IDT-20 whoever has a feature keeps it while its share grows', () => {
    fc.assert(
      fc.property(someone, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (who, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        const has = (percent: number) => isFeatureOn({ pivot: rule(percent) }, 'pivot', who);
        return !has(less) || has(more);
      }),
    );
  });

  it('IDT-20 a share of people is about as large as it says, and drawn anew for each feature', () => {
    const people = Array.from({ length: 4000 }, (_, no) => ({ tenantId: 'north', userId: `user-${String(no)}` }));
    const having = (name: 'pivot' | 'forecast') => people.filter((who) => isFeatureOn({ [name]: rule(30) }, name, who));
    expect(having('pivot').length / people.length).toBeGreaterThan(0.26);
    expect(having('pivot').length / people.length).toBeLessThan(0.34);
    const others = new Set(having('forecast'));
    const both = having('pivot').filter((who) => others.has(who)).length;
    expect(both / people.length).toBeLessThan(0.13);
  });

  it('IDT-20 drawn by organization, all its people are on the same side', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.uuid(),
        fc.uuid(),
        fc.integer({ min: 0, max: 100 }),
        (tenantId, one, other, percent) => {
          const has = (userId: string) =>
            isFeatureOn({ pivot: rule(percent, 'organization') }, 'pivot', { tenantId, userId });
          return has(one) === has(other);
        },
      ),
    );
  });

  it('IDT-20 what an organization has by name goes before everything else', () => {
    const who = { tenantId: 'north', userId: 'ada' };
    const off = { pivot: rule(100, 'user', false), import: rule(0) };
    expect(isFeatureOn(rulesOf(off, { pivot: true, import: true }), 'pivot', who)).toBe(true);
    expect(isFeatureOn(rulesOf(off, { pivot: true, import: true }), 'import', who)).toBe(true);
    expect(isFeatureOn(rulesOf({}, { pivot: false }), 'pivot', who)).toBe(false);
    expect(isFeatureOn(rulesOf(off, { pivot: 'yes' }), 'pivot', who)).toBe(false);
  });

  it('IDT-20 of what a newer or a strange server says only what is known here is taken', () => {
    const known = { isOn: false, percent: 5, by: 'user' };
    expect(readFeatureRules({ pivot: known, flying: known, forecast: { isOn: 1 }, import: null })).toEqual({
      pivot: known,
    });
    for (const nothing of [null, undefined, 7, 'pivot', []]) expect(readFeatureRules(nothing)).toEqual({});
  });
});
