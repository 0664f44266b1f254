// What is known of a mail from what the mail server says about it: nothing here reads a body. Everything is cut to a length,
// because a sender may write what they like.
import { createHash } from 'node:crypto';
import type { FetchMessageObject, MessageAddressObject, MessageStructureObject } from 'imapflow';
import type { MailAddress } from '#shared/mail/mail-types.ts';
import { cleanMessageId, readMessageIds, threadOf } from '#shared/mail/message-ids.ts';
import type { MailFacts } from '#main/mail/stored-mail.ts';

const MOST_PEOPLE = 200;
const MOST_PARTS = 2_000;
const DAY_MS = 86_400_000;
/** Of the header of a mail; more is not looked at. */
const MOST_HEADER_BYTES = 256 * 1024;

/** Without what would leave its line. */
const oneLine = (text: string, most: number): string =>
  text
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u001F\u007F\u2028\u2029\u202A-\u202E\u2066-\u2069]+/g, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed();

function toAddress({ name, address }: MessageAddressObject): MailAddress {
  return { name: oneLine(name ?? '', 200), address: oneLine(address ?? '', 254) };
}

const toPeople = (found: readonly MessageAddressObject[] | undefined): readonly MailAddress[] =>
  (found ?? []).slice(0, MOST_PEOPLE).map(toAddress);

/** Up to the first empty line. */
function headerText(source: Uint8Array): string {
  const bytes = Buffer.from(source.buffer, source.byteOffset, Math.min(source.length, MOST_HEADER_BYTES));
  const ends = [bytes.indexOf('\r\n\r\n'), bytes.indexOf('\n\n'), bytes.indexOf('\n\r\n')].filter((at) => at !== -1);
  return bytes.toString('latin1', 0, Math.min(bytes.length, ...ends));
}

/** A field of a header as it came, unfolded; empty when there is none. */
export function headerField(source: Uint8Array | undefined, name: string): string {
  if (source === undefined) return '';
  const found = new RegExp(`^${name}:([^\\r\\n]*(?:\\r?\\n[ \\t][^\\r\\n]*)*)`, 'im').exec(headerText(source));
  return (found?.[1] ?? '').replaceAll(/\r?\n[ \t]+/g, ' ').trim();
}

/** Parts somebody attached. A tree of any depth, without recursion. */
export function countAttachments(structure: MessageStructureObject | undefined): number {
  if (structure === undefined) return 0;
  const open = [structure];
  let count = 0;
  for (let seen = 0; open.length > 0 && seen < MOST_PARTS; seen += 1) {
    const node = open.pop();
    if (node === undefined) break;
    for (const child of node.childNodes ?? []) open.push(child);
    const isFile =
      node.disposition === 'attachment' ||
      (node.parameters?.['name'] ?? node.dispositionParameters?.['filename']) !== undefined;
    if (node.childNodes === undefined && isFile && node.id === undefined) count += 1;
  }
  return count;
}

export function factsOf(message: FetchMessageObject): MailFacts {
  const { envelope, source } = message;
  const references = readMessageIds(headerField(source, 'references')).slice(-50);
  const inReplyTo = cleanMessageId(envelope?.inReplyTo);
  const from = toPeople(envelope?.from)[0] ?? { name: '', address: '' };
  const subject = oneLine(envelope?.subject ?? '', 998);
  const given = cleanMessageId(envelope?.messageId);
  const messageId = given === '' ? madeId(message, from, subject) : given;
  return {
    messageId,
    references,
    thread: threadOf({ messageId, references, inReplyTo }),
    from,
    to: toPeople(envelope?.to),
    cc: toPeople(envelope?.cc),
    subject,
    snippet: null,
    attachmentCount: countAttachments(message.bodyStructure),
  };
}

/** A mail without a Message-ID is known by what does not change from folder to folder. */
function madeId(message: FetchMessageObject, from: MailAddress, subject: string): string {
  const date = message.envelope?.date;
  const told = [from.address, subject, date instanceof Date ? date.getTime() : (date ?? ''), message.size ?? 0];
  return `${createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 40)}@without-id.invalid`;
}

/** When it was sent; a sender's clock that is more than a day off is not believed. */
export function momentOf({ envelope, internalDate }: FetchMessageObject, nowMs: number): number {
  const arrived = toMs(internalDate) ?? nowMs;
  const written = toMs(envelope?.date) ?? arrived;
  return written > arrived + DAY_MS || written < 0 ? arrived : written;
}

function toMs(date: Date | string | undefined): number | null {
  const value = date instanceof Date ? date.getTime() : date === undefined ? Number.NaN : Date.parse(date);
  return Number.isFinite(value) ? value : null;
}
