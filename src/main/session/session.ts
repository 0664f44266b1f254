// Who is signed in on this computer, and everything that changes it. A start without a network stays signed in; the
// end of a session at the server keeps what is unsent, sealed; a deactivated account is wiped. One change at a time.
import { hostname } from 'node:os';
import { Type } from 'typebox';
import type { ChannelInput } from '#shared/ipc/contract.ts';
import type { SessionState } from '#shared/ipc/session-state.ts';
import { readFeatureRules } from '#shared/platform/features.ts';
import { OutpostError, toErrorData, toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import type {
  DemoGrant,
  MaskingAudit,
  OneTimePassword,
  RevealRequest,
  SessionGrant,
  SessionList,
  SignInWays,
} from '#shared/sync/messages.ts';
import { isChallenge, type Admission, type Proof, type TotpSetup } from '#shared/sync/sign-in-messages.ts';
import type { ErasureDone, PersonExport, PersonPlace } from '#shared/sync/privacy-messages.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';
import type { LeaseEnd } from '#shared/sync/lease.ts';
import { profileIdOf, type Account } from '#main/profile/profiles.ts';
import type { SecretName, SecretStore } from '#main/secrets/secret-store.ts';
import { describeOwed, requireOwed, type OwedSignIn, type SignInPlace } from '#main/session/owed-sign-in.ts';
import { openActiveProfile, type ActiveProfile, type ProfileDeps } from '#main/session/active-profile.ts';
import { normalizeServerUrl } from '#main/sync/server-url.ts';

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
  listSessions(): Promise<SessionList>;
  endSession(sessionId: string): Promise<void>;
  listSignInWays(): Promise<SignInWays>;
  giveOneTimePassword(userId: string): Promise<OneTimePassword>;
  exportPerson(place: PersonPlace): Promise<PersonExport>;
  erasePerson(place: PersonPlace): Promise<ErasureDone>;
  /** One masked value, from the server; kept nowhere. */
  revealField(request: RevealRequest): Promise<{ readonly value: unknown }>;
  readMaskingAudit(): Promise<MaskingAudit>;
  /** The server's word about this session, met anywhere: ends it or wipes it when it says so. */
  noteRefusal(error: unknown): Promise<void>;
  close(): Promise<void>;
}

/** How often the clocks are looked at while a profile is open. */
const LEASE_LOOK_MS = 60_000;
const IDLE_LOOK_MS = 5_000;

const endings = new Set(['session_expired', 'session_revoked', 'refresh_reused', 'not_signed_in']);

export function createSession(deps: SessionDeps): Session {
  let secrets = deps.secrets;
  let active: ActiveProfile | null = null;
  /** A profile that is open and not shown, because its lease ended. */
  let held: ActiveProfile | null = null;
  let look: { cancel(): void } | null = null;
  let state: SessionState = { status: 'firstRun' };
  let queue: Promise<unknown> = Promise.resolve();
  let owed: OwedSignIn | null = null;

  /** Changes of the session wait for each other. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  }

  function change(next: SessionState): SessionState {
    state = next;
    deps.onChanged(next);
    return next;
  }

  function signedIn(profile: ActiveProfile): SessionState {
    const { actor, tenantName, features } = profile.state();
    const { serverUrl, deviceId } = profile.account;
    return {
      status: 'signedIn',
      serverUrl,
      tenantName,
      actor,
      deviceId,
      isLocked: profile.idle.isLocked(),
      features: readFeatureRules(features),
    };
  }

  function signedOut(account: Account, hasLocalData: boolean, reason?: ErrorData): SessionState {
    const { serverUrl, email } = account;
    return { status: 'signedOut', serverUrl, email, hasLocalData, ...(reason === undefined ? {} : { reason }) };
  }

  function lockedState(): SessionState {
    if (deps.retrySecrets !== null) return { status: 'locked', reason: 'keychainAway' };
    return { status: 'locked', reason: deps.vault.exists() ? 'enterPassphrase' : 'choosePassphrase' };
  }

  function requireSecrets(): SecretStore {
    if (secrets === null)
      throw new OutpostError('keychain_unavailable', 'This computer has no keychain. Enter your passphrase first.');
    return secrets;
  }

  function requireActive(): ActiveProfile {
    if (active === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return active;
  }

  /** The address to sign in with may be another one since. */
  function rememberAddress(email: string): void {
    const known = deps.profiles.current()?.account;
    if (known !== undefined && known.email !== email) deps.profiles.remember({ ...known, email }, true);
  }

  async function open(account: Account, grant: SessionGrant | null): Promise<SessionState> {
    const profile = await openActiveProfile(deps, {
      account,
      secrets: requireSecrets(),
      grant,
      onChange: () => {
        if (active === null) return;
        rememberAddress(active.account.email);
        change(signedIn(active));
        deps.onActorChanged(active);
      },
    });
    if (profile.journal.damage.isNumberingLost && grant === null) {
      profile.close();
      const renamed = { ...account, deviceId: deps.createId() };
      deps.profiles.remember(renamed, false);
      const reason = new OutpostError(
        'journal_damaged',
        'The file with your unsent work was damaged. What could be read is in your attention list. Sign in again.',
      );
      return change(signedOut(renamed, true, toErrorData(reason)));
    }
    deps.profiles.remember({ ...profile.account, keysIn: requireSecrets().backend }, true);
    lookAgain();
    const reason = profile.lease.check();
    if (grant === null) profile.idle.check();
    else profile.idle.begin();
    if (reason === null) return show(profile);
    // Tried at once, and not waited for: without a network it takes its time.
    inTurn(followLease).catch((error: unknown) => deps.log('the lease could not be followed', error));
    return hold(profile, reason);
  }

  async function show(profile: ActiveProfile): Promise<SessionState> {
    active = profile;
    const next = change(signedIn(profile));
    await deps.onOpened(profile);
    return next;
  }

  function hold(profile: ActiveProfile, reason: LeaseEnd): SessionState {
    held = profile;
    const { account, journal, lease } = profile;
    const { pending, attention } = journal.counts();
    const { tenantName } = profile.state();
    const { serverUrl, email } = account;
    const unsentCount = pending + attention;
    return change({ status: 'leaseEnded', reason, serverUrl, tenantName, email, unsentCount, ...lease.describe() });
  }

  /** Locks what may not be shown any more, and opens what may be shown again. */
  async function followLease(): Promise<void> {
    if (active !== null) {
      const reason = active.lease.check();
      if (reason === null) return;
      const profile = active;
      active = null;
      hold(profile, reason);
      await deps.onClosing(profile);
    }
    if (held !== null) await meet(held).catch((error: unknown) => deps.log('the server could not be met', error));
  }

  async function meet(profile: ActiveProfile): Promise<SessionState> {
    try {
      await profile.access.renew();
    } catch (error) {
      const refusal = toOutpostError(error);
      if (refusal.reaction === 'wipe' || endings.has(refusal.code)) {
        await endByServer(refusal);
        return state;
      }
      throw error;
    }
    held = null;
    return show(profile);
  }

  function lookAgain(): void {
    look?.cancel();
    look = deps.scheduler.after(LEASE_LOOK_MS, () => {
      lookAgain();
      inTurn(followLease).catch((error: unknown) => deps.log('the lease could not be followed', error));
    });
  }

  async function openLast(): Promise<SessionState> {
    const last = deps.profiles.current();
    if (last === null) return change({ status: 'firstRun' });
    if (!last.isSignedIn) return change(signedOut(last.account, true));
    try {
      return await open(last.account, null);
    } catch (error) {
      deps.log('the last profile could not be opened', error);
      const { code } = toOutpostError(error);
      if (code === 'not_signed_in') deps.profiles.markSignedOut();
      return change(signedOut(last.account, true, toErrorData(error)));
    }
  }

  async function close(): Promise<void> {
    look?.cancel();
    const profile = active ?? held;
    if (profile === null) return;
    active = null;
    held = null;
    await deps.onClosing(profile);
    profile.close();
  }

  /** A keychain that does not answer keeps nobody signed in and no data on the disk. */
  async function forget(name: SecretName): Promise<void> {
    try {
      await requireSecrets().delete(name);
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
    await close();
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

  async function endByServer(error: OutpostError): Promise<void> {
    const profile = active ?? held;
    if (profile === null) return;
    const { account, journal } = profile;
    if (error.reaction === 'wipe') {
      await obeyWipe(account, error);
      change({
        status: 'signedOut',
        serverUrl: account.serverUrl,
        email: null,
        hasLocalData: false,
        reason: toErrorData(error),
      });
      return;
    }
    const hasUnsent = journal.counts().pending + journal.counts().attention > 0;
    await forget(`refresh-token:${account.profileId}`);
    await close();
    deps.profiles.markSignedOut();
    change(signedOut(account, hasUnsent, toErrorData(error)));
  }

  function signIn({ email: typed, serverUrl: address, password, newPassword }: ChannelInput<'session.signIn'>) {
    const chosen = newPassword === undefined ? {} : { newPassword };
    const [serverUrl, email] = [normalizeServerUrl(address), typed.trim()];
    return enter({ serverUrl, email, password: newPassword ?? password }, (device) =>
      deps.client.signIn(serverUrl, { email, password, ...chosen, ...device }),
    );
  }

  async function enter(
    { serverUrl, email, password }: Omit<SignInPlace, 'deviceId'>,
    prove: Parameters<Session['enter']>[1],
  ): Promise<SessionState> {
    if (active !== null || held !== null) throw new OutpostError('invalid', 'Sign out first.');
    requireSecrets();
    const known = deps.profiles.find(serverUrl, email);
    const deviceId = known?.deviceId ?? deps.createId();
    const deviceName = hostname().slice(0, 120);
    let admission: Admission;
    try {
      admission = await prove({ deviceId, deviceName });
    } catch (error) {
      const refusal = toOutpostError(error);
      if (known !== null && refusal.reaction === 'wipe') await obeyWipe(known, refusal);
      throw error;
    }
    return takeAdmission({ serverUrl, email, deviceId, password }, admission);
  }

  /** Opens the profile of who was let in, or asks for what is owed. */
  async function takeAdmission(by: SignInPlace, admission: Admission): Promise<SessionState> {
    const { serverUrl, email, deviceId, password } = by;
    if (isChallenge(admission)) {
      owed = { by, challenge: admission, before: owed?.before ?? state };
      return change(describeOwed(owed));
    }
    owed = null;
    const known = deps.profiles.find(serverUrl, admission.actor.email) ?? deps.profiles.find(serverUrl, email);
    if (known !== null && known.deviceId !== deviceId) {
      await deps.client.signOut(serverUrl, admission.accessToken);
      throw new OutpostError('invalid', 'Enter the address of the account first.', {
        problems: ['email:otherAccount'],
      });
    }
    const profileId = profileIdOf(known?.firstServerUrl ?? serverUrl, admission.actor.tenantId, admission.actor.userId);
    await requireSecrets().set(`refresh-token:${profileId}`, admission.refreshToken);
    const own = admission.actor.email;
    const address = own.toLowerCase() === email.toLowerCase() ? email : own;
    const opened = await open({ ...known, profileId, serverUrl, email: address, deviceId }, admission);
    if (password !== null) await (active ?? held)?.idle.setPassword(password);
    return opened;
  }

  async function answerOwed(proof: Proof): Promise<SessionState> {
    const { by, challenge, before } = requireOwed(owed);
    try {
      const body = { challenge: challenge.challenge, deviceId: by.deviceId, proof };
      const admission = await deps.client.door.answer(by.serverUrl, body);
      const password = proof.kind === 'newPassword' ? proof.newPassword : by.password;
      return await takeAdmission({ ...by, password }, admission);
    } catch (error) {
      const { code } = toOutpostError(error);
      if (code === 'challenge_over' || code === 'account_deactivated') {
        owed = null;
        change(before);
      }
      throw error;
    }
  }

  async function uncover(password: string): Promise<SessionState> {
    const profile = requireActive();
    const result = await profile.idle.unlock(password);
    if (result === 'open') return change(signedIn(profile));
    const refusal = new OutpostError('wrong_credentials', 'The password is wrong.');
    if (result === 'over')
      await endByServer(new OutpostError('session_expired', 'The password was wrong too often. Sign in again.'));
    throw refusal;
  }

  function watchIdle(): void {
    deps.scheduler.after(IDLE_LOOK_MS, () => {
      watchIdle();
      if (active?.idle.check() === true) change(signedIn(active));
    });
  }

  async function signOut(unsent: 'keep' | 'discard'): Promise<SessionState> {
    const { account, journal, access } = held ?? requireActive();
    const { pending, attention } = journal.counts();
    try {
      await deps.client.signOut(account.serverUrl, await access.token());
    } catch (error) {
      // Without a network the session ends when its refresh token, deleted below, runs out at the server.
      deps.log('the server could not be told of the sign-out', error);
    }
    if (unsent === 'discard') {
      await erase(account);
      return change({ status: 'signedOut', serverUrl: account.serverUrl, email: null, hasLocalData: false });
    }
    await forget(`refresh-token:${account.profileId}`);
    await close();
    await deps.wipeDatabase(account.profileId);
    deps.profiles.markSignedOut();
    return change(signedOut(account, pending + attention > 0));
  }

  return {
    state: () => state,
    active: () => active,
    backend: () => secrets?.backend ?? 'none',
    secrets: requireSecrets,
    start: (passphrase) =>
      inTurn(async () => {
        watchIdle();
        if (secrets === null && passphrase !== null && deps.retrySecrets === null) {
          try {
            secrets = await deps.vault.open(passphrase);
          } catch (error) {
            deps.log('the given passphrase does not open the keys', error);
          }
        }
        if (secrets === null) change(lockedState());
        else await openLast();
      }),
    unlock: (passphrase) =>
      inTurn(async () => {
        if (secrets !== null) return state;
        secrets = await deps.vault.open(passphrase);
        return openLast();
      }),
    retrySecrets: () =>
      inTurn(async () => {
        if (secrets !== null) return state;
        secrets = (await deps.retrySecrets?.()) ?? null;
        if (secrets === null)
          throw new OutpostError('keychain_unavailable', 'The keychain of this computer does not answer.');
        return openLast();
      }),
    async checkServer(typed) {
      const health = await deps.client.checkHealth(normalizeServerUrl(typed));
      return { name: health.service, version: health.version };
    },
    async startDemo() {
      const serverUrl = await deps.openDemoServer();
      return { ...(await deps.client.startDemo(serverUrl)), serverUrl };
    },
    signIn: (input) => inTurn(() => signIn(input)),
    deviceFor: (serverUrl, email) => ({
      deviceId: deps.profiles.find(serverUrl, email)?.deviceId ?? deps.createId(),
      deviceName: hostname().slice(0, 120),
    }),
    take: (by, admission) =>
      inTurn(() => {
        if (active !== null || held !== null) throw new OutpostError('invalid', 'Sign out first.');
        return takeAdmission(by, admission);
      }),
    owed() {
      const { by, challenge } = requireOwed(owed);
      return { serverUrl: by.serverUrl, deviceId: by.deviceId, challenge: challenge.challenge };
    },
    answer: (proof) => inTurn(() => answerOwed(proof)),
    beginTotp() {
      const { by, challenge } = requireOwed(owed);
      return deps.client.door.beginOwedTotp(by.serverUrl, {
        challenge: challenge.challenge,
        deviceId: by.deviceId,
      });
    },
    dropChallenge: () =>
      inTurn(() => {
        const before = owed?.before ?? state;
        owed = null;
        return Promise.resolve(change(before));
      }),
    lock() {
      const profile = requireActive();
      profile.idle.lock();
      return change(signedIn(profile));
    },
    uncover: (password) => inTurn(() => uncover(password)),
    enter: (place, prove) => inTurn(() => enter(place, prove)),
    signOut: (unsent) => inTurn(() => signOut(unsent)),
    checkLease: () => inTurn(followLease),
    meetServer: () => inTurn(() => (held === null ? Promise.resolve(state) : meet(held))),
    async listSessions() {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.listSessions(account.serverUrl, token));
    },
    async endSession(sessionId) {
      const { account, access } = requireActive();
      await access.run((token) => deps.client.endSession(account.serverUrl, token, sessionId));
    },
    async listSignInWays() {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.listSignInWays(account.serverUrl, token));
    },
    async giveOneTimePassword(userId) {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.giveOneTimePassword(account.serverUrl, token, userId));
    },
    async exportPerson(place) {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.exportPerson(account.serverUrl, token, place));
    },
    async erasePerson(place) {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.erasePerson(account.serverUrl, token, place));
    },
    async revealField(request) {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.revealField(account.serverUrl, token, request));
    },
    async readMaskingAudit() {
      const { account, access } = requireActive();
      return access.run((token) => deps.client.readMaskingAudit(account.serverUrl, token));
    },
    async noteRefusal(error) {
      const refusal = toOutpostError(error);
      if (refusal.reaction !== 'wipe' && !endings.has(refusal.code)) return;
      await inTurn(() => endByServer(refusal));
    },
    close: () => inTurn(close),
  };
}
