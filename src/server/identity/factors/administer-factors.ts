// What administrators do about the second factors of others: see how somebody signed in, and take the factors of somebody away
// whose phone and codes are gone. Whoever may replace a password may do so; it ends every session, and the person is asked for a
// new factor where the role needs one.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { SignInHistory } from '#shared/sync/sign-in-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { readFactors, removeFactor } from '#server/identity/factors/factor-store.ts';
import { forgetRecoveryCodes } from '#server/identity/factors/recovery-codes.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { mayGive } from '#server/identity/one-time-passwords.ts';
import type { Principal } from '#server/identity/principal.ts';
import { assertProved } from '#server/identity/session-proof.ts';
import { revokeSessionsOf } from '#server/identity/sessions.ts';
import { readSignIns } from '#server/identity/sign-in-history.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

export interface FactorAdministration {
  /** Throws what `can()` refuses with. */
  listSignIns(principal: Principal, userId: string): Promise<SignInHistory['events']>;
  /** Throws `proof_required`, and what `can()` refuses with. */
  removeAll(principal: Principal, userId: string): Promise<void>;
}

/** Null, or why this caller may not. Rights are those of the transaction. */
async function judge(session: SqlSession, { actor }: Principal, userId: string): Promise<OutpostError | null> {
  const tenantId = actor.tenantId as TenantId;
  const loaded = await readActor(session, tenantId, actor.userId as UserId);
  if (loaded === null) return new OutpostError('account_deactivated', 'Your account was deactivated.');
  const user: AnyRecord | null = (await findRecord(session, tenantId, 'user', userId))?.record ?? null;
  const allowed = mayGive(loaded.actor, user);
  return allowed.ok ? null : allowed.error;
}

export function createFactorAdministration(database: SqlDatabase, clock: Clock): FactorAdministration {
  return {
    listSignIns: (principal, userId) => {
      const tenantId = principal.actor.tenantId as TenantId;
      return database.inTenant(tenantId, async (session) => {
        const refusal = await judge(session, principal, userId);
        if (refusal !== null) throw refusal;
        return readSignIns(session, { tenantId, userId: userId as UserId });
      });
    },

    async removeAll(principal, userId) {
      const tenantId = principal.actor.tenantId as TenantId;
      const place = { tenantId, userId: userId as UserId };
      const refusal = await database.inTenant(tenantId, async (session) => {
        const nowMs = clock.now();
        await assertProved(session, principal, nowMs);
        const refused = await judge(session, principal, userId);
        if (refused === null) {
          for (const { factorId } of await readFactors(session, place)) await removeFactor(session, place, factorId);
          await forgetRecoveryCodes(session, place);
          await revokeSessionsOf(session, place, 'ended', nowMs);
        }
        const what = { command: 'factor.takeAway', entity: 'user', id: userId, groups: ['signIn'] };
        const by = { actor: principal.actor.userId, device: principal.deviceId };
        await appendAudit(session, tenantId, nowMs, [{ ...by, ...what, outcome: refused?.code ?? 'applied' }]);
        return refused;
      });
      // Thrown after the commit, so that the refusal stands in the audit.
      if (refusal !== null) throw refusal;
    },
  };
}
