import { OutpostError } from '#shared/kernel/errors.ts';
import type { SsoRefusal } from '#shared/sync/sso-messages.ts';

/** What a provider says of somebody, after everything about its word was checked. */
export interface ProvenIdentity {
  /** Names the person at the provider, for ever. */
  readonly subject: string;
  readonly email: string | null;
  readonly isEmailVerified: boolean;
  readonly name: string | null;
  readonly groups: readonly string[];
  /** The provider says that it asked for a second factor. */
  readonly isStrong: boolean;
}

const sentences: Readonly<Record<SsoRefusal, string>> = {
  cancelled: 'The sign-in at the provider was cancelled or refused.',
  unverified: 'The provider has not verified the e-mail address.',
  foreignDomain: 'The e-mail address does not belong to a domain of the organization.',
  noEmail: 'The provider does not tell an e-mail address.',
  noRole: 'No group of this person has a role in the organization.',
  noAccount: 'There is no account for this person.',
  otherAccount: 'The e-mail address belongs to an account that cannot be signed in this way.',
  domainNotAllowed: 'The rules of the organization or of the server do not allow addresses of this domain.',
  planFull: 'The plan of the organization has no place for another user.',
  superAdmin: 'A super administrator signs in with a provider only when a super administrator set it up.',
  wrongAnswer: 'The answer of the provider is not valid.',
  notEncrypted: 'The provider sent the assertion in the open, and it has to be encrypted.',
  replayed: 'This answer of the provider was used before.',
};

export function refuseSso(reason: SsoRefusal, cause?: unknown): OutpostError {
  return new OutpostError('sso_refused', sentences[reason], { reason }, { cause });
}

/** Texts of an attribute that may stand once, several times, or not at all. */
export function textsOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values
    .filter((each): each is string => typeof each === 'string' && each !== '')
    .map((each) => each.slice(0, 512));
}
