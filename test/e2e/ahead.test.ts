// What is opened next is there before it is asked for.
import type { Page } from 'playwright';
import { afterAll, beforeAll, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  page = await device.start();
  await device.enterDemo('sales_rep');
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
});

test('UI-AHEAD a board that was not opened yet is painted while the data host has no time to answer', async () => {
  await device.quit();
  page = await device.start();
  await page.locator('[class*="numberNote"]').filter({ hasText: /\d/ }).first().waitFor();
  // Time in which nobody wants anything.
  await page.waitForTimeout(4_000);
  const host = await device.launched.window('/data-host.html');
  const busy = host.evaluate(() => {
    const end = performance.now() + 5_000;
    while (performance.now() < end);
  });
  await goTo(page, '/pipeline');
  await page.locator('[data-card]').first().waitFor({ timeout: 3_000 });
  await busy;
});
