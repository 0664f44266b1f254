// An invitation is a one-time password that travels as a link. Mailed, nobody but the recipient sees it: it is not in the
// answer, the log, the audit or a queue, so it is sent while the administrator waits, who is told when it could not be. The
// link is made with the address the operator configured, never with what a request says about where it came to.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { makeInvitationLink } from '#shared/sync/invitation-link.ts';
import type { OneTimePassword } from '#shared/sync/messages.ts';
import type { MailHindrance, SentInvitation } from '#shared/sync/people-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { IdentityDependencies } from '#server/identity/create-identity.ts';
import { mayGive, type OneTimePasswords } from '#server/identity/one-time-passwords.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { Principal } from '#server/identity/principal.ts';
import { writeInvitation } from '#server/identity/write-invitation.ts';
import { dress, readBrand } from '#server/mail/branded-mail.ts';
import { MailError, type Mailer } from '#server/mail/mailer.ts';
import type { SqlSession } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';
import type { UserId } from '#shared/kernel/ids.ts';

export interface InvitationDependencies extends Pick<IdentityDependencies, 'database' | 'clock'> {
  readonly oneTimePasswords: OneTimePasswords;
  readonly mailer: Mailer | null;
  /** Origin people reach the server at; null when nobody said. Asked at each use: a free port is known late. */
  readonly publicAddress: () => string | null;
  readonly createId: () => string;
}

export interface Invitations {
  /** Throws what giving a one-time password throws. */
  invite(principal: Principal, userId: string, byMail: boolean): Promise<SentInvitation>;
  /** The link works no longer. Throws what `can()` refuses with, `not_found` when no invitation waits. */
  withdraw(principal: Principal, userId: string): Promise<void>;
}

export function createInvitations(dependencies: InvitationDependencies): Invitations {
  const { database, clock, oneTimePasswords, mailer, publicAddress, createId } = dependencies;

  async function mail(principal: Principal, userId: string, given: OneTimePassword): Promise<MailHindrance | null> {
    const serverUrl = publicAddress();
    if (mailer === null) return 'notSetUp';
    if (serverUrl === null) return 'noPublicAddress';
    const tenantId = principal.actor.tenantId as TenantId;
    const [person, inviter] = await database.inTenant(tenantId, async (session) => [
      (await findRecord(session, tenantId, 'user', userId))?.record ?? {},
      (await findRecord(session, tenantId, 'user', principal.actor.userId))?.record ?? {},
    ]);
    const link = makeInvitationLink({ serverUrl, email: given.email, code: given.password });
    const { validUntil, email } = given;
    const brand = await readBrand(database, tenantId);
    const company = brand.name ?? principal.tenantName;
    const letter = await writeInvitation({ person, inviter, company, link, validUntil });
    try {
      await mailer.send(dress({ to: { name: letter.name, address: email }, ...letter.mail, id: createId() }, brand));
    } catch (error) {
      if (error instanceof MailError) return error.failure === 'refused' ? 'refused' : 'unreachable';
      throw error;
    }
    await database.inTenant(tenantId, (session) =>
      session.query('UPDATE account SET mailed_to = $3 WHERE tenant = $1 AND user_id = $2', [tenantId, userId, email]),
    );
    return null;
  }

  return {
    async invite(principal, userId, byMail) {
      const given = await oneTimePasswords.give(principal, userId, 'user.invite');
      const { email, password, validUntil } = given;
      const hindrance = byMail ? await mail(principal, userId, given) : null;
      if (byMail && hindrance === null)
        return { email, validUntil, isMailed: true, code: null, link: null, hindrance: null };
      const serverUrl = publicAddress();
      const link = serverUrl === null ? null : makeInvitationLink({ serverUrl, email, code: password });
      return { email, validUntil, isMailed: false, code: password, link, hindrance };
    },

    async withdraw(principal, userId) {
      const tenantId = principal.actor.tenantId as TenantId;
      const refusal = await database.inTenant(tenantId, async (session) => {
        const judged = await judgeWithdrawal(session, principal, userId);
        const what = { command: 'user.withdrawInvitation', entity: 'user', id: userId, groups: ['signIn'] };
        const outcome = judged === null ? 'applied' : judged.code;
        const by = { actor: principal.actor.userId, device: principal.deviceId };
        await appendAudit(session, tenantId, clock.now(), [{ ...by, ...what, outcome }]);
        return judged;
      });
      // Thrown after the commit, so that the refusal stands in the audit.
      if (refusal !== null) throw refusal;
    },
  };
}

async function judgeWithdrawal(
  session: SqlSession,
  principal: Principal,
  userId: string,
): Promise<OutpostError | null> {
  const tenantId = principal.actor.tenantId as TenantId;
  const loaded = await readActor(session, tenantId, principal.actor.userId as UserId);
  if (loaded === null) return new OutpostError('account_deactivated', 'Your account was deactivated.');
  const user = await findRecord(session, tenantId, 'user', userId);
  const allowed = mayGive(loaded.actor, user?.record ?? null);
  if (!allowed.ok) return allowed.error;
  const withdrawn = await session.query(
    'DELETE FROM account WHERE tenant = $1 AND user_id = $2 AND one_time_until IS NOT NULL RETURNING user_id',
    [tenantId, userId],
  );
  if (withdrawn.length === 0) return new OutpostError('not_found', 'No invitation of this person waits.');
  await session.query('DELETE FROM sign_in_name WHERE tenant = $1 AND user_id = $2', [tenantId, userId]);
  return null;
}
