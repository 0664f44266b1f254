// How the server sends mail, as its operator says it: in the environment or on the command line, for all organizations of it.
// A password is never an argument, which everybody on the computer could read, and never leaves the server.
import { readFileSync } from 'node:fs';

/** `tls`: from the first byte; `starttls`: nothing is sent before the line is encrypted; `none`: for this computer alone. */
export type MailSecurity = 'tls' | 'starttls' | 'none';

export interface MailSettings {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly user: string | null;
  readonly password: string | null;
  /** Address, or `Name <address>`. */
  readonly from: string;
}

/** What is said does not make settings; the message is for the operator. */
export class MailSettingsError extends Error {
  override readonly name = 'MailSettingsError';
}

const TLS_PORT = 465;
const SUBMISSION_PORT = 587;
const localHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const ADDRESS = /^[^\s@<>]+@[^\s@<>]+$/;

export interface MailWish {
  readonly url: string | undefined;
  readonly from: string | undefined;
  readonly password: string | undefined;
  readonly passwordFile: string | undefined;
}

/** OUTPOST_SMTP_URL, OUTPOST_MAIL_FROM, OUTPOST_SMTP_PASSWORD or OUTPOST_SMTP_PASSWORD_FILE. */
export function mailWishOf(environment: Readonly<Record<string, string | undefined>>): MailWish {
  const read = (name: string): string | undefined => (environment[name] === '' ? undefined : environment[name]);
  return {
    url: read('OUTPOST_SMTP_URL'),
    from: read('OUTPOST_MAIL_FROM'),
    password: read('OUTPOST_SMTP_PASSWORD'),
    passwordFile: read('OUTPOST_SMTP_PASSWORD_FILE'),
  };
}

/** Null: mail is not set up. @throws MailSettingsError */
export function readMailSettings(wish: MailWish): MailSettings | null {
  if (wish.url === undefined) {
    if (wish.from === undefined) return null;
    throw new MailSettingsError('A sender of mail is named, but no server: say smtp://HOST:PORT, too.');
  }
  const url = readUrl(wish.url);
  const from = wish.from ?? '';
  const address = /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from;
  if (!ADDRESS.test(address))
    throw new MailSettingsError(
      'Say who mail comes from: an address, or a name with an address like "Outpost <crm@example.com>".',
    );
  const user = url.username === '' ? null : decodeURIComponent(url.username);
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? (url.protocol === 'smtps:' ? TLS_PORT : SUBMISSION_PORT) : Number(url.port),
    security: securityOf(url),
    user,
    password: user === null ? null : readPassword(wish),
    from,
  };
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    throw new MailSettingsError('A mail server is named like smtp://USER@HOST:587 or smtps://USER@HOST:465.');
  if (url.password !== '')
    throw new MailSettingsError(
      'The password of the mail server does not belong into its address: give it in OUTPOST_SMTP_PASSWORD or in a file.',
    );
  return url;
}

function securityOf(url: URL): MailSecurity {
  if (url.protocol === 'smtps:') return 'tls';
  return localHosts.includes(url.hostname) || url.searchParams.get('security') === 'none' ? 'none' : 'starttls';
}

function readPassword({ password, passwordFile }: MailWish): string {
  if (password !== undefined) return password;
  if (passwordFile === undefined)
    throw new MailSettingsError(
      'The mail server has a user, but no password: give it in OUTPOST_SMTP_PASSWORD, or name a file that holds it.',
    );
  try {
    return readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new MailSettingsError(`The file with the password of the mail server cannot be read: ${passwordFile}`, {
      cause,
    });
  }
}
