// Fields that many entities share, written once: ownership, tags, addresses, closed lists.
import type { FieldDefinition, MergePolicy, SelectOption } from '#shared/entities/define-entity.ts';

/** A closed list in the order of writing; the key is stored, the value is the English label. */
export function toOptions(labels: Readonly<Record<string, string>>): readonly SelectOption[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}

/** Who a record belongs to. Both move together: a reassigned record never keeps the team of its old owner. */
export const ownershipFields = {
  ownerId: { type: 'reference', to: 'user', label: 'Owner', group: 'owner', indexed: true, listed: true },
  teamId: { type: 'reference', to: 'team', label: 'Team', group: 'owner', indexed: true },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

/** Who sees a record beside its owner and team: the people of its territory, and those it is shared with. */
export const audienceFields = {
  territoryId: { type: 'reference', to: 'territory', label: 'Territory', indexed: true },
  shares: { type: 'json', label: 'Shared with', system: true },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

/** Policies that go with them: two people who share a record with different colleagues both succeed. */
export const audiencePolicies = {
  territoryId: 'current',
  shares: 'set',
} as const satisfies Readonly<Record<string, MergePolicy>>;

/** Tags, and the key of the record in another system (unique per entity within a tenant). */
export const extraFields = {
  tags: { type: 'tags', label: 'Tags', searchable: true },
  externalId: { type: 'text', label: 'External id', maxLength: 128, indexed: true },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

/** Policies that go with the fields above. */
export const extraPolicies = {
  owner: 'manual',
  tags: 'set',
  externalId: 'current',
} as const satisfies Readonly<Record<string, MergePolicy>>;

export const industryOptions = toOptions({
  agriculture: 'Agriculture',
  construction: 'Construction',
  education: 'Education',
  employment: 'Employment',
  energy: 'Energy',
  entertainment: 'Entertainment',
  finance: 'Finance',
  government: 'Government',
  hospitality: 'Hospitality',
  logistics: 'Logistics',
  manufacturing: 'Manufacturing',
  marketing: 'Marketing',
  medical: 'Medical',
  retail: 'Retail',
  services: 'Services',
  software: 'Software',
  technology: 'Technology',
  telecommunications: 'Telecommunications',
  other: 'Other',
});

export const sourceOptions = toOptions({
  website: 'Website',
  referral: 'Referral',
  event: 'Event',
  partner: 'Partner',
  cold_call: 'Cold call',
  email: 'E-mail',
  advertising: 'Advertising',
  social: 'Social media',
  existing_customer: 'Existing customer',
  other: 'Other',
});
