import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CHANGE_CHANNEL, EPOCH_CHANNEL, type ChangeNotice, type EpochNotice } from '#server/store/database.ts';
import { ACCESS_TOKEN_SECONDS } from '#server/identity/access-tokens.ts';
import { call, foundCompany, saveUser, signIn, startServer, type TestServer } from '#test/support/start-server.ts';
import type { TenantId } from '#shared/kernel/ids.ts';

let server: TestServer;
let tenantId: TenantId;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  server = await startServer();
  tenantId = await foundCompany(
    server,
    'north',
    [
      { id: 'ada', role: 'org_admin' },
      { id: 'mara', role: 'manager', teamId: 'west' },
      { id: 'rene', role: 'sales_rep', teamId: 'west' },
      { id: 'lena', role: 'sales_rep', teamId: 'east' },
    ],
    [{ id: 'west' }, { id: 'east' }],
  );
  await foundCompany(server, 'south', [{ id: 'bob', role: 'org_admin' }]);
}, 60_000);
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});
afterAll(() => server.remove());

interface Ear {
  readonly socket: WebSocket;
  readonly heard: string[];
  /** Code of the end; waits for it. */
  readonly closed: Promise<number>;
  /** Resolves once one more message than now has come. */
  next(): Promise<number>;
}

function open(token?: string): Ear {
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/sync/v1/live`,
    token ? { headers: { authorization: `Bearer ${token}` } } : {},
  );
  sockets.push(socket);
  const heard: string[] = [];
  let wake: (() => void) | null = null;
  socket.on('message', (data: Buffer) => {
    heard.push(data.toString());
    wake?.();
  });
  socket.on('error', () => heard.push('error'));
  return {
    socket,
    heard,
    closed: new Promise((resolve) => socket.on('close', resolve)),
    next() {
      const startMs = performance.now();
      return new Promise((resolve) => {
        wake = () => resolve(performance.now() - startMs);
      });
    },
  };
}

/** A connected device that has had its first poke and whose interval is over. */
async function listen(personId: string, deviceId?: string): Promise<Ear> {
  const { accessToken } = await signIn(server, personId, deviceId);
  const ear = open(accessToken);
  await ear.next();
  await delay(300);
  ear.heard.length = 0;
  return ear;
}

async function change(keys: readonly string[] | null, tenant = 'north'): Promise<void> {
  const notice: ChangeNotice = { tenantId: tenant, seq: 1, keys };
  await server.database.notify(CHANGE_CHANNEL, JSON.stringify(notice));
}

const POKE = '{"t":"poke"}';
const BYE = '{"t":"bye"}';

describe('live socket', () => {
  it('SYNC-28 pokes within a second those who can see the change, and nobody else', async () => {
    const [ada, mara, rene, lena, bob] = [
      await listen('ada'),
      await listen('mara'),
      await listen('rene'),
      await listen('lena'),
      await listen('bob'),
    ];
    const woken = Promise.all([ada.next(), mara.next(), rene.next()]);
    await change(['o:rene', 't:west']);
    expect(Math.max(...(await woken))).toBeLessThan(1000);
    await delay(400);
    expect([ada.heard, mara.heard, rene.heard, lena.heard, bob.heard]).toEqual([[POKE], [POKE], [POKE], [], []]);
  });

  it('SYNC-28 pokes everyone of the organization when the keys are too many to name, and no other organization', async () => {
    const [lena, bob] = [await listen('lena'), await listen('bob')];
    const woken = lena.next();
    await change(null);
    await woken;
    await delay(300);
    expect([lena.heard, bob.heard]).toEqual([[POKE], []]);
  });

  it('SYNC-28 gathers a burst into one poke now and one at the end of the interval', async () => {
    const rene = await listen('rene');
    for (let index = 0; index < 40; index += 1) await change(['o:rene']);
    await delay(600);
    expect(rene.heard.length).toBeGreaterThanOrEqual(2);
    expect(rene.heard.length).toBeLessThanOrEqual(4);
  });

  it('SYNC-28 follows rights that change while connected', async () => {
    const lena = await listen('lena');
    await saveUser(server, tenantId, { id: 'lena', role: 'manager', teamId: 'west' });
    const notice: EpochNotice = { tenantId: 'north', userId: 'lena', epoch: 2, isActive: true };
    const told = lena.next();
    await server.database.notify(EPOCH_CHANNEL, JSON.stringify(notice));
    await told;
    await delay(300);
    const woken = lena.next();
    await change(['t:west']);
    expect(await woken).toBeLessThan(1000);
  });

  it('SYNC-38 closes within a second when the session is ended', async () => {
    const ear = await listen('rene', 'lost-laptop');
    const { accessToken } = await signIn(server, 'rene', 'home');
    const { sessions } = (await call(server, '/api/v1/sessions', { token: accessToken })).body as {
      readonly sessions: readonly { readonly id: string; readonly deviceId: string }[];
    };
    const lost = sessions.find((session) => session.deviceId === 'lost-laptop');
    const startMs = performance.now();
    await call(server, `/api/v1/sessions/${lost?.id}`, { method: 'DELETE', token: accessToken });
    expect(await ear.closed).toBe(4401);
    expect(performance.now() - startMs).toBeLessThan(1000);
    expect(ear.heard).toEqual([BYE]);
  });

  it('SYNC-38 A11 closes within a second when the user is deactivated', async () => {
    const ear = await listen('mara');
    const startMs = performance.now();
    const notice: EpochNotice = { tenantId: 'north', userId: 'mara', epoch: 3, isActive: false };
    await server.database.notify(EPOCH_CHANNEL, JSON.stringify(notice));
    expect(await ear.closed).toBe(4401);
    expect(performance.now() - startMs).toBeLessThan(1000);
  });

  it('LIVE-01 takes the token as first message, too', async () => {
    const { accessToken } = await signIn(server, 'rene');
    const ear = open();
    ear.socket.on('open', () => ear.socket.send(JSON.stringify({ token: accessToken })));
    await ear.next();
    expect(ear.heard).toEqual([POKE]);
  });

  it('LIVE-01 refuses a wrong token in either place', async () => {
    const ear = open();
    ear.socket.on('open', () => ear.socket.send(JSON.stringify({ token: 'a.b.c' })));
    expect(await ear.closed).toBe(4401);
    const refused = open('a.b.c');
    await refused.closed;
    expect(refused.heard).toEqual(['error']);
  });

  it('B11 closes a socket that says anything else, or too much', async () => {
    const chatty = await listen('rene');
    chatty.socket.send('hello');
    expect(await chatty.closed).toBe(1008);
    const loud = open();
    loud.socket.on('open', () => loud.socket.send('x'.repeat(100_000)));
    expect(await loud.closed).toBe(1009);
  });

  it('SYNC-38 refuses a token that has run out, and closes no earlier', async () => {
    const { accessToken } = await signIn(server, 'rene');
    server.clock.advance((ACCESS_TOKEN_SECONDS - 1) * 1000);
    const ear = open(accessToken);
    expect(await ear.next()).toBeLessThan(1000);
    // One second of life is left: the socket ends with the token.
    expect(await ear.closed).toBe(4401);
    expect(ear.heard).toEqual([POKE, BYE]);
  });
});

describe('stopping', () => {
  it('LIVE-02 says bye to its sockets and frees the directory', async () => {
    const other = await startServer();
    await foundCompany(other, 'north', [{ id: 'ada', role: 'org_admin' }]);
    const { accessToken } = await signIn(other, 'ada');
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/sync/v1/live`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    await new Promise((resolve) => socket.once('message', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await other.close();
    expect(await closed).toBe(1001);
    expect(heard).toEqual([POKE, BYE]);
    await other.remove();
  }, 60_000);
});
