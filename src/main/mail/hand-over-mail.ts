// Hands one mail to the mail server and says what is known afterwards. SMTP has one moment in which nothing can be known: the last
// byte is out and the answer is not here. That this moment comes is written down before it comes, so that a crash on one side of
// it means "not sent", and only one on the other side means "ask the folder of sent mail".
import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailFailure } from '#shared/mail/mail-types.ts';
import { smtpOptions, type Connector, type Credential } from '#main/mail/connect.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import { toMailFailure } from '#main/mail/mail-failure.ts';
import type { Envelope } from '#main/mail/outbox-store.ts';

const CHUNK = 64 * 1024;

/**
 * `sent`: taken over, perhaps not for everybody. `refused`: never will be. `later`: not taken over, and a later attempt may be.
 * `unknown`: the line broke in the moment.
 */
export type HandOver =
  | { readonly kind: 'sent'; readonly failure: MailFailure | null }
  | { readonly kind: 'refused' | 'later' | 'unknown'; readonly failure: MailFailure };

/** All of it but the last bytes; those follow when it is written down that they do. Read once the server said that it listens. */
function withMoment(raw: Uint8Array, onLast: () => void): Readable {
  let at = 0;
  return new Readable({
    highWaterMark: CHUNK,
    read() {
      const next = raw.subarray(at, at + CHUNK);
      at += next.length;
      const isLast = at >= raw.length;
      if (isLast && next.length > 0) onLast();
      if (next.length > 0) this.push(Buffer.from(next));
      if (isLast) this.push(null);
    },
  });
}

/** An open connection that is signed in. Whoever gets it closes it. @throws what Nodemailer and the keychain throw */
export async function connectSmtp(account: StoredAccount, connector: Connector): Promise<SMTPConnection> {
  const { credential, ...options } = await smtpOptions(account, connector);
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection = new Connection(options);
  try {
    await new Promise<void>((settle, fail) => {
      connection.once('error', fail);
      connection.connect((error) => (error ? fail(error) : settle()));
    });
    // Only a server on this computer may take mail from whoever comes.
    if (connection.allowsAuth || options.secure || options.requireTLS) await login(connection, account, credential);
  } catch (error) {
    connection.close();
    throw error;
  }
  return connection;
}

async function login(connection: SMTPConnection, { user }: StoredAccount, credential: Credential): Promise<void> {
  const { default: XOAuth2 } = await import('nodemailer/lib/xoauth2');
  const auth =
    'password' in credential
      ? { credentials: { user, pass: credential.password } }
      : { type: 'OAUTH2', user, method: 'XOAUTH2', oauth2: new XOAuth2({ user, accessToken: credential.accessToken }) };
  return new Promise((settle, fail) => {
    connection.login(auth, (error) => (error ? fail(error) : settle()));
  });
}

export async function handOver(
  account: StoredAccount,
  connector: Connector,
  { raw, envelope }: { readonly raw: Uint8Array; readonly envelope: Envelope },
  onHanding: () => void,
): Promise<HandOver> {
  let isHanding = false;
  let connection: SMTPConnection | null = null;
  try {
    const open = await connectSmtp(account, connector);
    connection = open;
    const message = withMoment(raw, () => {
      isHanding = true;
      onHanding();
    });
    const sent = await new Promise<{ readonly rejected: readonly string[] }>((settle, fail) => {
      open.once('error', fail);
      open.once('end', () => fail(new Error('The mail server closed the line.')));
      open.send({ from: envelope.from, to: [...envelope.to], size: raw.length }, message, (error, info) => {
        if (error !== null) fail(error);
        else settle(info ?? { rejected: [] });
      });
    });
    open.quit();
    const failure: MailFailure | null =
      sent.rejected.length === 0 ? null : { kind: 'notToAll', detail: sent.rejected.join(', ') };
    return { kind: 'sent', failure };
  } catch (error) {
    const failure = toMailFailure(error);
    const { responseCode, command } = error as { readonly responseCode?: unknown; readonly command?: unknown };
    const isAnswer = typeof responseCode === 'number';
    if (isHanding && !isAnswer) return { kind: 'unknown', failure };
    // An answer about the mail or its recipients; one about signing in is about us.
    const isAboutMail = command === 'DATA' || command === 'RCPT TO' || command === 'MAIL FROM';
    const isFinal = isAnswer && responseCode >= 500 && isAboutMail;
    return { kind: isFinal ? 'refused' : 'later', failure: isFinal ? { ...failure, kind: 'broken' } : failure };
  } finally {
    connection?.close();
  }
}
