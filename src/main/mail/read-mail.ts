// Makes something readable of a mail as it came. A sender may have written anything: what is too deep, too many or broken is
// cut, and what cannot be read as a mail is shown as the text it is.
import type { Attachment, Email } from 'postal-mime';
import type { MailContent } from '#shared/mail/mail-types.ts';
import { textOfHtml } from '#shared/mail/template-content.ts';

const MOST_DEPTH = 100;
const MOST_HEADER_BYTES = 1024 * 1024;
const MOST_TEXT = 2_000_000;
const MOST_ATTACHMENTS = 200;
const MOST_INLINE_BYTES = 5 * 1024 * 1024;

export interface ReadMail extends MailContent {
  readonly parts: readonly { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }[];
}

const pictureTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

const bytesOf = ({ content }: Attachment): Uint8Array =>
  typeof content === 'string'
    ? new TextEncoder().encode(content)
    : content instanceof Uint8Array
      ? content
      : new Uint8Array(content);

/** Pictures are what they are by their first bytes, whatever the mail says. */
function pictureType(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\u0089PNG\r\n')) return 'image/png';
  if (start.startsWith('\u00FF\u00D8\u00FF')) return 'image/jpeg';
  if (start.startsWith('GIF8')) return 'image/gif';
  return start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP' ? 'image/webp' : null;
}

export function toPicture(bytes: Uint8Array): string | null {
  const type = pictureType(bytes);
  return type === null || !pictureTypes.has(type)
    ? null
    : `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

export async function readMail(source: Uint8Array, isPartial: boolean): Promise<ReadMail> {
  let email: Email;
  try {
    const { default: PostalMime } = await import('postal-mime');
    email = await PostalMime.parse(source, {
      maxNestingDepth: MOST_DEPTH,
      maxHeadersSize: MOST_HEADER_BYTES,
      rfc822Attachments: true,
      attachmentEncoding: 'arraybuffer',
    });
  } catch {
    // Nothing it can be read as: what came is shown.
    const text = Buffer.from(source.subarray(0, MOST_TEXT)).toString('latin1');
    return { html: null, text, attachments: [], inline: [], parts: [], isPartial, isBroken: true };
  }
  const html = email.html === undefined || email.html.trim() === '' ? null : email.html.slice(0, MOST_TEXT);
  const text = (email.text ?? (html === null ? '' : textOfHtml(html, { withLinks: false })))
    .slice(0, MOST_TEXT)
    .toWellFormed();
  const inline: { contentId: string; dataUrl: string }[] = [];
  const parts: { name: string; mediaType: string; bytes: Uint8Array }[] = [];
  let inlineBytes = 0;
  for (const part of email.attachments.slice(0, MOST_ATTACHMENTS)) {
    const bytes = bytesOf(part);
    const contentId = (part.contentId ?? '').replaceAll(/^<|>$/g, '');
    const picture = contentId !== '' && html?.includes(contentId) === true ? toPicture(bytes) : null;
    if (picture !== null && inlineBytes + bytes.length <= MOST_INLINE_BYTES) {
      inlineBytes += bytes.length;
      inline.push({ contentId, dataUrl: picture });
      continue;
    }
    const name = (part.filename ?? '').trim() === '' ? nameOf(part) : (part.filename ?? '');
    parts.push({ name: name.slice(0, 200).toWellFormed(), mediaType: mediaTypeOf(part), bytes });
  }
  const attachments = parts.map(({ name, mediaType, bytes }, index) => ({
    index,
    name,
    mediaType,
    sizeBytes: bytes.length,
  }));
  return { html: html?.toWellFormed() ?? null, text, attachments, inline, parts, isPartial, isBroken: false };
}

const mediaTypeOf = ({ mimeType }: Attachment): string =>
  /^[a-z]+\/[a-z0-9.+-]+$/i.test(mimeType) ? mimeType.toLowerCase().slice(0, 100) : 'application/octet-stream';

function nameOf({ mimeType }: Attachment): string {
  return mimeType === 'message/rfc822' ? 'mail.eml' : 'attachment';
}

/** The beginning of what was written, without what was quoted. */
export function excerptOf(text: string, most: number): string {
  const lines = text.split('\n').filter((line) => !line.startsWith('>'));
  return lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, most)
    .toWellFormed();
}

export const snippetOf = (text: string): string =>
  excerptOf(text, 2_000).replaceAll(/\s+/g, ' ').slice(0, 180).toWellFormed();
