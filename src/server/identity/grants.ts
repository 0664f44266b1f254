// A session is opened here and nowhere else, and only by `admission.ts`, which knows that nothing is owed any more.
import { randomUUID } from 'node:crypto';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import type { OrganizationSettings, SessionGrant } from '#shared/sync/messages.ts';
import { readOrganizationSettings } from '#server/admin/organization-settings.ts';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from '#server/identity/access-tokens.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import type { LoadedActor } from '#server/identity/load-actor.ts';
import { isNewDevice } from '#server/identity/new-devices.ts';
import { createRefreshToken, storeFirstToken } from '#server/identity/refresh-tokens.ts';
import { openSession } from '#server/identity/sessions.ts';
import { noteSignIn } from '#server/identity/sign-in-history.ts';
import type { ProvedBy, SignInFrom } from '#server/identity/sign-in-from.ts';
import { readFeaturesOf } from '#server/platform/platform-facts.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface OpenedSession {
  readonly sessionId: string;
  readonly refreshToken: string;
  /** The account was used before, and never on this computer. */
  readonly isNewDevice: boolean;
}

export interface Grants {
  /** Within the transaction that decided. */
  open(
    session: SqlSession,
    who: AccountPlace & { readonly from: SignInFrom; readonly provedBy: ProvedBy },
  ): Promise<OpenedSession>;
  /** `settings`: where they were just read. */
  grant(
    loaded: LoadedActor,
    opened: Omit<OpenedSession, 'isNewDevice'>,
    settings?: Required<OrganizationSettings>,
  ): Promise<SessionGrant>;
}

export interface GrantDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly tokens: AccessTokens;
}

export function createGrants({ database, clock, random, tokens }: GrantDependencies): Grants {
  return {
    async open(session, { tenantId, userId, from, provedBy }) {
      const sessionId = randomUUID();
      const refreshToken = createRefreshToken(tenantId, random);
      const nowMs = clock.now();
      const isNew = await isNewDevice(session, { tenantId, userId }, from.deviceId, nowMs);
      await openSession(session, { tenantId, userId, sessionId, ...from, provedBy }, nowMs);
      await storeFirstToken(session, { tenantId, sessionId }, refreshToken, nowMs);
      await noteSignIn(session, { tenantId, userId, from, provedBy, outcome: 'signedIn' }, nowMs);
      return { sessionId, refreshToken, isNewDevice: isNew };
    },

    async grant({ actor, tenantName }, { sessionId, refreshToken }, known) {
      const tenantId = actor.tenantId as TenantId;
      const settings = known ?? (await readOrganizationSettings(database, tenantId));
      const { offlineLeaseDays, fileSizeMb, idleLockMinutes } = settings;
      return {
        offlineLeaseDays,
        fileSizeMb,
        idleLockMinutes,
        features: await database.inTenant(tenantId, (session) => readFeaturesOf(session, tenantId)),
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
    },
  };
}
