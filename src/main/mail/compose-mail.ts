// Makes the mail that is sent, once. Whatever a person or a customer's record put into a field stays in that field: line breaks
// in names, subjects and addresses are taken out before anything is written (header injection).
import { OutpostError } from '#shared/kernel/errors.ts';
import { sentHtmlOf } from '#shared/mail/letter-document.ts';
import type { MailAddress, MailDraft } from '#shared/mail/mail-types.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import type { Envelope } from '#main/mail/outbox-store.ts';

const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[a-z0-9\p{L}]([a-z0-9\p{L}.-]*[a-z0-9\p{L}])?$/iu;

export interface Composed {
  readonly raw: Uint8Array;
  readonly envelope: Envelope;
}

export interface ComposedOf {
  readonly account: StoredAccount;
  readonly draft: MailDraft;
  readonly messageId: string;
  readonly at: Date;
  readonly inReplyTo: string;
  readonly references: readonly string[];
  readonly files: readonly { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }[];
}

// oxlint-disable-next-line no-control-regex
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001F\u007F\u2028\u2029]+/g, ' ').trim();

function checked(people: readonly MailAddress[]): { name: string; address: string }[] {
  return people.map(({ name, address }) => {
    const plain = address.trim();
    if (!ADDRESS.test(plain)) throw new OutpostError('invalid', 'This is no e-mail address.', { address: plain });
    return { name: oneLine(name), address: plain };
  });
}

/** @throws OutpostError `invalid` when there is nobody to send it to, or somebody's address is none. */
export async function composeMail(of: ComposedOf): Promise<Composed> {
  const { account, draft } = of;
  const [to, cc, bcc] = [checked(draft.to), checked(draft.cc), checked(draft.bcc)];
  const everybody = [...to, ...cc, ...bcc].map(({ address }) => address);
  if (everybody.length === 0)
    throw new OutpostError('invalid', 'Nobody is named to send this to.', { reason: 'noRecipient' });
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from: { name: oneLine(account.name), address: account.address },
    to,
    cc,
    subject: oneLine(draft.subject),
    text: draft.text,
    ...(draft.html === null || draft.html === undefined ? {} : { html: sentHtmlOf(draft.html) }),
    messageId: `<${of.messageId}>`,
    date: of.at,
    ...(of.inReplyTo === '' ? {} : { inReplyTo: `<${of.inReplyTo}>` }),
    ...(of.references.length === 0 ? {} : { references: of.references.map((id) => `<${id}>`) }),
    attachments: of.files.map(({ name, mediaType, bytes }) => ({
      filename: oneLine(name),
      contentType: mediaType,
      content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    })),
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await new Promise<Buffer>((settle, fail) => {
    composer.compile().build((error, message) => {
      if (error !== null) fail(error);
      else settle(message);
    });
  });
  return { raw, envelope: { from: account.address, to: [...new Set(everybody)] } };
}
