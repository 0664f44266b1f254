// safeStorage: AES-256-GCM under a key in a file only the user may read. It protects against other users of the
// machine and nothing else, so the backend is reported as 'basic_text', which the app must not take for a keychain.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type Electron from 'electron';
import { createStrict } from '../unavailable.ts';
import { findPath } from './app-paths.ts';

const version = Buffer.from('h10');
const nonceBytes = 12;
const tagBytes = 16;

function readKey(): Buffer {
  const folder = findPath('userData');
  const file = path.join(folder, 'safe-storage.key');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file);
}

function encrypt(text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', readKey(), nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([version, nonce, cipher.getAuthTag(), body]);
}

function decrypt(encrypted: Buffer): string {
  const start = version.length + nonceBytes + tagBytes;
  if (encrypted.length < start || !encrypted.subarray(0, version.length).equals(version)) {
    throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
  }
  const decipher = createDecipheriv(
    'aes-256-gcm',
    readKey(),
    encrypted.subarray(version.length, version.length + nonceBytes),
  );
  decipher.setAuthTag(encrypted.subarray(version.length + nonceBytes, start));
  return Buffer.concat([decipher.update(encrypted.subarray(start)), decipher.final()]).toString('utf8');
}

const members: Omit<Electron.SafeStorage, 'setUsePlainTextEncryption'> = {
  isEncryptionAvailable: () => true,
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  encryptString: encrypt,
  decryptString: decrypt,
  encryptStringAsync: async (text) => encrypt(text),
  decryptStringAsync: async (encrypted) => ({ result: decrypt(encrypted), shouldReEncrypt: false }),
  getSelectedStorageBackend: () => 'basic_text',
};
export const safeStorage = createStrict('safeStorage', members);
