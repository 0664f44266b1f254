// Choosing a password: whatever the way (one-time password, change, reset, invitation), the same policy with what is known of
// the person, and the hash of what was chosen.
import { foldForComparison, judgePassword, PASSWORD_LENGTH, passwordLength } from '#shared/access/password-policy.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isFactorRequired } from '#server/identity/factors/is-factor-required.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import { readCommonPasswords } from '#server/identity/common-passwords.ts';
import { readFactors } from '#server/identity/factors/factor-store.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { Passwords } from '#server/identity/passwords.ts';
import { readPolicies } from '#server/platform/policies.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const PRODUCT = 'Outpost CRM';

export interface ChosenPassword {
  readonly hash: string;
  /** Long enough only beside a second factor. */
  readonly isShort: boolean;
}

export interface PasswordChoice {
  /** Throws `invalid` with `newPassword:<what is wrong>` and `leastLength`; `server_busy`. */
  choose(place: AccountPlace, newPassword: string): Promise<ChosenPassword>;
  /** Of those that are tried first. */
  isCommon(password: string): Promise<boolean>;
}

/** Characters a password of this person needs. */
export async function leastLengthIn(session: SqlSession, place: AccountPlace, role: string): Promise<number> {
  const { passwordMinLength } = await readPolicies(session, place.tenantId);
  const hasFactor = (await isFactorRequired(session, place, role)) || (await readFactors(session, place)).length > 0;
  return Math.max(passwordMinLength, hasFactor ? PASSWORD_LENGTH.besideFactor : PASSWORD_LENGTH.alone);
}

export function createPasswordChoice(database: SqlDatabase, passwords: Passwords): PasswordChoice {
  async function readContext(place: AccountPlace): Promise<{ leastLength: number; words: readonly string[] }> {
    return database.inTenant(place.tenantId, async (session) => {
      const loaded = await readActor(session, place.tenantId, place.userId);
      if (loaded === null) return { leastLength: PASSWORD_LENGTH.alone, words: [PRODUCT] };
      const { name, email, role } = loaded.actor;
      return {
        leastLength: await leastLengthIn(session, place, role),
        words: [PRODUCT, name, email, loaded.tenantName],
      };
    });
  }

  return {
    async choose(place, newPassword) {
      const context = await readContext(place);
      const common = await readCommonPasswords();
      const problem = judgePassword(newPassword, { ...context, isCommon: (folded) => common.has(folded) });
      if (problem !== null)
        throw new OutpostError('invalid', 'Choose another password.', {
          problems: [`newPassword:${problem}`],
          leastLength: context.leastLength,
        });
      return {
        hash: await passwords.createHash(newPassword),
        isShort: passwordLength(newPassword) < PASSWORD_LENGTH.alone,
      };
    },
    isCommon: async (password) => (await readCommonPasswords()).has(foldForComparison(password)),
  };
}
