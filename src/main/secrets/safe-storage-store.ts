// The application's own key in the operating system's care (Electron safeStorage), values in one file of ours. Refused
// where Electron admits that nothing protects: `basic_text` and `unknown` are a key in the program's own source.
import { existsSync, readFileSync } from 'node:fs';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';
import type { Candidate, SecretStore } from '#main/secrets/secret-store.ts';

/** The slice of Electron's safeStorage that is used. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(plainText: string): Promise<Buffer>;
  decryptStringAsync(encrypted: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
  getSelectedStorageBackend(): string;
}

const unprotected = new Set(['basic_text', 'unknown']);

export function createSafeStorageCandidate(safeStorage: SafeStorage, path: string, platform: string): Candidate {
  return {
    name: 'safeStorage',
    async open() {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return null;
      if (platform === 'linux' && unprotected.has(safeStorage.getSelectedStorageBackend())) return null;
      const read = (): Record<string, string> =>
        existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
      const store: SecretStore = {
        backend: 'safeStorage',
        async get(name) {
          const sealed = read()[name];
          if (sealed === undefined) return null;
          return (await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result;
        },
        async set(name, value) {
          const sealed = await safeStorage.encryptStringAsync(value);
          writeFileAtomically(path, JSON.stringify({ ...read(), [name]: sealed.toString('base64') }));
        },
        delete(name) {
          const { [name]: _gone, ...rest } = read();
          writeFileAtomically(path, JSON.stringify(rest));
          return Promise.resolve();
        },
      };
      return store;
    },
  };
}
