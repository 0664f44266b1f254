// Rules of an installation for all its organizations. Each has one direction in which it is stricter; an organization may go
// further in it and never back, so what is in force is the stricter of the two, whatever either of them was before.
import { Type, type Static } from 'typebox';

/** Bounds, and what holds where nobody decided. A password is never shorter than without this rule (15, beside a second factor 8). */
export const LEAST_PASSWORD = { usual: 8, least: 8, most: 64 } as const;
export const SESSION_DAYS = { usual: 30, least: 1, most: 365 } as const;
export const SUPPORT_HOURS = { usual: 24, least: 1, most: 168 } as const;
const MOST_DOMAINS = 50;

export const DOMAIN_PATTERN =
  '^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$';

export const PoliciesSchema = Type.Object(
  {
    passwordMinLength: Type.Integer({ minimum: LEAST_PASSWORD.least, maximum: LEAST_PASSWORD.most }),
    /** A device that stays away longer signs in again. */
    sessionDays: Type.Integer({ minimum: SESSION_DAYS.least, maximum: SESSION_DAYS.most }),
    mfaRequired: Type.Boolean(),
    /** Of e-mail addresses of users, folded; none: any. */
    allowedDomains: Type.Array(Type.String({ pattern: DOMAIN_PATTERN }), { maxItems: MOST_DOMAINS, uniqueItems: true }),
    /** Support staff come in only after an administrator of the organization agreed. */
    supportConsent: Type.Boolean(),
    supportHours: Type.Integer({ minimum: SUPPORT_HOURS.least, maximum: SUPPORT_HOURS.most }),
  },
  { additionalProperties: false },
);
export type Policies = Static<typeof PoliciesSchema>;
export const OwnPoliciesSchema = Type.Partial(PoliciesSchema, { additionalProperties: false });
export type OwnPolicies = Readonly<Partial<Policies>>;
export type PolicyName = keyof Policies;

export const usualPolicies: Policies = {
  passwordMinLength: LEAST_PASSWORD.usual,
  sessionDays: SESSION_DAYS.usual,
  mfaRequired: false,
  allowedDomains: [],
  supportConsent: true,
  supportHours: SUPPORT_HOURS.usual,
};

/** The stricter of two values. Domains: those of both; none at all means that nobody is left out. */
const stricter: { readonly [Name in PolicyName]: (one: Policies[Name], other: Policies[Name]) => Policies[Name] } = {
  passwordMinLength: Math.max,
  sessionDays: Math.min,
  supportHours: Math.min,
  mfaRequired: (one, other) => one || other,
  supportConsent: (one, other) => one || other,
  allowedDomains: (one, other) => {
    if (one.length === 0) return other;
    if (other.length === 0) return one;
    const both = one.filter((domain) => other.includes(domain));
    // Two lists without a common domain leave nobody in; then the list of the installation stands.
    return both.length === 0 ? one : both;
  },
};

export const policyNames = Object.keys(stricter) as readonly PolicyName[];

function tightened<Name extends PolicyName>(name: Name, platform: Policies, own: OwnPolicies): Policies[Name] {
  const value = own[name] as Policies[Name] | undefined;
  return value === undefined ? platform[name] : stricter[name](platform[name], value);
}

/** What is in force for an organization. */
export function policiesInForce(platform: Policies, own: OwnPolicies): Policies {
  return Object.fromEntries(policyNames.map((name) => [name, tightened(name, platform, own)])) as Policies;
}

/** Rules with which an organization would be laxer than its installation, which it cannot be. */
export function findLaxer(platform: Policies, own: OwnPolicies): readonly PolicyName[] {
  return policyNames.filter(
    (name) => own[name] !== undefined && JSON.stringify(tightened(name, platform, own)) !== JSON.stringify(own[name]),
  );
}

/** Whether a user may have this address. */
export function isDomainAllowed(
  { allowedDomains }: { readonly allowedDomains: readonly string[] },
  email: string,
): boolean {
  if (allowedDomains.length === 0) return true;
  const domain = email.trim().toLowerCase().split('@').at(-1) ?? '';
  return allowedDomains.includes(domain);
}
