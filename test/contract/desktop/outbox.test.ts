// Mail that is sent through a real Postfix into a real Dovecot: once, whatever breaks and wherever the application ends.
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountToStore } from '#main/mail/kept-accounts.ts';
import { openOutboxStore } from '#main/mail/outbox-store.ts';
import { startDovecot, type Dovecot } from '#test/support/dovecot.ts';
import {
  accountAt,
  createMailPlace,
  draftOf,
  fileOptions,
  folderOf,
  itemOf,
  startMail,
  type MailPlace,
  type MailWorld,
} from '#test/support/mail-world.ts';
import { startPostfix, type Postfix } from '#test/support/postfix.ts';

const password = 'a pass word';
let dovecot: Dovecot;
let postfix: Postfix;
let number = 0;

beforeAll(async () => {
  const users = Array.from({ length: 12 }, (_, at) => [`ada${String(at)}`, `bob${String(at)}`]).flat();
  dovecot = await startDovecot(users, password);
  // Both programs put mail where the other looks for it.
  postfix = await startPostfix({ mailboxes: path.join(dovecot.directory, 'mail'), users });
}, 60_000);
afterAll(async () => {
  postfix.stop();
  await dovecot.stop();
});

/** Between the application and the mail server: cuts the line at a moment of its choice. */
async function startCutter(port: number, isMoment: (sent: string) => boolean, afterMs: number) {
  const state = { isCutting: true, cuts: 0 };
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const { connect } = netModule;
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    let sent = '';
    let isCut = false;
    near.on('data', (bytes) => {
      sent += bytes.toString('latin1');
      far.write(bytes);
      if (state.isCutting && !isCut && isMoment(sent)) {
        isCut = true;
        state.cuts += 1;
        // Whatever the mail server answers now is not heard.
        far.removeAllListeners('data');
        setTimeout(() => near.destroy(), afterMs);
      }
    });
    far.on('data', (bytes) => {
      if (!isCut) near.write(bytes);
    });
    near.on('close', () => far.end());
    far.on('close', () => near.end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    state,
    port: (server.address() as { port: number }).port,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
const netModule = await import('node:net');

describe('sending', () => {
  let place: MailPlace;
  let world: MailWorld;
  let own: { user: string; address: string };
  let other: string;

  beforeEach(() => {
    number += 1;
    own = { user: `ada${String(number)}`, address: `ada${String(number)}@example.test` };
    other = `bob${String(number)}`;
    place = createMailPlace();
    world = startMail(place);
  });
  afterEach(async () => {
    await world.stop();
    place.remove();
  });

  const open = async (smtpPort = postfix.port, more: Partial<AccountToStore> = {}) => {
    const id = await world.engine.save({
      id: null,
      account: accountAt(dovecot.port, smtpPort, { ...own, ...more }),
      password,
    });
    await world.until(
      'the folder of sent mail',
      () => folderOf(world, '\\Sent')?.checkedAt !== undefined && folderOf(world, '\\Sent')?.checkedAt !== null,
    );
    return id;
  };
  const draftTo = (accountId: string, more = {}) =>
    draftOf(accountId, { to: [{ name: 'Bob', address: `${other}@example.test` }], ...more });
  const send = async (accountId: string, more = {}) => {
    const id = world.engine.saveDraft(null, draftTo(accountId, more));
    await world.engine.send(id);
    return id;
  };
  /** What the other one finds in the mailbox. */
  async function arrived(user = other, folder = 'INBOX'): Promise<readonly string[]> {
    const client = await dovecot.connect(user, password);
    try {
      await client.mailboxOpen(folder, { readOnly: true });
      if (client.mailbox === false || client.mailbox.exists === 0) return [];
      const found = await client.fetchAll('1:*', { source: true });
      return found.map(({ source }) => source?.toString('utf8') ?? '');
    } finally {
      client.close();
    }
  }
  async function untilArrived(count: number): Promise<readonly string[]> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const found = await arrived();
      if (found.length >= count) return found;
      await new Promise((settle) => setTimeout(settle, 50));
    }
    throw new Error(`never arrived\n${postfix.log().slice(-1500)}`);
  }
  const isIn = (id: string, state: string) => () => itemOf(world, id)?.state === state;

  it('EML-13 a mail written without a network waits, is sent once when there is one, and lies in the folder of sent mail', async () => {
    const account = await open();
    world.isOnline = false;
    const id = await send(account, { subject: 'Grüße', text: 'Viele Grüße,\nAda', cc: [] });
    expect(itemOf(world, id)?.state).toBe('queued');
    await world.stop();
    world = startMail(place);
    await world.until('it is sent', isIn(id, 'sent'));
    const [mail] = await untilArrived(1);
    expect(mail).toMatch(/^Message-ID: <[^>]+@example\.test>/m);
    expect(mail).toContain('=?UTF-8?');
    await world.until('its copy', () => folderOf(world, '\\Sent')?.here === 1);
    expect(await arrived(own.user, 'Sent')).toHaveLength(1);
    expect(await arrived()).toHaveLength(1);
  });

  it('EML-13 an answer carries the conversation on, and nothing of a field leaves its line', async () => {
    const account = await open();
    const first = await send(account, { subject: 'Offer' });
    await world.until('it is sent', isIn(first, 'sent'));
    await world.until('its copy', () => folderOf(world, '\\Sent')?.here === 1);
    const { threads } = await world.engine.threads(folderOf(world, '\\Sent')?.id ?? 0, 0, 10, '');
    const second = await send(account, {
      subject: 'Re: Offer\r\nBcc: eve@example.test\r\nX-Evil: 1',
      to: [{ name: 'Bob\r\nBcc: eve@example.test', address: `${other}@example.test` }],
      answers: threads[0]?.newest.id ?? null,
    });
    await world.until('it is sent', isIn(second, 'sent'));
    const mails = await untilArrived(2);
    const answer = mails.find((mail) => mail.includes('Re: Offer')) ?? '';
    const head = answer.slice(0, answer.indexOf('\r\n\r\n'));
    expect(head).not.toMatch(/^(Bcc|X-Evil):/im);
    expect(head).toMatch(/^References: <[^>]+>/m);
    const wrong = world.engine.saveDraft(
      null,
      draftTo(account, { to: [{ name: '', address: 'a@b.test>\r\nRCPT TO:<eve@example.test' }] }),
    );
    await expect(world.engine.send(wrong)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('EML-13 a mail whose answer got lost is not sent again: the folder of sent mail is asked, then the person', async () => {
    const cutter = await startCutter(postfix.port, (sent) => sent.includes('\r\n.\r\n'), 300);
    const account = await open(cutter.port);
    const id = await send(account);
    await world.until('it is not known', isIn(id, 'unknown'));
    expect(await untilArrived(1)).toHaveLength(1);
    cutter.state.isCutting = false;
    place.clock.aheadMs += 60_000;
    await world.until('the folder was asked', () => itemOf(world, id)?.nextAt === null);
    expect(itemOf(world, id)?.state).toBe('unknown');
    await world.stop();
    world = startMail(place);
    await world.until('it is still not known', () => itemOf(world, id)?.nextAt === null);
    expect(itemOf(world, id)?.state).toBe('unknown');
    world.engine.decide(id, 'sent');
    await world.until('its copy', () => folderOf(world, '\\Sent')?.here === 1);
    expect(await arrived()).toHaveLength(1);
    cutter.stop();
  });

  it('EML-14 where the provider keeps what it sends, its folder of sent mail decides: there it was sent, not there it is sent again', async () => {
    const cutter = await startCutter(postfix.port, (sent) => sent.includes('\r\n.\r\n'), 300);
    const account = await open(cutter.port, { preset: 'gmail' });
    const id = await send(account);
    await world.until('it is not known', isIn(id, 'unknown'));
    const [mail = ''] = await untilArrived(1);
    // As Gmail does.
    const provider = await dovecot.connect(own.user, password);
    await provider.append('Sent', mail);
    provider.close();
    place.clock.aheadMs += 60_000;
    await world.until('it is found', isIn(id, 'sent'));
    expect(await arrived()).toHaveLength(1);

    cutter.stop();
    const early = await startCutter(postfix.port, (sent) => /\r\nDATA\r\n/i.test(sent), 0);
    await world.engine.save({
      id: account,
      account: accountAt(dovecot.port, early.port, { ...own, preset: 'gmail' }),
      password,
    });
    const second = await send(account, { subject: 'Second' });
    await world.until(
      'it waits',
      () => itemOf(world, second)?.state === 'queued' && (itemOf(world, second)?.attempts ?? 0) > 0,
    );
    early.state.isCutting = false;
    place.clock.aheadMs += 600_000;
    await world.until('it is sent', isIn(second, 'sent'));
    expect((await untilArrived(2)).filter((each) => each.includes('Second'))).toHaveLength(1);
    early.stop();
  });

  it('EML-13 an application that ends before the moment sends later, one that ends in the moment asks', async () => {
    const account = await open();
    world.isOnline = false;
    const before = await send(account, { subject: 'Before' });
    const within = await send(account, { subject: 'Within' });
    await world.stop();
    // As a process leaves it that is killed at these places.
    const store = openOutboxStore(place.directory, place.key, fileOptions);
    store.change(before, { state: 'sending', handed: 'none', nextAtMs: Date.now(), attempts: 1 });
    store.change(within, { state: 'sending', handed: 'handing', nextAtMs: null, attempts: 1 });
    store.close();
    world = startMail(place);
    await world.until('the first is sent', isIn(before, 'sent'));
    await world.until('the folder was asked', () => itemOf(world, within)?.nextAt === null);
    expect(itemOf(world, within)?.state).toBe('unknown');
    world.engine.decide(within, 'notSent');
    await world.until('the second is sent', isIn(within, 'sent'));
    expect((await untilArrived(2)).length).toBe(2);
  });

  it('EML-13 whoever does not exist is a final no with the words of the server, and a server that is away is not', async () => {
    const account = await open();
    const id = await send(account, { to: [{ name: '', address: 'nobody-here@example.test' }] });
    await world.until('the refusal', isIn(id, 'failed'));
    expect(itemOf(world, id)?.failure).toMatchObject({
      kind: 'broken',
      detail: expect.stringContaining('nobody-here'),
    });
    await world.engine.save({ id: account, account: accountAt(dovecot.port, 9, own), password });
    const second = await send(account);
    await world.until(
      'it waits',
      () => (itemOf(world, second)?.attempts ?? 0) > 0 && itemOf(world, second)?.state === 'queued',
    );
    expect(itemOf(world, second)).toMatchObject({ failure: { kind: 'unreachable' } });
    world.engine.recall(second);
    expect(itemOf(world, second)?.state).toBe('draft');
  });

  it('OBS-04 mailboxes and letters stand among the jobs: with what became of them, paused, hastened, and taken back as drafts', async () => {
    const { work } = world.engine;
    const jobs = (kind: string) => work.list().filter((job) => job.kind === kind);
    place.held.add('sendMail');
    const account = await open();
    const [fetching] = jobs('fetchMail');
    expect(fetching).toMatchObject({ label: own.address, canCancel: false, error: null });
    expect(work.logOf(fetching?.id ?? '').map(({ text }) => text)).toContainEqual({
      key: 'foldersSeen',
      values: { count: 2 },
    });
    const first = await send(account, { subject: 'First' });
    const second = await send(account, { subject: 'Second' });
    world.engine.saveDraft(null, draftTo(account));
    const idOf = (id: string): string => `sendMail:${id}`;
    expect(jobs('sendMail')).toMatchObject([
      { id: idOf(first), state: 'waiting', label: 'First · Bob', canCancel: true, attempts: 0 },
      { id: idOf(second), state: 'waiting', label: 'Second · Bob' },
    ]);
    // Paused: also by hand nothing goes.
    work.retry(idOf(first));
    work.cancel(idOf(second));
    expect(itemOf(world, second)?.state).toBe('draft');
    expect(jobs('sendMail').map(({ id }) => id)).toEqual([idOf(first)]);
    await new Promise((settle) => setTimeout(settle, 600));
    expect(await arrived()).toEqual([]);
    place.held.clear();
    work.noteHeld();
    await world.until('it is sent', isIn(first, 'sent'));
    await untilArrived(1);
    expect(jobs('sendMail')).toMatchObject([{ id: idOf(first), state: 'done', attempts: 1, canCancel: false }]);
    // What is told of a letter is there after a restart.
    await world.stop();
    world = startMail(place);
    const lines = world.engine.work.logOf(idOf(first)).map(({ text }) => text);
    expect(lines.slice(0, 4)).toEqual([
      { key: 'letterQueued' },
      { key: 'letterHastened' },
      { key: 'letterAttempt', values: { attempt: 1 } },
      { key: 'letterTaken' },
    ]);
    // A mailbox that is paused asks nothing, and goes on where it was.
    place.held.add('fetchMail');
    world.engine.work.noteHeld();
    await world.until('nothing is under way', () =>
      world.engine.work.list().some(({ kind, state }) => kind === 'fetchMail' && state === 'waiting'),
    );
    const third = await send(account, { to: [{ name: '', address: own.address }] });
    await world.until('it is sent', isIn(third, 'sent'));
    await new Promise((settle) => setTimeout(settle, 600));
    expect(folderOf(world, '\\Inbox')?.here).toBe(0);
    place.held.clear();
    world.engine.work.noteHeld();
    await world.until('the mail', () => folderOf(world, '\\Inbox')?.here === 1);
  });

  it('EML-11 a mail for later waits for its time, and without an answer a task is made, once', async () => {
    const account = await open();
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const id = await send(account, { sendAt, followUpDays: 3 });
    await new Promise((settle) => setTimeout(settle, 500));
    expect(itemOf(world, id)?.state).toBe('queued');
    expect(await arrived()).toHaveLength(0);
    place.clock.aheadMs = 3_700_000;
    world.engine.retry(id);
    await world.until('it is sent', isIn(id, 'sent'));
    expect(await untilArrived(1)).toHaveLength(1);
    expect(place.reminders).toHaveLength(0);
    place.clock.aheadMs += 4 * 86_400_000;
    const next = await send(account, { subject: 'Another' });
    await world.until('it is sent', isIn(next, 'sent'));
    await world.until('the task', () => itemOf(world, id)?.followUp === 'reminded');
    expect(place.reminders).toHaveLength(1);
  });
});
