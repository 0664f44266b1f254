// Who is signed in on this computer, and everything that changes it. A start without a network stays signed in; the
// end of a session at the server keeps what is unsent, sealed; a deactivated account is wiped. One change at a time.
import { hostname } from 'node:os';
import type { ChannelInput } from '#shared/ipc/contract.ts';
import type { SessionState } from '#shared/ipc/session-state.ts';
import { readFeatureRules } from '#shared/platform/features.ts';
import { OutpostError, toErrorData, toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { isChallenge, type Admission, type Proof } from '#shared/sync/sign-in-messages.ts';
import type { LeaseEnd } from '#shared/sync/lease.ts';
import { profileIdOf, type Account } from '#main/profile/profiles.ts';
import type { SecretStore } from '#main/secrets/secret-store.ts';
import {
  describeLeft,
  describeOwed,
  requireOwed,
  type OwedSignIn,
  type SignInPlace,
} from '#main/session/owed-sign-in.ts';
import { createLeaving } from '#main/session/leave-computer.ts';
import type { Session, SessionDeps } from '#main/session/session-types.ts';
import { openActiveProfile, type ActiveProfile } from '#main/session/active-profile.ts';
import { normalizeServerUrl } from '#main/sync/server-url.ts';

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
  const { forget, erase, obeyWipe } = createLeaving({ ...deps, requireSecrets, close });

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
    const asked = requireOwed(owed);
    const { by, challenge } = asked;
    try {
      const body = { challenge: challenge.challenge, deviceId: by.deviceId, proof };
      const admission = await deps.client.door.answer(by.serverUrl, body);
      const password = proof.kind === 'newPassword' ? proof.newPassword : by.password;
      return await takeAdmission({ ...by, password }, admission);
    } catch (error) {
      const { code } = toOutpostError(error);
      if (code === 'challenge_over' || code === 'account_deactivated') {
        owed = null;
        change(describeLeft(asked, toErrorData(error)));
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
        const left = owed === null ? state : describeLeft(owed);
        owed = null;
        return Promise.resolve(change(left));
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
    async noteRefusal(error) {
      const refusal = toOutpostError(error);
      if (refusal.reaction !== 'wipe' && !endings.has(refusal.code)) return;
      await inTurn(() => endByServer(refusal));
    },
    close: () => inTurn(close),
  };
}
