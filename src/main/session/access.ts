// The short-lived access token, in memory only, and its renewal. One refresh runs at a time; the new refresh token is
// in the secret store before the new access token is used, so that a crash never leaves only a used one.
import { OutpostError, toOutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { SecretName, SecretStore } from '#main/secrets/secret-store.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

export interface Access {
  /** A token that is valid for at least some seconds. Throws `not_signed_in` and what the server answers. */
  token(): Promise<string>;
  /** Runs a call; when the token turns out to be refused, renews it once and runs it again. */
  run<Value>(work: (token: string) => Promise<Value>): Promise<Value>;
  /** Asks for a new token now; brings the present rights with it. */
  renew(): Promise<void>;
}

interface AccessOptions {
  readonly serverUrl: string;
  readonly deviceId: string;
  readonly secretName: SecretName;
  readonly secrets: SecretStore;
  readonly client: Pick<ServerClient, 'refresh'>;
  readonly clock: Clock;
  /** Known at sign-in, null after a start. */
  readonly grant: SessionGrant | null;
  /** Every refresh tells who the user is now. */
  readonly onGrant: (grant: SessionGrant) => void;
}

/** Renewed when less than this is left. */
const MARGIN_MS = 30_000;

export function createAccess(options: AccessOptions): Access {
  let current: { readonly token: string; readonly untilMs: number } | null = null;
  let running: Promise<void> | null = null;

  function keep(grant: SessionGrant): void {
    current = { token: grant.accessToken, untilMs: options.clock.now() + grant.accessExpiresInSeconds * 1000 };
  }
  if (options.grant !== null) keep(options.grant);

  async function exchange(): Promise<void> {
    const refreshToken = await options.secrets.get(options.secretName);
    if (refreshToken === null)
      throw new OutpostError('not_signed_in', 'Sign in to continue. Your work on this computer is kept.');
    const grant = await options.client.refresh(options.serverUrl, { refreshToken, deviceId: options.deviceId });
    await options.secrets.set(options.secretName, grant.refreshToken);
    keep(grant);
    options.onGrant(grant);
  }

  function renew(): Promise<void> {
    running ??= exchange().finally(() => {
      running = null;
    });
    return running;
  }

  async function token(): Promise<string> {
    if (current === null || current.untilMs - options.clock.now() < MARGIN_MS) await renew();
    if (current === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return current.token;
  }

  return {
    token,
    renew,
    async run(work) {
      const used = await token();
      try {
        return await work(used);
      } catch (error) {
        const { code } = toOutpostError(error);
        if (code !== 'session_expired' && code !== 'not_signed_in') throw error;
        // Somebody else may have renewed it meanwhile.
        if (current?.token === used) await renew();
        return work(await token());
      }
    },
  };
}
