// What went wrong with a mail server, in the words of the catalogue: who has to do something about it, and what the server said.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { MailFailure, MailFailureKind } from '#shared/mail/mail-types.ts';

const MOST_DETAIL = 300;

const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ALTNAME/;

/** Fields that imapflow, Nodemailer and Node put on what they throw. */
interface Told {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly responseText?: unknown;
  readonly response?: unknown;
  readonly authenticationFailed?: unknown;
  readonly mailboxMissing?: unknown;
  readonly serverResponseCode?: unknown;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function toMailFailure(error: unknown): MailFailure {
  const told = (typeof error === 'object' && error !== null ? error : {}) as Told;
  const said = text(told.responseText) || text(told.response) || text(told.message);
  return { kind: kindOf(error, told, said), detail: said.replaceAll(/\s+/g, ' ').slice(0, MOST_DETAIL) };
}

function kindOf(error: unknown, told: Told, said: string): MailFailureKind {
  if (error instanceof OutpostError) {
    if (error.code === 'address_forbidden') return 'forbiddenAddress';
    if (error.code === 'sign_in_again') return 'signInAgain';
    if (error.code === 'disk_full') return 'full';
    return 'unreachable';
  }
  if (told.authenticationFailed === true || told.code === 'EAUTH') return 'wrongCredentials';
  if (told.mailboxMissing === true || told.serverResponseCode === 'NONEXISTENT') return 'folderGone';
  if (untrusted.test(text(told.code)) || /certificate/i.test(said)) return 'untrusted';
  return 'unreachable';
}

/** Trying again changes nothing until a person did something. */
export function needsPerson({ kind }: MailFailure): boolean {
  return kind === 'wrongCredentials' || kind === 'forbiddenAddress' || kind === 'untrusted' || kind === 'signInAgain';
}
