// A real SMTP server on this computer: keeps what it took over, refuses whom it is told to refuse.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { MailSettings } from '#server/mail/mail-settings.ts';

export interface TestSmtp {
  readonly settings: MailSettings;
  /** Everything taken over, parsed. */
  readonly mails: readonly ParsedMail[];
  /** Addresses that get a final no. */
  readonly refused: Set<string>;
  /** Addresses whose next mail is heard to its end and not taken over. */
  readonly busy: Set<string>;
  /** Addresses whose mails are taken over without an answer, as long as the line lasts. */
  readonly silent: Set<string>;
  /** Ends all lines at once. */
  cut(): void;
  mailsTo(address: string): readonly ParsedMail[];
  stop(): Promise<void>;
}

export const smtpUser = { user: 'outpost', password: 'hunter two' } as const;

export function recipientOf({ to }: ParsedMail): string {
  return [to ?? []].flat().flatMap(({ value }) => value)[0]?.address ?? '';
}

/** `port` 0: any free one. */
export async function startSmtp(port = 0): Promise<TestSmtp> {
  const mails: ParsedMail[] = [];
  const refused = new Set<string>();
  const silent = new Set<string>();
  const busy = new Set<string>();
  const lines = new Set<Socket>();
  async function keep(stream: Readable): Promise<ParsedMail> {
    const mail = await simpleParser(stream);
    if (busy.delete(recipientOf(mail))) throw Object.assign(new Error('Try again later'), { responseCode: 451 });
    mails.push(mail);
    return mail;
  }
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth(auth, _session, done) {
      const isKnown = auth.username === smtpUser.user && auth.password === smtpUser.password;
      done(isKnown ? null : new Error('Invalid username or password'), { user: smtpUser.user });
    },
    onRcptTo({ address }, _session, done) {
      done(
        refused.has(address) ? Object.assign(new Error(`No such mailbox: <${address}>`), { responseCode: 550 }) : null,
      );
    },
    onData(stream, _session, done) {
      keep(stream).then(
        (mail) => {
          if (!silent.has(recipientOf(mail))) process.nextTick(done);
        },
        (error: unknown) => process.nextTick(done, error),
      );
    },
  });
  // A client that hangs up is no reason to end the test.
  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
  listening.on('connection', (line: Socket) => {
    lines.add(line);
    line.once('close', () => lines.delete(line));
  });
  await once(listening, 'listening');
  const { port: taken } = listening.address() as AddressInfo;
  return {
    settings: {
      host: '127.0.0.1',
      port: taken,
      security: 'none',
      user: smtpUser.user,
      password: smtpUser.password,
      from: 'Outpost <crm@outpost.test>',
    },
    mails,
    refused,
    busy,
    silent,
    cut: () => {
      for (const line of lines) line.destroy();
    },
    mailsTo: (address) => mails.filter((mail) => recipientOf(mail) === address),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
