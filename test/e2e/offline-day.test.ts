// The server really goes away, the person goes on working and starts the application again, and the server comes back.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import { Device } from '#test/support/device.ts';
import { choose, editField, fillDialog, findInPalette, readOpenRecordId } from '#test/support/drive-screens.ts';
import { spawnServer, type ServerProcess } from '#test/support/start-server.ts';

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'outpost-offline-'));
let server: ServerProcess;
let serverUrl: string;
let device: Device;
let dealId: string;
const name = 'Entered without a server';

async function startServer(port: string): Promise<void> {
  server = spawnServer(['--port', port, '--data', dataDir, '--demo']);
  serverUrl = await server.listening();
}

async function stopServer(): Promise<void> {
  server.child.kill('SIGKILL');
  await server.ended();
}

beforeAll(async () => {
  await buildIfNeeded();
  await startServer('0');
  device = new Device({ serverUrl });
  await device.start();
  await device.enterDemo('sales_rep');
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await stopServer();
  rmSync(dataDir, { recursive: true, force: true });
});

test('SYNC-4 without the server everything is saved at once and said to be saved on this computer', async () => {
  await stopServer();
  const { page } = device;
  await choose(page, 'New deal', 'New deal');
  await fillDialog(page, { Name: name, Amount: '9900' });
  dealId = await readOpenRecordId(page, 'deals');
  await page.getByText('Saved on this computer', { exact: true }).first().waitFor();
  await editField(page, `/deals/${dealId}`, { name: 'nextStep', label: 'Next step' }, 'Write the offer');
  expect((await device.status()).pendingCount).toBeGreaterThan(1);
});

test('SYNC-4 a start without the server shows everything, editable and found by the search', async () => {
  await device.quit();
  await device.start();
  const { page } = device;
  await page
    .getByTestId('sync-chip')
    .filter({ hasText: /Offline/ })
    .waitFor();
  expect(await readRecord(page, 'deal', dealId)).toMatchObject({ name, amount: 9_900_00, nextStep: 'Write the offer' });
  expect(await findInPalette(page, 'without a server', name)).toBe(true);
  await editField(page, `/deals/${dealId}`, { name: 'nextStep', label: 'Next step' }, 'Send the offer');
});

test('SYNC-1 SYNC-7 when the server is back everything arrives by itself, once', async () => {
  await startServer(new URL(serverUrl).port);
  await device.waitUntilExchanged(90_000);
  const { page } = device;
  await page.getByTestId('sync-chip').filter({ hasText: 'Up to date' }).waitFor();
  const record = await readRecord(page, 'deal', dealId);
  expect(record).toMatchObject({ name, nextStep: 'Send the offer', pending: [] });
  expect(record?.rev).toBeGreaterThan(0);
  const { total } = await readList(page, 'deal', { filter: { field: 'name', op: 'eq', value: name } });
  expect(total).toBe(1);
});
