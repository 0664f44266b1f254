// A mailbox of a real Dovecot on this computer: everything that lies in it is here once, whatever happens to the line, the
// numbers and the folders, and nothing in it changes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImapFlow } from 'imapflow';
import { damageFile, damages } from '#test/support/damage-file.ts';
import { startDovecot, type Dovecot } from '#test/support/dovecot.ts';
import {
  accountAt,
  createMailPlace,
  folderOf,
  mailOf,
  startMail,
  UNTIL_MS,
  type MailPlace,
  type MailWorld,
} from '#test/support/mail-world.ts';
import { erasedProblem, refusedMail } from '#test/support/refused-mail.ts';

const corpus = path.resolve(import.meta.dirname, '../../../../shared/data/eml-mime');
if (!existsSync(corpus))
  console.warn('\nSKIPPED: the MIME corpus, because there is no folder ../shared/data beside the project.\n');
let dovecot: Dovecot;
let number = 0;

beforeAll(async () => {
  dovecot = await startDovecot(
    Array.from({ length: 16 }, (_, at) => `ada${String(at)}`),
    'a pass word',
  );
}, 60_000);
afterAll(() => dovecot.stop());

async function untilRefused(user: string): Promise<void> {
  for (;;) {
    try {
      const client = await dovecot.connect(user, 'a pass word');
      client.close();
    } catch {
      return;
    }
    await new Promise((settle) => setTimeout(settle, 100));
  }
}

describe('a mailbox', () => {
  let user: string;
  let place: MailPlace;
  let world: MailWorld;
  let phone: ImapFlow;

  beforeEach(async () => {
    number += 1;
    user = `ada${String(number)}`;
    phone = await dovecot.connect(user, 'a pass word');
    place = createMailPlace();
    world = startMail(place);
  });
  afterEach(async () => {
    await world.stop();
    phone.close();
    place.remove();
  });

  const open = (more = {}) =>
    world.engine.save({ id: null, account: accountAt(dovecot.port, 9, { user, ...more }), password: 'a pass word' });
  const put = (mail: Parameters<typeof mailOf>[0], folder = 'INBOX', flags: string[] = []) =>
    phone.append(folder, mailOf(mail), flags);
  const inbox = () => folderOf(world, '\\Inbox');
  const has = (count: number) => () => inbox()?.here === count && inbox()?.onServer === count;
  const page = async (use = '\\Inbox', search = '') =>
    world.engine.threads(folderOf(world, use)?.id ?? 0, 0, 100, search);

  it('EML-12 lies here with its conversations, and what concerns a contact is kept once, however many folders hold it', async () => {
    await put({ messageId: 'one@customer.example', subject: 'Offer' });
    await put({
      messageId: 'two@customer.example',
      references: '<one@customer.example>',
      subject: 'Re: Offer',
      date: 'Tue, 24 Nov 2026 10:00:00 +0000',
    });
    await put({ from: 'Shop <news@shop.example>', messageId: 'news@shop.example', subject: 'Sale' });
    await put({ messageId: 'one@customer.example', subject: 'Offer' }, 'Sent');
    place.contacts.set('bob@customer.example', 'c1');
    await open();
    await world.until('all mails', has(3));
    await world.until('kept mails', () => place.kept.size === 2);
    const { threads, total } = await page();
    expect([total, threads.map(({ newest, count }) => [newest.subject, count])]).toEqual([
      2,
      expect.arrayContaining([
        ['Re: Offer', 2],
        ['Sale', 1],
      ]),
    ]);
    const kept = [...place.kept.values()];
    expect(new Set(kept.map(({ threadKey }) => threadKey)).size).toBe(1);
    expect(kept.map(({ contactId, visibility, direction }) => [contactId, visibility, direction])).toEqual([
      ['c1', 'team', 'inbound'],
      ['c1', 'team', 'inbound'],
    ]);
    // Who is made a contact later gets the mails that came before.
    place.contacts.set('news@shop.example', 'c2');
    world.engine.sync(world.state().accounts[0]?.id ?? '', null, false);
    await world.until('the third', () => place.kept.size === 3);
  });

  it('C10 EML-12 mail of an erased person is no card among what needs attention but a line in the log of the mailbox, and is not kept again', async () => {
    await put({ messageId: 'one@customer.example', subject: 'Offer' });
    await put({ messageId: 'two@customer.example', subject: 'Answer' });
    place.contacts.set('bob@customer.example', 'c1');
    const id = await open();
    await world.until('kept mails', () => place.kept.size === 2 && world.state().accounts[0]?.linkedCount === 2);
    const [first = '', second = ''] = place.kept.keys();
    place.refused.push(
      ...refusedMail(first, { code: 'invalid', problems: [erasedProblem] }),
      ...refusedMail(second, { code: 'not_visible' }),
    );
    expect(world.engine.dropErased()).toBe(true);
    expect(world.engine.dropErased()).toBe(false);
    expect(place.refused.map(({ operation }) => operation.recordId)).toEqual([second, `${second}-t`, `${second}-f`]);
    const lines = world.engine.work.logOf(`fetchMail:${id}`).map(({ text }) => text);
    expect(lines).toContainEqual({ key: 'erasedNotKept', values: { count: 1 } });
    expect(world.state().accounts[0]?.linkedCount).toBe(1);
    place.kept.delete(first);
    await put({ messageId: 'three@customer.example', subject: 'More' });
    world.engine.sync(id, null, false);
    await world.until('the third', () => place.kept.size === 2);
    expect(place.kept.has(first)).toBe(false);
  });

  it('EML-12 users-want 10 reading, syncing and resyncing never touch a flag of the mailbox', async () => {
    await put({ messageId: 'a@x.example' });
    await put({ messageId: 'b@x.example' }, 'INBOX', ['\\Seen', '\\Flagged']);
    await open();
    await world.until('all mails', has(2));
    const unread = async () => (await page()).threads.filter(({ isUnseen }) => isUnseen).length;
    expect([await unread(), inbox()?.unseen]).toEqual([1, 1]);
    for (const { newest } of (await page()).threads) await world.engine.thread(newest.id);
    world.engine.sync(world.state().accounts[0]?.id ?? '', null, true);
    await world.until('a look', () => world.state().accounts[0]?.isSyncing === false);
    await phone.mailboxOpen('INBOX', { readOnly: true });
    const flags = await phone.fetchAll('1:*', { flags: true });
    expect(flags.map((message) => [...(message.flags ?? [])].filter((flag) => flag !== '\\Recent').sort())).toEqual([
      [],
      ['\\Flagged', '\\Seen'],
    ]);
    // Read here, it is read here; marked as unread elsewhere, it is unread here, too.
    expect([await unread(), inbox()?.unseen]).toEqual([0, 0]);
    await phone.mailboxOpen('INBOX');
    await phone.messageFlagsAdd('1', ['\\Seen']);
    await phone.messageFlagsRemove('2', ['\\Seen']);
    world.engine.sync(world.state().accounts[0]?.id ?? '', null, false);
    await world.until('it is unread again', () => inbox()?.unseen === 1);
  });

  it('EML-12 a new mail is here by IDLE, a deleted one goes, and what is read elsewhere is read here', async () => {
    await put({ messageId: 'a@x.example' });
    await open();
    await world.until('the first', has(1));
    await world.until('rest', () => world.state().accounts[0]?.isSyncing === false);
    await put({ messageId: 'b@x.example' });
    await world.until('the second', has(2));
    await phone.mailboxOpen('INBOX');
    await phone.messageFlagsAdd('2', ['\\Seen']);
    await phone.messageDelete('1');
    await world.until('one is gone', has(1));
    await world.until('it was read', () => inbox()?.unseen === 0);
  });

  it('EML-12 users-want 10 after a reset of UIDVALIDITY nothing is doubled and nothing fetched is lost', async () => {
    for (const id of ['a', 'b', 'c']) await put({ messageId: `${id}@x.example`, from: 'Bob <bob@customer.example>' });
    place.contacts.set('bob@customer.example', 'c1');
    await open();
    await world.until('all mails', has(3));
    await world.until('kept mails', () => place.kept.size === 3);
    const before = (await page()).threads.map(({ newest }) => String(newest.id)).sort();
    await world.stop();
    // What a repaired mail server does: other numbers for the same mails.
    const box = path.join(dovecot.directory, 'mail', user);
    const list = path.join(box, 'dovecot-uidlist');
    const [head = '', ...rest] = readFileSync(list, 'utf8').split('\n');
    const { writeFileSync, rmSync } = await import('node:fs');
    writeFileSync(list, [head.replace(/V\d+/, 'V4242').replace(/N\d+/, 'N99'), ...rest].join('\n'));
    for (const name of readdirSync(box)) if (name.startsWith('dovecot.index')) rmSync(path.join(box, name));
    phone.close();
    phone = await dovecot.connect(user, 'a pass word');
    const status = await phone.status('INBOX', { uidValidity: true });
    expect(status === false ? 0n : status.uidValidity).toBe(4242n);
    world = startMail(place);
    await world.until('all mails again', has(3));
    expect((await page()).threads.map(({ newest }) => String(newest.id)).sort()).toEqual(before);
    expect(place.kept.size).toBe(3);
  });

  it('EML-12 the meter counts what is missing, and a resync brings it', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await put({ messageId: `${id}@x.example` });
    const id = await open();
    await world.until('all mails', has(4));
    await world.stop();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(path.join(place.directory, 'mail/mailbox.sqlite'));
    db.exec('DELETE FROM place WHERE uid IN (1, 3)');
    db.close();
    world = startMail(place);
    await world.until('the meter', () => world.state().accounts.length === 1);
    world.engine.sync(id, null, true);
    await world.until('all of them', has(4));
    expect(inbox()).toMatchObject({ here: 4, onServer: 4, unreadable: 0, failure: null });
  });

  it('EML-12 a changed password is said and nothing is lost; with the new one it goes on', async () => {
    await put({ messageId: 'a@x.example' });
    const id = await open();
    await world.until('the first', has(1));
    await world.stop();
    dovecot.setPassword(user, 'quite another one');
    // It looks at its list of passwords once a second.
    await untilRefused(user);
    world = startMail(place);
    await world.until('the refusal', () => world.state().accounts[0]?.failure?.kind === 'wrongCredentials');
    expect((await page()).total).toBe(1);
    expect(
      await world.engine.tryAccount({ id, account: accountAt(dovecot.port, 9, { user }), password: 'wrong again' }),
    ).toMatchObject({
      imap: { kind: 'wrongCredentials' },
      smtp: { kind: 'unreachable' },
    });
    await put({ messageId: 'b@x.example' });
    await world.engine.save({ id, account: accountAt(dovecot.port, 9, { user }), password: 'quite another one' });
    await world.until('the second', has(2));
    // Nothing of a password lies in the files of the profile.
    for (const name of readdirSync(path.join(place.directory, 'mail')))
      expect(readFileSync(path.join(place.directory, 'mail', name)).includes('quite another one')).toBe(false);
  });

  it('EML-12 a server that goes in the middle is missed and met again, and a deleted folder says so and keeps its mails', async () => {
    await phone.mailboxCreate('Clients');
    await put({ messageId: 'a@x.example' }, 'Clients');
    await put({ messageId: 'b@x.example' });
    await open();
    await world.until('the inbox', has(1));
    const clients = () => world.state().accounts[0]?.folders.find(({ path: name }) => name === 'Clients');
    world.engine.chooseFolder(clients()?.id ?? 0, true);
    await world.until('the folder', () => clients()?.here === 1);
    await dovecot.halt();
    await world.until('the loss', () => world.state().accounts[0]?.failure?.kind === 'unreachable');
    await dovecot.restart();
    phone = await dovecot.connect(user, 'a pass word');
    await phone.mailboxDelete('Clients');
    await put({ messageId: 'c@x.example' });
    world.engine.sync(world.state().accounts[0]?.id ?? '', null, false);
    await world.until('the inbox again', has(2));
    expect(clients()).toMatchObject({ here: 1, onServer: null, failure: { kind: 'folderGone' } });
  });

  it.each(damages)(
    'EML-12 a mailbox whose file was damaged (%s) fills itself again, each mail once',
    async (damage) => {
      for (let n = 0; n < 30; n += 1)
        await put({ messageId: `${String(n)}@customer.example`, body: 'Long. '.repeat(4_000) });
      await open();
      await world.until('thirty mails', has(30));
      await world.stop();
      damageFile(path.join(place.directory, 'mail', 'mailbox.sqlite'), damage);
      world = startMail(place);
      const state = () => {
        try {
          return world.state();
        } catch {
          // Begun anew in this moment.
          return null;
        }
      };
      await world.until('the mailbox again', () => state() !== null && has(30)());
      // Damage in the middle is met when something there is read.
      const bodies = async () => {
        const { threads } = await page();
        const read = await Promise.all(threads.map(async ({ newest }) => world.engine.thread(newest.id)));
        return read.flat().filter(({ content }) => content.text.startsWith('Long.')).length;
      };
      const end = Date.now() + UNTIL_MS;
      for (let count = 0; count !== 30;) {
        if (Date.now() > end) throw new Error(`never came: thirty letters to read, but ${String(count)}`);
        count = await bodies().catch(() => 0);
        await new Promise((settle) => setTimeout(settle, 50));
      }
      expect((await page()).total).toBe(30);
      expect(readdirSync(path.join(place.directory, 'mail')).filter((name) => /damaged-\d+$/.test(name))).toHaveLength(
        1,
      );
    },
  );

  it('C8 a mail of 50 MB, one nested 1,000 deep and one whose clock is wrong are here, and can be looked at', async () => {
    const large = `From: Bob <bob@customer.example>\r\nSubject: Large\r\nMessage-ID: <large@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe words.\r\n--b\r\nContent-Type: application/octet-stream; name=big.bin\r\nContent-Disposition: attachment; filename=big.bin\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(50_000)}\r\n--b--\r\n`;
    await phone.append('INBOX', large);
    const open1 = Array.from(
      { length: 1000 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${String(at)}\r\n\r\n--b${String(at)}\r\n`,
    );
    await phone.append(
      'INBOX',
      `From: Eve <eve@x.example>\r\nSubject: Deep\r\nMessage-ID: <deep@x.example>\r\nMIME-Version: 1.0\r\n${open1.join('')}Content-Type: text/plain\r\n\r\nBottom.\r\n`,
    );
    await put({ messageId: 'late@x.example', subject: 'Late', date: 'Mon, 23 Nov 2099 10:00:00 +0000' });
    await open();
    await world.until('all mails', has(3));
    const threads = (await page()).threads.map(({ newest }) => newest);
    expect(threads.map(({ subject }) => subject).sort()).toEqual(['Deep', 'Large', 'Late']);
    for (const each of threads) expect((await world.engine.thread(each.id)).length).toBe(1);
    const found = threads.find(({ subject }) => subject === 'Large');
    const [opened] = await world.engine.thread(found?.id ?? 0);
    expect(opened?.content).toMatchObject({ isPartial: true, isBroken: false });
    expect(opened?.content.text).toContain('The words.');
    await world.engine.fetchWhole(found?.id ?? 0);
    const [whole] = await world.engine.thread(found?.id ?? 0);
    expect(whole?.content.isPartial).toBe(false);
    expect(whole?.content.attachments[0]?.sizeBytes).toBeGreaterThan(49_000_000);
    // A clock that is wrong does not put a mail on top for seventy years.
    const late = threads.find(({ subject }) => subject === 'Late');
    expect(Date.parse(late?.at ?? '')).toBeLessThan(Date.now() + 86_400_000);
  }, 120_000);

  it.runIf(existsSync(corpus))(
    'C8 every message of the MIME corpus is counted, listed and opened',
    async () => {
      const files = readdirSync(corpus, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'README.md')
        .map((entry) => readFileSync(path.join(entry.parentPath, entry.name)))
        .filter((bytes) => bytes.length > 0 && bytes.length < 5_000_000);
      expect(files.length).toBeGreaterThan(20);
      let count = 0;
      for (const bytes of files) {
        // What a mail server refuses (a zero byte) is in no mailbox.
        const done = await phone.append('INBOX', bytes).catch(() => false);
        if (done !== false) count += 1;
        if (!phone.usable) phone = await dovecot.connect(user, 'a pass word');
      }
      expect(count).toBeGreaterThan(files.length * 0.9);
      await open();
      await world.until('all of them', has(count));
      expect(inbox()?.unreadable).toBe(0);
      let opened = 0;
      for (let offset = 0; ; offset += 100) {
        const { threads, total } = await world.engine.threads(inbox()?.id ?? 0, offset, 100, '');
        for (const { newest } of threads) opened += (await world.engine.thread(newest.id)).length;
        if (offset + 100 >= total) break;
      }
      // The same Message-ID twice is one mail.
      expect(opened).toBeGreaterThan(count * 0.7);
    },
    120_000,
  );
});
