// Mail over SMTP, on a few connections that stay open. A receiver delivers nothing before the line with the single dot, so the
// mail is written up to there, then it is kept that it may be gone, and only then the dot leaves: a server that dies before has
// sent nothing, for certain.
import { once } from 'node:events';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { OutgoingMail } from '#server/campaigns/write-mail.ts';
import { writeMail } from '#server/campaigns/write-mail.ts';
import { shortDetail, type Handed, type MailSender } from '#server/campaigns/providers/mail-sender.ts';
import type { MailSecurity } from '#server/mail/mail-settings.ts';

export interface SmtpPlace {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly user: string | null;
  readonly password: string | null;
  /** The address to connect to; the host stays the name of the certificate. Throws when it must not be connected to. */
  readonly resolve: () => Promise<string>;
  readonly atOnce?: number;
  /** Where a mail that cannot be delivered comes back to; null or left out: to whoever it comes from. */
  readonly returnTo?: string | null;
}

const CONNECT_LIMIT_MS = 15_000;
const SILENCE_LIMIT_MS = 60_000;
const CONNECTIONS = 8;
/** Receivers close a connection that carried many. */
const MAILS_PER_CONNECTION = 500;

interface Line {
  readonly connection: SMTPConnection;
  sent: number;
  /** Why it ended; null while it lives. */
  ended: Error | null;
}

/** Content of a mail that asks before it ends. */
function heldBack(content: string, commit: () => Promise<void>, onCommitted: () => void): Readable {
  const bytes = Buffer.from(content);
  let isGiven = false;
  return new Readable({
    read() {
      if (!isGiven) {
        isGiven = true;
        this.push(bytes);
        return;
      }
      commit().then(
        () => {
          onCommitted();
          this.push(null);
        },
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
}

export function createSmtpSender(place: SmtpPlace): MailSender {
  const idle: Line[] = [];
  const open = new Set<Line>();

  async function connect(): Promise<Line> {
    const address = await place.resolve();
    const connection = new SMTPConnection({
      host: address,
      port: place.port,
      secure: place.security === 'tls',
      requireTLS: place.security === 'starttls',
      ignoreTLS: place.security === 'none',
      tls: { servername: place.host },
      connectionTimeout: CONNECT_LIMIT_MS,
      greetingTimeout: CONNECT_LIMIT_MS,
      socketTimeout: SILENCE_LIMIT_MS,
    });
    const line: Line = { connection, sent: 0, ended: null };
    connection.on('error', (error) => {
      line.ended ??= error;
    });
    connection.once('end', () => {
      line.ended ??= new Error('The connection ended.');
      open.delete(line);
    });
    await new Promise<void>((done, fail) => {
      connection.once('error', fail);
      connection.connect((error) => (error === undefined || error === null ? done() : fail(error)));
    });
    if (place.user !== null) {
      const credentials = { user: place.user, pass: place.password ?? '' };
      await new Promise<void>((done, fail) => {
        connection.login({ credentials }, (error) => (error === null || error === undefined ? done() : fail(error)));
      });
    }
    open.add(line);
    return line;
  }

  async function take(): Promise<Line> {
    for (let line = idle.pop(); line !== undefined; line = idle.pop()) if (line.ended === null) return line;
    return connect();
  }

  function release(line: Line): void {
    if (line.ended !== null) return;
    if (line.sent >= MAILS_PER_CONNECTION) line.connection.quit();
    else idle.push(line);
  }

  function exchange(line: Line, mail: OutgoingMail, commit: () => Promise<void>): Promise<Handed> {
    let isCommitted = false;
    const stream = heldBack(writeMail(mail), commit, () => {
      isCommitted = true;
    });
    return new Promise((settle) => {
      // It could not be kept that the mail may be gone: the content never ends, and the receiver drops it.
      stream.once('error', () => line.connection.close());
      const onEnd = () =>
        settle(isCommitted ? notKnown('The connection ended.') : later('The connection ended.', true));
      line.connection.once('end', onEnd);
      line.connection.send({ from: place.returnTo ?? mail.from.address, to: [mail.to.address] }, stream, (error) => {
        line.connection.off('end', onEnd);
        line.sent += 1;
        if (error === null || error === undefined) settle({ outcome: 'sent' });
        else {
          settle(toHanded(error, isCommitted));
          // Whatever state it is in, the next mail does not find out.
          line.ended ??= error;
          line.connection.close();
        }
      });
    });
  }

  return {
    atOnce: place.atOnce ?? CONNECTIONS,
    async hand(mail, commit) {
      let line: Line;
      try {
        line = await take();
      } catch (error) {
        return later(messageOf(error), true);
      }
      const handed = await exchange(line, mail, commit);
      release(line);
      return handed;
    },
    async check() {
      try {
        const line = await connect();
        line.connection.quit();
      } catch (error) {
        if (error instanceof OutpostError) throw error;
        throw new OutpostError('mail_failed', shortDetail(messageOf(error)), { failure: 'unreachable' });
      }
    },
    async close() {
      const ending = [...open].map(async (line) => {
        const ended = once(line.connection, 'end');
        line.connection.quit();
        const limit = setTimeout(() => line.connection.close(), 2000);
        await ended.catch(() => undefined);
        clearTimeout(limit);
      });
      await Promise.all(ending);
      idle.length = 0;
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function later(detail: string, isOurs: boolean): Handed {
  return { outcome: 'later', detail: shortDetail(detail), afterMs: null, isOurs };
}

function notKnown(detail: string): Handed {
  return { outcome: 'unknown', detail: shortDetail(detail) };
}

/** An answer is an answer, whenever it came; silence after the end of the content is none. */
function toHanded(
  error: Error & {
    readonly responseCode?: number | undefined;
    readonly command?: string | undefined;
    readonly response?: string | undefined;
  },
  isCommitted: boolean,
): Handed {
  const { responseCode, command } = error;
  // What the receiver said, where it said something, without the words of the library around it.
  const message = error.response ?? error.message;
  if (responseCode === undefined) return isCommitted ? notKnown(message) : later(message, true);
  const isAboutMail = command === 'RCPT TO' || command === 'DATA';
  if (responseCode >= 500 && isAboutMail)
    return { outcome: 'refused', detail: shortDetail(message), isAddress: command === 'RCPT TO' };
  return later(message, !isAboutMail);
}
