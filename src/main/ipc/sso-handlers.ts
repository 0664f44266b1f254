// Channels about signing in with providers: one line each, the work is elsewhere.
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { SignInElsewhere } from '#main/session/sign-in-elsewhere.ts';
import type { SsoClient } from '#main/sync/sso-client.ts';

type SsoHandlers = Pick<
  Handlers,
  | 'session.ways'
  | 'session.signInByBrowser'
  | 'session.signInByDirectory'
  | 'session.cancelBrowser'
  | 'sso.overview'
  | 'sso.save'
  | 'sso.readMetadata'
  | 'sso.remove'
  | 'sso.try'
  | 'sso.tryDirectory'
  | 'sso.addDomain'
  | 'sso.verifyDomain'
  | 'sso.removeDomain'
  | 'sso.switchPassword'
  | 'sso.chooseBreakGlass'
>;

export function createSsoHandlers(
  elsewhere: SignInElsewhere,
  requireActive: () => ActiveProfile,
  client: SsoClient,
): SsoHandlers {
  function ask<Value>(work: (serverUrl: string, token: string) => Promise<Value>): Promise<Value> {
    const { account, access } = requireActive();
    return access.run((token) => work(account.serverUrl, token));
  }
  return {
    'session.ways': ({ serverUrl, email }) => elsewhere.ways(serverUrl, email),
    'session.signInByBrowser': (place) => elsewhere.byBrowser(place),
    'session.signInByDirectory': ({ password, ...place }) => elsewhere.byDirectory(place, password),
    'session.cancelBrowser': () => {
      elsewhere.cancel();
      return null;
    },
    'sso.overview': () => ask((url, token) => client.readSetup(url, token)),
    'sso.save': ({ id, input }) => ask((url, token) => client.saveProvider(url, token, id, input)),
    'sso.readMetadata': ({ asked }) => ask((url, token) => client.readMetadata(url, token, asked)),
    'sso.remove': ({ id }) => ask((url, token) => client.removeProvider(url, token, id)),
    'sso.try': ({ id }) => elsewhere.tryProvider(requireActive(), id),
    'sso.tryDirectory': ({ id, email, password }) =>
      ask((url, token) => client.tryDirectory(url, token, id, { email, password })),
    'sso.addDomain': ({ domain }) => ask((url, token) => client.addDomain(url, token, domain)),
    'sso.verifyDomain': ({ domain }) => ask((url, token) => client.verifyDomain(url, token, domain)),
    'sso.removeDomain': ({ domain }) => ask((url, token) => client.removeDomain(url, token, domain)),
    'sso.switchPassword': ({ domain, passwordOff }) =>
      ask((url, token) => client.switchPassword(url, token, domain, passwordOff)),
    'sso.chooseBreakGlass': ({ userId }) => ask((url, token) => client.chooseBreakGlass(url, token, userId)),
  };
}
