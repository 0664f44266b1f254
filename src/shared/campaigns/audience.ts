// To whom a campaign goes: saved filters of leads and contacts, filters of its own, and people picked one by one. Filters are
// asked when it is sent, so whoever fits by then gets it. Each person is judged here, for the preview on a device and for the
// server alike; what only the server knows (suppressed addresses) it adds.
import { isMasked } from '#shared/access/field-policy.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import type { Filter } from '#shared/query/filter.ts';
import { isFilterShape } from '#shared/query/is-filter.ts';

export const audienceEntities = ['contact', 'lead'] as const;
export type AudienceEntity = (typeof audienceEntities)[number];

/** One of the three says who. */
export interface AudiencePart {
  readonly entity: AudienceEntity;
  /** Everybody a saved view shows. */
  readonly viewId?: string;
  readonly filter?: Filter;
  readonly ids?: readonly string[];
}

export interface Audience {
  readonly parts: readonly AudiencePart[];
  /** Ids of people who do not get it, whatever the parts say. */
  readonly without: readonly string[];
}

export const noAudience: Audience = { parts: [], without: [] };
export const MOST_PARTS = 20;
export const MOST_PICKED = 5000;

const isIds = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= MOST_PICKED &&
  value.every((id) => typeof id === 'string' && id !== '' && id.length <= 64);

function isPart(value: unknown): value is AudiencePart {
  if (!isPlainObject(value)) return false;
  const { entity, viewId, filter, ids } = value;
  if (entity !== 'contact' && entity !== 'lead') return false;
  if (viewId !== undefined) return typeof viewId === 'string' && viewId !== '' && viewId.length <= 64;
  return filter === undefined ? isIds(ids) : isFilterShape(filter);
}

export function isAudience(value: unknown): value is Audience {
  if (!isPlainObject(value)) return false;
  const { parts, without } = value;
  return Array.isArray(parts) && parts.length <= MOST_PARTS && parts.every(isPart) && isIds(without);
}

export function audienceOf(value: unknown): Audience {
  return isAudience(value) ? value : noAudience;
}

/** Why somebody does not get a mail of a campaign. */
export const leftOutReasons = [
  'noAddress',
  'unseenAddress',
  'badAddress',
  'optedOut',
  'unseenConsent',
  'converted',
  'excluded',
  'twice',
  'unsubscribed',
  'bounced',
  'complained',
  'blocked',
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

const ADDRESS = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]{1,253}$/u;

/** As addresses are compared: one mailbox gets one mail. */
export function plainAddress(address: string): string {
  return address.trim().toLowerCase();
}

export function isMailAddress(address: string): boolean {
  return ADDRESS.test(address) && address.length <= 254 && /\.[^\s.]{2,}$/u.test(address);
}

/** Why this person gets no mail, by what the sender sees of the record; null: nothing speaks against it. */
export function judgePerson(record: AnyRecord, without: ReadonlySet<string>): LeftOutReason | null {
  if (without.has(record.id)) return 'excluded';
  const { email, emailOptOut, status } = record as { email?: unknown; emailOptOut?: unknown; status?: unknown };
  if (isMasked(email)) return 'unseenAddress';
  if (typeof email !== 'string' || email.trim() === '') return 'noAddress';
  if (!isMailAddress(plainAddress(email))) return 'badAddress';
  if (isMasked(emailOptOut)) return 'unseenConsent';
  if (emailOptOut === true) return 'optedOut';
  return record.kind === 'lead' && status === 'converted' ? 'converted' : null;
}
