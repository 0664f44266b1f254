// Signing in that is not done: the first proof was right, and the server wants more. The key of the challenge stays here.
import type { SessionState } from '#shared/ipc/session-state.ts';
import { OutpostError, type ErrorData } from '#shared/kernel/errors.ts';
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
  /** What was shown before. */
  readonly before: SessionState;
}

export function requireOwed(owed: OwedSignIn | null): OwedSignIn {
  if (owed === null) throw new OutpostError('challenge_over', 'Sign in once more.');
  return owed;
}

/** Back at the sign-in: with the address nobody has to type again, and why, for whoever did not ask for it. */
export function describeLeft({ by, before }: OwedSignIn, reason?: ErrorData): SessionState {
  return {
    status: 'signedOut',
    serverUrl: by.serverUrl,
    // A passkey needs none.
    email: by.email === '' ? null : by.email,
    hasLocalData: before.status === 'signedOut' && before.hasLocalData,
    ...(reason === undefined ? {} : { reason }),
  };
}

export function describeOwed({ by, challenge }: OwedSignIn): SessionState {
  const { need, ways, leastLength, recoveryCodes } = challenge;
  const { serverUrl, email } = by;
  const codes = recoveryCodes === undefined ? {} : { recoveryCodes };
  return { status: 'challenged', serverUrl, email, need, ways, leastLength, ...codes };
}
