// What goes from this computer when somebody leaves it: secrets first, then everything they open.
import { Type } from 'typebox';
import type { OutpostError } from '#shared/kernel/errors.ts';
import type { Account } from '#main/profile/profiles.ts';
import type { SecretName, SecretStore } from '#main/secrets/secret-store.ts';
import type { SessionDeps } from '#main/session/session-types.ts';

export interface LeavingDeps extends Pick<SessionDeps, 'onLeaving' | 'wipeDatabase' | 'profiles' | 'client' | 'log'> {
  readonly requireSecrets: () => SecretStore;
  /** Closes the profile that is open, if there is one. */
  readonly close: () => Promise<void>;
}

export function createLeaving(deps: LeavingDeps) {
  /** A keychain that does not answer keeps nobody signed in and no data on the disk. */
  async function forget(name: SecretName): Promise<void> {
    try {
      await deps.requireSecrets().delete(name);
    } catch (error) {
      deps.log('a secret could not be deleted', error);
    }
  }

  /** What others keep in the same place goes as well. */
  async function leave(profileId: string): Promise<void> {
    try {
      await deps.onLeaving(profileId);
    } catch (error) {
      deps.log('secrets could not be deleted', error);
    }
  }

  /** Destroys the key first: what stays on the disk for whatever reason can then not be read. */
  async function erase(account: Account): Promise<void> {
    await forget(`profile-key:${account.profileId}`);
    await leave(account.profileId);
    await forget(`refresh-token:${account.profileId}`);
    await deps.close();
    await deps.wipeDatabase(account.profileId);
    deps.profiles.erase(account.profileId);
  }

  /** Erases it, and says so with the receipt that came with the order. */
  async function obeyWipe(account: Account, order: OutpostError): Promise<void> {
    await erase(account);
    const { receipt } = order.details;
    if (order.code !== 'device_wiped' || typeof receipt !== 'string') return;
    try {
      const question = {
        method: 'POST',
        path: '/api/v1/auth/wiped',
        schema: Type.Unknown(),
        body: { receipt },
      } as const;
      await deps.client.ask(account.serverUrl, null, question);
    } catch (error) {
      // What matters is done; there it stands as told, and not as confirmed.
      deps.log('the server could not be told that this computer is erased', error);
    }
  }

  return { forget, erase, obeyWipe };
}
