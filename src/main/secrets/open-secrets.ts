// Which place of keys a start uses. Keys that are somewhere are looked for there alone: a keychain that is locked, or
// slow because it waits for its own password, must not lead to new keys in another place, under which everything that
// was kept here can no longer be read.
import { chooseSecretStore, type Candidate, type SecretStore } from '#main/secrets/secret-store.ts';

/** A person who was asked by the system to unlock the keychain needs time to type. */
const RETRY_LIMIT_MS = 60_000;

export interface OpenedSecrets {
  /** Null: a passphrase is needed, or the place of the keys does not answer. */
  readonly store: SecretStore | null;
  /** Why places were not taken, for the log. */
  readonly reasons: readonly string[];
  /** When keys are in a place that does not answer: asks it again. */
  readonly retry: (() => Promise<SecretStore | null>) | null;
}

export async function openSecrets(
  candidates: readonly Candidate[],
  keysIn: SecretStore['backend'] | null,
  hasVault: boolean,
): Promise<OpenedSecrets> {
  if (hasVault) return { store: null, reasons: [], retry: null };
  const holders = candidates.filter(({ name }) => name === keysIn);
  if (holders.length === 0) return { ...(await chooseSecretStore(candidates)), retry: null };
  const choice = await chooseSecretStore(holders);
  const retry = async (): Promise<SecretStore | null> => (await chooseSecretStore(holders, RETRY_LIMIT_MS)).store;
  return { ...choice, retry: choice.store === null ? retry : null };
}
