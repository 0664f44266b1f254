// How a colleague gets in: an administrator asks for a one-time password, passes it on, and the person replaces it with
// an own one at the first sign-in. `can()` decides who may, within the transaction that does it; whatever was open for
// the person before ends with it. The password is in the answer alone: not in the store, not in the log, not in the audit.
import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { SIGN_IN_GROUP } from '#shared/access/user-rights.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { OneTimePassword, SignInWays } from '#shared/sync/messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { saveAccount } from '#server/identity/accounts.ts';
import type { IdentityDependencies } from '#server/identity/create-identity.ts';
import { createPassword } from '#server/identity/create-password.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { Principal } from '#server/identity/principal.ts';
import { revokeSessionsOf } from '#server/identity/sessions.ts';
import type { SqlSession } from '#server/store/database.ts';

/** Long enough for a weekend and a few days of travel. */
export const ONE_TIME_LIFETIME_MS = 7 * 86_400_000;

/** What it is for; the audit calls it so. An invitation is for somebody who has no password yet and replaces none. */
export type Purpose = 'giveOneTimePassword' | 'user.invite';

export interface OneTimePasswords {
  /** Of the people whose password this caller may replace. */
  listWays(actor: Actor): Promise<SignInWays['users']>;
  /**
   * Throws what `can()` refuses with, `invalid` for a user who is switched off and for an invitation of somebody who has a
   * password, `duplicate` for an address in use.
   */
  give(principal: Principal, userId: string, purpose: Purpose): Promise<OneTimePassword>;
}

/** Whether this caller decides over how that user signs in. */
export function mayGive(actor: Actor, user: AnyRecord | null) {
  return can({
    actor,
    action: 'update',
    definition: entities.user,
    before: user,
    after: null,
    groups: [SIGN_IN_GROUP],
  });
}

async function readUser(session: SqlSession, tenantId: TenantId, userId: string): Promise<AnyRecord | null> {
  const rows = await session.query<{ data: AnyRecord }>(
    `SELECT data FROM record WHERE tenant = $1 AND coll = 'people' AND kind = 'user' AND id = $2 AND NOT deleted FOR UPDATE`,
    [tenantId, userId],
  );
  return rows[0]?.data ?? null;
}

/** The address of the user, or why there is no password for this one. */
async function judge(
  session: SqlSession,
  principal: Principal,
  userId: string,
  purpose: Purpose,
): Promise<{ readonly email: string } | OutpostError> {
  const tenantId = principal.actor.tenantId as TenantId;
  // Rights as they are in this transaction, not as they were when the request came in.
  const loaded = await readActor(session, tenantId, principal.actor.userId as UserId);
  if (loaded === null) return new OutpostError('account_deactivated', 'Your account was deactivated.');
  const user = await readUser(session, tenantId, userId);
  const allowed = mayGive(loaded.actor, user);
  if (!allowed.ok) return allowed.error;
  if (user?.['isActive'] === false) {
    return new OutpostError('invalid', 'This user is switched off. Switch the user on first.', {
      problems: ['isActive:inactive'],
    });
  }
  if (purpose === 'user.invite' && (await hasOwnPassword(session, tenantId, userId))) {
    return new OutpostError('invalid', 'This person has a password already and needs no invitation.', {
      problems: ['signIn:hasPassword'],
    });
  }
  return { email: String(user?.['email']) };
}

async function hasOwnPassword(session: SqlSession, tenantId: TenantId, userId: string): Promise<boolean> {
  const rows = await session.query(
    'SELECT 1 AS one FROM account WHERE tenant = $1 AND user_id = $2 AND one_time_until IS NULL FOR UPDATE',
    [tenantId, userId],
  );
  return rows.length > 0;
}

function writeAudit(
  session: SqlSession,
  { actor, deviceId }: Principal,
  userId: string,
  { purpose, outcome }: { readonly purpose: Purpose; readonly outcome: string },
  nowMs: number,
): Promise<void> {
  const what = { command: purpose, entity: 'user', id: userId, groups: [SIGN_IN_GROUP], outcome };
  return appendAudit(session, actor.tenantId as TenantId, nowMs, [{ actor: actor.userId, device: deviceId, ...what }]);
}

interface WayRow {
  readonly data: AnyRecord;
  readonly hasAccount: boolean;
  readonly oneTimeUntilMs: number | null;
  readonly invitedAtMs: number | null;
  readonly mailedTo: string | null;
}

function toWay(row: WayRow, nowMs: number): SignInWays['users'][number] {
  const { data, hasAccount, oneTimeUntilMs, invitedAtMs, mailedTo } = row;
  const invited = { invitedAt: null, mailedTo: null };
  if (!hasAccount) return { userId: data.id, state: 'none', validUntil: null, ...invited };
  if (oneTimeUntilMs === null) return { userId: data.id, state: 'own', validUntil: null, ...invited };
  return {
    userId: data.id,
    state: oneTimeUntilMs > nowMs ? 'oneTime' : 'expired',
    validUntil: toInstant(oneTimeUntilMs),
    invitedAt: invitedAtMs === null ? null : toInstant(invitedAtMs),
    mailedTo,
  };
}

/** `by` null: it was given without being an invitation. */
async function noteInvitation(
  session: SqlSession,
  place: { readonly tenantId: TenantId; readonly userId: string },
  by: string | null,
  nowMs: number,
): Promise<void> {
  await session.query(
    'UPDATE account SET invited_at = $3, invited_by = $4, mailed_to = NULL WHERE tenant = $1 AND user_id = $2',
    [place.tenantId, place.userId, by === null ? null : nowMs, by],
  );
}

export function createOneTimePasswords(dependencies: IdentityDependencies): OneTimePasswords {
  const { database, clock, random, passwords } = dependencies;

  return {
    listWays: (actor) =>
      database.inTenant(actor.tenantId as TenantId, async (session) => {
        const rows = await session.query<WayRow>(
          `SELECT r.data, a.user_id IS NOT NULL AS "hasAccount", a.one_time_until AS "oneTimeUntilMs",
             a.invited_at AS "invitedAtMs", a.mailed_to AS "mailedTo"
           FROM record r LEFT JOIN account a ON a.tenant = r.tenant AND a.user_id = r.id
           WHERE r.tenant = $1 AND r.coll = 'people' AND r.kind = 'user' AND NOT r.deleted ORDER BY r.id`,
          [actor.tenantId],
        );
        return rows.filter(({ data }) => mayGive(actor, data).ok).map((row) => toWay(row, clock.now()));
      }),

    async give(principal, userId, purpose) {
      const tenantId = principal.actor.tenantId as TenantId;
      const password = createPassword(random);
      // Refused first, hashed then: a hash costs what a flood of askers must not be able to spend.
      const inAdvance = await database.inTenant(tenantId, (session) => judge(session, principal, userId, purpose));
      const passwordHash = inAdvance instanceof OutpostError ? '' : await passwords.createHash(password);
      const given = await database.inTenant(tenantId, async (session) => {
        const nowMs = clock.now();
        const judged = inAdvance instanceof OutpostError ? inAdvance : await judge(session, principal, userId, purpose);
        if (judged instanceof OutpostError) {
          await writeAudit(session, principal, userId, { purpose, outcome: judged.code }, nowMs);
          return judged;
        }
        const place = { tenantId, userId: userId as UserId };
        const oneTimeUntilMs = nowMs + ONE_TIME_LIFETIME_MS;
        await saveAccount(session, { ...place, email: judged.email, passwordHash, oneTimeUntilMs }, nowMs);
        await revokeSessionsOf(session, place, 'password_changed', nowMs);
        await noteInvitation(session, place, purpose === 'user.invite' ? principal.actor.userId : null, nowMs);
        await writeAudit(session, principal, userId, { purpose, outcome: 'applied' }, nowMs);
        return { email: judged.email, password, validUntil: toInstant(oneTimeUntilMs) };
      });
      // Thrown after the commit, so that the refusal stands in the audit.
      if (given instanceof OutpostError) throw given;
      return given;
    },
  };
}
