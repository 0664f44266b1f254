// Who is connected, over the real socket: seen by colleagues who may see each other, by nobody else, gone when it must be;
// on PostgreSQL the two people of most cases are connected to different server processes.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { PresenceTimes } from '#server/live/presence.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  createManualClock,
  createOrganizationWith,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';
import type { PresenceMessage, SessionGrant } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { TenantId } from '#shared/kernel/ids.ts';

const times: PresenceTimes = { gatherMs: 20, graceMs: 600, beatMs: 200, silenceMs: 1_000 };

interface Ear {
  readonly socket: WebSocket;
  /** Who is online, by what was heard. */
  readonly online: Set<string>;
  /** Every message of presence, in order. */
  readonly heard: PresenceMessage[];
  readonly closed: Promise<number>;
}

async function until(what: string, condition: () => boolean, limitMs = 10_000): Promise<number> {
  const startMs = performance.now();
  while (!condition()) {
    if (performance.now() - startMs > limitMs) throw new Error(`waited in vain for: ${what}`);
    await delay(5);
  }
  return performance.now() - startMs;
}

describe.each(sqlEngines)('presence on $name', (engine: SqlEngine) => {
  let one: TestServer;
  let other: TestServer;
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  const ears: Ear[] = [];
  const started: TestServer[] = [];
  const clock = createManualClock();

  /** Cases that need more than the one process PGlite admits. */
  const onSeveral = (title: string, work: () => Promise<void>): void => {
    if (engine.name === 'postgres') it(title, work);
  };

  const start = async (): Promise<TestServer> => {
    const server = await startServer({ location: place.location, clock, presenceTimes: times });
    started.push(server);
    return server;
  };

  beforeAll(async () => {
    place = await engine.createLocation();
    one = await start();
    other = engine.name === 'postgres' ? await start() : one;
    await createOrganizationWith(one, 'north', [
      { id: 'ada', role: 'org_admin' },
      { id: 'mara', role: 'manager' },
      { id: 'rene', role: 'sales_rep' },
      { id: 'lena', role: 'sales_rep' },
    ]);
    await createOrganizationWith(one, 'south', [{ id: 'bob', role: 'org_admin' }]);
  });
  afterEach(async () => {
    for (const { socket } of ears) socket.terminate();
    const watcher = await listen(one, await signIn(one, 'ada', 'watcher'));
    await until('everybody gone', () => watcher.online.size === 1);
    for (const { socket } of ears.splice(0)) socket.terminate();
    await delay(times.graceMs + 100);
  });
  afterAll(async () => {
    for (const server of new Set(started.toReversed())) await server.remove();
    await place.remove();
  });

  async function listen(server: TestServer, grant: SessionGrant, query = '?presence=1'): Promise<Ear> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/v1/live${query}`, {
      headers: { authorization: `Bearer ${grant.accessToken}` },
    });
    const online = new Set<string>();
    const heard: PresenceMessage[] = [];
    let isOpen = false;
    socket.on('message', (data: Buffer) => {
      isOpen = true;
      const message = JSON.parse(data.toString()) as PresenceMessage | { readonly t: 'poke' | 'bye' };
      if (message.t !== 'presence') return;
      heard.push(message);
      if (message.all === true) online.clear();
      for (const id of message.on) online.add(id);
      for (const id of message.off) online.delete(id);
    });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    const ear = { socket, online, heard, closed };
    ears.push(ear);
    await until('the first message', () => isOpen);
    return ear;
  }

  it('IDT-26 says within a second who came, and after a while who went, by id and nothing else', async () => {
    const ada = await listen(one, await signIn(one, 'ada'));
    const rene = await listen(other, await signIn(other, 'rene'));
    expect(await until('rene seen by ada', () => ada.online.has('rene'))).toBeLessThan(1000);
    await until('ada seen by rene', () => rene.online.has('ada'));
    expect(ada.online).toEqual(new Set(['ada', 'rene']));
    rene.socket.terminate();
    const goneMs = await until('rene gone', () => !ada.online.has('rene'));
    expect(goneMs).toBeGreaterThan(times.graceMs / 2);
    for (const message of ada.heard) expect(Object.keys(message).toSorted().join()).toMatch(/^(all,)?off,on,t$/);
    const ids = new Set(ada.heard.flatMap(({ on, off }) => [...on, ...off]));
    expect(ids).toEqual(new Set(['ada', 'rene']));
  });

  it('IDT-26 a socket that is lost and opened again is no absence, also at another process', async () => {
    const ada = await listen(one, await signIn(one, 'ada'));
    const grant = await signIn(one, 'rene');
    const first = await listen(one, grant);
    await until('rene seen', () => ada.online.has('rene'));
    first.socket.terminate();
    await first.closed;
    await listen(other, grant);
    await delay(times.graceMs + 300);
    expect(ada.online.has('rene')).toBe(true);
    expect(ada.heard.some(({ off }) => off.includes('rene'))).toBe(false);
  });

  it('IDT-26 two devices of one person are one presence that lasts as long as either', async () => {
    const ada = await listen(one, await signIn(one, 'ada'));
    const laptop = await listen(one, await signIn(one, 'rene', 'laptop'));
    const desktop = await listen(other, await signIn(other, 'rene', 'desktop'));
    await until('rene seen', () => ada.online.has('rene'));
    laptop.socket.terminate();
    await delay(times.graceMs + 300);
    expect(ada.online.has('rene')).toBe(true);
    desktop.socket.terminate();
    await until('rene gone', () => !ada.online.has('rene'));
  });

  it('SYNC-39 nobody hears of another organization, and a socket that did not ask hears nothing', async () => {
    const [bob, ada] = [
      await listen(other, await signIn(other, 'bob')),
      await listen(one, await signIn(one, 'ada', 'old-version'), ''),
    ];
    const rene = await listen(one, await signIn(one, 'rene'));
    await until('ada seen by rene', () => rene.online.has('ada'));
    await delay(200);
    expect(bob.online).toEqual(new Set(['bob']));
    expect(ada.heard).toEqual([]);
  });

  it('IDT-26 whoever appears offline is gone at once on all devices, sees the others, and can come back', async () => {
    const ada = await listen(one, await signIn(one, 'ada'));
    const grant = await signIn(other, 'rene');
    const rene = await listen(other, grant);
    await until('rene seen', () => ada.online.has('rene'));
    const choose = (appearsOffline: boolean) =>
      call(other, '/api/v1/presence', { method: 'PUT', token: grant.accessToken, body: { appearsOffline } });
    expect((await choose(true)).status).toBe(200);
    expect(await until('rene gone', () => !ada.online.has('rene'))).toBeLessThan(times.graceMs);
    expect(rene.online.has('ada')).toBe(true);
    const asked = await call(one, '/api/v1/presence', { token: grant.accessToken });
    expect(asked.body).toEqual({ appearsOffline: true });
    await listen(one, await signIn(one, 'rene', 'second'));
    await delay(300);
    expect(ada.online.has('rene')).toBe(false);
    await choose(false);
    await until('rene back', () => ada.online.has('rene'));
  });

  it('A11 SYNC-38 whoever is deactivated is gone at once, everywhere', async () => {
    const [adaGrant, mara] = [await signIn(one, 'ada'), await signIn(other, 'mara')];
    const ada = await listen(one, adaGrant);
    const ear = await listen(other, mara);
    await until('mara seen', () => ada.online.has('mara'));
    const operation: Operation = {
      opId: `switch-off-${engine.name}`,
      opNo: 1,
      txn: null,
      kind: 'patch',
      entity: 'user',
      recordId: 'mara',
      command: 'updateRecord',
      baseRev: 1,
      changes: [{ group: 'isActive', base: { isActive: true }, to: { isActive: false } }],
      dependsOn: [],
      captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
    };
    const body = { protocol: 1, epoch: adaGrant.actor.epoch, ops: [operation] };
    const answer = await call(one, '/sync/v1/push', { token: adaGrant.accessToken, body });
    expect(answer.text).toContain('"applied"');
    expect(await until('mara gone', () => !ada.online.has('mara'))).toBeLessThan(times.graceMs);
    expect(await ear.closed).toBe(4401);
  });

  onSeveral(
    'IDT-26 a process that stops takes its people along after a while, and one that starts learns who is there',
    async () => {
      const ada = await listen(one, await signIn(one, 'ada'));
      const third = await start();
      await listen(third, await signIn(third, 'rene'));
      await until('rene seen', () => ada.online.has('rene'));
      const late = await start();
      const bystander = await listen(late, await signIn(late, 'lena'));
      await until('rene seen by the late one', () => bystander.online.has('rene'));
      await third.close();
      await until('rene gone', () => !ada.online.has('rene') && !bystander.online.has('rene'));
    },
  );

  onSeveral('IDT-26 a process that falls silent is forgotten, and a message that was lost is noticed', async () => {
    const ada = await listen(one, await signIn(one, 'ada'));
    const ghost = { p: 'ghost', k: 'reset', v: 1 };
    await one.database.notify('outpost_presence', JSON.stringify(ghost));
    const user = [['rene', ['p']]];
    await one.database.notify('outpost_presence', JSON.stringify({ p: 'ghost', k: 'on', v: 2, t: 'north', u: user }));
    await until('the ghost seen', () => ada.online.has('rene'));
    // The fourth message without the third says nothing.
    const off = { p: 'ghost', k: 'off', v: 4, t: 'north', u: ['rene'], now: true };
    await one.database.notify('outpost_presence', JSON.stringify(off));
    await delay(200);
    expect(ada.online.has('rene')).toBe(true);
    await until('the ghost gone', () => !ada.online.has('rene'));
  });

  it('IDT-26 a colleague whose record may not be seen is not there, and one who may be seen again is', async () => {
    const tenant = 'north' as TenantId;
    const setKeys = async (keys: readonly string[]): Promise<void> => {
      await one.database.inTenant(tenant, async (session) => {
        await session.query(`UPDATE record SET scope_keys = $2 WHERE coll = 'people' AND id = $1`, ['rene', keys]);
      });
    };
    const before = await one.database.inTenant(tenant, (session) =>
      session.query<{ keys: string[] }>(`SELECT scope_keys AS keys FROM record WHERE id = 'rene'`),
    );
    await setKeys(['o:rene']);
    // Not an administrator: they see everybody.
    const watcher = await listen(other, await signIn(other, 'lena'));
    await listen(one, await signIn(one, 'rene'));
    await delay(300);
    expect(watcher.online.has('rene')).toBe(false);
    await setKeys(before[0]?.keys ?? []);
    await one.database.notify('outpost_presence_choice', JSON.stringify({ tenantId: 'north', userId: 'rene' }));
    await until('rene seen', () => watcher.online.has('rene'));
  });
});
