// The masks that need a key. `hash` is a keyed fingerprint, the same for the same value everywhere in one organization,
// so that equal values can be matched and none can be looked up in a dictionary. `encrypt` is a ciphertext that only this
// server can open; it is the same each time, or every page would differ. Both are padded or cut to a fixed shape.
import { createCipheriv, createHmac } from 'node:crypto';
import { MASK, type MaskedValue } from '#shared/access/field-policy.ts';
import { defaultMaskRule, maskableText, maskPartially, type MaskRule } from '#shared/access/masking.ts';
import type { Masker } from '#shared/access/project.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { readServerSecret } from '#server/store/server-secret.ts';

const HASH_CHARACTERS = 16;
const CIPHER_BLOCK_BYTES = 64;
const IV_BYTES = 12;

const secrets = new WeakMap<object, Promise<Uint8Array>>();

/** Read once per database: it never changes. */
export function readMaskSecret(db: SqlDatabase): Promise<Uint8Array> {
  const known = secrets.get(db);
  if (known !== undefined) return known;
  const reading = db.transaction((session) => readServerSecret(session, 'mask'));
  secrets.set(db, reading);
  reading.catch(() => secrets.delete(db));
  return reading;
}

export interface MaskKeys {
  readonly secret: Uint8Array;
  readonly tenantId: TenantId;
  /** By `entity.field`. */
  readonly rules: ReadonlyMap<string, MaskRule>;
  /** Token of a value, named by its fingerprint; undefined while there is none. */
  readonly tokenOf: (fingerprint: string) => string | undefined;
}

function fingerprint(secret: Uint8Array, parts: readonly string[]): Buffer {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest();
}

export function tokenFingerprint(secret: Uint8Array, tenantId: string, place: string, value: unknown): string {
  return fingerprint(secret, ['token', tenantId, place, maskableText(value)]).toString('base64url');
}

function encrypt(keys: MaskKeys, place: string, text: string): string {
  const key = fingerprint(keys.secret, ['encrypt', keys.tenantId]);
  const iv = fingerprint(key, ['iv', place, text]).subarray(0, IV_BYTES);
  const bytes = Buffer.from(text, 'utf8');
  const length = Math.ceil((bytes.length + 1) / CIPHER_BLOCK_BYTES) * CIPHER_BLOCK_BYTES;
  const padded = Buffer.concat([bytes, Buffer.from([0x80]), Buffer.alloc(length - bytes.length - 1)]);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(padded), cipher.final()]);
  return `enc:${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
}

/** The mask of every field by its rule; values that still need a token are told to `onMissing`. */
export function createMasker(keys: MaskKeys, onMissing: (fingerprint: string) => void): Masker {
  return (entity, field, value): MaskedValue => {
    const place = `${entity}.${field}`;
    const rule = keys.rules.get(place) ?? defaultMaskRule;
    switch (rule.maskType) {
      case 'redact':
        return MASK;
      case 'partial':
        return { $masked: maskPartially(value, rule.config) };
      case 'hash': {
        const mark = fingerprint(keys.secret, ['hash', keys.tenantId, maskableText(value)]).toString('hex');
        return { $masked: `#${mark.slice(0, HASH_CHARACTERS)}` };
      }
      case 'encrypt':
        return { $masked: encrypt(keys, place, maskableText(value)) };
      case 'tokenize': {
        const name = tokenFingerprint(keys.secret, keys.tenantId, place, value);
        const token = keys.tokenOf(name);
        if (token === undefined) onMissing(name);
        return token === undefined ? MASK : { $masked: token };
      }
    }
  };
}
