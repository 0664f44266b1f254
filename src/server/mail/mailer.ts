// Hands mail to the mail server. An answer says who has to do something about a failure: the recipient's address was refused,
// which no second attempt changes, the server could not be had, which a later one may, or nobody knows whether it was taken over.
// A receiver delivers nothing before the line with the single dot: whoever must not send a mail twice keeps that it may be gone
// between the last byte before it and that line.
import { Duplex } from 'node:stream';
import type { MailMessage, Transporter } from 'nodemailer';
import type { MailSettings } from '#server/mail/mail-settings.ts';

export interface Mail {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly attachment?: { readonly fileName: string; readonly mediaType: string; readonly bytes: Uint8Array };
  /** A PNG that the HTML shows as `cid:logo`. */
  readonly logo?: Uint8Array;
  /** Left of the @: the same mail has the same one when it is sent again. */
  readonly id: string;
}

/** `unknown`: everything was said, and no answer came. Only for mails that are kept before they may be gone. */
export type MailFailure = 'refused' | 'unreachable' | 'unknown';

export class MailError extends Error {
  override readonly name = 'MailError';
  readonly failure: MailFailure;
  constructor(failure: MailFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

export interface Mailer {
  /** Who mail comes from. */
  readonly from: string;
  /** @throws MailError `unreachable` when the server cannot be had, or does not let us in. */
  check(): Promise<void>;
  /**
   * Resolves once the mail server has taken it over. `commit` resolves when it is kept that the mail may be gone from now on:
   * before it, nothing the receiver would deliver has left. @throws MailError, and what `commit` throws: then it is not sent.
   */
  send(mail: Mail, commit?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const CONNECT_LIMIT_MS = 15_000;
/** Of silence, while a mail is handed over. */
const SILENCE_LIMIT_MS = 60_000;

/** Answers of SMTP to a recipient or a message, from which on an attempt is final. */
const FINAL_FROM = 500;
/** Steps of the exchange that are about this mail; before them it is about us. */
const STEPS_OF_MAIL: readonly unknown[] = ['RCPT TO', 'DATA'];

function toMailError(error: unknown, isCommitted = false): MailError {
  const { responseCode, command, message } = error as { responseCode?: unknown; command?: unknown; message?: unknown };
  const isFinal = typeof responseCode === 'number' && responseCode >= FINAL_FROM && STEPS_OF_MAIL.includes(command);
  const text = typeof message === 'string' ? message : 'The mail server failed.';
  // An answer is an answer, whenever it came; silence after the end of the content is none.
  const isUnknown = isCommitted && typeof responseCode !== 'number';
  return new MailError(isFinal ? 'refused' : isUnknown ? 'unknown' : 'unreachable', text, { cause: error });
}

/** Content of a mail that asks before it ends. */
function heldBack(commit: () => Promise<void>): Duplex {
  return Duplex.from(async function* (content: AsyncIterable<Buffer>) {
    yield* content;
    await commit();
  });
}

function holdBack(mail: MailMessage<unknown>, done: () => void): void {
  const { commit } = mail.data as { readonly commit?: () => Promise<void> };
  if (commit !== undefined) mail.message.transform(() => heldBack(commit));
  done();
}

async function translating<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw toMailError(error);
  }
}

function domainOf(from: string): string {
  return /@([^\s@<>]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

export function createMailer(settings: MailSettings): Mailer {
  let opened: Promise<Transporter> | null = null;

  function open(): Promise<Transporter> {
    // Only a server that sends mail loads what it takes.
    opened ??= import('nodemailer').then(({ createTransport }) => {
      const transport = createTransport({
        host: settings.host,
        port: settings.port,
        secure: settings.security === 'tls',
        requireTLS: settings.security === 'starttls',
        ignoreTLS: settings.security === 'none',
        ...(settings.user === null ? {} : { auth: { user: settings.user, pass: settings.password ?? '' } }),
        connectionTimeout: CONNECT_LIMIT_MS,
        greetingTimeout: CONNECT_LIMIT_MS,
        socketTimeout: SILENCE_LIMIT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      transport.use('stream', holdBack);
      return transport;
    });
    return opened;
  }

  return {
    from: settings.from,
    async check() {
      const transport = await open();
      await translating(transport.verify());
    },
    async send({ to, subject, text, html, attachment, logo, id }, commit) {
      const transport = await open();
      let isCommitted = false;
      let denied: { readonly error: unknown } | null = null;
      async function commitOnce(): Promise<void> {
        try {
          await commit?.();
          isCommitted = true;
        } catch (error) {
          denied = { error };
          throw error;
        }
      }
      const sent = transport.sendMail({
        ...(commit === undefined ? {} : { commit: commitOnce }),
        from: settings.from,
        to: { name: to.name, address: to.address },
        subject,
        text,
        ...(html === undefined ? {} : { html }),
        messageId: `<${id}@${domainOf(settings.from)}>`,
        // Out-of-office answers to a machine help nobody.
        headers: { 'Auto-Submitted': 'auto-generated' },
        attachments: [
          ...(logo === undefined
            ? []
            : [
                {
                  filename: 'logo.png',
                  contentType: 'image/png',
                  content: bufferOf(logo),
                  cid: 'logo',
                  contentDisposition: 'inline' as const,
                },
              ]),
          ...(attachment === undefined
            ? []
            : [
                {
                  filename: attachment.fileName,
                  contentType: attachment.mediaType,
                  content: bufferOf(attachment.bytes),
                },
              ]),
        ],
      });
      try {
        await sent;
      } catch (error) {
        const denial = denied as { readonly error: unknown } | null;
        throw denial === null ? toMailError(error, isCommitted) : denial.error;
      }
    },
    async close() {
      const transport = await opened;
      transport?.close();
    },
  };
}
