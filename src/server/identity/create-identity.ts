// Who is there: signing in, staying signed in, and recognising the caller of a request. A wrong name and a wrong password
// give the same answer after the same work. Rights are those of the moment of the request (`recognition.ts`).
import { randomUUID } from 'node:crypto';
import type { Actor } from '#shared/access/actor.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isId, type TenantId, type UserId } from '#shared/kernel/ids.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import type { SessionGrant, SessionList } from '#shared/sync/messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { readOrganizationSettings } from '#server/admin/organization-settings.ts';
import { ACCESS_TOKEN_SECONDS, createAccessTokens } from '#server/identity/access-tokens.ts';
import {
  type AccountPlace,
  type Credentials,
  findAccount,
  foldEmail,
  readCredentials,
  replacePasswordHash,
  toOneLine,
} from '#server/identity/accounts.ts';
import { createAttemptLimits } from '#server/identity/attempt-limits.ts';
import { chooseOwnPassword } from '#server/identity/choose-own-password.ts';
import { type LoadedActor, loadActor } from '#server/identity/load-actor.ts';
import type { Passwords } from '#server/identity/passwords.ts';
import type { Principal } from '#server/identity/principal.ts';
import { createRecognition } from '#server/identity/recognition.ts';
import { createRefreshToken, storeFirstToken, tenantOfRefreshToken } from '#server/identity/refresh-tokens.ts';
import { exchangeRefreshToken } from '#server/identity/exchange-refresh-token.ts';
import {
  openSession,
  readSessions,
  revokeSession,
  revokeSessionsOf,
  type SessionState,
} from '#server/identity/sessions.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { readServerSecret } from '#server/store/server-secret.ts';

export interface IdentityDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly passwords: Passwords;
}

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** Replaces a one-time password, and nothing else. */
  readonly newPassword?: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly address: string;
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

export interface Identity {
  /**
   * Throws `wrong_credentials`, `too_many_attempts`, `account_deactivated`, `server_busy`; `password_change_required`
   * for a one-time password without a new one, `one_time_expired` when it is too old.
   */
  signIn(request: SignIn): Promise<SessionGrant>;
  /** Throws `session_expired`, `session_revoked`, `refresh_reused`, `account_deactivated`. */
  refresh(request: Refresh): Promise<SessionGrant>;
  /** Throws `session_expired` for a token that is not of this server and of now. Says nothing about its session. */
  verify(accessToken: string): Promise<void>;
  /** The caller behind an access token. Throws `session_expired`, `session_revoked`, `account_deactivated`. */
  recognise(accessToken: string): Promise<Principal>;
  listSessions(actor: Actor, currentSessionId: string): Promise<SessionList['sessions']>;
  /** Ends every other session of the user. Throws `wrong_credentials`, `too_many_attempts`. */
  changePassword(actor: Actor, currentSessionId: string, change: PasswordChange): Promise<void>;
  /** Throws `not_found` when this user has no living session of that id. */
  endSession(actor: Actor, sessionId: string): Promise<void>;
}

const deactivated = () =>
  new OutpostError('account_deactivated', 'This account was deactivated by your administrator.');

const wrongCredentials = () => new OutpostError('wrong_credentials', 'The e-mail address or the password is wrong.');

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
  throw new OutpostError('session_revoked', 'This session was ended. Sign in again to continue.');
}

export async function createIdentity(dependencies: IdentityDependencies): Promise<Identity> {
  const { database, clock, random, passwords } = dependencies;
  const secret = await database.transaction((session) => readServerSecret(session, 'accessToken'));
  const tokens = createAccessTokens(secret, clock);
  const limits = createAttemptLimits(clock);
  const recogniseSession = createRecognition(database, clock);

  async function grant(loaded: LoadedActor, sessionId: string, refreshToken: string): Promise<SessionGrant> {
    const { actor, tenantName } = loaded;
    const { offlineLeaseDays, fileSizeMb } = await readOrganizationSettings(database, actor.tenantId as TenantId);
    return {
      offlineLeaseDays,
      fileSizeMb,
      serverTime: toInstant(clock.now()),
      accessToken: await tokens.sign({ tenantId: actor.tenantId, sessionId }),
      accessExpiresInSeconds: ACCESS_TOKEN_SECONDS,
      refreshToken,
      sessionId,
      actor: {
        ...actor,
        tenantName,
        teamIds: [...actor.teamIds],
        permissions: [...actor.permissions],
        grants: { read: [...(actor.grants?.read ?? [])], update: [...(actor.grants?.update ?? [])] },
      },
    };
  }

  /** What was just checked may have been replaced since: then it opens nothing any more. */
  async function confirmPassword(session: SqlSession, place: AccountPlace, checked: Credentials): Promise<void> {
    const { passwordHash } = await readCredentials(session, place, true);
    if (passwordHash !== checked.passwordHash) throw wrongCredentials();
  }

  /** What people do with their own account stands in the audit as well; the address goes with the person. */
  function note(
    session: SqlSession,
    { tenantId, userId }: AccountPlace,
    what: { readonly command: string; readonly device: string | null; readonly detail?: Record<string, string> },
  ): Promise<void> {
    const entry = { actor: userId, ...what, entity: 'user', id: userId, groups: [], outcome: 'applied' };
    return appendAudit(session, tenantId, clock.now(), [entry]);
  }

  async function signIn(request: SignIn): Promise<SessionGrant> {
    const { email, password, newPassword, deviceId, deviceName, address } = request;
    if (!isId(deviceId))
      throw new OutpostError('invalid', 'deviceId must be letters, digits, dots, dashes or underscores.');
    const name = foldEmail(email);
    limits.begin(name, address);
    const { place, ...credentials } = await findAccount(database, email);
    if (!(await passwords.isCorrect(credentials.passwordHash, password))) {
      if (newPassword === undefined) throw wrongCredentials();
      // The answer to the same request may have been lost: then the new password is in force already.
      const { newPassword: chosen, ...rest } = { ...request, newPassword };
      return signIn({ ...rest, password: chosen });
    }
    limits.succeed(name, address);
    const loaded = await loadActor(database, place.tenantId, place.userId);
    if (!loaded) throw deactivated();
    const ownHash = await chooseOwnPassword(passwords, request, credentials, clock.now());
    const sessionId = randomUUID();
    const refreshToken = createRefreshToken(place.tenantId, random);
    await database.inTenant(place.tenantId, async (session) => {
      await confirmPassword(session, place, credentials);
      if (ownHash !== null) await replacePasswordHash(session, place, ownHash, clock.now());
      await openSession(
        session,
        { ...place, sessionId, deviceId, deviceName: toOneLine(deviceName), address },
        clock.now(),
      );
      await storeFirstToken(session, { tenantId: place.tenantId, sessionId }, refreshToken, clock.now());
      const detail = { address, deviceName: toOneLine(deviceName) };
      if (ownHash !== null) await note(session, place, { command: 'changePassword', device: deviceId, detail });
      await note(session, place, { command: 'signIn', device: deviceId, detail });
    });
    return grant(loaded, sessionId, refreshToken);
  }

  return {
    signIn,

    async refresh(request) {
      const tenantId = tenantOfRefreshToken(request.refreshToken);
      if (tenantId === null) throw new OutpostError('session_expired', 'Sign in again to continue.');
      const exchange = await database.inTenant(tenantId, (session) =>
        exchangeRefreshToken(session, tenantId, request, random, clock.now()),
      );
      if ('ended' in exchange) {
        assertLiving(exchange.ended);
        throw new OutpostError('session_expired', 'Sign in again to continue.');
      }
      const loaded = await loadActor(database, tenantId, exchange.userId);
      if (!loaded) throw deactivated();
      return grant(loaded, exchange.sessionId, exchange.refreshToken);
    },

    async verify(accessToken) {
      await tokens.verify(accessToken);
    },

    async recognise(accessToken) {
      const claims = await tokens.verify(accessToken);
      const { state, loaded, deviceId } = await recogniseSession(claims);
      if (!loaded && state !== 'absent') throw deactivated();
      assertLiving(state);
      if (!loaded) throw deactivated();
      const { sessionId, expiresAtMs } = claims;
      return { actor: loaded.actor, tenantName: loaded.tenantName, sessionId, deviceId, expiresAtMs };
    },

    async changePassword(actor, currentSessionId, { currentPassword, newPassword, address }) {
      const place = { tenantId: actor.tenantId as TenantId, userId: actor.userId as UserId };
      const limited = `change ${place.tenantId} ${place.userId}`;
      limits.begin(limited, address);
      const checked = await database.inTenant(place.tenantId, (session) => readCredentials(session, place, false));
      if (!(await passwords.isCorrect(checked.passwordHash, currentPassword))) {
        throw new OutpostError('wrong_credentials', 'The current password is wrong.');
      }
      limits.succeed(limited, address);
      if (newPassword.normalize('NFKC') === currentPassword.normalize('NFKC')) {
        throw new OutpostError('invalid', 'Choose another password than the present one.', {
          problems: ['newPassword:samePassword'],
        });
      }
      const newHash = await passwords.createHash(newPassword);
      await database.inTenant(place.tenantId, async (session) => {
        await confirmPassword(session, place, checked);
        await replacePasswordHash(session, place, newHash, clock.now());
        await revokeSessionsOf(session, place, 'password_changed', clock.now(), currentSessionId);
        await note(session, place, { command: 'changePassword', device: null, detail: { address } });
      });
    },

    listSessions: ({ tenantId, userId }, currentSessionId) =>
      database.inTenant(tenantId as TenantId, (session) =>
        readSessions(session, tenantId as TenantId, userId as UserId, currentSessionId, clock.now()),
      ),

    async endSession({ tenantId, userId }, sessionId) {
      const place = { tenantId: tenantId as TenantId, userId: userId as UserId, sessionId };
      const hasEnded = await database.inTenant(place.tenantId, async (session) => {
        const isEnded = await revokeSession(session, place, 'ended', clock.now());
        if (isEnded) await note(session, place, { command: 'endSession', device: null });
        return isEnded;
      });
      if (!hasEnded) throw new OutpostError('not_found', 'There is no such session.');
    },
  };
}
