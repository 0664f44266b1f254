// Which mails somebody is asked about: what came since, or also those that concerned nobody before.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMailLinker } from '#main/mail/link-mail.ts';
import { openMailStore, type MailStore } from '#main/mail/mail-store.ts';
import type { NewMail, StoredFolder } from '#main/mail/stored-mail.ts';
import { fileOptions } from '#test/support/mail-world.ts';

let directory: string;
let store: MailStore;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'outpost-link-'));
  store = openMailStore(directory, randomBytes(32), fileOptions);
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

function addFolder(): StoredFolder {
  store.addFolder({
    accountId: 'a1',
    path: 'INBOX',
    name: 'INBOX',
    use: '\\Inbox',
    isChosen: true,
    uidValidity: '1',
    modseq: '',
    onServer: null,
    checkedAtMs: null,
    failure: null,
  });
  const [folder] = store.folders('a1');
  if (folder === undefined) throw new Error('no folder');
  return folder;
}

function mailFrom(uid: number, address: string): NewMail {
  return {
    uid,
    isSeen: true,
    facts: {
      messageId: `m${String(uid)}@example.test`,
      references: [],
      thread: `m${String(uid)}@example.test`,
      from: { name: '', address },
      to: [],
      cc: [],
      subject: 'A question',
      snippet: null,
      attachmentCount: 0,
    },
    atMs: uid,
    isOutbound: false,
    sizeBytes: 10,
    source: Buffer.from('Subject: A question\r\n\r\nWhen?'),
    isPartial: false,
  };
}

it('EML-12 what arrives is looked at once; what concerned nobody is asked about again only when everything is looked at', async () => {
  const folder = addFolder();
  const asked: (readonly string[])[] = [];
  const linker = createMailLinker({
    store,
    userId: () => 'u1',
    namedDeals: () => new Map(),
    ask: (request) => {
      if (request.kind !== 'matchMails') throw new Error(`asked ${request.kind}`);
      asked.push(request.mails.map(({ from }) => from.address));
      return Promise.resolve(request.mails.map(() => null));
    },
    takeFile: () => Promise.reject(new Error('nothing is kept')),
    discardFile: () => undefined,
    onLinked: () => undefined,
    log: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  store.addMails(folder, [mailFrom(1, 'ann@example.test'), mailFrom(2, 'bob@example.test')]);
  await linker.run('arrived');
  store.addMails(folder, [mailFrom(3, 'cid@example.test')]);
  await linker.run('arrived');
  expect(asked).toEqual([['bob@example.test', 'ann@example.test'], ['cid@example.test']]);
  asked.length = 0;
  await linker.run('all');
  expect(asked).toEqual([['cid@example.test', 'bob@example.test', 'ann@example.test']]);
});

it('EML-12 a number that a mail gave back means the mail that has it now', () => {
  const folder = addFolder();
  store.addMails(folder, [mailFrom(1, 'ann@example.test')]);
  const before = store.findMail('a1', 'm1@example.test');
  store.removeUids(folder, [1]);
  store.addMails(folder, [mailFrom(2, 'bob@example.test')]);
  const now = store.findMail('a1', 'm2@example.test');
  expect(now?.id).toBe(before?.id);
  expect(now?.from.address).toBe('bob@example.test');
});
