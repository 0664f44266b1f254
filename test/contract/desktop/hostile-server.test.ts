// A server whose administrator means harm: it may show its own users what it likes, and may do nothing else on their
// computers. What is no answer of the wire is refused whole, said on the screen, and asked for again; what was typed stays.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { createLiveConnector } from '#main/sync/live-socket.ts';
import { createServerClient } from '#main/sync/server-client.ts';
import type { PresenceMessage } from '#shared/sync/messages.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { startFrontServer, type FrontServer, type OwnAnswer } from '#test/support/front-server.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

const PULL = '/sync/v1/pull';
const PUSH = '/sync/v1/push';
const REFRESH = '/api/v1/auth/refresh';
const serverTime = '2026-11-21T09:00:00.000Z';
const envelope = { kind: 'account', rev: 1, createdAt: serverTime, updatedAt: serverTime, ownerId: 'rene' };
const HUGE = 'x'.repeat(5_000_000);

function createAccount(name: string): OperationDraft {
  return {
    opId: randomUUID(),
    txn: null,
    kind: 'create',
    entity: 'account',
    recordId: randomUUID(),
    command: 'createRecord',
    baseRev: 0,
    changes: [
      { group: 'name', base: {}, to: { name } },
      { group: 'owner', base: {}, to: { ownerId: 'rene' } },
    ],
    dependsOn: [],
    captured: { wall: serverTime, sinceBootMs: 1 },
    schema: 1,
  };
}

function pageWith(change: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { items: [], token: 'a-token', epoch: 1, caughtUp: true, serverTime, ...change };
}
const put = (record: Readonly<Record<string, unknown>>) =>
  pageWith({ items: [{ t: 'put', coll: 'accounts', record: { ...envelope, id: 'planted', ...record } }] });

/** Each is the only thing wrong with its page. */
const badPages: Readonly<Record<string, unknown>> = {
  'a text that is no JSON': '<html><script>alert(1)</script></html>',
  'no object': [],
  'items that are no list': pageWith({ items: {} }),
  'an item of an unknown kind': pageWith({ items: [{ t: 'run', coll: 'accounts', id: 'planted' }] }),
  'a record that is a text': pageWith({ items: [{ t: 'put', coll: 'accounts', record: 'planted' }] }),
  'a record without an id': put({ id: undefined }),
  'an id of 300 letters': put({ id: 'i'.repeat(300) }),
  'an id of the database itself': put({ id: '~position' }),
  'an id that is a path': put({ id: 'a/../b' }),
  'a removed id of 300 letters': pageWith({ items: [{ t: 'remove', coll: 'accounts', id: 'i'.repeat(300) }] }),
  'a revision that is a text': put({ rev: '7' }),
  'a revision without an end': put({ rev: 1e300 }),
  'a prototype': JSON.stringify(put({ PROTO: { name: 'x' } })).replace('PROTO', '__proto__'),
  'marks of the local database': put({ _deleted: true }),
  'a second projection': put({ projection: { rev: 99 } }),
  'a record of a thousand fields': put(Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`f${at}`, at]))),
  'a token of megabytes': pageWith({ token: HUGE }),
  'a negative epoch': pageWith({ epoch: -1 }),
  'an epoch beyond counting': pageWith({ epoch: 1e300 }),
  'a time of megabytes': pageWith({ serverTime: HUGE }),
};

describe('a hostile server', () => {
  let server: TestServer;
  let front: FrontServer;
  let place: DesktopPlace;
  let desktop: Desktop;
  let visited: string[] = [];
  let elsewhere: Server;

  beforeAll(async () => {
    server = await startServer();
    front = await startFrontServer(server.url);
    await createOrganizationWith(server, 'hostile', [
      { id: 'rene', role: 'sales_rep' },
      { id: 'boss', role: 'org_admin' },
    ]);
    elsewhere = createServer((request, response) => {
      visited.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
      response.end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  }, 60_000);
  afterAll(async () => {
    await front.close();
    await server.remove();
    await new Promise((resolve) => elsewhere.close(resolve));
  });
  beforeEach(async () => {
    visited = [];
    front.answer = () => null;
    place = createDesktopPlace();
    desktop = await startDesktop(place);
    await signIn(front.url);
  });
  afterEach(async () => {
    await desktop.stop();
    place.remove();
  });

  const isSettled = (): boolean =>
    desktop.status().phase === 'idle' && desktop.status().pendingCount === 0 && desktop.status().error === null;
  async function signIn(serverUrl: string): Promise<void> {
    await desktop.session.signIn({ serverUrl, email: emailOf('rene'), password: testPassword });
    await desktop.until(isSettled);
  }
  const answerAt = (where: string, body: unknown, rest: Partial<OwnAnswer> = {}) => {
    front.answer = (asked) => (asked === where ? { status: 200, body, ...rest } : null);
  };
  /** What is seen of this address and everything else is refused, until it behaves again. */
  async function meetRefusal(code: string): Promise<void> {
    desktop.engine.syncNow();
    await desktop.until(() => desktop.status().phase === 'backingOff' && desktop.status().error?.code === code);
  }
  async function recover(): Promise<void> {
    front.answer = () => null;
    desktop.engine.syncNow();
    await desktop.until(isSettled);
  }

  it('D18 pages that are no pages are refused whole, the person is told, and nothing of them is kept', async () => {
    const before = [...place.local.records.keys()];
    for (const [what, page] of Object.entries(badPages)) {
      answerAt(PULL, page);
      await meetRefusal('wrong_answer');
      expect([...place.local.records.keys()], what).toEqual(before);
      expect(place.local.token, what).not.toBe('a-token');
      await recover();
    }
    expect(Object.hasOwn(Object.prototype, 'name')).toBe(false);
  });

  it('D18 pages that lead nowhere are not asked for without an end', async () => {
    answerAt(PULL, pageWith({ token: place.local.token, caughtUp: false }));
    desktop.network.calls.length = 0;
    await meetRefusal('wrong_answer');
    expect(desktop.network.calls.filter((call) => call === PULL)).toHaveLength(1);
    place.local.token = null;
    const manifest = { ranges: [], cursor: 'the-same', token: null, key: Buffer.alloc(32).toString('base64') };
    answerAt('/sync/v1/manifest', {
      ...manifest,
      ...pageWith({ token: null }),
      lastOpNo: 0,
      progress: { done: 0, total: 9 },
    });
    await meetRefusal('wrong_answer');
    await recover();
  });

  it('D18 verdicts for what was never sent, with foreign numbers or of other records lose nothing of the journal', async () => {
    const draft = createAccount('Typed with care');
    const good = { status: 'applied', seq: 1, record: null, conflicts: [] };
    const record = { ...envelope, id: 'planted', name: 'Planted' };
    const lies: readonly (readonly [string, (opId: string, opNo: number) => unknown])[] = [
      ['server_busy', () => ({ ...good, opId: randomUUID(), opNo: 1 })],
      ['server_busy', (opId, opNo) => ({ ...good, opId, opNo: opNo + 1 })],
      ['server_busy', (opId, opNo) => ({ ...good, opId, opNo: -opNo })],
      ['wrong_answer', (opId, opNo) => ({ ...good, opId, opNo, record })],
      ['wrong_answer', (opId, opNo) => ({ ...good, opId, opNo, seq: -1 })],
      ['wrong_answer', (opId, opNo) => ({ opId, opNo, status: 'stored' })],
      [
        'wrong_answer',
        (opId, opNo) => ({
          opId,
          opNo,
          status: 'rejected',
          code: 'invalid',
          message: HUGE,
          groups: [],
          problems: [],
          record: null,
        }),
      ],
    ];
    front.answer = (asked) => (asked === PUSH ? { status: 503, body: '' } : null);
    const [operation] = desktop.append([draft]);
    for (const [code, lie] of lies) {
      answerAt(PUSH, { serverTime, verdicts: [lie(draft.opId, operation?.opNo ?? 0)] });
      await meetRefusal(code);
      expect(desktop.session.active()?.journal.pending()).toEqual([operation]);
      expect(desktop.status()).toMatchObject({ pendingCount: 1, attentionCount: 0 });
      expect(place.local.records.has('planted')).toBe(false);
    }
    await recover();
    expect(place.local.records.get(draft.recordId)).toMatchObject({ name: 'Typed with care' });
  });

  it('D18 a refresh that makes somebody else of the person, or is too much to keep, changes nothing', async () => {
    const { profileId } = desktop.session.active()?.account ?? { profileId: '' };
    const kept = await desktop.readSecret(`refresh-token:${profileId}`);
    const state = desktop.session.active()?.state();
    const actor = { ...state?.actor, tenantName: 'Company' };
    const grant = { accessToken: 'a', accessExpiresInSeconds: 900, refreshToken: 'r', sessionId: 's', actor };
    for (const lie of [
      { ...grant, actor: { ...actor, userId: 'boss', role: 'org_admin' } },
      { ...grant, actor: { ...actor, tenantId: 'another' } },
    ]) {
      answerAt(REFRESH, lie);
      await expect(desktop.session.active()?.access.renew()).rejects.toMatchObject({ code: 'wrong_answer' });
    }
    for (const lie of [
      { ...grant, refreshToken: HUGE },
      { ...grant, accessToken: HUGE },
      { ...grant, actor: { ...actor, email: HUGE } },
      { ...grant, actor: { ...actor, epoch: -1 } },
    ]) {
      answerAt(REFRESH, lie);
      await expect(desktop.session.active()?.access.renew()).rejects.toThrow();
    }
    expect(desktop.session.active()?.state()).toEqual(state);
    expect(await desktop.readSecret(`refresh-token:${profileId}`)).toBe(kept);
    front.answer = () => null;
    await desktop.session.active()?.access.renew();
    expect(desktop.session.active()?.state().actor).toMatchObject({ userId: 'rene', role: 'sales_rep' });
  });

  it('D18 refusals that are novels, ask for years of silence or carry odd facts are cut to what is known', async () => {
    const details = { retryAfterSeconds: 1e15, reason: HUGE, nested: { a: { b: 1 } }, list: [1, 2], fine: ['a'] };
    const error = { code: 'server_busy', message: HUGE.slice(0, 1_000_000), details, correlationId: 'c' };
    answerAt(PULL, { error: { ...error, details: { ...details, reason: 'r'.repeat(100_000) } } }, { status: 503 });
    await meetRefusal('server_busy');
    const { error: told, retryAt } = desktop.status();
    expect(JSON.stringify(told).length).toBeLessThan(10_000);
    expect(told?.details).toMatchObject({ fine: ['a'], status: 503 });
    expect(Object.keys(told?.details ?? {})).not.toEqual(expect.arrayContaining(['nested']));
    expect(Date.parse(retryAt ?? '') - Date.now()).toBeLessThanOrEqual(3_600_000);
    await recover();
  });

  it('D18 no time a server tells stretches the lease or breaks its count', async () => {
    const { token } = place.local;
    for (const told of ['+275760-09-13T00:00:00.000Z', 'never', '9998-01-01T00:00:00.000Z']) {
      desktop.requests.length = 0;
      answerAt(PULL, pageWith({ token, serverTime: told }));
      desktop.engine.syncNow();
      await desktop.until(() => desktop.requests.some(({ kind }) => kind === 'applyPage') && isSettled());
      expect(Date.parse(desktop.session.active()?.lease.describe().endsAt ?? '')).toBeGreaterThan(0);
    }
    place.clocks.wallAheadMs += 15 * 86_400_000;
    place.clocks.uptimeAheadMs += 15 * 86_400_000;
    desktop.network.isCut = true;
    await desktop.session.checkLease();
    expect(desktop.session.state()).toMatchObject({ status: 'leaseEnded', reason: 'over' });
  });

  it('D18 a redirect to another host is not followed, and no token goes there', async () => {
    const { port } = elsewhere.address() as AddressInfo;
    for (const status of [302, 307, 308]) {
      const location = `http://127.0.0.1:${port}/stolen`;
      front.answer = (asked) => (asked === PULL ? { status, body: {}, headers: { location } } : null);
      await meetRefusal('server_unreachable');
      await recover();
    }
    expect(visited).toEqual([]);
  });

  it('D18 a body without an end is read as far as it may be long, and no further', async () => {
    let sent = 0;
    const part = new Uint8Array(1024 * 1024).fill(32);
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += part.length;
          controller.enqueue(part);
        },
      });
    for (const status of [200, 500]) {
      sent = 0;
      const client = createServerClient(() => Promise.resolve(new Response(endless(), { status })));
      await expect(client.readWhere('https://crm.example', 'token')).rejects.toMatchObject({ code: 'wrong_answer' });
      expect(sent).toBeLessThan(20 * 1024 * 1024);
    }
  });

  it('D18 nothing a live socket says ends the application, and what is too long closes it', async () => {
    const live = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => live.once('listening', resolve));
    const { port } = live.address() as AddressInfo;
    live.on('connection', (socket) => {
      for (const text of ['{"t":"presence"oops', '{"t":"presence","on":[5],"off":[]}', '<b>', '']) socket.send(text);
      socket.send(`{"t":"presence","on":["${'x'.repeat(65)}"],"off":[]}`);
      socket.send(Buffer.from([0xff, 0xfe]));
      socket.send(HUGE);
    });
    const news: PresenceMessage[] = [];
    let pokes = 0;
    const scheduler = { after: () => ({ cancel: () => undefined }) };
    const connect = createLiveConnector(scheduler, {
      onPresence: (message) => news.push(message),
      onMaintenance: () => undefined,
      onOpened: () => undefined,
      onClosed: () => undefined,
    });
    await new Promise<void>((resolve) => {
      connect(`http://127.0.0.1:${port}`, 'token', {
        onOpen: () => undefined,
        onPoke: () => {
          pokes += 1;
        },
        onClose: resolve,
      });
    });
    expect([news, pokes]).toEqual([[], 6]);
    await new Promise((resolve) => live.close(resolve));
  });

  it('D18 a server that takes its own profile away leaves every other one on the computer as it is', async () => {
    await desktop.session.signOut('keep');
    front.answer = () => null;
    await signIn(server.url);
    desktop.engine.setWorkOffline(true);
    desktop.append([createAccount('For the other server')]);
    const other = desktop.session.active()?.account.profileId ?? '';
    await desktop.session.signOut('keep');
    const journal = (): Buffer => readFileSync(path.join(place.directory, 'profiles', other, 'journal.sqlite'));
    const before = journal();
    await signIn(front.url);
    const own = desktop.session.active()?.account.profileId ?? '';
    const error = { code: 'account_deactivated', message: 'x', details: {}, correlationId: 'c' };
    answerAt(PULL, { error }, { status: 403 });
    desktop.engine.syncNow();
    await desktop.until(() => desktop.session.state().status === 'signedOut');
    const left = readdirSync(path.join(place.directory, 'profiles'));
    expect([left.includes(own), left.includes(other)]).toEqual([false, true]);
    expect(journal().equals(before)).toBe(true);
    expect(await desktop.readSecret(`profile-key:${other}`)).not.toBeNull();
  });
});
