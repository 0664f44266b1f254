// The offline lease as its people meet it: the administrator sets it, the settings tell its end, and a computer that was
// too long without its server shows nothing but why, what it keeps, and how it opens again.
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { startFrontServer, type FrontServer } from '#test/support/front-server.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

const DAY = 86_400_000;
const device = new Device({ serverUrl: null, args: ['--no-server'] });
const pictures = process.env['OUTPOST_PICTURES'] ?? mkdtempSync(path.join(os.tmpdir(), 'outpost-lease-'));
let server: TestServer;
let front: FrontServer;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  front = await startFrontServer(server.url);
  await createOrganizationWith(server, 'leased', [{ id: 'ada', role: 'org_admin' }]);
  await device.start();
  await device.signIn(front.url, { email: emailOf('ada'), password: testPassword });
  await device.waitUntilExchanged();
}, 120_000);

afterAll(async () => {
  await device.remove();
  await front.close();
  await server.remove();
});

async function takePictures(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await device.invoke('preferences.set', { theme });
    await page.locator(`html[data-mantine-color-scheme="${theme}"]`).waitFor();
    await page.screenshot({ path: path.join(pictures, `${name}-${theme}.png`) });
  }
}

test('OFF-06 an administrator sets the days, and the settings tell until when this computer works', async () => {
  await device.invoke('window.openSettings', { section: 'offline' });
  const settings = await device.launched.window('/settings/offline');
  await settings.getByText('14 days after the last contact').waitFor();
  const days = settings.getByLabel('Days without contact');
  await waitFor('the days of the organization', async () => (await days.inputValue()) === '14');
  const save = settings.locator('form').filter({ has: days }).getByRole('button', { name: 'Save' });
  expect(await save.isDisabled()).toBe(true);
  await days.fill('7');
  await save.click();
  await settings.getByText('Every computer learns of it').waitFor();
  await settings.getByText('7 days after the last contact').waitFor();
  await takePictures(settings, 'offline-settings');
});

test('OFF-06 D15 a computer that was too long without its server shows why and until when it worked, and opens at the first contact', async () => {
  await device.invoke('sync.workOffline', { on: true });
  await device.quit();
  await device.start();
  front.answer = () => ({ status: 503, body: {} });
  await device.launched.mainEvaluate(({ powerMonitor }, aheadMs) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + aheadMs;
    powerMonitor.emit('resume');
  }, 8 * DAY);
  const locked = device.page.getByTestId('lease-ended');
  await locked.waitFor();
  expect(await locked.getAttribute('data-reason')).toBe('over');
  expect(await locked.textContent()).toContain('may be used for 7 days without the server');
  expect(await device.invoke('attention.list', {})).toEqual([]);
  await device.page.getByRole('button', { name: 'Try to connect' }).click();
  await device.page.getByRole('alert').waitFor();
  await takePictures(device.page, 'lease-ended');
  front.answer = () => null;
  await device.page.getByRole('button', { name: 'Try to connect' }).click();
  await device.page.getByTestId('sync-chip').waitFor();
});
