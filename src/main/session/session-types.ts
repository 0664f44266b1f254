// What the session of this computer needs, and what can be done with it.
import type { ChannelInput } from '#shared/ipc/contract.ts';
import type { SessionState } from '#shared/ipc/session-state.ts';
import type { DemoGrant } from '#shared/sync/messages.ts';
import type { Admission, Proof, TotpSetup } from '#shared/sync/sign-in-messages.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';
import type { SecretStore } from '#main/secrets/secret-store.ts';
import type { SignInPlace } from '#main/session/owed-sign-in.ts';
import type { ActiveProfile, ProfileDeps } from '#main/session/active-profile.ts';

export interface SessionDeps extends ProfileDeps {
  /** The store that was chosen at start; null when only a vault with a passphrase can be used, or keys are away. */
  readonly secrets: SecretStore | null;
  /** The keys are in a place that does not answer: asks it again. Null when they are not. */
  readonly retrySecrets: (() => Promise<SecretStore | null>) | null;
  readonly vault: { readonly exists: () => boolean; open(passphrase: string): Promise<SecretStore> };
  /** Address of the server that can found the demo company, once it answers. Throws why there is none. */
  readonly openDemoServer: () => Promise<string>;
  /** The profile is open: the data host and the engine may use it. */
  readonly onOpened: (profile: ActiveProfile) => Promise<void>;
  /** A profile leaves this computer, open or not; before it closes. */
  readonly onLeaving: (profileId: string) => Promise<void>;
  /** Before it closes. */
  readonly onClosing: (profile: ActiveProfile) => Promise<void>;
  /** The local database of the windows goes, whether or not the profile is open. */
  readonly wipeDatabase: (profileId: string) => Promise<void>;
  /** Rights or name changed with a refresh. */
  readonly onActorChanged: (profile: ActiveProfile) => void;
  readonly onChanged: (state: SessionState) => void;
  readonly scheduler: Scheduler;
  readonly log: (message: string, error?: unknown) => void;
}

export interface Session {
  readonly state: () => SessionState;
  readonly active: () => ActiveProfile | null;
  readonly backend: () => string;
  /** Where keys are kept. Throws `keychain_unavailable` while they cannot be read. */
  readonly secrets: () => SecretStore;
  /** Opens what was open last time. */
  start(passphrase: string | null): Promise<void>;
  unlock(passphrase: string): Promise<SessionState>;
  /** Asks the place of the keys again. Throws `keychain_unavailable`. */
  retrySecrets(): Promise<SessionState>;
  checkServer(serverUrl: string): Promise<{ readonly name: string; readonly version: string }>;
  startDemo(): Promise<DemoGrant & { readonly serverUrl: string }>;
  signIn(input: ChannelInput<'session.signIn'>): Promise<SessionState>;
  /** As what this computer signs in somebody of this address. */
  deviceFor(serverUrl: string, email: string): { readonly deviceId: string; readonly deviceName: string };
  /** Opens the profile of who was let in by whatever way, or asks for what is owed. */
  take(by: SignInPlace, admission: Admission): Promise<SessionState>;
  /** Throws `challenge_over` when nothing is. */
  owed(): { readonly serverUrl: string; readonly deviceId: string; readonly challenge: string };
  /** What is owed after a first proof of identity. */
  answer(proof: Proof): Promise<SessionState>;
  beginTotp(): Promise<TotpSetup>;
  dropChallenge(): Promise<SessionState>;
  /** Covers the screens until the password is entered. */
  lock(): SessionState;
  /** Throws `wrong_credentials`; the tenth time the session ends on this computer. */
  uncover(password: string): Promise<SessionState>;
  /** Signs in with what somebody proved elsewhere; `prove` is asked when no other change of the session is under way. */
  enter(
    place: Omit<SignInPlace, 'deviceId'>,
    prove: (device: { readonly deviceId: string; readonly deviceName: string }) => Promise<Admission>,
  ): Promise<SessionState>;
  signOut(unsent: 'keep' | 'discard'): Promise<SessionState>;
  /** Looks at the clocks; a lease that ended locks the profile. */
  checkLease(): Promise<void>;
  /** Meets the server, to open a profile whose lease ended. Throws what stands in the way. */
  meetServer(): Promise<SessionState>;
  /** The server's word about this session, met anywhere: ends it or wipes it when it says so. */
  noteRefusal(error: unknown): Promise<void>;
  close(): Promise<void>;
}
