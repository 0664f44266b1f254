// A mail of a campaign as bytes (RFC 5322, 2045–2047). Ten thousand of them differ in a few words, so this does no more than
// they need: text and markup of one content, both in base64, and headers in which nothing a person wrote ends a line.
import { createHash } from 'node:crypto';
import { toHeaderLine } from '#shared/mail/render-template.ts';

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

export interface OutgoingMail {
  /** Number within the campaign; what a sender says of the mail is said with it. */
  readonly no: number;
  readonly from: MailAddress;
  readonly replyTo: MailAddress | null;
  readonly to: MailAddress;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** With the domain, without brackets. */
  readonly messageId: string;
  readonly dateMs: number;
  /** Beside the usual ones. */
  readonly headers: Readonly<Record<string, string>>;
}

const LINE = 76;
const CRLF = '\r\n';
/** Bytes of an encoded word; 75 with what stands around them. */
const WORD_BYTES = 42;

const isPlain = (text: string): boolean => /^[\u0020-\u007E]*$/.test(text);

/** Text of a header: as it is, or in encoded words that end between characters. */
export function encodeHeaderText(text: string): string {
  const line = toHeaderLine(text);
  if (isPlain(line) && !line.includes('=?')) return line;
  const words: string[] = [];
  let word = '';
  for (const sign of line) {
    if (Buffer.byteLength(word + sign) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += sign;
  }
  words.push(word);
  return words.map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join(`${CRLF} `);
}

function encodeName(name: string): string {
  const line = toHeaderLine(name);
  return isPlain(line) && !line.includes('=?') ? `"${line.replaceAll(/["\\]/g, '')}"` : encodeHeaderText(line);
}

/** The address was checked before; a name may be anything. */
export function encodeMailbox({ name, address }: MailAddress): string {
  const plain = toHeaderLine(address).replaceAll(/[<>\s]/g, '');
  return toHeaderLine(name) === '' ? plain : `${encodeName(name)} <${plain}>`;
}

function encodeBody(text: string): string {
  const base64 = Buffer.from(text).toString('base64');
  let lines = '';
  for (let at = 0; at < base64.length; at += LINE) lines += base64.slice(at, at + LINE) + CRLF;
  return lines;
}

function part(type: string, boundary: string, text: string): string {
  return `--${boundary}${CRLF}Content-Type: ${type}; charset=utf-8${CRLF}Content-Transfer-Encoding: base64${CRLF}${CRLF}${encodeBody(text)}`;
}

export function dateHeader(epochMs: number): string {
  return new Date(epochMs).toUTCString().replace('GMT', '+0000');
}

export function writeMail(mail: OutgoingMail): string {
  const boundary = `=_${createHash('sha256').update(mail.messageId).digest('hex').slice(0, 24)}`;
  const headers = [
    `From: ${encodeMailbox(mail.from)}`,
    ...(mail.replyTo === null ? [] : [`Reply-To: ${encodeMailbox(mail.replyTo)}`]),
    `To: ${encodeMailbox(mail.to)}`,
    `Subject: ${encodeHeaderText(mail.subject)}`,
    `Date: ${dateHeader(mail.dateMs)}`,
    `Message-ID: <${mail.messageId}>`,
    ...Object.entries(mail.headers).map(([name, value]) => `${name}: ${toHeaderLine(value)}`),
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
  ];
  const parts = part('text/plain', boundary, mail.text) + part('text/html', boundary, mail.html);
  return `${headers.join(CRLF)}${CRLF}${CRLF}${parts}--${boundary}--${CRLF}`;
}
