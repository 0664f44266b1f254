// API keys and how the organization is reached, as a person uses the settings: by name and keyboard, light and dark.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  await createOrganizationWith(server, 'own', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  device = new Device({ serverUrl: null });
  await device.start();
  await device.signIn(server.url, { email: emailOf('ada'), password: testPassword });
  await device.waitUntilExchanged();
  page = await openSettings(device, 'apiKeys');
  await page.setViewportSize({ width: 1200, height: 1300 });
});
afterAll(async () => {
  await device.remove();
  await server.remove();
});

const use = (secret: string) => call(server, '/api/v1/usage', { token: secret });

test('API-05 a person makes a key with some of the own rights, is shown it once, rotates and revokes it', async () => {
  await page.getByText('You have no API keys.').waitFor();
  await page.getByRole('button', { name: 'New key …' }).press('Enter');
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
  expect(await page.getByRole('button', { name: 'Create key' }).isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'Find a permission' }).fill('see leads');
  await page.getByRole('checkbox', { name: 'See leads' }).press('Space');
  await page.getByText('1 right chosen').waitFor();
  await page.getByRole('textbox', { name: 'Only from (optional)' }).fill('10.0.0.1/8');
  await page.getByText('“10.0.0.1/8” is no address or range.').waitFor();
  await page.getByRole('textbox', { name: 'Only from (optional)' }).fill('127.0.0.0/8');
  await lookAtScreen(device, page, 'api-key-new');
  await page.getByRole('button', { name: 'Create key' }).press('Enter');
  const secret = (await page.getByText(/^opk_\w{8}~own~/).textContent()) ?? '';
  await lookAtScreen(device, page, 'api-key-given');
  expect((await use(secret)).status).toBe(200);
  await page.getByRole('button', { name: 'I have kept it' }).press('Enter');
  await page.getByRole('button', { name: 'Rotate Nightly export …' }).waitFor();
  expect(await page.content()).not.toContain(secret);

  await page.getByRole('button', { name: 'Rotate Nightly export …' }).press('Enter');
  await page.getByRole('button', { name: 'Rotate …', exact: true }).last().press('Enter');
  const second = (await page.getByText(/^opk_\w{8}~own~/).textContent()) ?? '';
  expect([second === secret, (await use(secret)).status, (await use(second)).status]).toEqual([false, 200, 200]);
  await page.getByRole('button', { name: 'I have kept it' }).press('Enter');
  await page.getByText(/The former secret opk_/).waitFor();
  await lookAtScreen(device, page, 'api-keys');

  await page.getByRole('button', { name: 'Revoke Nightly export …' }).press('Enter');
  await page.getByRole('button', { name: 'Revoke …', exact: true }).last().press('Enter');
  await page.getByText('Revoked', { exact: true }).waitFor();
  expect([codeOf(await use(secret)), codeOf(await use(second))]).toEqual(['key_refused', 'key_refused']);
});

test('IDT-25 API-02 an administrator names addresses, is warned before the own one is shut out, and gives a role other limits', async () => {
  await goTo(page, '/settings/reach');
  await page.getByText('You come from').waitFor();
  await page.getByRole('switch', { name: 'Let people and programs in only from these addresses' }).press('Space');
  await page.getByRole('button', { name: 'Add', exact: true }).press('Enter');
  await page.getByRole('textbox', { name: 'Address or range 1' }).fill('203.0.113.0/24');
  await page.getByText('You would shut yourself out').waitFor();
  const save = page.getByRole('button', { name: 'Save: Allowed addresses' });
  expect(await save.isDisabled()).toBe(true);
  await lookAtScreen(device, page, 'reach-lock-out');
  await page.getByRole('button', { name: 'Add my address' }).press('Enter');
  await page.getByText('You would shut yourself out').waitFor({ state: 'detached' });
  await save.press('Enter');
  await page.getByText('Saved. It holds at once.').first().waitFor();

  await page.getByRole('textbox', { name: 'Viewer: Each minute' }).fill('5');
  await page.getByRole('button', { name: 'Save: Requests by role' }).press('Enter');
  await page.getByText('Saved. It holds at once.').nth(1).waitFor();
  await lookAtScreen(device, page, 'reach');
  const { rules } = await device.invoke('access.rules', {});
  expect(rules.limits).toEqual({ viewer: { minute: 5, hour: 1000, day: 10_000 } });
  expect(rules.addresses.entries.map(({ range }) => range)).toEqual(['203.0.113.0/24', '127.0.0.1']);
});

test('UI-I18N both sections stand in German, too', async () => {
  await device.invoke('preferences.set', { language: 'de' });
  await page.getByRole('heading', { name: 'Erlaubte Adressen' }).waitFor();
  await lookAtScreen(device, page, 'reach-de');
  await goTo(page, '/settings/apiKeys');
  await page.getByRole('button', { name: 'Neuer Schlüssel …' }).waitFor();
  await lookAtScreen(device, page, 'api-keys-de');
});
