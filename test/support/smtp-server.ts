// A real SMTP server on this computer: keeps what it took over, refuses whom it is told to refuse.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
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
  async function keep(stream: Readable): Promise<void> {
    mails.push(await simpleParser(stream));
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
        () => process.nextTick(done),
        (error: unknown) => process.nextTick(done, error),
      );
    },
  });
  // A client that hangs up is no reason to end the test.
  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
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
    mailsTo: (address) => mails.filter((mail) => recipientOf(mail) === address),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
