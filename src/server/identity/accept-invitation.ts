// The end of an invitation: the person sets the own password, in the browser or in the application. The code of the link is
// a one-time password, so it is bound to one account and its present address, ends after its time, and works once. A wrong
// code, an unknown address and a code that was used give the same answer after the same work. No session is opened here.
import { OutpostError } from '#shared/kernel/errors.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { findAccount, foldEmail, readCredentials, replacePasswordHash } from '#server/identity/accounts.ts';
import { createAttemptLimits } from '#server/identity/attempt-limits.ts';
import { assertInTime, chooseOwnPassword } from '#server/identity/choose-own-password.ts';
import type { IdentityDependencies } from '#server/identity/create-identity.ts';
import { loadActor } from '#server/identity/load-actor.ts';
import { createPasswordChoice } from '#server/identity/password-choice.ts';

export interface Acceptance {
  readonly email: string;
  readonly code: string;
  readonly newPassword: string;
  readonly address: string;
}

export interface InvitationAcceptance {
  /** Whether the link still works; it is not used up. Throws `wrong_credentials`, `one_time_expired`, `too_many_attempts`, `server_busy`. */
  check(link: Omit<Acceptance, 'newPassword'>): Promise<void>;
  /** Throws what `check` throws, and `invalid`. */
  accept(acceptance: Acceptance): Promise<void>;
}

const wrongCode = () => new OutpostError('wrong_credentials', 'This invitation does not work, or no longer.');

export function createInvitationAcceptance(dependencies: IdentityDependencies): InvitationAcceptance {
  const { database, clock, passwords } = dependencies;
  const limits = createAttemptLimits({ database, clock }, 'invitation');
  const choice = createPasswordChoice(database, passwords);

  /** Counts as one try until the code is known to be right: it is guessed no oftener by looking than by using it. */
  async function requireAccount({ email, code, address }: Omit<Acceptance, 'newPassword'>) {
    const name = foldEmail(email);
    await limits.begin(name, address);
    const account = await findAccount(database, email);
    const { place, passwordHash, oneTimeUntilMs } = account;
    if (!(await passwords.isCorrect(passwordHash, code)) || oneTimeUntilMs === null) throw wrongCode();
    await limits.succeed(name, address);
    if ((await loadActor(database, place.tenantId, place.userId)) === null) throw wrongCode();
    return account;
  }

  return {
    async check(link) {
      const { oneTimeUntilMs } = await requireAccount(link);
      assertInTime(oneTimeUntilMs, clock.now());
    },

    async accept({ newPassword, ...link }) {
      const { code, address } = link;
      const { place, ...credentials } = await requireAccount(link);
      const own = await chooseOwnPassword(
        (chosen) => choice.choose(place, chosen),
        { password: code, newPassword },
        credentials,
        clock.now(),
      );
      await database.inTenant(place.tenantId, async (session) => {
        // Of two who use it at the same instant one is first, and what was withdrawn meanwhile opens nothing.
        const { passwordHash } = await readCredentials(session, place, true);
        if (passwordHash !== credentials.passwordHash || own === null) throw wrongCode();
        await replacePasswordHash(session, place, own, clock.now());
        const { userId, tenantId } = place;
        const what = { command: 'user.accept', entity: 'user', id: userId, groups: [], outcome: 'applied' };
        await appendAudit(session, tenantId, clock.now(), [
          { actor: userId, device: null, ...what, detail: { address } },
        ]);
      });
    },
  };
}
