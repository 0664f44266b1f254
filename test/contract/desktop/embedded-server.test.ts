// The server that the application brings along, as main runs it: the real thread on a real database in a directory.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { BroadcastChannel, type Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, spawnServer } from '#test/support/start-server.ts';
import { waitFor } from '#test/support/device.ts';
import { createEmbeddedServer, type EmbeddedServer } from '#main/embedded-server/embedded-server.ts';
import { openServerAddress } from '#main/embedded-server/server-address.ts';
import { createThreadStarter, locateServer } from '#main/embedded-server/server-thread.ts';
import type { JobOverview } from '#shared/sync/job-messages.ts';
import { openBackup } from '#server/backup/read-backup.ts';
import { lockDirectory } from '#server/store/directory-lock.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const sourceFile = path.join(root, 'src/server/embedded.ts');
const scheduler = {
  after(delayMs: number, task: () => void) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
const threads: Worker[] = [];
const noteThread = (message: unknown): void => void threads.push((message as { readonly worker: Worker }).worker);

let userData: string;
let server: EmbeddedServer | null = null;
beforeEach(() => {
  userData = mkdtempSync(path.join(os.tmpdir(), 'outpost-embedded-'));
  threads.length = 0;
  subscribe('worker_threads', noteThread);
});
afterEach(async () => {
  unsubscribe('worker_threads', noteThread);
  await server?.stop();
  server = null;
  rmSync(userData, { recursive: true, force: true });
});

interface Delayed {
  readonly delayMs: number;
  readonly run: () => void;
}

interface World {
  readonly server: EmbeddedServer;
  readonly told: string[];
  /** Delayed restarts, run by the test. */
  readonly delayed: Delayed[];
  readonly address: ReturnType<typeof openServerAddress>;
}

function createWorld(file = sourceFile): World {
  const told: string[] = [];
  const delayed: Delayed[] = [];
  const address = openServerAddress(path.join(userData, 'server.port'));
  server = createEmbeddedServer({
    startThread: createThreadStarter(file, scheduler),
    dataDir: path.join(userData, 'server'),
    address,
    clock: { now: () => Date.now() },
    scheduler: {
      after(delayMs, run) {
        delayed.push({ delayMs, run });
        return { cancel: () => undefined };
      },
    },
    onDown: () => told.push('down'),
    onUp: () => told.push('up'),
    log: (message) => told.push(message),
  });
  return { server, told, delayed, address };
}

/** Another program at this port, or at any free one. */
async function occupy(wanted: number): Promise<{ readonly port: number; leave(): Promise<void> }> {
  const stranger = createServer().listen(wanted, '127.0.0.1');
  await once(stranger, 'listening');
  return {
    port: (stranger.address() as AddressInfo).port,
    async leave() {
      stranger.close();
      await once(stranger, 'close');
    },
  };
}

describe('the embedded server', () => {
  it('START-1 starts when it is asked for, once for all who ask, on this computer alone, with the demo company', async () => {
    const world = createWorld();
    expect([world.address.url(), threads.length]).toEqual([null, 0]);
    await world.server.wake('https://crm.example.com');
    expect(threads).toHaveLength(0);
    const [url, same] = await Promise.all([world.server.start(), world.server.start()]);
    expect([same, await world.server.start()]).toEqual([url, url]);
    expect(threads).toHaveLength(1);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await call({ url }, '/api/health')).body).toMatchObject({ service: 'outpost-server' });
    expect((await call({ url }, '/api/v1/demo', { method: 'POST', body: {} })).status).toBe(200);
  });

  it('START-1 after stop nothing listens, the directory is free, and nothing starts it again', async () => {
    const world = createWorld();
    const url = await world.server.start();
    await world.server.stop();
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    lockDirectory(path.join(userData, 'server')).release();
    await expect(world.server.wake(url)).rejects.toMatchObject({ code: 'embedded_server_down' });
    expect(world.told.filter((line) => line === 'down')).toEqual([]);
    expect(threads).toHaveLength(1);
  });

  it('START-1 stopped while it starts, it ends as well and frees the directory', async () => {
    const world = createWorld();
    const starting = world.server.start();
    const [, refusal] = await Promise.all([world.server.stop(), starting.catch((error: unknown) => error)]);
    expect(refusal).toMatchObject({ code: 'embedded_server_down' });
    lockDirectory(path.join(userData, 'server')).release();
  });

  it('START-1 comes back at its address with what it had, when a request of a profile goes there', async () => {
    const first = createWorld();
    const url = await first.server.start();
    const founded = await call({ url }, '/api/v1/demo', { method: 'POST', body: {} });
    await first.server.stop();
    const second = createWorld();
    expect(await second.address.settle()).toBeNull();
    await second.server.wake(url);
    const [{ email, password }] = (founded.body as { users: [{ email: string; password: string }] }).users;
    const body = { email, password, deviceId: 'd1', deviceName: 'Test' };
    expect((await call({ url }, '/api/v1/auth/sign-in', { body })).status).toBe(200);
  });

  it(
    'ENG-03 OBS-08 makes a backup of the day beside its data that a restore can read, and tells its administrator',
    { timeout: 90_000 },
    async () => {
      const world = createWorld();
      const url = await world.server.start();
      const founded = (await call({ url }, '/api/v1/demo', { method: 'POST', body: {} })).body as {
        users: { email: string; password: string; role: string }[];
      };
      const admin = founded.users.find(({ role }) => role === 'org_admin');
      const body = { email: admin?.email, password: admin?.password, deviceId: 'd1', deviceName: 'Test' };
      const { accessToken: token } = (await call({ url }, '/api/v1/auth/sign-in', { body })).body as {
        accessToken: string;
      };
      const plan = async () =>
        ((await call({ url }, '/api/v1/jobs', { token })).body as JobOverview).plans.find(
          ({ name }) => name === 'backup',
        );
      expect(await plan()).toMatchObject({ isSetUp: true, isOn: true, last: null, keeps: { count: 7 } });
      expect((await call({ url }, '/api/v1/jobs/plan/run', { token, body: { name: 'backup' } })).status).toBe(200);
      await expect.poll(async () => (await plan())?.last?.outcome, { timeout: 60_000, interval: 200 }).toBe('done');
      const facts = (await plan())?.last?.facts ?? {};
      const place = path.join(userData, 'server', 'outpost-backups', String(facts['name']));
      const { manifest } = await openBackup(place, {
        kind: 'keyFile',
        path: path.join(userData, 'server', 'outpost-backup.key'),
      });
      expect([manifest.tenants.length, facts['kept']]).toEqual([1, 1]);
    },
  );

  it('START-1 takes another address only when another program has its own, and says from where to where', async () => {
    const first = createWorld();
    const url = await first.server.start();
    await first.server.stop();
    const stranger = await occupy(Number(new URL(url).port));
    const second = createWorld();
    const moved = await second.address.settle();
    expect(moved?.from).toBe(url);
    expect(await second.server.start()).toBe(moved?.to);
    expect(readFileSync(path.join(userData, 'server.port'), 'utf8')).toBe(new URL(moved?.to ?? '').port);
    await stranger.leave();
  });

  it('START-2 says when another program took its address meanwhile, and when another server has its data', async () => {
    const taken = createWorld();
    const stranger = await occupy(0);
    taken.address.remember(`http://127.0.0.1:${stranger.port}`);
    await expect(taken.server.start()).rejects.toMatchObject({ code: 'address_in_use' });
    await stranger.leave();
    const other = spawnServer(['--port', '0', '--data', path.join(userData, 'server')]);
    await other.listening();
    const second = createWorld();
    await expect(second.server.start()).rejects.toMatchObject({ code: 'directory_in_use' });
    // Who asks again too soon hears the same; after the delay it is tried anew.
    await expect(second.server.start()).rejects.toMatchObject({ code: 'directory_in_use' });
    other.child.kill('SIGTERM');
    await other.ended();
    second.delayed.at(-1)?.run();
    expect(await second.server.start()).toContain('127.0.0.1');
  });
});

describe('a crash of the embedded server', () => {
  it('START-5 is told, requests hear of it at once, and it is started again at its address with its data', async () => {
    const world = createWorld();
    const url = await world.server.start();
    await call({ url }, '/api/v1/demo', { method: 'POST', body: {} });
    await threads[0]?.terminate();
    await waitFor('the crash told', () => Promise.resolve(world.told.includes('down')));
    await expect(world.server.wake(url)).rejects.toMatchObject({ code: 'embedded_server_down' });
    expect(threads).toHaveLength(1);
    world.delayed.at(-1)?.run();
    await waitFor('the restart told', () => Promise.resolve(world.told.includes('up')));
    expect(world.address.url()).toBe(url);
    expect((await call({ url }, '/api/v1/demo', { method: 'POST', body: {} })).status).toBe(200);
    expect(world.told.join('\n')).toContain('has ended and is started again');
  });

  it('START-5 that comes again and again is followed by longer and longer delays, up to a minute', async () => {
    const broken = createWorld(path.join(root, 'test/support/no-such-server.ts'));
    for (let round = 0; round < 9; round += 1) {
      await expect(broken.server.start()).rejects.toMatchObject({ code: 'embedded_server_down' });
      broken.delayed.at(-1)?.run();
    }
    const delays = broken.delayed.map((entry) => entry.delayMs / 1000);
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('START-5 of its database alone ends it as well, instead of leaving a server that answers nothing', async () => {
    const world = createWorld(path.join(root, 'test/support/embedded-with-fault.ts'));
    await world.server.start();
    const channel = new BroadcastChannel('end-database');
    channel.postMessage('now');
    channel.close();
    await waitFor('the crash told', () => Promise.resolve(world.told.includes('down')));
    world.delayed.at(-1)?.run();
    await waitFor('the restart told', () => Promise.resolve(world.told.includes('up')));
  });
});

it('PKG-6 the server of a packaged application lies beside its archive', () => {
  const inArchive = path.join('/opt/Outpost/resources', 'app.asar', 'out/main');
  expect(locateServer(inArchive)).toBe('/opt/Outpost/resources/app.asar.unpacked/out/server/embedded.mjs');
  expect(locateServer('/src/outpost/out/main')).toBe('/src/outpost/out/server/embedded.mjs');
});
