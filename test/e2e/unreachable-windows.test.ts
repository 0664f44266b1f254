// The windows of the installation, of operations and of the audit while their server does not answer: each says why, and shows what
// it was opened for once the server is back, without being asked again.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { startFrontServer, type FrontServer } from '#test/support/front-server.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let front: FrontServer;
let device: Device;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  front = await startFrontServer(server.url);
  device = new Device({ serverUrl: front.url });
  await device.start();
  await device.enterDemo('super_admin');
  await device.waitUntilExchanged();
});
afterAll(async () => {
  await device.remove();
  await front.close();
  await server.remove();
});

async function show(page: Page, part: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: part, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: part }).waitFor();
}

test.each([
  ['IDT-14', 'platform/organizations', () => device.invoke('window.openPlatform', {}), 'Health', 'Hafenlicht Systems'],
  [
    'OBS-08',
    'operations/overview',
    () => device.invoke('window.openOperations', {}),
    'Alerts',
    'Age of the last backup',
  ],
  [
    'AUD-06',
    'audit/entries',
    () => device.invoke('window.openAudit', { path: '/audit/entries' }),
    'Verify and keep',
    'One entry',
  ],
] as const)(
  '%s the window of %s says why it shows nothing, and fills by itself when the server is back',
  async (_id, name, open, part, text) => {
    await open();
    const page = await device.launched.window(`#/${name}`);
    await page.locator('h1').waitFor();
    front.answer = () => ({ status: 503, body: 'down' });
    await show(page, part);
    const why = page.getByRole('alert').filter({ hasText: 'The server is busy.' });
    await why.waitFor();
    expect(await why.innerText()).not.toContain('seen before');
    await lookAtScreen(device, page, `unreachable-${name.split('/')[0] ?? ''}`);
    front.answer = () => null;
    await page.bringToFront();
    await page.getByText(text).first().waitFor();
    await why.waitFor({ state: 'detached' });
  },
);

test('IDT-22 without an answer of the server nobody says that no maintenance is announced', async () => {
  await device.invoke('window.openPlatform', {});
  const page = await waitFor('the window of the installation', () =>
    Promise.resolve(device.launched.app.windows().find((window) => window.url().includes('#/platform/'))),
  );
  front.answer = () => ({ status: 503, body: 'down' });
  await show(page, 'Maintenance');
  await page.getByText('What is announced cannot be known until the server answers.').waitFor();
  expect(await page.getByText('No maintenance is announced.').count()).toBe(0);
  await lookAtScreen(device, page, 'platform-maintenance-away');
  front.answer = () => null;
  await page.getByText('No maintenance is announced.').waitFor({ timeout: 60_000 });
});
