// Signing in with a provider of the organization, as the first window and an administrator's test ask for it. One visit of the
// browser at a time: a new one, or going back, ends the one before.
import type { SessionState } from '#shared/ipc/session-state.ts';
import type { AddressWays, SsoTrial } from '#shared/sync/sso-messages.ts';
import { visitBrowser, type BrowserReturn, type BrowserVisit, type ReturnWords } from '#main/session/browser-return.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { Session } from '#main/session/session-types.ts';
import { normalizeServerUrl } from '#main/sync/server-url.ts';
import type { SsoClient } from '#main/sync/sso-client.ts';

export interface SignInElsewhere {
  ways(serverUrl: string, email: string): Promise<AddressWays>;
  byBrowser(place: {
    readonly serverUrl: string;
    readonly email: string;
    readonly providerId: string;
  }): Promise<SessionState>;
  byDirectory(
    place: { readonly serverUrl: string; readonly email: string; readonly providerId: string },
    password: string,
  ): Promise<SessionState>;
  /** For an administrator: what the provider says of whoever signs in there now. */
  tryProvider(profile: ActiveProfile, providerId: string): Promise<SsoTrial>;
  cancel(): void;
}

export interface SignInElsewhereDeps {
  readonly client: SsoClient;
  readonly session: Pick<Session, 'enter'>;
  readonly openExternal: (url: string) => Promise<void>;
  readonly words: () => ReturnWords;
}

export function createSignInElsewhere({ client, session, openExternal, words }: SignInElsewhereDeps): SignInElsewhere {
  let running: AbortController | null = null;

  async function visit(serverUrl: string, begin: BrowserVisit['begin']): Promise<BrowserReturn> {
    running?.abort();
    const own = new AbortController();
    running = own;
    try {
      return await visitBrowser({ serverUrl, begin, openExternal, words, signal: own.signal });
    } finally {
      if (running === own) running = null;
    }
  }

  return {
    ways: (typed, email) => client.readWays(normalizeServerUrl(typed), email.trim()),
    async byBrowser({ serverUrl: typed, email, providerId }) {
      const serverUrl = normalizeServerUrl(typed);
      const asked = { email: email.trim(), providerId };
      // Nobody waits in turn for a person at a provider.
      const back = await visit(serverUrl, (place) => client.begin(serverUrl, { ...asked, ...place }));
      return session.enter({ serverUrl, email: asked.email, password: null }, (device) =>
        client.finish(serverUrl, { ...back, ...device }),
      );
    },
    byDirectory({ serverUrl: typed, email, providerId }, password) {
      const serverUrl = normalizeServerUrl(typed);
      const asked = { email: email.trim(), providerId, password };
      return session.enter({ serverUrl, email: asked.email, password }, (device) =>
        client.signInWithDirectory(serverUrl, { ...asked, ...device }),
      );
    },
    async tryProvider({ account, access }, providerId) {
      const { serverUrl } = account;
      const back = await visit(serverUrl, (place) =>
        access.run((token) => client.beginTrial(serverUrl, token, providerId, place)),
      );
      return access.run((token) => client.finishTrial(serverUrl, token, back));
    },
    cancel() {
      running?.abort();
      running = null;
    },
  };
}
