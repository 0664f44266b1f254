// The keychain of the operating system, through keytar. Optional: where the module or the service behind it is missing,
// opening or the probe fails and another place is chosen.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Candidate, SecretStore } from '#main/secrets/secret-store.ts';

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
      const account = (name: string): string => `${installation}/${name}`;
      const store: SecretStore = {
        backend: 'keychain',
        get: (name) => ask(keytar.getPassword(SERVICE, account(name))),
        set: (name, value) => ask(keytar.setPassword(SERVICE, account(name), value)),
        delete: async (name) => {
          await ask(keytar.deletePassword(SERVICE, account(name)));
        },
      };
      return store;
    },
  };
}
