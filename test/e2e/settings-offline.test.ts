// The settings of an administrator while the server is away: what lies there is said to, once and calmly, and comes by itself; what
// lies on this computer is changed as always, kept over a restart, and reaches the server.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { openSettings } from '#test/support/look-at-screen.ts';
import { spawnServer, type ServerProcess } from '#test/support/start-server.ts';

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'outpost-settings-'));
let server: ServerProcess;
let serverUrl: string;
let device: Device;
let settings: Page;
let password = '';
let email = '';

async function startServer(port: string): Promise<void> {
  server = spawnServer(['--port', port, '--data', dataDir, '--demo']);
  serverUrl = await server.listening();
}

async function stopServer(): Promise<void> {
  server.child.kill('SIGKILL');
  await server.ended();
}

async function returnServer(): Promise<void> {
  await startServer(new URL(serverUrl).port);
  await device.waitUntilExchanged();
}

async function leaveServer(): Promise<void> {
  await stopServer();
  await device.page
    .getByTestId('sync-chip')
    .filter({ hasText: /Offline|offline/ })
    .waitFor();
}

async function show(section: string): Promise<void> {
  await goTo(settings, `/settings/${section}`);
  await settings.locator(`[data-section="${section}"][aria-current="page"]`).waitFor();
}

beforeAll(async () => {
  await buildIfNeeded();
  await startServer('0');
  device = new Device({ serverUrl });
  await device.start();
  const people = await device.enterDemo('org_admin');
  ({ email, password } = people.get('org_admin') ?? { email: '', password: '' });
  await device.waitUntilExchanged();
  settings = await openSettings(device, 'profile');
  settings.setDefaultTimeout(20_000);
}, 120_000);

afterAll(async () => {
  await device.remove();
  await stopServer();
  rmSync(dataDir, { recursive: true, force: true });
});

const away = () => settings.getByText('This is kept on the server', { exact: false });

test('UI-OFFLINE typed settings stay while the server goes and comes back', async () => {
  await show('campaigns');
  await settings.getByLabel('Sent by').selectOption('smtp');
  const host = settings.getByRole('textbox', { name: 'Host' }).first();
  await host.fill('mail.hafenlicht.example');
  await leaveServer();
  await settings.getByText('This needs a connection to the server').waitFor();
  expect(await host.inputValue()).toBe('mail.hafenlicht.example');
  await returnServer();
  await settings.getByText('This needs a connection to the server').waitFor({ state: 'hidden' });
  expect(await host.inputValue()).toBe('mail.hafenlicht.example');
  await settings.locator('[data-section="profile"]').click();
  await settings.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
});

test('UI-OFFLINE what lies on the server says so once in each section, without an alarm', async () => {
  await leaveServer();
  for (const section of [
    'offline',
    'apiKeys',
    'standing',
    'campaigns',
    'drafting',
    'reach',
    'security',
    'devices',
    'signInRules',
    'sso',
  ]) {
    await show(section);
    await away().first().waitFor();
    expect([section, await away().count(), await settings.getByRole('alert').count()]).toEqual([section, 1, 0]);
  }
});

test.each([
  ['offline', 'Days without contact'],
  ['reach', 'Who may have API keys'],
])('UI-OFFLINE the section %s fills itself when the server is back', async (section, label) => {
  await show(section);
  await away().waitFor();
  await returnServer();
  await settings.getByLabel(label).first().waitFor();
  expect(await away().count()).toBe(0);
  await leaveServer();
  await settings.getByLabel(label).first().waitFor();
});

test('UI-OFFLINE a figure changed without the server is kept over a restart and reaches the server', async () => {
  await show('figures');
  await settings.getByLabel('First month of the fiscal year').selectOption('4');
  await settings.getByText('Saved on this computer').first().waitFor();
  await device.quit();
  await device.start();
  settings = await openSettings(device, 'figures');
  const month = settings.getByLabel('First month of the fiscal year');
  await month.waitFor();
  await expect.poll(() => month.inputValue(), { timeout: 20_000 }).toBe('4');
  await returnServer();
  const other = new Device({ serverUrl: null });
  try {
    await other.start();
    await other.signIn(serverUrl, { email, password });
    await other.waitUntilExchanged();
    const theirs = await openSettings(other, 'figures');
    await expect
      .poll(() => theirs.getByLabel('First month of the fiscal year').inputValue(), { timeout: 20_000 })
      .toBe('4');
  } finally {
    await other.remove();
  }
});
