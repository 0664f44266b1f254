// Signing in that is not done: the first proof was right, and the server wants more. The key of the challenge stays here.
import type { SessionState } from '#shared/ipc/session-state.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { SignInChallenge } from '#shared/sync/sign-in-messages.ts';

export interface SignInPlace {
  readonly serverUrl: string;
  readonly email: string;
  readonly deviceId: string;
  /** What uncovers the screens later; null for somebody who signs in without one. */
  readonly password: string | null;
}

export interface OwedSignIn {
  readonly by: SignInPlace;
  readonly challenge: SignInChallenge;
  /** What was shown before, for whoever goes back. */
  readonly before: SessionState;
}

export function requireOwed(owed: OwedSignIn | null): OwedSignIn {
  if (owed === null) throw new OutpostError('challenge_over', 'Sign in once more.');
  return owed;
}

export function describeOwed({ by, challenge }: OwedSignIn): SessionState {
  const { need, ways, leastLength, recoveryCodes } = challenge;
  const { serverUrl, email } = by;
  const codes = recoveryCodes === undefined ? {} : { recoveryCodes };
  return { status: 'challenged', serverUrl, email, need, ways, leastLength, ...codes };
}
