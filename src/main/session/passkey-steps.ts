// Passkeys as the windows ask for them: signing in with one, answering with one, adding one, showing with one who one is. One visit of the browser at a time:
// a new one, or going back, ends the one before.
import { createHash, randomBytes } from 'node:crypto';
import type { SessionState } from '#shared/ipc/session-state.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import { visitPasskeyPage, type PasskeyVisit } from '#main/session/passkey-visit.ts';
import type { Session } from '#main/session/session-types.ts';
import type { DoorClient } from '#main/sync/door-client.ts';
import { normalizeServerUrl } from '#main/sync/server-url.ts';
import type { RecoveryCodes } from '#shared/sync/sign-in-messages.ts';

export interface PasskeySteps {
  /** The address says which profile of this computer is meant; it may be empty. */
  enter(serverUrl: string, email: string): Promise<SessionState>;
  answer(): Promise<SessionState>;
  /** Recovery codes with the first factor. Whoever cancels has none afterwards, whatever the page still does. */
  add(profile: ActiveProfile): Promise<RecoveryCodes>;
  /** For ten minutes factors can be changed. */
  prove(profile: ActiveProfile): Promise<void>;
  cancel(): void;
}

export interface PasskeyStepDeps {
  readonly door: DoorClient;
  readonly session: Pick<Session, 'deviceFor' | 'take' | 'owed' | 'answer'>;
  readonly openExternal: (url: string) => Promise<void>;
}

export function createPasskeySteps({ door, session, openExternal }: PasskeyStepDeps): PasskeySteps {
  let running: AbortController | null = null;

  async function visit(begin: PasskeyVisit['begin']): Promise<string> {
    running?.abort();
    const own = new AbortController();
    running = own;
    try {
      return await visitPasskeyPage({ begin, openExternal, signal: own.signal });
    } finally {
      if (running === own) running = null;
    }
  }

  return {
    async enter(typed, email) {
      const serverUrl = normalizeServerUrl(typed);
      const { deviceId, deviceName } = session.deviceFor(serverUrl, email.trim());
      const verifier = randomBytes(32).toString('base64url');
      const verifierHash = createHash('sha256').update(verifier).digest('base64url');
      const challenge = await visit((back) =>
        door.beginPasskeySignIn(serverUrl, { deviceId, deviceName, verifierHash, back }),
      );
      const proof = { kind: 'page', code: verifier } as const;
      const admission = await door.answer(serverUrl, { challenge, deviceId, proof });
      return session.take({ serverUrl, email: email.trim(), deviceId, password: null }, admission);
    },
    async answer() {
      const { serverUrl, challenge, deviceId } = session.owed();
      const code = await visit((back) => door.beginPasskeyAnswer(serverUrl, { challenge, deviceId, back }));
      return session.answer({ kind: 'page', code });
    },
    async add({ account: { serverUrl }, access }) {
      const pageCode = await visit((back) => access.run((token) => door.beginPasskey(serverUrl, token, back)));
      return access.run((token) => door.keepPasskey(serverUrl, token, pageCode));
    },
    async prove({ account: { serverUrl }, access }) {
      const pageCode = await visit((back) => access.run((token) => door.beginPasskeyProof(serverUrl, token, back)));
      await access.run((token) => door.prove(serverUrl, token, { pageCode }));
    },
    cancel() {
      running?.abort();
      running = null;
    },
  };
}
