// The packaged application, from nothing but what an installer holds, with no server given: it brings its own. Where
// Electron's binary is, its archive is started; elsewhere the archive's content, laid out in a folder away from this tree.
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readList, request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { isChromiumHost } from '#test/support/launch-app.ts';
import { layOutArchive, packageApp } from '#test/support/package-app.ts';
import { lockDirectory } from '#server/store/directory-lock.ts';

const place = mkdtempSync(path.join(os.tmpdir(), 'outpost-installed-'));
let device: Device;
let serverUrl = '';

beforeAll(async () => {
  const packaged = await packageApp(path.join(place, 'build'));
  const appFolder = isChromiumHost
    ? layOutArchive(packaged, path.join(place, 'resources'))
    : path.join(packaged.resources, 'app.asar');
  device = new Device({ serverUrl: null, appFolder });
}, 180_000);

afterAll(async () => {
  await device.remove();
  rmSync(place, { recursive: true, force: true });
});

const readPort = (): number => Number(readFileSync(path.join(device.userData, 'server.port'), 'utf8'));
const isAnswering = (): Promise<boolean> =>
  fetch(`${serverUrl}/api/health`, { signal: AbortSignal.timeout(10_000) }).then(
    (answer) => answer.ok,
    () => false,
  );

/** Another program at the server's address, which counts who speaks to it. */
async function occupyAddress(): Promise<{ readonly guests: () => number; leave(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const stranger = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
  }).listen(readPort(), '127.0.0.1');
  await once(stranger, 'listening');
  return {
    guests: () => sockets.size,
    async leave() {
      stranger.close();
      for (const socket of sockets) socket.destroy();
      await once(stranger, 'close');
    },
  };
}

async function saveAccount(name: string): Promise<void> {
  await request(device.page, 'execute', { command: 'createRecord', input: { entity: 'account', values: { name } } });
}

async function countDeals(): Promise<number> {
  return (await readList(device.page, 'deal')).total;
}

async function expectCards(): Promise<void> {
  await goTo(device.page, '/pipeline');
  await device.page.locator('[data-card]').first().waitFor();
}

let deals = 0;
let person: { readonly email: string; readonly password: string };

test('START-1 PKG-6 the packaged application opens the demo company on a server of its own, started when it is asked for', async () => {
  await device.start();
  // The thread is caught for later, when it has to crash.
  await device.launched.mainEvaluate(() => {
    const { subscribe } = process.getBuiltinModule('node:diagnostics_channel');
    subscribe('worker_threads', (message) => {
      Object.assign(globalThis, { serverThread: (message as { worker: unknown }).worker });
    });
  });
  await device.page.getByText('Try the demo company').waitFor();
  expect(existsSync(path.join(device.userData, 'server'))).toBe(false);
  const people = await device.enterDemo('sales_rep');
  person = people.get('sales_rep') ?? expect.unreachable('the demo company has no sales representative');
  await device.waitUntilExchanged();
  serverUrl = `http://127.0.0.1:${readPort()}`;
  expect(await isAnswering()).toBe(true);
  deals = await countDeals();
  expect(deals).toBeGreaterThan(20);
  await expectCards();
});

test('START-5 a crash of its server is told, nobody else is spoken to at its address, and it comes back by itself', async () => {
  const { page } = device;
  await device.launched.mainEvaluate(() =>
    (globalThis as unknown as { serverThread: { terminate(): Promise<number> } }).serverThread.terminate(),
  );
  await waitFor('nothing at the address', async () => !(await isAnswering()));
  const stranger = await occupyAddress();
  try {
    await saveAccount('Saved while the server was down');
    await page.locator('[data-testid="sync-chip"][data-tone="off"]').waitFor();
    await page.getByTestId('sync-chip').click();
    await page.getByText('Another program uses the address').waitFor();
    await page.keyboard.press('Escape');
    // A reminder that was told meanwhile waits beside the account.
    expect((await device.status()).pendingCount).toBeGreaterThanOrEqual(1);
    expect(stranger.guests()).toBe(0);
  } finally {
    await stranger.leave();
  }
  await waitFor('everything exchanged', async () => (await device.status()).pendingCount === 0, 60_000);
  await page.getByTestId('sync-chip').filter({ hasText: 'Up to date' }).waitFor({ timeout: 60_000 });
});

test('START-1 when the application ends, its server has ended in good order', async () => {
  await device.quit();
  expect(await isAnswering()).toBe(false);
  lockDirectory(path.join(device.userData, 'server')).release();
});

test('START-1 at the next start everything is there, and the server is back at its address', async () => {
  await device.start();
  await device.page.getByTestId('sync-chip').waitFor();
  expect(await countDeals()).toBe(deals);
  await saveAccount('Saved after the second start');
  await device.waitUntilExchanged();
  expect(`http://127.0.0.1:${readPort()}`).toBe(serverUrl);
  expect(await isAnswering()).toBe(true);
  const { rows } = await readList(device.page, 'account', { limit: 1000 });
  const names = rows.map((row) => String(row['name']));
  expect(names).toEqual(expect.arrayContaining(['Saved while the server was down', 'Saved after the second start']));
  await expectCards();
});

test('START-1 when another program has the address at a start, the server moves and the person stays signed in', async () => {
  await saveAccount('Saved before the move');
  await device.quit();
  const stranger = await occupyAddress();
  await device.start();
  await device.page.getByTestId('sync-chip').waitFor();
  await device.waitUntilExchanged();
  expect(`http://127.0.0.1:${readPort()}`).not.toBe(serverUrl);
  const { rows } = await readList(device.page, 'account', { limit: 1000 });
  expect(rows.map((row) => String(row['name']))).toContain('Saved before the move');
  expect(stranger.guests()).toBe(0);
  await stranger.leave();
});

test('START-1 who signs out and in again after the move finds what was not sent yet', async () => {
  await device.invoke('sync.workOffline', { on: true });
  await saveAccount('Unsent through the sign-out');
  await device.invoke('session.signOut', { unsent: 'keep' });
  await device.invoke('session.signIn', { serverUrl: `http://127.0.0.1:${readPort()}`, ...person });
  await device.page.getByTestId('sync-chip').waitFor();
  await waitFor('the unsent account', async () => (await device.status()).pendingCount >= 1);
  await device.invoke('sync.workOffline', { on: false });
  await device.waitUntilExchanged();
  expect(device.pageErrors).toEqual([]);
});
