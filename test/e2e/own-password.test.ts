// A person changes the own password in the settings: told at the field what is wrong, signed out everywhere else, signed in here.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { startFrontServer, type FrontServer } from '#test/support/front-server.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { goTo } from '#test/support/drive-screens.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  emailOf,
  signIn,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

const NEW_PASSWORD = 'four words nobody guesses';
let server: TestServer;
let front: FrontServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  front = await startFrontServer(server.url);
  await createOrganizationWith(server, 'own', [{ id: 'ada', role: 'org_admin' }]);
  device = new Device({ serverUrl: null });
  await device.start();
  await device.signIn(front.url, { email: emailOf('ada'), password: testPassword });
  await device.waitUntilExchanged();
  page = await openSettings(device, 'profile');
  await page.setViewportSize({ width: 1100, height: 1100 });
});
afterAll(async () => {
  await device.remove();
  await front.close();
  await server.remove();
});

async function change(current: string, chosen: string, repeated = chosen): Promise<void> {
  await page.getByRole('textbox', { name: 'Present password' }).fill(current);
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill(chosen);
  await page.getByRole('textbox', { name: 'New password again' }).fill(repeated);
  await page.getByRole('button', { name: 'Change the password' }).click();
}

test('IDT-03 IDT-10 a person changes the own password and is told why one is refused', async () => {
  const elsewhere = await signIn(server, 'ada', 'elsewhere');
  await change('not my password', NEW_PASSWORD);
  await page.getByText('This is not your present password.').waitFor();
  await lookAtScreen(device, page, 'password');
  await change(testPassword, 'short');
  await page.getByText('Too short: at least 15 characters, or 8 with a second factor.').last().waitFor();
  await change(testPassword, NEW_PASSWORD, 'four words');
  await page.getByText('The two passwords differ.').waitFor();
  await change(testPassword, testPassword);
  await page.getByText('Choose another password than the one before.').waitFor();

  await change(testPassword, NEW_PASSWORD);
  await page.getByText('Changed. Everywhere else you are signed out.').waitFor();
  expect(codeOf(await call(server, '/api/v1/sessions', { token: elsewhere.accessToken }))).toBe('session_revoked');
  await device.waitUntilExchanged();
  expect(device.pageErrors).toEqual([]);
});

test('IDT-04 the list of devices comes by itself once the server answers again', async () => {
  front.answer = () => ({ status: 503, body: {} });
  await device.invoke('sync.now', {});
  await waitFor('a server that does not answer', async () => (await device.status()).phase === 'backingOff');
  await goTo(page, '/settings/devices');
  await page.getByRole('alert').waitFor();
  front.answer = () => null;
  await device.waitUntilExchanged();
  await page.locator('tr[data-device]').first().waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('UI-11 every button of the page for working offline says which values it saves', async () => {
  await goTo(page, '/settings/offline');
  await page.getByRole('heading', { name: 'Working offline' }).waitFor();
  await page.getByLabel('Days without contact').waitFor();
  const names = await page
    .getByRole('button', { name: 'Save' })
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent));
  expect(new Set(names).size).toBe(3);
  await lookAtScreen(device, page, 'offline-settings');
});

test('UI-NAV the settings show the profile instead of a section that is not there', async () => {
  await page.evaluate(() => {
    globalThis.location.hash = '#/settings/no-such-section';
  });
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  await page.getByRole('link', { name: 'Profile', exact: true }).and(page.locator('[aria-current="page"]')).waitFor();
});
