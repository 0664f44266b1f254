// Who is there: signing in, staying signed in, and recognising the caller of a request. A wrong name and a wrong password
// give the same answer after the same work. Rights are those of the moment of the request (`recognition.ts`).
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isId, type TenantId, type UserId } from '#shared/kernel/ids.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import type { SessionGrant, SessionList } from '#shared/sync/messages.ts';
import type { Admission, SignInHistory } from '#shared/sync/sign-in-messages.ts';
import { addressRefusal, type AddressGate } from '#server/access/address-gate.ts';
import { createAccessTokens } from '#server/identity/access-tokens.ts';
import {
  type AccountPlace,
  type Credentials,
  findAccount,
  foldEmail,
  NOWHERE,
  readCredentials,
  renewPasswordHash,
  replacePasswordHash,
  toOneLine,
} from '#server/identity/accounts.ts';
import { createAttemptLimits } from '#server/identity/attempt-limits.ts';
import { chooseOwnPassword } from '#server/identity/choose-own-password.ts';
import { createDoor, type Door } from '#server/identity/admission.ts';
import { tellWipe } from '#server/identity/device-wipes.ts';
import { createGrants } from '#server/identity/grants.ts';
import { loadActor, readActor } from '#server/identity/load-actor.ts';
import type { NewDevice } from '#server/identity/new-devices.ts';
import { createPasswordChoice } from '#server/identity/password-choice.ts';
import type { Passwords } from '#server/identity/passwords.ts';
import type { Principal } from '#server/identity/principal.ts';
import { createRecognition } from '#server/identity/recognition.ts';
import { tenantOfRefreshToken } from '#server/identity/refresh-tokens.ts';
import { exchangeRefreshToken } from '#server/identity/exchange-refresh-token.ts';
import { readSessions, revokeSession, revokeSessionsOf, type SessionState } from '#server/identity/sessions.ts';
import { noteNobody, noteOwn, noteSignIn, readSignIns } from '#server/identity/sign-in-history.ts';
import type { SignInFrom } from '#server/identity/sign-in-from.ts';
import { assertPasswordAllowed } from '#server/sso/password-rule.ts';
import { assertOpen, assertOpenBy, isExempt } from '#server/platform/gate.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { readServerSecret } from '#server/store/server-secret.ts';

export interface IdentityDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly passwords: Passwords;
  /** A failed sign-in could not be written down. */
  readonly onUnnoted?: (error: unknown) => void;
  /** Whether passkeys can be made: they belong to the public address of the server. Absent: they cannot. */
  readonly hasPasskeys?: () => boolean;
  /** Somebody signed in on a computer their account was never used on. */
  readonly onNewDevice?: (device: NewDevice) => void;
  /** Asked before a session is opened or prolonged. Absent: from anywhere. */
  readonly addresses?: AddressGate;
}

export interface SignIn extends SignInFrom {
  readonly email: string;
  readonly password: string;
  /** Replaces a one-time password, and nothing else. */
  readonly newPassword?: string;
}

export interface Refresh {
  readonly refreshToken: string;
  readonly deviceId: string;
  readonly address: string;
}

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly address: string;
}

export interface Identity extends Door {
  /**
   * Throws `wrong_credentials`, `too_many_attempts`, `account_deactivated`, `server_busy`; `password_change_required`
   * for a one-time password without a new one, `one_time_expired` when it is too old.
   */
  signIn(request: SignIn): Promise<Admission>;
  /** Throws `session_expired`, `session_revoked`, `refresh_reused`, `account_deactivated`. */
  refresh(request: Refresh): Promise<SessionGrant>;
  /** Throws `session_expired` for a token that is not of this server and of now. Says nothing about its session. */
  verify(accessToken: string): Promise<void>;
  /** The caller behind an access token. Throws `session_expired`, `session_revoked`, `account_deactivated`. */
  recognise(accessToken: string): Promise<Principal>;
  listSessions(actor: Actor, currentSessionId: string): Promise<SessionList['sessions']>;
  /** What happened at the door of this account, newest first. */
  listSignIns(actor: Actor): Promise<SignInHistory['events']>;
  /** Ends every other session of the user. Throws `wrong_credentials`, `too_many_attempts`. */
  changePassword(actor: Actor, currentSessionId: string, change: PasswordChange): Promise<void>;
  /** Throws `not_found` when this user has no living session of that id. */
  endSession(actor: Actor, sessionId: string): Promise<void>;
  /** Waits until everything that happened is written down. */
  settle(): Promise<void>;
}

const deactivated = () =>
  new OutpostError('account_deactivated', 'This account was deactivated by your administrator.');

const wrongCredentials = () => new OutpostError('wrong_credentials', 'The e-mail address or the password is wrong.');

const sessionEnded = () => new OutpostError('session_revoked', 'This session was ended. Sign in again to continue.');

function assertLiving(state: SessionState): void {
  if (state === 'living') return;
  if (state === 'refresh_reused') {
    throw new OutpostError(
      'refresh_reused',
      'This session was ended because its key was used twice. Sign in again, and change your password if that was not you.',
    );
  }
  if (state === 'deactivated') throw deactivated();
  if (state === 'expired') throw new OutpostError('session_expired', 'Sign in again to continue.');
  throw sessionEnded();
}

export async function createIdentity(dependencies: IdentityDependencies): Promise<Identity> {
  const { database, clock, random, passwords, addresses, onNewDevice, onUnnoted = () => undefined } = dependencies;
  const secret = await database.transaction((session) => readServerSecret(session, 'accessToken'));
  const tokens = createAccessTokens(secret, clock);
  const limits = createAttemptLimits({ database, clock }, 'signIn');
  const grants = createGrants({ database, clock, random, tokens });
  const choice = createPasswordChoice(database, passwords);
  const door = createDoor({
    database,
    clock,
    random,
    limits,
    grants,
    choice,
    hasPasskeys: dependencies.hasPasskeys ?? (() => false),
    ...(addresses === undefined ? {} : { addresses }),
    ...(onNewDevice === undefined ? {} : { onNewDevice }),
  });
  const noting = new Set<Promise<void>>();
  const recogniseSession = createRecognition(database, clock);

  /** What was just checked may have been replaced since: then it opens nothing any more. */
  async function confirmPassword(session: SqlSession, place: AccountPlace, checked: Credentials): Promise<void> {
    const { passwordHash, chosenAtMs } = await readCredentials(session, place, true);
    if (passwordHash === checked.passwordHash) return;
    // Somebody who signs in at the same moment may have had it hashed anew.
    const isRenewed =
      passwordHash !== null && chosenAtMs === checked.chosenAtMs && passwords.isOutdated(checked.passwordHash ?? '');
    if (!isRenewed) throw wrongCredentials();
  }

  /** What takes time after an answer. */
  function goOnAfterwards(work: Promise<unknown>): void {
    const kept = work
      .then(() => undefined)
      .catch(onUnnoted)
      .finally(() => noting.delete(kept));
    noting.add(kept);
  }

  /** A hash of a former strength is replaced by one of today's, of the password that was just shown. Nobody waits for it. */
  function renewHash(place: AccountPlace, { passwordHash }: Credentials, password: string): void {
    if (passwordHash === null || !passwords.isOutdated(passwordHash)) return;
    const renew = async (): Promise<void> => {
      const after = await passwords.createHash(password);
      await database.inTenant(place.tenantId, (session) =>
        renewPasswordHash(session, place, { before: passwordHash, after }),
      );
    };
    goOnAfterwards(renew());
  }

  /** Nobody waits for it: an address that is known must not take longer than one that is not. */
  function noteFailure(place: AccountPlace, from: SignInFrom): void {
    const event = { ...place, from, provedBy: 'password', outcome: 'wrongPassword' } as const;
    const isNobody = place.tenantId === NOWHERE.tenantId;
    const noted = database.inTenant(place.tenantId, (session) =>
      isNobody ? noteNobody(session, place, clock.now()) : noteSignIn(session, event, clock.now()),
    );
    goOnAfterwards(noted);
  }

  /** Erased already, it is a session that ended. */
  async function refuseWiped(tenantId: TenantId, deviceId: string): Promise<OutpostError> {
    return (await tellWipe(database, tenantId, { deviceId }, clock.now())) ?? sessionEnded();
  }

  async function signIn(request: SignIn): Promise<Admission> {
    const { email, password, newPassword, deviceId, deviceName, address } = request;
    if (!isId(deviceId))
      throw new OutpostError('invalid', 'deviceId must be letters, digits, dots, dashes or underscores.');
    const from = { deviceId, deviceName: toOneLine(deviceName), address };
    const name = foldEmail(email);
    await limits.begin(name, address);
    const { place, ...credentials } = await findAccount(database, email);
    if (!(await passwords.isCorrect(credentials.passwordHash, password))) {
      if (newPassword === undefined) {
        noteFailure(place, from);
        throw wrongCredentials();
      }
      // The answer to the same request may have been lost: then the new password is in force already.
      const { newPassword: chosen, ...rest } = { ...request, newPassword };
      return signIn({ ...rest, password: chosen });
    }
    await limits.succeed(name, address);
    // Whoever is switched off chooses no password; the door looks again at everybody.
    if (credentials.oneTimeUntilMs !== null && !(await loadActor(database, place.tenantId, place.userId)))
      throw deactivated();
    const own = await chooseOwnPassword((chosen) => choice.choose(place, chosen), request, credentials, clock.now());
    const admission = await door.admit({
      place,
      by: 'password',
      isStrong: false,
      from,
      isNewPasswordDue: own === null && (await choice.isCommon(password)),
      async confirm(session) {
        await confirmPassword(session, place, credentials);
        await assertPasswordAllowed(session, place, email);
        if (own === null) return;
        await replacePasswordHash(session, place, own, clock.now());
        const detail = { address, deviceName: from.deviceName };
        await noteOwn(session, place, clock.now(), { command: 'changePassword', device: deviceId, detail });
      },
    });
    if (own === null) renewHash(place, credentials, password);
    return admission;
  }

  return {
    ...door,
    signIn,
    async settle() {
      await Promise.all(noting);
    },

    async refresh(request) {
      const tenantId = tenantOfRefreshToken(request.refreshToken);
      if (tenantId === null) throw new OutpostError('session_expired', 'Sign in again to continue.');
      const isAllowed = (await addresses?.isAllowed('devices', { tenantId, address: request.address })) ?? true;
      // A refusal rolls the exchange back: the token is as good as before when the organization is open again. A computer that
      // is to be erased hears of that wherever it is.
      const { exchange, loaded } = await database.inTenant(tenantId, async (session) => {
        const exchanged = await exchangeRefreshToken(session, tenantId, request, random, clock.now());
        if ('ended' in exchanged) return { exchange: exchanged, loaded: null };
        if (!isAllowed) throw addressRefusal(request.address);
        const place = { tenantId, userId: exchanged.userId };
        const found = await readActor(session, tenantId, exchanged.userId);
        await assertOpen(session, tenantId, clock.now(), isExempt(found?.actor.permissions ?? []));
        await noteOwn(session, place, clock.now(), { command: 'token.refresh', device: request.deviceId });
        return { exchange: exchanged, loaded: found };
      });
      if ('ended' in exchange) {
        if (exchange.ended === 'wiped') throw await refuseWiped(tenantId, request.deviceId);
        assertLiving(exchange.ended);
        throw new OutpostError('session_expired', 'Sign in again to continue.');
      }
      if (!loaded) throw deactivated();
      return grants.grant(loaded, exchange);
    },

    async verify(accessToken) {
      await tokens.verify(accessToken);
    },

    async recognise(accessToken) {
      const claims = await tokens.verify(accessToken);
      const { state, loaded, deviceId, gate } = await recogniseSession(claims);
      if (state === 'wiped') throw await refuseWiped(claims.tenantId as TenantId, deviceId);
      if (!loaded && state !== 'absent') throw deactivated();
      assertLiving(state);
      if (!loaded) throw deactivated();
      if (gate !== null) assertOpenBy(gate, { isExempt: isExempt(loaded.actor.permissions), nowMs: clock.now() });
      const { sessionId, expiresAtMs } = claims;
      return { actor: loaded.actor, tenantName: loaded.tenantName, sessionId, deviceId, expiresAtMs };
    },

    async changePassword(actor, currentSessionId, { currentPassword, newPassword, address }) {
      const place = { tenantId: actor.tenantId as TenantId, userId: actor.userId as UserId };
      const limited = `change ${place.tenantId} ${place.userId}`;
      await limits.begin(limited, address);
      const checked = await database.inTenant(place.tenantId, (session) => readCredentials(session, place, false));
      if (!(await passwords.isCorrect(checked.passwordHash, currentPassword))) {
        throw new OutpostError('wrong_credentials', 'The current password is wrong.');
      }
      await limits.succeed(limited, address);
      if (newPassword.normalize('NFKC') === currentPassword.normalize('NFKC')) {
        throw new OutpostError('invalid', 'Choose another password than the present one.', {
          problems: ['newPassword:samePassword'],
        });
      }
      const chosen = await choice.choose(place, newPassword);
      await database.inTenant(place.tenantId, async (session) => {
        await confirmPassword(session, place, checked);
        await replacePasswordHash(session, place, chosen, clock.now());
        await revokeSessionsOf(session, place, 'password_changed', clock.now(), currentSessionId);
        await noteOwn(session, place, clock.now(), { command: 'changePassword', device: null, detail: { address } });
      });
    },

    listSignIns: ({ tenantId, userId }) =>
      database.inTenant(tenantId as TenantId, (session) =>
        readSignIns(session, { tenantId: tenantId as TenantId, userId: userId as UserId }),
      ),

    listSessions: ({ tenantId, userId }, currentSessionId) =>
      database.inTenant(tenantId as TenantId, (session) =>
        readSessions(session, tenantId as TenantId, userId as UserId, currentSessionId, clock.now()),
      ),

    async endSession({ tenantId, userId }, sessionId) {
      const place = { tenantId: tenantId as TenantId, userId: userId as UserId, sessionId };
      const hasEnded = await database.inTenant(place.tenantId, async (session) => {
        const isEnded = await revokeSession(session, place, 'ended', clock.now());
        if (isEnded) await noteOwn(session, place, clock.now(), { command: 'endSession', device: null });
        return isEnded;
      });
      if (!hasEnded) throw new OutpostError('not_found', 'There is no such session.');
    },
  };
}
