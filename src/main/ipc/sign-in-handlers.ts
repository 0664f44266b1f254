// Channels about getting in, the factors of the user and the lock: one line each, the work is elsewhere.
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { PasskeySteps } from '#main/session/passkey-steps.ts';
import type { Session } from '#main/session/session-types.ts';
import type { DoorClient } from '#main/sync/door-client.ts';
import { normalizeServerUrl } from '#main/sync/server-url.ts';

type SignInHandlers = Pick<
  Handlers,
  | 'session.answer'
  | 'session.beginTotp'
  | 'session.dropChallenge'
  | 'session.askReset'
  | 'session.noteActivity'
  | 'session.lock'
  | 'session.uncover'
  | 'session.enterByPasskey'
  | 'session.answerByPasskey'
  | 'session.cancelPasskey'
  | 'factors.addPasskey'
  | 'factors.proveByPasskey'
  | 'factors.own'
  | 'factors.prove'
  | 'factors.beginTotp'
  | 'factors.confirmTotp'
  | 'factors.remove'
  | 'factors.renewCodes'
  | 'factors.signIns'
  | 'users.signIns'
  | 'users.takeFactorsAway'
>;

export function createSignInHandlers(
  session: Session,
  passkeys: PasskeySteps,
  requireActive: () => ActiveProfile,
  door: DoorClient,
): SignInHandlers {
  function ask<Value>(work: (serverUrl: string, token: string) => Promise<Value>): Promise<Value> {
    const { account, access } = requireActive();
    return access.run((token) => work(account.serverUrl, token));
  }
  async function tell(work: (serverUrl: string, token: string) => Promise<void>): Promise<null> {
    await ask(work);
    return null;
  }
  return {
    'session.answer': ({ proof }) => session.answer(proof),
    'session.beginTotp': () => session.beginTotp(),
    'session.dropChallenge': () => session.dropChallenge(),
    'session.askReset': async ({ serverUrl, email }) => {
      await door.askReset(normalizeServerUrl(serverUrl), email.trim());
      return null;
    },
    'session.noteActivity': () => {
      session.active()?.idle.noteActivity();
      return null;
    },
    'session.lock': () => session.lock(),
    'session.uncover': ({ password }) => session.uncover(password),
    'session.enterByPasskey': ({ serverUrl, email }) => passkeys.enter(serverUrl, email),
    'session.answerByPasskey': () => passkeys.answer(),
    'session.cancelPasskey': () => {
      passkeys.cancel();
      return null;
    },
    'factors.addPasskey': () => passkeys.add(requireActive()),
    'factors.proveByPasskey': async () => {
      await passkeys.prove(requireActive());
      return null;
    },
    'factors.own': () => ask((url, token) => door.readFactors(url, token)),
    'factors.prove': (shown) => tell((url, token) => door.prove(url, token, shown)),
    'factors.beginTotp': () => ask((url, token) => door.beginTotp(url, token)),
    'factors.confirmTotp': ({ code }) => ask((url, token) => door.confirmTotp(url, token, code)),
    'factors.remove': ({ id }) => tell((url, token) => door.removeFactor(url, token, id)),
    'factors.renewCodes': () => ask((url, token) => door.renewRecoveryCodes(url, token)),
    'factors.signIns': () => ask((url, token) => door.readSignIns(url, token)),
    'users.signIns': ({ userId }) => ask((url, token) => door.readSignInsOf(url, token, userId)),
    'users.takeFactorsAway': ({ userId }) => tell((url, token) => door.takeFactorsAway(url, token, userId)),
  };
}
