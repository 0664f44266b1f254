// A file of secrets under a passphrase: scrypt makes the key, AES-256-GCM seals all values together, every write
// replaces the file atomically. A wrong passphrase, a changed byte and a cut file all fail the same way.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { OutpostError } from '#shared/kernel/errors.ts';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';
import type { SecretStore } from '#main/secrets/secret-store.ts';

/** 64 MiB and about a quarter of a second: what one guess costs. */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const VERSION = 1;
export const MIN_PASSPHRASE_LENGTH = 8;

interface VaultFile {
  readonly version: number;
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: string;
  readonly nonce: string;
  readonly tag: string;
  readonly body: string;
}

function deriveKey(passphrase: string, salt: Buffer, cost: VaultFile['cost']): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, { ...cost, maxmem: COST.maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function wrongPassphrase(cause?: unknown): OutpostError {
  return new OutpostError(
    'wrong_passphrase',
    'This passphrase does not open the keys on this computer.',
    {},
    { cause },
  );
}

function readVaultFile(path: string): VaultFile {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as VaultFile;
    const { N, r, p } = file.cost;
    // A changed file may not make this computer work for hours.
    if (file.version === VERSION && N <= 2 ** 17 && r <= 16 && p <= 4) return file;
  } catch (error) {
    throw wrongPassphrase(error);
  }
  throw wrongPassphrase();
}

export function hasVault(path: string): boolean {
  return existsSync(path);
}

/** Opens the vault, or creates it when there is none. Throws `wrong_passphrase`, `invalid` when a new one is too short. */
export async function openVault(path: string, passphrase: string): Promise<SecretStore> {
  let values: Record<string, string> = {};
  let salt: Buffer = randomBytes(16);
  let key: Buffer;
  if (hasVault(path)) {
    const file = readVaultFile(path);
    salt = Buffer.from(file.salt, 'base64');
    key = await deriveKey(passphrase, salt, file.cost);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.nonce, 'base64')).setAAD(salt);
      decipher.setAuthTag(Buffer.from(file.tag, 'base64'));
      const text = Buffer.concat([decipher.update(Buffer.from(file.body, 'base64')), decipher.final()]).toString(
        'utf8',
      );
      values = JSON.parse(text) as Record<string, string>;
    } catch (error) {
      throw wrongPassphrase(error);
    }
  } else {
    if (passphrase.length < MIN_PASSPHRASE_LENGTH) {
      throw new OutpostError('invalid', `Choose a passphrase of at least ${MIN_PASSPHRASE_LENGTH} characters.`, {
        least: MIN_PASSPHRASE_LENGTH,
      });
    }
    key = await deriveKey(passphrase, salt, COST);
    save();
  }

  function save(): void {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(salt);
    const body = Buffer.concat([cipher.update(JSON.stringify(values), 'utf8'), cipher.final()]);
    const file: VaultFile = {
      version: VERSION,
      cost: { N: COST.N, r: COST.r, p: COST.p },
      salt: salt.toString('base64'),
      nonce: nonce.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      body: body.toString('base64'),
    };
    writeFileAtomically(path, JSON.stringify(file));
  }

  return {
    backend: 'passphrase',
    get: (name) => Promise.resolve(values[name] ?? null),
    set: (name, value) => {
      values = { ...values, [name]: value };
      save();
      return Promise.resolve();
    },
    delete: (name) => {
      const { [name]: _gone, ...rest } = values;
      values = rest;
      save();
      return Promise.resolve();
    },
  };
}
