// The window of the installation: a super administrator founds, limits, suspends and resumes organizations; what a suspended one typed
// is kept and sent; its administrator lets support in. Nobody else gets the window.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { choose, fillDialog, goTo } from '#test/support/drive-screens.ts';
import { lookOfAccent } from '#shared/brand/accent.ts';
import { isLogo } from '#shared/brand/check-logo.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let operator: Device;
let admin: Device;
let platform: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  await createOrganizationWith(server, 'north', [{ id: 'ada', role: 'super_admin' }]);
  await createOrganizationWith(server, 'south', [
    { id: 'sue', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  [operator, admin] = [new Device({ serverUrl: null }), new Device({ serverUrl: null })];
  for (const [device, id] of [
    [operator, 'ada'],
    [admin, 'sue'],
  ] as const) {
    await device.start();
    await device.signIn(server.url, { email: emailOf(id), password: testPassword });
    await device.waitUntilExchanged();
  }
  await operator.invoke('window.openPlatform', {});
  platform = await waitFor('the window of the installation', () =>
    Promise.resolve(operator.launched.app.windows().find((window) => window.url().includes('#/platform/'))),
  );
  await platform.setViewportSize({ width: 1280, height: 900 });
});
afterAll(async () => {
  await operator.remove();
  await admin.remove();
  await server.remove();
});

async function createAccount(page: Page, name: string): Promise<void> {
  await goTo(page, '/accounts');
  await choose(page, 'New account', 'New account');
  await fillDialog(page, { Name: name });
}

const row = (name: string) => platform.getByTestId('organizations').locator('tr', { hasText: name });

test('IDT-15 the window lists organizations and founds one, with a password that is shown once', async () => {
  await row('Company south').waitFor();
  await lookAtScreen(operator, platform, 'platform-organizations');
  await platform.getByRole('button', { name: 'New organization' }).click();
  const dialog = platform.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Organization' }).fill('East');
  await dialog.getByRole('textbox', { name: 'E-mail of the first administrator' }).fill('eve@east.test');
  await lookAtScreen(operator, platform, 'platform-found');
  await platform.getByRole('button', { name: 'Create' }).click();
  const password = await platform.getByTestId('one-time-password').innerText();
  expect(password.length).toBeGreaterThan(10);
  await platform.getByRole('button', { name: 'Close' }).last().click();
  await row('East').waitFor();
});

test('IDT-21 a plan is made and given; what is typed beyond it waits under Needs attention with the limit', async () => {
  await goTo(platform, '/platform/plans');
  await platform.getByRole('button', { name: 'Add plan' }).click();
  await platform.getByRole('textbox', { name: 'Name', exact: true }).last().fill('Tiny');
  await platform.getByLabel('Tiny: Records').fill('0');
  await platform.getByLabel('Tiny: Base price').fill('49');
  await platform.getByLabel('Tiny: Price of a seat').fill('12.50');
  await platform.getByRole('button', { name: 'Save' }).click();
  await platform.getByText('Plans saved.').waitFor();
  await lookAtScreen(operator, platform, 'platform-plans');
  await goTo(platform, '/platform/organizations');
  await row('Company south').getByRole('button', { name: 'Company south', exact: true }).click();
  await platform.getByLabel('Plan', { exact: true }).first().click();
  await platform.getByRole('option', { name: 'Tiny' }).click();
  await lookAtScreen(operator, platform, 'platform-organization');
  await platform.getByRole('button', { name: 'Save' }).click();
  await platform.getByText('Company south was changed.').waitFor();

  await goTo(platform, '/platform/usage');
  await platform.getByRole('row', { name: /Company south.*€74/ }).waitFor();
  await platform.getByRole('row', { name: /Total in EUR €74/ }).waitFor();
  await lookAtScreen(operator, platform, 'platform-billing');

  const { page } = admin;
  await createAccount(page, 'Beyond the plan');
  await goTo(page, '/attention');
  await page.getByTestId('refused').getByText('The plan of your organization allows 0 records').waitFor();
  await page.getByTestId('refused').getByText('Beyond the plan').waitFor();
  await lookAtScreen(admin, page, 'attention-plan');
});

test('IDT-15 a suspended organization is told so above every screen, and what it typed meanwhile arrives once it is resumed', async () => {
  await goTo(platform, '/platform/organizations');
  await row('Company south').getByRole('button', { name: 'Company south', exact: true }).click();
  await platform.getByLabel('Plan', { exact: true }).first().click();
  await platform.getByRole('option', { name: 'Unlimited' }).click();
  await platform.getByRole('button', { name: 'Save' }).click();
  await platform.getByText('Company south was changed.').waitFor();
  await row('Company south').getByRole('button', { name: 'Company south', exact: true }).click();
  await platform.getByLabel('Reason its people are told').fill('Moving house.');
  await platform.getByRole('button', { name: 'Suspend' }).click();
  await row('Company south').getByText('Suspended').waitFor();

  await createAccount(admin.page, 'Typed meanwhile');
  const banner = admin.page.getByTestId('closure-banner');
  await banner.filter({ hasText: 'Moving house.' }).waitFor();
  await lookAtScreen(admin, admin.page, 'closure-banner');
  await row('Company south').getByRole('button', { name: 'Company south', exact: true }).click();
  await platform.getByRole('button', { name: 'Resume' }).click();
  await row('Company south').getByText('Active').waitFor();
  await admin.invoke('sync.now', {});
  await banner.waitFor({ state: 'detached' });
  await admin.waitUntilExchanged();
  const names = await server.database.inTenant('south' as TenantId, (session) =>
    session.query<{ name: string }>(`SELECT data->>'name' AS name FROM record WHERE kind = 'account'`),
  );
  expect(names).toContainEqual({ name: 'Typed meanwhile' });
});

test('IDT-19 support asks, and the administrator of the organization lets them in and ends it', async () => {
  await goTo(platform, '/platform/support');
  await platform.getByRole('textbox', { name: 'Name', exact: true }).fill('Sam');
  await platform.getByRole('textbox', { name: 'E-mail', exact: true }).fill('sam@operator.test');
  await platform.getByRole('button', { name: 'Register' }).click();
  await platform.getByText('Sam is registered.').waitFor();
  await platform.getByRole('combobox', { name: 'Who' }).click();
  await platform.getByRole('option', { name: 'Sam' }).click();
  await platform.getByRole('combobox', { name: 'Organization' }).click();
  await platform.getByRole('option', { name: 'Company south' }).click();
  await platform.getByLabel('Reason', { exact: true }).fill('Import fails');
  await platform.getByRole('button', { name: 'Ask', exact: true }).click();
  await platform.getByTestId('support-accesses').getByText('Asked').waitFor();
  await lookAtScreen(operator, platform, 'platform-support');

  const settings = await openSettings(admin, 'standing');
  await settings.setViewportSize({ width: 1100, height: 1000 });
  await settings.getByRole('button', { name: 'Let in' }).click();
  await settings.getByTestId('support-accesses').getByText('Open').waitFor();
  await lookAtScreen(admin, settings, 'settings-standing');
  await settings.getByRole('button', { name: 'End', exact: true }).click();
  await settings.getByTestId('support-accesses').getByText('Ended', { exact: true }).waitFor();
});

test('IDT-12 IDT-23 the rules of signing in say when everybody needs a second factor already', async () => {
  const settings = await openSettings(admin, 'signInRules');
  await goTo(settings, '/settings/signInRules');
  const note = settings.getByRole('note').filter({ hasText: 'already requires a second factor of everybody' });
  await settings.getByRole('checkbox', { name: 'Manager' }).waitFor();
  expect(await note.count()).toBe(0);
  await admin.invoke('organization.tighten', { policies: { mfaRequired: true } });
  await goTo(settings, '/settings/profile');
  await settings.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  await goTo(settings, '/settings/signInRules');
  await note.waitFor();
  await lookAtScreen(admin, settings, 'sign-in-rules-for-everybody');
  await admin.invoke('organization.tighten', { policies: {} });
});

test('IDT-14 an administrator gives the organization a name, a logo and a colour; the computer shows them at once, and at its sign-in', async () => {
  const settings = await openSettings(admin, 'standing');
  await goTo(settings, '/settings/brand');
  await settings.setViewportSize({ width: 1100, height: 1000 });
  await settings.getByLabel('Name that is shown').fill('Südwind Energie');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" onload="document.title='ran'"><circle cx="48" cy="48" r="44" fill="#0e7490"/><path d="M28 66 48 24l20 42z" fill="#fff"/></svg>`;
  const chooseLogo = (name: string, mimeType: string, buffer: Buffer): Promise<void> =>
    settings.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
  await chooseLogo('logo.png', 'image/png', Buffer.from('not a picture'));
  await settings.getByText('This is none of the pictures that can be a logo').waitFor();
  await chooseLogo('logo.svg', 'image/svg+xml', Buffer.from(svg));
  await settings.getByTestId('logo').locator('img').waitFor();
  await settings.getByRole('textbox', { name: 'Accent colour' }).fill('#ffd400');
  await settings.getByText('In this colour some texts could not be read').waitFor();
  await lookAtScreen(admin, settings, 'settings-brand-adjusted');
  await settings.getByRole('textbox', { name: 'Accent colour' }).fill('#0e7490');
  await settings.getByRole('button', { name: 'Save' }).click();
  const { page } = admin;
  const sidebar = page.getByRole('navigation').first();
  await sidebar.getByText('Südwind Energie').waitFor();
  expect(await sidebar.locator('img').getAttribute('src')).toMatch(/^data:image\/png;base64,/);
  await expect
    .poll(() => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--op-accent-text')))
    .toBe(lookOfAccent('#0e7490').dark.text);
  await lookAtScreen(admin, settings, 'settings-brand');
  await goTo(page, '/accounts');
  await lookAtScreen(admin, page, 'branded');
  await admin.waitUntilExchanged();
  const [kept] = await server.database.inTenant('south' as TenantId, (session) =>
    session.query<{ logo: string; title: string }>(
      `SELECT data->>'brandLogo' AS logo, data->>'brandName' AS title FROM record WHERE kind = 'organization'`,
    ),
  );
  expect(kept?.title).toBe('Südwind Energie');
  expect(isLogo(Buffer.from(kept?.logo ?? '', 'base64'))).toBe(true);
});

test('IDT-14 a super administrator sees how another organization looks and changes it, and its people see that', async () => {
  await goTo(platform, '/platform/organizations');
  await platform.getByRole('button', { name: 'Look of Company south' }).click();
  const dialog = platform.getByRole('dialog');
  const name = dialog.getByLabel('Name that is shown');
  expect(await name.inputValue()).toBe('Südwind Energie');
  await name.fill('Südwind');
  await dialog.getByRole('textbox', { name: 'Accent colour' }).fill('#be123c');
  await lookAtScreen(operator, platform, 'platform-look');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await platform.getByText('The look of Company south was saved.').waitFor();
  const sidebar = admin.page.getByRole('navigation').first();
  await sidebar.getByText('Südwind', { exact: true }).waitFor();
  await platform.getByRole('button', { name: 'Look of Company south' }).click();
  await dialog.getByLabel('Name that is shown').fill('Südwind Energie');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await sidebar.getByText('Südwind Energie', { exact: true }).waitFor();
});

test('IDT-22 the other pages of the window hold, and nobody else gets it', async () => {
  for (const section of ['usage', 'features', 'rules', 'maintenance', 'health', 'audit']) {
    await goTo(platform, `/platform/${section}`);
    await platform.locator('h1').waitFor();
    await expect.poll(() => platform.getByRole('alert').count()).toBe(0);
    await lookAtScreen(operator, platform, `platform-${section}`);
  }
  await expect(admin.invoke('window.openPlatform', {})).rejects.toThrow();
  await admin.page.getByRole('button', { name: 'Your account' }).click();
  await admin.page.getByRole('menuitem', { name: 'Settings' }).waitFor();
  expect(await admin.page.getByRole('menuitem', { name: 'Platform' }).count()).toBe(0);
});

test('IDT-21 what was typed waits: another section is turned to only when it may go, and a refusal takes nothing away', async () => {
  await goTo(platform, '/platform/plans');
  await platform.getByRole('button', { name: 'Add plan' }).click();
  await platform.getByRole('link', { name: 'Features' }).click();
  const question = platform.getByRole('dialog', { name: 'Discard what you typed?' });
  await question.getByRole('button', { name: 'Keep editing' }).last().click();
  await question.waitFor({ state: 'hidden' });
  await platform.getByRole('textbox', { name: 'Name', exact: true }).last().fill('Half typed');
  await platform.getByRole('link', { name: 'Support', exact: true }).click();
  await question.getByRole('button', { name: 'Discard', exact: true }).click();
  const name = platform.getByRole('textbox', { name: 'Name', exact: true });
  await platform.getByRole('heading', { name: 'Support', exact: true }).waitFor();
  await name.fill('Sam again');
  await platform.getByRole('textbox', { name: 'E-mail', exact: true }).fill('sam@operator.test');
  await platform.getByRole('button', { name: 'Register' }).click();
  await platform.getByRole('alert').waitFor();
  expect(await name.inputValue()).toBe('Sam again');
  await name.fill('');
  await platform.getByRole('textbox', { name: 'E-mail', exact: true }).fill('');
});

test('IDT-21 limits are typed in German as well, where thousands have a full stop', async () => {
  await operator.invoke('preferences.set', { language: 'de' });
  await goTo(platform, '/platform/organizations');
  await row('Company south').getByRole('button', { name: 'Company south', exact: true }).click();
  const records = platform.getByLabel('Company south: Datensätze');
  await platform.getByRole('combobox', { name: 'Tarif' }).waitFor();
  await records.fill('12000');
  expect(await records.inputValue()).toBe('12.000');
  await lookAtScreen(operator, platform, 'platform-organization-german');
  await platform.getByRole('button', { name: 'Speichern' }).click();
  await row('Company south').getByText('von 12.000').waitFor();
  await row('Company south').getByText('Unbegrenzt').waitFor();
  await goTo(platform, '/platform/usage');
  await platform.getByRole('row', { name: /Company south.*Unbegrenzt/ }).waitFor();
  await goTo(platform, '/platform/audit');
  await platform.getByRole('combobox', { name: 'Befehl' }).fill('Tarif und');
  await platform.getByRole('option', { name: 'Hat Tarif und Grenzen geändert' }).click();
  await platform.getByRole('cell', { name: 'Hat Tarif und Grenzen geändert' }).first().waitFor();
  await expect.poll(() => platform.getByRole('cell', { name: 'Angemeldet' }).count()).toBe(0);
  await lookAtScreen(operator, platform, 'platform-audit-german');
  await operator.invoke('preferences.set', { language: 'en' });
  await platform.waitForFunction(() => document.documentElement.lang === 'en');
});

test('IDT-14 the sign-in of a computer that knows the organization looks like it; another server does not', async () => {
  const { page } = admin;
  await admin.invoke('session.signOut', { unsent: 'keep' });
  await page.getByRole('heading', { name: 'Südwind Energie' }).waitFor();
  await lookAtScreen(admin, page, 'branded-sign-in');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('heading', { name: 'Outpost' }).waitFor();
});
