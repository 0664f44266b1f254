// A new colleague, from the administrator's settings to the first sign-in on another computer, online and offline.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { fillDialog } from '#test/support/drive-screens.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let admin: Device;
let colleague: Device;
let settings: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  await createOrganizationWith(server, 'growing', [{ id: 'ada', role: 'org_admin' }]);
  admin = new Device({ serverUrl: null });
  colleague = new Device({ serverUrl: null });
  await admin.start();
  await colleague.start();
  await admin.signIn(server.url, { email: emailOf('ada'), password: testPassword });
  await admin.waitUntilExchanged();
  await admin.invoke('window.openSettings', { section: 'users' });
  settings = await waitFor('the settings window', () =>
    Promise.resolve(admin.launched.app.windows().find((window) => window.url().includes('#/settings/'))),
  );
  settings.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await admin.remove();
  await colleague.remove();
  await server.remove();
});

const rowOf = (id: string) => settings.locator('tr').filter({ hasText: emailOf(id) });

async function startAdding(id: string): Promise<void> {
  await settings.getByRole('button', { name: 'Invite somebody' }).click();
  await fillDialog(settings, { Name: `Person ${id}`, 'E-mail': emailOf(id) }, {}, 'Invite');
}

test('IDT-17 a user invited online gets a one-time password in the dialog, once', async () => {
  await startAdding('nora');
  const password = await settings.getByTestId('one-time-password').textContent();
  expect(password).toMatch(/^\w{4}-\w{4}-\w{4}-\w{4}$/);
  await settings.getByRole('button', { name: 'I have noted it' }).click();
  await rowOf('nora').getByText('Invited until').waitFor();
  expect(await settings.getByText(password ?? '').count()).toBe(0);

  const { page } = colleague;
  await page.getByText('Connect to a server').click();
  await page.getByLabel('Server address').fill(server.url);
  await page.getByLabel('E-mail').fill(emailOf('nora'));
  await page.getByRole('textbox', { name: 'Password' }).fill(password ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const first = page.getByRole('textbox', { name: 'New password', exact: true });
  await first.fill('a password of my own');
  await page.getByRole('textbox', { name: 'New password again' }).fill('another one');
  await page.getByRole('button', { name: 'Save and sign in' }).click();
  await page.getByText('The two passwords differ.').waitFor();
  await page.getByRole('textbox', { name: 'New password again' }).fill('a password of my own');
  await page.getByRole('button', { name: 'Save and sign in' }).click();
  await page.getByTestId('sync-chip').waitFor();
  expect(await page.getByText('Company growing').isVisible()).toBe(true);
});

test('IDT-17 a user added offline is told to be without a way in until the server was reached, and gets one then', async () => {
  await admin.invoke('sync.workOffline', { on: true });
  await settings.getByText('The server cannot be reached').waitFor();
  await startAdding('otto');
  await settings.getByRole('dialog').getByText('cannot sign in yet').waitFor();
  await settings.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  expect(await rowOf('otto').getByRole('button', { name: 'Invite' }).count()).toBe(0);
  await admin.invoke('sync.workOffline', { on: false });
  await rowOf('otto').getByRole('button', { name: 'Invite Person otto' }).click();
  await settings.getByTestId('one-time-password').waitFor();
  await settings.getByRole('button', { name: 'I have noted it' }).click();
});

test('OFF-01 a changed own name is in the sidebar at once, also offline', async () => {
  const { page } = colleague;
  await colleague.invoke('sync.workOffline', { on: true });
  await colleague.invoke('window.openSettings', { section: 'profile' });
  const profile = await waitFor('the settings window', () =>
    Promise.resolve(colleague.launched.app.windows().find((window) => window.url().includes('#/settings/'))),
  );
  await profile.getByRole('textbox', { name: 'Name' }).fill('Nora Newname');
  await profile.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Your account' }).getByText('Nora Newname').waitFor();
  await colleague.invoke('sync.workOffline', { on: false });
});

test('IDT-10 a new one-time password says what it ends before it ends it', async () => {
  await rowOf('nora').getByRole('button', { name: 'More for Nora Newname' }).click();
  await settings.getByRole('menuitem', { name: 'New one-time password …' }).click();
  await settings.getByText('every device signed in as Nora Newname is signed out').waitFor();
  await settings.getByRole('dialog').getByRole('button', { name: 'New one-time password' }).click();
  await settings.getByTestId('one-time-password').waitFor();
  await colleague.page.getByRole('alert').waitFor();
  expect(await colleague.page.getByLabel('E-mail').inputValue()).toBe(emailOf('nora'));
});
