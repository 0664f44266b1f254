// Keys of a backup. The main key comes from a key file or a passphrase and never lies beside the backup; each organization
// has a data key of its own, wrapped with the main key, so that one organization's part can be given away or destroyed
// without the others.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  scryptSync,
  timingSafeEqual,
} from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { OutpostError } from '#shared/kernel/errors.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** About 128 MB and half a second for each guess. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

export type KeySource =
  | { readonly kind: 'keyFile'; readonly path: string }
  | { readonly kind: 'passphrase'; readonly passphrase: string };

/** What stands in the manifest, so that the same source gives the same key again. */
export interface KeyDescription {
  readonly from: KeySource['kind'];
  readonly salt: string;
  /** Tells a wrong key from a damaged backup. */
  readonly check: string;
}

export interface MainKey {
  readonly description: KeyDescription;
  readonly key: Buffer;
}

/** Makes the key file when there is none yet; `wasMade` tells. */
export function createMainKey(source: KeySource): MainKey & { readonly wasMade: boolean } {
  let wasMade = false;
  if (source.kind === 'keyFile' && !existsSync(source.path)) {
    writeFileSync(source.path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    wasMade = true;
  }
  const salt = randomBytes(16).toString('base64');
  const key = deriveKey(source, salt);
  return { description: { from: source.kind, salt, check: checkOf(key, salt) }, key, wasMade };
}

/** @throws OutpostError `wrong_passphrase` when the backup was made with another key. */
export function openMainKey(source: KeySource, description: KeyDescription): MainKey {
  if (source.kind !== description.from) {
    throw new OutpostError(
      'wrong_passphrase',
      description.from === 'keyFile'
        ? 'This backup was made with a key file: name it with --key-file.'
        : 'This backup was made with a passphrase: give it with --passphrase-file or OUTPOST_BACKUP_PASSPHRASE.',
    );
  }
  const key = deriveKey(source, description.salt);
  if (!isEqual(checkOf(key, description.salt), description.check)) {
    throw new OutpostError('wrong_passphrase', 'This is not the key that the backup was made with.');
  }
  return { description, key };
}

function deriveKey(source: KeySource, salt: string): Buffer {
  if (source.kind === 'passphrase') {
    if (source.passphrase.length < 12)
      throw new OutpostError('invalid', 'The passphrase of a backup needs at least 12 characters.');
    return scryptSync(source.passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), KEY_BYTES, SCRYPT);
  }
  const secret = Buffer.from(readFileSync(source.path, 'utf8').trim(), 'base64');
  if (secret.length !== KEY_BYTES) {
    throw new OutpostError('invalid', `${source.path} is no key file: it holds 32 random bytes as base64.`);
  }
  return Buffer.from(hkdfSync('sha256', secret, Buffer.from(salt, 'base64'), 'outpost backup', KEY_BYTES));
}

function checkOf(key: Buffer, salt: string): string {
  return createHmac('sha256', purposeKey(key, 'check')).update(salt).digest('base64');
}

function purposeKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `outpost backup ${purpose}`, KEY_BYTES));
}

/** Proof that nobody without the key wrote or changed a text. */
export function authenticate(main: MainKey, text: string): string {
  return createHmac('sha256', purposeKey(main.key, 'manifest')).update(text).digest('base64');
}

export function isEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** `context` is not secret, but opening with another one fails: a part cannot take the place of another. */
export function sealBytes(key: Buffer, plain: Uint8Array, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Throws an ordinary error when the bytes, the key or the context are not those they were sealed with. */
export function openBytes(key: Buffer, sealed: Buffer, context: string): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

export function createDataKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

export function wrapKey(main: MainKey, dataKey: Buffer, name: string): string {
  return sealBytes(purposeKey(main.key, 'wrap'), dataKey, name).toString('base64');
}

export function unwrapKey(main: MainKey, wrapped: string, name: string): Buffer {
  return openBytes(purposeKey(main.key, 'wrap'), Buffer.from(wrapped, 'base64'), name);
}
