// Finds the mail that belongs to records and keeps it there. Who is known here only the data host knows; what it is told of a
// mailbox are addresses, and of what matches the mail. Everything else stays in the mailbox and on this computer.
import { createHash } from 'node:crypto';
import type { KeptMail } from '#shared/entities/mail-message/commands.ts';
import type { TakenFile } from '#shared/ipc/file-state.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { MailLinks } from '#shared/mail/match-mail.ts';
import { excerptOf, readMail, snippetOf } from '#main/mail/read-mail.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import type { MailStore } from '#main/mail/mail-store.ts';
import type { LinkState, StoredMail } from '#main/mail/stored-mail.ts';

const BATCH = 200;
const MOST_EXCERPT = 4_000;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface LinkDeps {
  readonly store: MailStore;
  readonly userId: () => string | null;
  /** Deals that authors named for what they wrote here, by the mail's Message-ID. */
  readonly namedDeals: () => ReadonlyMap<string, string>;
  readonly ask: (request: HostRequest) => Promise<unknown>;
  /** Hands content over to the files of the profile. */
  readonly takeFile: (name: string, bytes: Uint8Array) => Promise<TakenFile>;
  readonly discardFile: (id: string) => void;
  readonly onLinked: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** The same on every computer of the person. */
export function recordIdOf(userId: string, messageId: string): string {
  return `m${digest(`${userId}\n${messageId}`)}`;
}

export const mailKeyOf = (messageId: string): string => digest(messageId);

/** `arrived`: what nobody looked at yet. `all`: also what nobody was known for, as contacts are made after their mail came. */
export type LinkScope = 'arrived' | 'all';
const states: Readonly<Record<LinkScope, readonly LinkState[]>> = { arrived: ['new'], all: ['new', 'none'] };

export type MailLinker = ReturnType<typeof createMailLinker>;

export function createMailLinker(deps: LinkDeps) {
  const { store } = deps;
  let running: Promise<void> | null = null;
  let wanted: LinkScope | null = null;

  async function matchBatch(mails: readonly StoredMail[], userId: string): Promise<void> {
    const accounts = new Map(store.accounts().map((account) => [account.id, account]));
    const own = [...accounts.values()].map(({ address }) => address.toLowerCase());
    const found = (await deps.ask({
      kind: 'matchMails',
      own,
      mails: mails.map(({ from, to, cc }) => ({ from, to, cc })),
    })) as readonly (MailLinks | null)[];
    const strangers: number[] = [];
    const named = deps.namedDeals();
    for (const [index, mail] of mails.entries()) {
      const links = found[index] ?? null;
      const account = accounts.get(mail.accountId);
      if (links !== null && account !== undefined) await keep(mail, links, account, userId, named.get(mail.messageId));
      else if (mail.link === 'new') strangers.push(mail.id);
    }
    store.setLinks(strangers, 'none');
    await nextTurn();
  }

  async function keep(
    mail: StoredMail,
    links: MailLinks,
    account: StoredAccount,
    userId: string,
    namedDealId: string | undefined,
  ): Promise<void> {
    const source = store.body(mail.id);
    const read = source === undefined ? null : await readMail(source, mail.isPartial);
    const id = recordIdOf(userId, mail.messageId);
    // Half a mail is nobody's copy of it: what is too large stays in the mailbox, its beginning is text.
    const file = source === undefined || mail.isPartial ? null : await takeSource(mail, source);
    const kept: KeptMail = {
      id,
      mailKey: mailKeyOf(mail.messageId),
      threadKey: mailKeyOf(mail.thread),
      from: mail.from,
      recipients: [...mail.to, ...mail.cc],
      direction: mail.isOutbound ? 'outbound' : 'inbound',
      sentAt: toInstant(mail.atMs),
      subject: mail.subject,
      excerpt: read === null ? '' : excerptOf(read.text, MOST_EXCERPT),
      attachmentCount: read?.attachments.length ?? mail.attachmentCount,
      visibility: account.visibility,
      ...links,
      dealId: namedDealId ?? links.dealId,
      contactIds: [...links.contactIds],
      participantIds: [...links.participantIds],
      file,
    };
    let isTaken = false;
    let isKept: boolean;
    try {
      const answer = (await deps.ask({ kind: 'keepMail', mail: kept })) as {
        readonly isKept: boolean;
        readonly wasThere: boolean;
      };
      ({ isKept } = answer);
      isTaken = isKept && !answer.wasThere;
    } finally {
      // Without an answer it is kept another time, with another copy; one that was attached all the same stays.
      if (file !== null && !isTaken) deps.discardFile(file.id);
    }
    store.setLink(mail.id, isKept ? 'kept' : 'none');
    if (read !== null && mail.snippet === null) store.writeFacts(mail, { snippet: snippetOf(read.text) });
  }

  /** Null when the files of this computer do not take it: the mail is kept without. */
  async function takeSource(mail: StoredMail, source: Uint8Array): Promise<TakenFile | null> {
    try {
      return await deps.takeFile(
        `${
          mail.subject
            .replaceAll(/[\\/:*?"<>|]+/g, ' ')
            .trim()
            .slice(0, 80) || 'mail'
        }.eml`,
        source,
      );
    } catch (error) {
      if (error instanceof OutpostError && error.code === 'too_large') return null;
      throw error;
    }
  }

  async function work(scope: LinkScope): Promise<void> {
    const userId = deps.userId();
    if (userId === null) return;
    for (const state of states[scope]) {
      let before = Number.MAX_SAFE_INTEGER;
      for (;;) {
        const mails = store.withLink(state, BATCH, before);
        if (mails.length === 0) break;
        before = mails.at(-1)?.id ?? 0;
        await matchBatch(mails, userId);
        if (state === 'new') deps.onLinked();
      }
    }
    deps.onLinked();
  }

  /** These records were refused for good: their mails stay in the mailbox. How many of which account. */
  function noteRefused(recordIds: readonly string[]): ReadonlyMap<string, number> {
    const wanted = new Set(recordIds);
    const counts = new Map<string, number>();
    const userId = deps.userId();
    if (userId === null || wanted.size === 0) return counts;
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const mails = store.withLink('kept', BATCH, before);
      const last = mails.at(-1);
      if (last === undefined) break;
      before = last.id;
      for (const mail of mails) {
        if (!wanted.has(recordIdOf(userId, mail.messageId))) continue;
        store.setLink(mail.id, 'refused');
        counts.set(mail.accountId, (counts.get(mail.accountId) ?? 0) + 1);
      }
    }
    return counts;
  }

  return {
    noteRefused,
    settled: (): Promise<void> => running ?? Promise.resolve(),
    /** While one look is taken, what is wanted meanwhile waits for one more. */
    run(scope: LinkScope): Promise<void> {
      if (running !== null) {
        wanted = wanted === 'all' ? 'all' : scope;
        return running;
      }
      running = work(scope)
        .catch((error: unknown) => deps.log('mail could not be kept with its records', error))
        .finally(() => {
          running = null;
          const next = wanted;
          wanted = null;
          if (next !== null) void this.run(next);
        });
      return running;
    },
  };
}
