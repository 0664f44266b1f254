import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findLaxer,
  isDomainAllowed,
  policiesInForce,
  usualPolicies,
  type Policies,
} from '#shared/platform/policies.ts';

const domains = fc.uniqueArray(fc.constantFrom('one.test', 'two.test', 'three.test'));
const policies: fc.Arbitrary<Policies> = fc.record({
  passwordMinLength: fc.integer({ min: 8, max: 64 }),
  sessionDays: fc.integer({ min: 1, max: 365 }),
  mfaRequired: fc.boolean(),
  allowedDomains: domains,
  supportConsent: fc.boolean(),
  supportHours: fc.integer({ min: 1, max: 168 }),
});
const own = policies.chain((all) =>
  fc
    .subarray(Object.keys(all))
    .map((names) => Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))),
);

function isAtLeastAsStrict(one: Policies, other: Policies): boolean {
  return (
    one.passwordMinLength >= other.passwordMinLength &&
    one.sessionDays <= other.sessionDays &&
    one.supportHours <= other.supportHours &&
    (one.mfaRequired || !other.mfaRequired) &&
    (one.supportConsent || !other.supportConsent) &&
    (other.allowedDomains.length === 0 ||
      (one.allowedDomains.length > 0 && one.allowedDomains.every((domain) => other.allowedDomains.includes(domain))))
  );
}

describe('policies', () => {
  it('IDT-20 whatever an organization wrote, what is in force is never laxer than the rule of its installation', () => {
    fc.assert(
      fc.property(policies, own, (platform, wanted) => isAtLeastAsStrict(policiesInForce(platform, wanted), platform)),
    );
  });

  it('IDT-23 what is not laxer is in force as the organization wrote it, and what is laxer is named', () => {
    fc.assert(
      fc.property(policies, own, (platform, wanted) => {
        const laxer = findLaxer(platform, wanted);
        const inForce = policiesInForce(platform, wanted);
        for (const [name, value] of Object.entries(wanted)) {
          const isSame = JSON.stringify(inForce[name as keyof Policies]) === JSON.stringify(value);
          expect(isSame).toBe(!laxer.includes(name as keyof Policies));
        }
      }),
    );
  });

  it('IDT-20 an installation that tightens its rule later tightens it for organizations that decided before', () => {
    const before = policiesInForce(usualPolicies, { sessionDays: 20 });
    expect(before.sessionDays).toBe(20);
    expect(policiesInForce({ ...usualPolicies, sessionDays: 5 }, { sessionDays: 20 }).sessionDays).toBe(5);
  });

  it('IDT-20 a domain is compared as a whole, without regard to case, and no list leaves nobody out', () => {
    const only = { allowedDomains: ['north.test'] };
    expect(['a@north.test', ' A@NORTH.test '].map((email) => isDomainAllowed(only, email))).toEqual([true, true]);
    const strangers = [
      'a@south.test',
      'a@evil-north.test',
      'a@north.test.evil',
      'a@b@north.tes',
      'north.test@evil',
      '',
    ];
    for (const email of strangers) expect(isDomainAllowed(only, email), email).toBe(false);
    expect(isDomainAllowed({ allowedDomains: [] }, 'a@anywhere')).toBe(true);
  });
});
