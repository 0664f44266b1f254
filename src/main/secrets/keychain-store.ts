// The keychain of the operating system, through keytar. Optional: where the module or the service behind it is missing,
// opening or the probe fails and another place is chosen.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Candidate, SecretName, SecretStore } from '#main/secrets/secret-store.ts';

const SERVICE = 'Outpost';

interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** A keychain that was chosen and does not answer any more is no empty one. */
async function ask<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw new OutpostError(
      'keychain_unavailable',
      'The keychain of this computer does not answer.',
      {},
      { cause: error },
    );
  }
}

/** `installation` keeps several data directories of one person apart. */
export function createKeychainCandidate(installation: string): Candidate {
  return {
    name: 'keychain',
    async open() {
      const loaded = (await import('@github/keytar')) as unknown as Keytar & { readonly default?: Keytar };
      const keytar = loaded.default ?? loaded;
      const account = (name: SecretName): string => `${installation}/${name}`;
      const read = (name: SecretName): Promise<string | null> => ask(keytar.getPassword(SERVICE, account(name)));
      const remove = (name: SecretName): Promise<boolean> => ask(keytar.deletePassword(SERVICE, account(name)));
      const write = (name: SecretName, value: string): Promise<void> =>
        ask(keytar.setPassword(SERVICE, account(name), value));
      /** A locked keychain says that there is nothing; it cannot keep anything, and says that. */
      const assertUnlocked = async (): Promise<void> => {
        await write('probe', 'is it unlocked');
        await remove('probe');
      };
      const store: SecretStore = {
        backend: 'keychain',
        async get(name) {
          const value = await read(name);
          if (value !== null) return value;
          await assertUnlocked();
          return read(name);
        },
        set: write,
        async delete(name) {
          if (await remove(name)) return;
          await assertUnlocked();
          await remove(name);
        },
      };
      return store;
    },
  };
}
