// An administrator sets up a provider, tests it and switches passwords off; a new colleague signs in through the browser.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { withAdminWork } from '#server/admin/with-admin-work.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { BrowserVisit } from '#test/support/browser-visit.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { startSamlProvider, type TestSamlProvider } from '#test/support/saml-provider.ts';
import { startOidcProvider, type TestOidcProvider } from '#test/support/oidc-provider.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let idp: TestOidcProvider;
let saml: TestSamlProvider;
let admin: Device;
let colleague: Device;
let settings: Page;

/** The system's browser is the person of the test: addresses are kept instead of opened. */
async function keepOpened(device: Device): Promise<void> {
  await device.launched.mainEvaluate(({ shell }) => {
    shell.openExternal = (url) => {
      Object.assign(globalThis, { openedInBrowser: url });
      return Promise.resolve();
    };
  });
}

async function signInAt(device: Device, login: string): Promise<string> {
  const url = await waitFor('the browser', () =>
    device.launched.mainEvaluate(() => {
      const opened: unknown = Reflect.get(globalThis, 'openedInBrowser');
      Object.assign(globalThis, { openedInBrowser: null });
      return typeof opened === 'string' ? opened : null;
    }),
  );
  const browser = new BrowserVisit('never:');
  const consent = await browser.submit(await browser.open(url), { login, password: 'at the provider' });
  return (await browser.submit(consent, {})).text;
}

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ allowPrivate: '127.0.0.1' });
  await createOrganizationWith(server, 'single', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  idp = await startOidcProvider(`${server.url}/sso/oidc/reply`);
  idp.people.set('nora', {
    email: 'nora@example.test',
    email_verified: true,
    name: 'Nora New',
    groups: ['crm-managers'],
  });
  idp.people.set('far', { email: 'far@elsewhere.test', email_verified: true });
  saml = await startSamlProvider({ entityId: `${server.url}/sso/saml`, reply: `${server.url}/sso/saml/reply` });
  admin = new Device({ serverUrl: null });
  await admin.start();
  await keepOpened(admin);
  await admin.signIn(server.url, { email: emailOf('ada'), password: testPassword });
  await admin.waitUntilExchanged();
  settings = await openSettings(admin, 'sso');
  await settings.setViewportSize({ width: 1180, height: 980 });
  settings.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await admin.remove();
  await colleague?.remove();
  await idp.stop();
  await saml.stop();
  await server.remove();
});

test('INT-01 an administrator adds a provider and is told what is wrong with it', async () => {
  await settings.getByText('There is none yet.').waitFor();
  await lookAtScreen(admin, settings, 'sso-empty');
  await settings.getByRole('button', { name: 'Add a provider' }).click();
  const dialog = settings.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Kind' }).click();
  await settings.getByRole('option', { name: 'Microsoft' }).click();
  await dialog.getByLabel('Client ID').fill(idp.clientId);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'Put the name of your organization into the issuer.' }).waitFor();
  await dialog.getByRole('combobox', { name: 'Kind' }).click();
  await settings.getByRole('option', { name: 'LDAP / Active Directory' }).click();
  await lookAtScreen(admin, settings, 'sso-ldap');
  await dialog.getByRole('combobox', { name: 'Kind' }).click();
  await settings.getByRole('option', { name: 'OpenID Connect' }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Company login');
  await dialog.getByLabel('Issuer').fill(idp.issuer);
  await dialog.getByLabel('Client ID').fill(idp.clientId);
  await dialog.getByLabel('Further scopes').fill('groups');
  await dialog.getByRole('textbox', { name: 'Client secret' }).fill(idp.clientSecret);
  await dialog.getByRole('button', { name: 'Add a group' }).click();
  await dialog.getByRole('textbox', { name: 'Group 1' }).fill('crm-managers');
  await dialog.getByRole('combobox', { name: 'Role 1' }).click();
  await settings.getByRole('option', { name: 'Manager', exact: true }).click();
  await dialog.getByRole('switch', { name: 'Switched on' }).click({ force: true });
  await lookAtScreen(admin, settings, 'sso-provider');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await settings.getByRole('cell', { name: 'Company login', exact: true }).waitFor();
});

test('INT-01 an administrator sets up SAML by the address of the metadata, and sees whose keys count before saving', async () => {
  await settings.getByRole('button', { name: 'Add a provider' }).click();
  const dialog = settings.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Kind' }).click();
  await settings.getByRole('option', { name: 'SAML 2.0' }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Company SAML');
  await dialog.getByRole('button', { name: 'Paste the XML' }).click();
  await dialog.getByRole('textbox', { name: 'Metadata (XML)' }).fill('<html>Sign in first</html>');
  await dialog.getByRole('button', { name: 'Take it over' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'There are no metadata of a SAML provider' }).waitFor();
  await lookAtScreen(admin, settings, 'sso-saml-refused');
  await dialog.getByRole('textbox', { name: 'Address of the metadata' }).fill(saml.entityId);
  await dialog.getByRole('button', { name: 'Read', exact: true }).click();
  await dialog.getByRole('status').filter({ hasText: saml.entityId }).waitFor();
  await dialog.getByText('idp.test', { exact: true }).waitFor();
  expect(await dialog.getByLabel('Sign-in address of the provider').inputValue()).toBe(saml.entryPoint);
  await dialog.getByText('Certificate of Outpost').waitFor();
  await lookAtScreen(admin, settings, 'sso-saml-found');
  for (const name of ['Take encrypted assertions only', 'Sign requests'])
    await dialog.getByRole('switch', { name }).click({ force: true });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await settings.getByRole('button', { name: 'Edit Company SAML' }).click();
  await settings.getByText('Last read').waitFor();
  expect(await settings.getByRole('switch', { name: 'Sign requests' }).isChecked()).toBe(true);
  await admin.invoke('preferences.set', { language: 'de' });
  await settings.getByText('Nur verschlüsselte Aussagen annehmen').scrollIntoViewIfNeeded();
  await lookAtScreen(admin, settings, 'sso-saml-followed');
  await admin.invoke('preferences.set', { language: 'en' });
  await settings.getByText('Take encrypted assertions only').waitFor();
  await settings.getByRole('button', { name: 'Cancel' }).click();
  await settings.getByRole('button', { name: 'Remove Company SAML' }).click();
  await settings.getByRole('button', { name: 'Remove', exact: true }).click();
  await settings.getByRole('cell', { name: 'Company SAML', exact: true }).waitFor({ state: 'detached' });
});

test('INT-01 a test says who would come in, and changes nothing', async () => {
  await settings.getByRole('button', { name: 'Test Company login' }).click();
  await settings.getByRole('button', { name: 'Open the browser' }).click();
  await signInAt(admin, 'nora');
  await settings.getByText('does not belong to your organization’s domains').waitFor();
  await settings.getByText('crm-managers').waitFor();
  await lookAtScreen(admin, settings, 'sso-test');
  await settings.getByRole('button', { name: 'Close' }).click();
  await settings.getByText('Not tested', { exact: true }).waitFor();
});

test('INT-01 a domain is verified, somebody keeps a password, and passwords are switched off', async () => {
  await settings.getByLabel('Another domain').fill('Example.test');
  await settings.getByRole('button', { name: 'Add', exact: true }).click();
  await settings.getByText('_outpost-challenge.example.test').waitFor();
  await settings.getByRole('button', { name: 'Verify example.test' }).click();
  await settings.getByRole('alert').filter({ hasText: 'The DNS does not have the text yet.' }).waitFor();
  await lookAtScreen(admin, settings, 'sso-domain');
  await withAdminWork({ dataDir: server.dataDir }, (work) => work.confirmDomain(null, 'example.test'));
  await settings.getByRole('link', { name: 'Profile' }).click();
  await settings.getByRole('link', { name: 'Single sign-on' }).click();
  await settings.getByText('Verified', { exact: true }).waitFor();
  await settings.getByRole('button', { name: 'Test Company login' }).click();
  await settings.getByRole('button', { name: 'Open the browser' }).click();
  await signInAt(admin, 'nora');
  await settings.getByText('An account would be made, and the person comes in.').waitFor();
  await settings.getByRole('button', { name: 'Close' }).click();
  await settings.getByText('Tested', { exact: true }).waitFor();
  const passwords = settings.getByRole('switch', { name: 'Passwords of example.test' });
  await passwords.click({ force: true });
  await settings.getByRole('alert').filter({ hasText: 'who keeps a password first' }).waitFor();
  await settings.getByRole('combobox', { name: 'Administrator' }).click();
  await settings.getByRole('option', { name: 'Person ada' }).click();
  await waitFor(
    'somebody who keeps a password',
    async () => (await settings.getByRole('combobox', { name: 'Administrator' }).inputValue()) === 'Person ada',
  );
  await passwords.click({ force: true });
  await settings.getByText('Switched off', { exact: true }).waitFor();
  await lookAtScreen(admin, settings, 'sso-settings');
  expect(admin.pageErrors).toEqual([]);
});

test('INT-01 a colleague types the address, signs in at the provider in the browser, and is in', async () => {
  colleague = new Device({ serverUrl: null });
  const page = await colleague.start();
  await keepOpened(colleague);
  await page.getByText('Connect to a server').click();
  await page.getByLabel('Server address').fill(server.url);
  await page.getByLabel('E-mail').fill('nora@example.test');
  await page.keyboard.press('Tab');
  const button = page.getByRole('button', { name: 'Sign in with Company login' });
  await button.waitFor();
  expect(await page.getByRole('textbox', { name: 'Password' }).count()).toBe(0);
  await lookAtScreen(colleague, page, 'sso-sign-in');
  // By keyboard: the provider has the focus where the password had it.
  await waitFor('the focus', () => button.evaluate((element) => element === document.activeElement));
  await page.keyboard.press('Enter');
  await page.getByText('Waiting for Company login in your browser').waitFor();
  await lookAtScreen(colleague, page, 'sso-waiting');
  await signInAt(colleague, 'far');
  await page.getByRole('alert').filter({ hasText: 'does not belong to your organization’s domains' }).waitFor();
  await page.getByRole('button', { name: 'Sign in with Company login' }).click();
  expect(await signInAt(colleague, 'nora')).toContain('You are signed in');
  await page.getByTestId('sync-chip').waitFor();
  const session = await colleague.invoke('session.get', {});
  expect(session).toMatchObject({ status: 'signedIn', actor: { name: 'Nora New', role: 'manager' } });
  expect(colleague.pageErrors).toEqual([]);
});
