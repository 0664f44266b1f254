// An administrator announces maintenance in the settings: everybody sees it above their screens and on Home, and still after a
// restart without a network; what is taken back is gone everywhere.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device } from '#test/support/device.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let admin: Device;
let rep: Device;
let settings: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  await createOrganizationWith(server, 'kept', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  [admin, rep] = [new Device({ serverUrl: null }), new Device({ serverUrl: null })];
  for (const [device, id] of [
    [admin, 'ada'],
    [rep, 'rene'],
  ] as const) {
    await device.start();
    await device.signIn(server.url, { email: emailOf(id), password: testPassword });
    await device.waitUntilExchanged();
  }
  settings = await openSettings(admin, 'offline');
  await settings.setViewportSize({ width: 1100, height: 1000 });
});
afterAll(async () => {
  await admin.remove();
  await rep.remove();
  await server.remove();
});

/** As a field for a time takes it, in the time zone of the window. */
const localTime = (inHours: number): string => {
  const at = new Date(Date.now() + inHours * 3_600_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

test('TSK-15 announced maintenance is above every screen and on Home, also after a restart without a network', async () => {
  await goTo(settings, '/settings/offline');
  await settings.getByLabel('From', { exact: true }).fill(localTime(2));
  await settings.getByLabel('Until', { exact: true }).fill(localTime(1));
  await settings.getByRole('button', { name: 'Announce' }).click();
  await settings.getByRole('alert').waitFor();
  await settings.getByLabel('Until', { exact: true }).fill(localTime(3));
  await settings.getByLabel('What people should know (optional)').fill('A new disk.');
  await settings.getByRole('button', { name: 'Announce' }).click();
  await settings.getByText('Announced to everybody.').waitFor();
  await settings.getByTestId('maintenance-planned').waitFor();
  await lookAtScreen(admin, settings, 'maintenance-form');

  const banner = () => rep.page.getByTestId('maintenance-banner');
  await banner().filter({ hasText: 'A new disk.' }).waitFor();
  await goTo(rep.page, '/');
  const line = () => rep.page.locator('[data-testid="live-feed"] [data-event="system.maintenance"]');
  await line().first().waitFor();
  await lookAtScreen(rep, rep.page, 'maintenance-banner');
  // What closes it stands beside the text, also where that is longer than the window.
  await rep.page.setViewportSize({ width: 900, height: 700 });
  const [text, close] = await Promise.all([
    banner().locator('> span').boundingBox(),
    banner().getByRole('button', { name: 'Close' }).boundingBox(),
  ]);
  expect(close?.y).toBeLessThan((text?.y ?? 0) + (text?.height ?? 0));

  await setWorkOffline(rep.page, true);
  await rep.quit();
  await rep.start();
  await rep.page.getByTestId('sync-chip').waitFor();
  await banner().filter({ hasText: 'A new disk.' }).waitFor();
  await goTo(rep.page, '/');
  // Once, also after the home screen was opened anew.
  await expect.poll(() => line().count()).toBe(1);
  await rep.page.getByTestId('maintenance-banner').getByRole('button', { name: 'Close' }).click();
  await banner().waitFor({ state: 'hidden' });

  await setWorkOffline(rep.page, false);
  await settings.getByRole('button', { name: 'Take back' }).click();
  await settings.getByTestId('maintenance-planned').waitFor({ state: 'hidden' });
  await line().filter({ hasText: 'does not take place' }).waitFor();
  expect([...admin.pageErrors, ...rep.pageErrors]).toEqual([]);
});
