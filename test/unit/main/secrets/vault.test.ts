import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSafeStorageCandidate, type SafeStorage } from '#main/secrets/safe-storage-store.ts';
import { chooseSecretStore, type Candidate, type SecretStore } from '#main/secrets/secret-store.ts';
import { openSecrets } from '#main/secrets/open-secrets.ts';
import { openVault } from '#main/secrets/vault.ts';

const passphrase = 'correct horse battery';

describe('keys at rest', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'outpost-vault-'));
    file = path.join(directory, 'secrets.vault');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('D10 a vault opens with its passphrase alone, after a restart as well', async () => {
    const vault = await openVault(file, passphrase);
    await vault.set('refresh-token:p1', 'SECRET-CANARY');
    await vault.set('profile-key:p1', 'k');
    await vault.delete('profile-key:p1');
    const again = await openVault(file, passphrase);
    expect([await again.get('refresh-token:p1'), await again.get('profile-key:p1')]).toEqual(['SECRET-CANARY', null]);
    await expect(openVault(file, 'correct horse batterz')).rejects.toMatchObject({ code: 'wrong_passphrase' });
    expect(readFileSync(file, 'latin1')).not.toContain('SECRET-CANARY');
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('D10 a changed vault is refused like a wrong passphrase, and a short passphrase is not taken', async () => {
    await openVault(file, passphrase);
    const text = readFileSync(file, 'utf8');
    const { body } = JSON.parse(text) as { body: string };
    writeFileSync(file, text.replace(body, Buffer.from('{"a":1}').toString('base64')));
    await expect(openVault(file, passphrase)).rejects.toMatchObject({ code: 'wrong_passphrase' });
    writeFileSync(file, text.replace('"N":65536', '"N":1073741824'));
    await expect(openVault(file, passphrase)).rejects.toMatchObject({ code: 'wrong_passphrase' });
    await expect(openVault(path.join(directory, 'other'), 'short')).rejects.toMatchObject({ code: 'invalid' });
  });

  function memory(change: (value: string) => string = (value) => value): SecretStore {
    const values = new Map<string, string>();
    return {
      backend: 'keychain',
      get: (name) => Promise.resolve(values.get(name) ?? null),
      set: (name, value) => Promise.resolve(void values.set(name, change(value))),
      delete: (name) => Promise.resolve(void values.delete(name)),
    };
  }

  it('D10 a place is chosen only when a value comes back from it in time', async () => {
    const candidates: Candidate[] = [
      { name: 'throws', open: () => Promise.reject(new Error('no service')) },
      { name: 'hangs', open: () => new Promise(() => undefined) },
      { name: 'lies', open: () => Promise.resolve(memory(() => 'other')) },
      { name: 'absent', open: () => Promise.resolve(null) },
      { name: 'works', open: () => Promise.resolve(memory()) },
    ];
    const { store, reasons } = await chooseSecretStore(candidates, 50);
    expect(store?.backend).toBe('keychain');
    expect(reasons.map((reason) => reason.split(':')[0])).toEqual(['throws', 'hangs', 'lies', 'absent']);
    expect((await chooseSecretStore(candidates.slice(0, 4), 50)).store).toBeNull();
  });

  it('D10 keys that are in one place are looked for there alone, and asked for again there', async () => {
    let isAnswering = false;
    const keychain: Candidate = {
      name: 'keychain',
      open: () => (isAnswering ? Promise.resolve(memory()) : Promise.reject(new Error('locked'))),
    };
    const other: Candidate = { name: 'safeStorage', open: () => Promise.resolve(memory()) };
    expect((await openSecrets([keychain, other], null, false)).store).not.toBeNull();
    const opened = await openSecrets([keychain, other], 'keychain', false);
    expect([opened.store, opened.reasons]).toEqual([null, ['keychain: locked']]);
    expect(await opened.retry?.()).toBeNull();
    isAnswering = true;
    expect((await opened.retry?.())?.backend).toBe('keychain');
    expect((await openSecrets([keychain, other], 'keychain', false)).retry).toBeNull();
    expect((await openSecrets([keychain, other], 'keychain', true)).store).toBeNull();
    expect((await openSecrets([keychain, other], 'passphrase', false)).store).not.toBeNull();
  });

  it('D10 safeStorage that protects nothing is not used', async () => {
    const reversed: SafeStorage = {
      isAsyncEncryptionAvailable: () => Promise.resolve(true),
      encryptStringAsync: (text) => Promise.resolve(Buffer.from(Array.from(text).toReversed().join(''))),
      decryptStringAsync: (sealed) =>
        Promise.resolve({ result: Array.from(sealed.toString()).toReversed().join(''), shouldReEncrypt: false }),
      getSelectedStorageBackend: () => 'gnome_libsecret',
    };
    const place = path.join(directory, 'secrets.json');
    for (const backend of ['basic_text', 'unknown']) {
      const weak = { ...reversed, getSelectedStorageBackend: () => backend };
      expect(await createSafeStorageCandidate(weak, place, 'linux').open()).toBeNull();
    }
    const { store } = await chooseSecretStore([createSafeStorageCandidate(reversed, place, 'linux')]);
    await store?.set('refresh-token:p1', 'abc');
    expect(await store?.get('refresh-token:p1')).toBe('abc');
    expect(readFileSync(place, 'utf8')).not.toContain('abc');
  });
});
