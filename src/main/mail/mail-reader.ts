// Answers what the mail screen asks of the mailboxes on this computer.
import type { ImapFlow } from 'imapflow';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { MailContent, MailPage, MailSummary, MailThread, NewMails, OpenMail } from '#shared/mail/mail-types.ts';
import type { MailStore } from '#main/mail/mail-store.ts';
import type { StoredMail } from '#main/mail/stored-mail.ts';
import { readMail, snippetOf, type ReadMail } from '#main/mail/read-mail.ts';

const MOST_IN_THREAD = 100;
const MOST_WHOLE_BYTES = 60 * 1024 * 1024;
const nobodyTold = { html: null, text: '', attachments: [], inline: [], isPartial: true, isBroken: false } as const;

export interface ReaderDeps {
  readonly store: MailStore;
  readonly recordIdOf: (messageId: string) => string;
  /** What was not read before was looked at. */
  readonly onOpened: () => void;
  readonly withMailbox: <Value>(accountId: string, work: (client: ImapFlow) => Promise<Value>) => Promise<Value>;
}

export type MailReader = ReturnType<typeof createMailReader>;

const toContent = ({ parts: _parts, ...content }: ReadMail): MailContent => content;

export function createMailReader(deps: ReaderDeps) {
  const { store, recordIdOf, withMailbox } = deps;
  function required(id: number): StoredMail {
    const mail = store.mail(id);
    if (mail === undefined) throw new OutpostError('not_found', 'This mail is not on this computer any more.');
    return mail;
  }

  async function read(mail: StoredMail): Promise<ReadMail | null> {
    const source = store.body(mail.id);
    return source === undefined ? null : readMail(source, mail.isPartial);
  }

  /** Read when somebody looks at it for the first time. */
  async function withSnippet(mail: StoredMail): Promise<StoredMail> {
    if (mail.snippet !== null) return mail;
    const found = await read(mail);
    const snippet = found === null ? '' : snippetOf(found.text);
    store.writeFacts(mail, { snippet });
    return { ...mail, snippet };
  }

  function toSummary(mail: StoredMail): MailSummary {
    return {
      id: mail.id,
      accountId: mail.accountId,
      messageId: mail.messageId,
      thread: mail.thread,
      at: toInstant(mail.atMs),
      from: mail.from,
      to: mail.to,
      cc: mail.cc,
      subject: mail.subject,
      snippet: mail.snippet ?? '',
      isOutbound: mail.isOutbound,
      isUnseen: store.placesOf(mail.id).some(({ isSeen }) => !isSeen),
      attachmentCount: mail.attachmentCount,
      sizeBytes: mail.sizeBytes,
      recordId: mail.link === 'kept' ? recordIdOf(mail.messageId) : null,
    };
  }

  async function toThread(newest: StoredMail, isUnseen: boolean): Promise<MailThread> {
    const mails = store.thread(newest.accountId, newest.thread);
    const people = mails.map(({ from }) => (from.name === '' ? from.address : from.name));
    return {
      newest: toSummary(await withSnippet(newest)),
      count: mails.length,
      isUnseen,
      people: [...new Set(people)].slice(-3),
    };
  }

  function isFound({ subject, from, to, snippet }: StoredMail, words: readonly string[]): boolean {
    const people = [from, ...to].map(({ name, address }) => `${name} ${address}`);
    const text = [subject, snippet ?? '', ...people].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  }

  async function searched(folder: number, offset: number, limit: number, words: readonly string[]): Promise<MailPage> {
    const newest = new Map<string, StoredMail>();
    for (const mail of store.inFolder(folder))
      if (!newest.has(mail.thread) && isFound(mail, words)) newest.set(mail.thread, mail);
    const wanted = [...newest.values()];
    const threads: MailThread[] = [];
    for (const mail of wanted.slice(offset, offset + limit))
      threads.push(await toThread(mail, toSummary(mail).isUnseen));
    return { threads, total: wanted.length };
  }

  return {
    async threads(folder: number, offset: number, limit: number, search: string): Promise<MailPage> {
      const words = search
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '');
      if (words.length > 0) return searched(folder, offset, limit, words);
      const { total, rows } = store.threads(folder, offset, limit);
      const threads: MailThread[] = [];
      for (const { newestId, isUnseen } of rows) {
        const mail = store.mail(newestId);
        if (mail !== undefined) threads.push(await toThread(mail, isUnseen));
      }
      return { threads, total };
    },
    async newest(sinceMs: number, limit: number): Promise<NewMails> {
      const { total, rows } = store.newest(sinceMs, limit);
      const mails: (MailSummary & { readonly folder: number })[] = [];
      for (const { id, folder } of rows) {
        const mail = store.mail(id);
        if (mail !== undefined) mails.push({ ...toSummary(await withSnippet(mail)), folder });
      }
      return { total, mails };
    },
    async thread(id: number): Promise<readonly OpenMail[]> {
      const asked = required(id);
      const open: OpenMail[] = [];
      for (const mail of store.thread(asked.accountId, asked.thread).slice(-MOST_IN_THREAD)) {
        const found = await read(mail);
        open.push({
          summary: toSummary(await withSnippet(mail)),
          content: found === null ? nobodyTold : toContent(found),
        });
      }
      if (store.noteOpened(open.map(({ summary }) => summary.id))) deps.onOpened();
      return open;
    },
    async fetchWhole(id: number): Promise<void> {
      const mail = required(id);
      if (mail.sizeBytes > MOST_WHOLE_BYTES)
        throw new OutpostError('too_large', 'This mail is too large to be opened here.', { reason: 'mailTooLarge' });
      const [place] = store.placesOf(id);
      const folder = store.folders(mail.accountId).find((each) => each.id === place?.folder);
      if (place === undefined || folder === undefined)
        throw new OutpostError('not_found', 'This mail is not in the mailbox any more.');
      const source = await withMailbox(mail.accountId, async (client) => {
        const lock = await client.getMailboxLock(folder.path, { readOnly: true });
        try {
          const found = await client.fetchOne(String(place.uid), { uid: true, source: true }, { uid: true });
          return found === false ? undefined : found.source;
        } finally {
          lock.release();
        }
      });
      if (source === undefined) throw new OutpostError('not_found', 'This mail is not in the mailbox any more.');
      store.writeBody(id, source);
    },
    contentOf: async (source: Uint8Array): Promise<MailContent> => toContent(await readMail(source, false)),
    async attachment(mail: number | Uint8Array, index: number) {
      const found = typeof mail === 'number' ? await read(required(mail)) : await readMail(mail, false);
      const part = found?.parts[index];
      if (part === undefined) throw new OutpostError('not_found', 'This attachment is not on this computer.');
      return part;
    },
  };
}
