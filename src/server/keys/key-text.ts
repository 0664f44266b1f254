// An API key as text: `opk_` and eight letters to recognise it by, the organization it is looked up in, and 256 random bits.
// Only a hash of the whole is stored. It is random enough that a fast hash is as good as a slow one.
import { createHash } from 'node:crypto';
import { isId, type TenantId } from '#shared/kernel/ids.ts';
import type { RandomSource } from '#shared/kernel/ports.ts';

const MARK = 'opk_';
const SEPARATOR = '~';
/** No letters that are mistaken for one another. 32 of them, so that every byte falls on each equally often. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz023456789';
const PREFIX_LETTERS = 8;
const SHAPE = /^opk_[a-z0-9]{8}$/;
const SECRET_SHAPE = /^[\w-]{43}$/;

export interface KeyText {
  readonly tenantId: TenantId;
  readonly prefix: string;
  readonly hash: string;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Whether a bearer token claims to be an API key. */
export function isKeyText(token: string): boolean {
  return token.startsWith(MARK);
}

export function createKeyText(tenantId: TenantId, random: RandomSource): KeyText & { readonly secret: string } {
  const letters = [...random.bytes(PREFIX_LETTERS)].map((byte) => LETTERS[byte % LETTERS.length] ?? '');
  const prefix = `${MARK}${letters.join('')}`;
  const secret = [prefix, tenantId, Buffer.from(random.bytes(32)).toString('base64url')].join(SEPARATOR);
  return { tenantId, prefix, secret, hash: hashOf(secret) };
}

/** Null for what no key looks like. */
export function readKeyText(text: string): KeyText | null {
  const [prefix = '', tenantId, secret = '', ...rest] = text.split(SEPARATOR);
  if (!SHAPE.test(prefix) || !isId(tenantId) || !SECRET_SHAPE.test(secret) || rest.length > 0) return null;
  return { tenantId: tenantId as TenantId, prefix, hash: hashOf(text) };
}
