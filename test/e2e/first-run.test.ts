// The first minutes: what the window says when the server is not there, is not one of ours, or does not know the person.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

const device = new Device({ serverUrl: null, passphrase: null, args: ['--no-server'] });
let server: TestServer;
let stranger: Server;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  await createOrganizationWith(server, 'first-run', [{ id: 'ada', role: 'org_admin' }]);
  stranger = createServer((_request, response) => response.end('<h1>A web page</h1>'));
  await new Promise<void>((resolve) => {
    stranger.listen(0, '127.0.0.1', resolve);
  });
  await device.start();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
  stranger.close();
});

async function trySignIn(serverUrl: string, password: string): Promise<void> {
  const { page } = device;
  await page.getByLabel('Server address').fill(serverUrl);
  await page.getByLabel('E-mail').fill(emailOf('ada'));
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('D10 a passphrase is typed twice, and one with a slip of the finger protects nothing', async () => {
  const { page } = device;
  await page.getByLabel('Passphrase').fill('a passphrase of the first run');
  await page.getByLabel('Once more').fill('a passphrase of teh first run');
  await page.getByRole('button', { name: 'Protect this computer' }).click();
  await page.getByText('This differs from the first one.').waitFor();
  expect(await page.getByLabel('Once more').evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await page.getByText('Connect to a server').count()).toBe(0);
});

test('D10 a computer without a keychain asks for a passphrase before anything is kept on it', async () => {
  const { page } = device;
  await device.choosePassphrase('a passphrase of the first run');
  await page.getByText('Connect to a server').waitFor();
  const demo = page.getByRole('button', { name: 'Try the demo company' });
  expect(await demo.isDisabled()).toBe(true);
  expect(await demo.textContent()).toContain('started without its own server');
});

test('IDT-03 whoever goes back stands at the way that was chosen', async () => {
  const { page } = device;
  const connect = page.getByRole('button', { name: 'Connect to a server' });
  await connect.click();
  await page.getByRole('button', { name: 'Back' }).click();
  await connect.waitFor();
  expect(await connect.evaluate((button) => button === document.activeElement)).toBe(true);
});

test('IDT-03 a server that is away is told as such, and what was typed stays', async () => {
  const { page } = device;
  await page.getByText('Connect to a server').click();
  await trySignIn('http://127.0.0.1:9', testPassword);
  await page.getByRole('alert').filter({ hasText: 'There is no answer from this address' }).waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe(emailOf('ada'));
});

test('IDT-03 an address without an Outpost server is told as such', async () => {
  await trySignIn(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}`, testPassword);
  await device.page.getByRole('alert').filter({ hasText: 'There is no Outpost server at this address' }).waitFor();
});

test('IDT-03 a wrong password is refused without saying which part was wrong', async () => {
  await trySignIn(server.url, 'not the password');
  await device.page.getByRole('alert').filter({ hasText: 'E-mail or password is wrong' }).waitFor();
});

test('IDT-03 the right password opens the company, and the next start needs no password', async () => {
  await trySignIn(server.url, testPassword);
  await device.page.getByTestId('sync-chip').filter({ hasText: 'Up to date' }).waitFor();
  expect(await device.page.getByText('Company first-run').isVisible()).toBe(true);
  await device.quit();
  const page = await device.start();
  await page.getByLabel('Passphrase').fill('a passphrase of the first run');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByTestId('sync-chip').filter({ hasText: 'Up to date' }).waitFor();
});

test('UI-EMPTY in a company without tasks the list offers to begin, not to take off a filter nobody has set', async () => {
  const { page } = device;
  await goTo(page, '/tasks');
  await page.getByRole('heading', { name: 'No open tasks' }).waitFor();
  const empty = page.getByTestId('record-grid').locator('..').getByRole('button', { name: 'New task' });
  await empty.waitFor();
  expect(await page.getByRole('button', { name: 'Clear the filter' }).count()).toBe(0);
});

test('UI-EMPTY a screen that cannot be shown leaves the others, and is there again when the window is loaded again', async () => {
  const { page } = device;
  const known = device.pageErrors.length;
  await page.route(/pivot-screen/, (route) => route.abort());
  await goTo(page, '/analytics/pivot');
  const failed = page.getByRole('alert').filter({ hasText: 'This screen could not be shown' });
  await failed.waitFor();
  expect(device.pageErrors.length).toBeGreaterThan(known);
  await page.getByRole('navigation').getByText('Deals', { exact: true }).click();
  await page.getByRole('heading', { name: 'Deals', exact: true }).waitFor();
  await goTo(page, '/analytics/pivot');
  await failed.waitFor();
  await page.unroute(/pivot-screen/);
  await failed.getByRole('button', { name: 'Load again' }).click();
  await page.getByRole('heading', { name: 'Pivot', exact: true }).waitFor();
  await goTo(page, '/tasks');
});

test('UI-I18N the keys are called as they are on a German keyboard', async () => {
  const { page } = device;
  await device.invoke('preferences.set', { language: 'de' });
  await page.getByText('Keine offenen Aufgaben').waitFor();
  const help = page.getByRole('dialog', { name: 'Tastatur' });
  // The screen is drawn anew in the other language; a key pressed meanwhile is pressed again.
  await waitFor('the list of keys', async () => {
    await page.keyboard.press('?');
    return help.isVisible();
  });
  await help.getByText('Strg', { exact: true }).first().waitFor();
  await help.getByText('Leertaste', { exact: true }).first().waitFor();
  expect(await help.getByText('Ctrl', { exact: true }).count()).toBe(0);
  await page.keyboard.press('Escape');
});
