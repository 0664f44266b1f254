import { OutpostError } from '#shared/kernel/errors.ts';
import type { Credentials } from '#server/identity/accounts.ts';
import type { ChosenPassword } from '#server/identity/password-choice.ts';

export interface OwnChoice {
  /** The one that was right. */
  readonly password: string;
  readonly newPassword?: string;
}

/** Throws `one_time_expired`. */
export function assertInTime(oneTimeUntilMs: number | null, nowMs: number): void {
  if (oneTimeUntilMs === null || oneTimeUntilMs > nowMs) return;
  throw new OutpostError('one_time_expired', 'This one-time password is too old. Ask your administrator for another.');
}

/** The person's own choice when the password was a one-time one, null when it was the person's own. */
export async function chooseOwnPassword(
  choose: (newPassword: string) => Promise<ChosenPassword>,
  { password, newPassword }: OwnChoice,
  { oneTimeUntilMs }: Credentials,
  nowMs: number,
): Promise<ChosenPassword | null> {
  if (oneTimeUntilMs === null) {
    if (newPassword === undefined) return null;
    throw new OutpostError('invalid', 'Sign in first: only a one-time password is replaced while signing in.');
  }
  assertInTime(oneTimeUntilMs, nowMs);
  if (newPassword === undefined) {
    throw new OutpostError('password_change_required', 'Choose a password of your own to sign in.');
  }
  if (newPassword.normalize('NFKC') === password.normalize('NFKC')) {
    throw new OutpostError('invalid', 'Choose another password than the one-time password.', {
      problems: ['newPassword:samePassword'],
    });
  }
  return choose(newPassword);
}
