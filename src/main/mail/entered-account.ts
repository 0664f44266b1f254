// What a window enters about a mailbox. Secrets that are kept here go where they were entered for and nowhere else, whoever asks;
// windows never get one back.
import { OutpostError } from '#shared/kernel/errors.ts';
import { isJsonEqual, type Json } from '#shared/kernel/json.ts';
import type { MailAccountInput, MailServer, ShownOAuth } from '#shared/mail/mail-types.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';

export interface MailboxInput {
  readonly id: string | null;
  readonly account: MailAccountInput;
  readonly password: string | null;
}

/** Where a secret of an account is sent. */
function placeOf({ imap, smtp, user, auth, oauth }: MailAccountInput | StoredAccount): Json {
  const of = ({ host, port }: MailServer): string => `${host.trim().toLowerCase()}:${String(port)}`;
  return [of(imap), of(smtp), user, auth, auth === 'oauth' ? (oauth?.tokenUrl ?? null) : null];
}

/** What is kept in the keychain. @throws OutpostError `invalid` */
export function assertKnownPlace(accounts: readonly StoredAccount[], { id, account, password }: MailboxInput): void {
  if (password !== null || id === null) return;
  const known = accounts.find((one) => one.id === id);
  if (known === undefined || isJsonEqual(placeOf(known), placeOf(account))) return;
  throw new OutpostError('invalid', 'Enter the password once more: these are other servers than before.', {
    problems: ['password:otherPlace'],
  });
}

/** With the secret of the registration that is kept here, when none was entered. @throws OutpostError `invalid` */
export function withSecret(
  accounts: readonly StoredAccount[],
  id: string,
  { oauth, ...account }: MailAccountInput,
): StoredAccount {
  if (oauth === null) return { ...account, id, oauth };
  const { clientSecret, ...registration } = oauth;
  if (clientSecret !== null) return { ...account, id, oauth: { ...registration, clientSecret } };
  const known = accounts.find((one) => one.id === id)?.oauth;
  if (known?.tokenUrl !== registration.tokenUrl)
    throw new OutpostError('invalid', 'Enter the client secret once more: this is another provider than before.', {
      problems: ['clientSecret:otherProvider'],
    });
  return { ...account, id, oauth: { ...registration, clientSecret: known.clientSecret } };
}

export function withoutSecret({ clientSecret, ...oauth }: NonNullable<StoredAccount['oauth']>): ShownOAuth {
  return { ...oauth, hasSecret: clientSecret !== '' };
}
