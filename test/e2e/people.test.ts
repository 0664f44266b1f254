// The people of an organization in the hands of an administrator, on real windows and a real server: invited, changed with a
// preview of what that means, handed over and switched off without a network, and a lost device erased.
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { readRecord } from '#test/support/ask-data.ts';
import { seededRecord } from '#test/support/sync-world.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { fillDialog, goTo } from '#test/support/drive-screens.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
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
  const tenantId = await createOrganizationWith(server, 'people', [
    { id: 'ada', name: 'Ada Admin', role: 'org_admin' },
    { id: 'mara', name: 'Mara Manager', role: 'manager', teamId: 'west' },
    { id: 'rene', name: 'Rene Rep', role: 'sales_rep', teamId: 'west' },
    { id: 'lena', name: 'Lena Lead', role: 'sales_rep', teamId: 'east' },
    { id: 'theodora', name: 'Theodora Freifrau von Oberhauser-Wettenberg zu Hohenstein', role: 'sales_rep' },
    { id: 'maximiliane-oberhauser-of-the-north', name: 'Maximiliane Oberhauser', role: 'sales_rep', teamId: 'east' },
  ]);
  const deal = { stageId: 'prospecting', status: 'open', amount: 10_000, currency: 'EUR', pipelineId: 'default' };
  const owned = { ownerId: 'rene', teamId: 'west' };
  await seedRecords(server.database, tenantId, [
    seededRecord('team', 'west', { name: 'West', leadId: 'mara', ownerId: 'ada' }),
    seededRecord('team', 'east', { name: 'East', ownerId: 'ada' }),
    seededRecord('territory', 'north', {
      name: 'North',
      managerId: 'maximiliane-oberhauser-of-the-north',
      ownerId: 'ada',
    }),
    seededRecord('account', 'acme', { name: 'Acme', territoryId: 'north', ...owned }),
    ...Array.from({ length: 12 }, (_, at) =>
      seededRecord('deal', `deal-${at}`, { name: `Deal ${at}`, accountId: 'acme', ...deal, ...owned }),
    ),
    seededRecord('deal', 'won', { name: 'Won', accountId: 'acme', ...deal, status: 'won', ...owned }),
    seededRecord('task', 'call', { title: 'Call Acme', status: 'open', priority: 'medium', ...owned }),
  ]);
  admin = new Device({ serverUrl: null });
  colleague = new Device({ serverUrl: null });
  await admin.start();
  await colleague.start();
  await admin.signIn(server.url, { email: emailOf('ada'), password: testPassword });
  await admin.waitUntilExchanged();
  settings = await openSettings(admin, 'users');
  settings.setDefaultTimeout(20_000);
}, 180_000);

afterAll(async () => {
  await admin.remove();
  await colleague.remove();
  await server.remove();
});

const rowOf = (id: string) => settings.locator(`tr[data-user="${id}"]`);
const dialog = () => settings.getByRole('dialog');

async function choose(id: string, name: string, item: string): Promise<void> {
  await rowOf(id)
    .getByRole('button', { name: `More for ${name}` })
    .click();
  await settings.getByRole('menuitem', { name: item }).click();
}

test('IDT-17 the list of people fits into its window, in German, too', async () => {
  const wide = settings.viewportSize() ?? { width: 1440, height: 900 };
  await settings.setViewportSize({ width: 1020, height: 700 });
  for (const language of ['de', 'en'] as const) {
    await admin.invoke('preferences.set', { language });
    await settings.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
    await expect
      .poll(() => settings.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth), {
        timeout: 10_000,
      })
      .toBeLessThanOrEqual(0);
  }
  await settings.setViewportSize(wide);
});

test('IDT-17 an address somebody has already is told at its field, and the dialog keeps what was typed', async () => {
  await settings.getByRole('button', { name: 'Invite somebody' }).click();
  await dialog().getByRole('textbox', { name: 'Name' }).fill('Nora New');
  const email = dialog().getByRole('textbox', { name: 'E-mail' });
  await email.fill(emailOf('rene').toUpperCase());
  await dialog().getByRole('button', { name: 'Invite' }).click();
  await dialog().getByText('Rene Rep has this e-mail address already.').waitFor();
  await waitFor('the focus', () => email.evaluate((element) => element === document.activeElement));
  await lookAtScreen(admin, settings, 'people-address-taken');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await settings.getByRole('button', { name: 'Discard' }).click();
});

test('IDT-17 an invited colleague pastes the link into the first window and is in with an own password', async () => {
  await settings.getByRole('button', { name: 'Invite somebody' }).click();
  await fillDialog(settings, { Name: 'Nora New', 'E-mail': emailOf('nora') }, {}, 'Invite');
  const link = (await settings.getByTestId('invitation-link').textContent()) ?? '';
  expect(link.startsWith(`${server.url}/join#`)).toBe(true);
  await lookAtScreen(admin, settings, 'people-invited');
  await settings.getByRole('button', { name: 'I have noted it' }).click();
  await settings.getByText('Invited until').waitFor();

  const { page } = colleague;
  await page.getByText('I have an invitation').click();
  await page.getByLabel('Link of the invitation').fill('https://example.com/elsewhere');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('This is no link of an invitation').waitFor();
  await page.getByLabel('Link of the invitation').fill(link);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText(emailOf('nora')).waitFor();
  await lookAtScreen(colleague, page, 'people-join');
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill('a password of my own');
  await page.getByRole('textbox', { name: 'New password again' }).fill('a password of my own');
  await page.getByRole('button', { name: 'Save and sign in' }).click();
  await page.getByTestId('sync-chip').waitFor();
  await lookAtScreen(admin, settings, 'people-users');
});

test('PER-13 a change of role says first who gains how much, and is saved only when that is wanted', async () => {
  const changeRole = async (): Promise<void> => {
    await rowOf('lena').getByRole('combobox', { name: 'Role of Lena Lead' }).click();
    await settings.getByRole('option', { name: 'Viewer' }).click();
    await dialog().getByRole('heading', { name: 'Lena Lead' }).waitFor();
  };
  await changeRole();
  const deals = dialog().locator('tr', { hasText: 'Deals to see' });
  expect(await deals.textContent()).toContain('+13');
  await lookAtScreen(admin, settings, 'people-rights');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  expect(await readRecord(admin.page, 'user', 'lena')).toMatchObject({ role: 'sales_rep' });
  await changeRole();
  await dialog().getByRole('button', { name: 'Save the change' }).click();
  await waitFor('the role', async () => {
    const user = await readRecord(admin.page, 'user', 'lena');
    return user?.['role'] === 'viewer' ? user : null;
  });
});

test('PER-13 a role of the organization gets another name, says who has it, and cannot be deleted from under them', async () => {
  await goTo(settings, '/settings/roles');
  await settings.getByRole('button', { name: 'Viewer', exact: false }).click();
  await settings.getByText('One person has it.').waitFor();
  await settings.getByRole('button', { name: 'New role from this' }).click();
  await fillDialog(settings, { Name: 'Auditors' }, {}, 'Make the role');
  await settings.getByText('Nobody has it.').waitFor();
  await settings.getByRole('button', { name: 'Rename' }).click();
  await dialog().getByRole('textbox', { name: 'Name' }).fill('Bookkeepers');
  await lookAtScreen(admin, settings, 'people-role-name');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await settings.getByRole('heading', { name: 'Bookkeepers' }).waitFor();
  const remove = settings.getByRole('button', { name: 'Delete', exact: true });
  expect(await remove.isEnabled()).toBe(true);
  await goTo(settings, '/settings/users');
  await rowOf('lena').getByRole('combobox', { name: 'Role of Lena Lead' }).click();
  await settings.getByRole('option', { name: 'Bookkeepers' }).click();
  await goTo(settings, '/settings/roles');
  await settings.getByRole('button', { name: 'Bookkeepers' }).click();
  await settings.getByText('It can be deleted once they have another one.').waitFor();
  expect(await remove.isDisabled()).toBe(true);
  await lookAtScreen(admin, settings, 'people-role-held');
});

test('PER-13 whoever may not change territories and figures reads them, and no rule that nobody made', async () => {
  const theirs = await openSettings(colleague, 'territories');
  const section = theirs.getByRole('main');
  await section.getByRole('treeitem', { name: 'North' }).click();
  await section.getByText('Top level').waitFor();
  expect(await section.getByText('Accounts by rule').count()).toBe(0);
  await expectNoControls(section);
  await lookAtScreen(colleague, theirs, 'people-territory-read');
  await goTo(theirs, '/settings/figures');
  await section.getByText('Monday').waitFor();
  await expectNoControls(section);
  await lookAtScreen(colleague, theirs, 'people-figures-read');
});

/** Nothing to fill in, not even greyed. */
async function expectNoControls(section: Locator): Promise<void> {
  for (const role of ['textbox', 'combobox', 'checkbox', 'switch', 'button'] as const)
    expect(await section.getByRole(role).count()).toBe(0);
}

test('PER-13 a territory that is deleted says first who loses what', async () => {
  await goTo(settings, '/settings/territories');
  await settings.getByText('North').first().click();
  await settings.getByRole('button', { name: 'Delete', exact: true }).click();
  await dialog().getByRole('heading', { name: 'Maximiliane Oberhauser' }).waitFor();
  await dialog().locator('tr', { hasText: 'Accounts to see' }).getByText('−1').waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  expect(await readRecord(admin.page, 'territory', 'north')).toMatchObject({ name: 'North' });
  await goTo(settings, '/settings/users');
});

test('A12 somebody is found, gets a manager where the name stands, and nobody comes below themselves', async () => {
  await settings.getByRole('textbox', { name: 'Search name or e-mail' }).fill('rene');
  await settings.getByText('One person').waitFor();
  await rowOf('rene').getByRole('button', { name: 'Manager of Rene Rep: nobody. Change' }).click();
  await settings.getByRole('combobox', { name: 'Manager of Rene Rep' }).fill('Mara');
  await settings.getByRole('option', { name: 'Mara Manager' }).click();
  await rowOf('rene').getByRole('button', { name: 'Manager of Rene Rep: Mara Manager. Change' }).waitFor();
  await settings.getByRole('textbox', { name: 'Search name or e-mail' }).fill('');

  await goTo(settings, '/settings/reporting');
  await settings.getByRole('button', { name: 'Manager of Mara Manager: nobody. Change' }).click();
  await settings.getByRole('combobox', { name: 'Manager of Mara Manager' }).fill('Rene');
  await settings.getByRole('option', { name: 'Rene Rep' }).click();
  await settings.getByText('Not saved').waitFor();
  await lookAtScreen(admin, settings, 'people-reporting');
  expect((await readRecord(admin.page, 'user', 'mara'))?.['managerId'] ?? null).toBeNull();
});

test('PER-08 teams form a tree with leads, and a new place in it says who gains what', async () => {
  await goTo(settings, '/settings/teams');
  await settings.getByRole('button', { name: 'Change East' }).click();
  await dialog().getByRole('combobox', { name: 'Parent team' }).click();
  await settings.getByRole('option', { name: 'West' }).click();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await settings.getByText('Led by Mara Manager').waitFor();
  await waitFor('the team', async () => {
    const team = await readRecord(admin.page, 'team', 'east');
    return team?.['parentId'] === 'west' ? team : null;
  });
  await lookAtScreen(admin, settings, 'people-teams');
});

test('IDT-06 what somebody has is handed over and the person switched off without a network, and the server agrees', async () => {
  const rep = new Device({ serverUrl: null });
  try {
    await rep.start();
    await rep.signIn(server.url, { email: emailOf('rene'), password: testPassword });
    await rep.waitUntilExchanged();
    await goTo(settings, '/settings/users');
    await admin.invoke('sync.workOffline', { on: true });
    await settings.getByText('The server cannot be reached').waitFor();
    await choose('rene', 'Rene Rep', 'Hand over and switch off …');
    await dialog().locator('tr[data-kind="openDeal"]', { hasText: '12' }).waitFor();
    await dialog().getByRole('combobox', { name: 'Everything to' }).fill('Rene');
    await expect.poll(() => settings.getByRole('option', { name: 'Rene Rep' }).count()).toBe(0);
    await dialog().getByRole('combobox', { name: 'Everything to' }).fill('Mara');
    await settings.getByRole('option', { name: 'Mara Manager' }).click();
    await lookAtScreen(admin, settings, 'people-hand-over');
    await dialog().getByRole('button', { name: 'Hand over and switch off' }).click();
    await rowOf('rene').getByText('Switched off').waitFor();
    await admin.invoke('sync.workOffline', { on: false });
    await admin.waitUntilExchanged();
    expect(await readRecord(admin.page, 'deal', 'deal-0')).toMatchObject({
      ownerId: 'mara',
      teamId: 'west',
      pending: [],
    });
    expect(await readRecord(admin.page, 'deal', 'won')).toMatchObject({ ownerId: 'rene' });
    await rep.page.getByRole('alert').filter({ hasText: 'switched off' }).waitFor();
  } finally {
    await rep.remove();
  }
});

test('D12 a lost device is ordered to erase itself, does so, and the administrator reads that it is done', async () => {
  const nora = settings.locator('tr', { hasText: emailOf('nora') });
  const openDevices = async (): Promise<void> => {
    await nora.getByRole('button', { name: 'More for Nora New' }).click();
    await settings.getByRole('menuitem', { name: 'Devices …' }).click();
  };
  await openDevices();
  const device = dialog().locator('tr[data-device]');
  await device.getByText('Signed in', { exact: true }).waitFor();
  await lookAtScreen(admin, settings, 'people-devices');
  await device.getByRole('button', { name: /^More for/ }).click();
  await settings.getByRole('menuitem', { name: 'Erase …' }).click();
  await settings.getByRole('button', { name: 'Erase', exact: true }).click();
  await colleague.page.getByText('This computer was erased').waitFor();
  await dialog().first().getByRole('button', { name: 'Close' }).click();
  await openDevices();
  await dialog().locator('tr[data-device]', { hasText: 'confirmed' }).waitFor();
});

test('IDT-18 people come from a file with a preview, all of them or none, and are invited together', async () => {
  await settings.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await settings.getByRole('button', { name: 'Import from a file' }).click();
  const { page } = admin;
  await page
    .getByRole('heading', { name: /import/i })
    .first()
    .waitFor();
  const lines = [
    'Full name,E-mail,Role,Team,Manager',
    'Ina One,ina@example.test,Sales,East,Mara Manager',
    'Jo Two,jo@example.test,Emperor,East,Ina One',
  ];
  const upload = async (text: string): Promise<void> => {
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByLabel('Import nothing unless every line can be imported').waitFor();
  };
  await upload(lines.join('\n'));
  await page.getByText('Some lines cannot be imported.').waitFor();
  expect(
    await page
      .getByRole('button', { name: /^Import \d+ records?$/ })
      .last()
      .isDisabled(),
  ).toBe(true);
  await lookAtScreen(admin, page, 'people-import');
  await goTo(page, '/home');
  await goTo(page, '/import/user');
  await upload(lines.join('\n').replace('Emperor', 'Manager'));
  await page
    .getByRole('button', { name: /^Import \d+ records?$/ })
    .last()
    .click();
  await admin.waitUntilExchanged();
  await settings.getByRole('button', { name: 'Invite 2 without sign-in' }).click();
  await dialog().getByRole('button', { name: 'Invite all' }).click();
  await dialog().getByRole('button', { name: 'Copy the link of Jo Two' }).waitFor();
  await lookAtScreen(admin, settings, 'people-invite-many');
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await settings.locator('tr', { hasText: 'ina@example.test' }).getByText('Invited until').waitFor();
});
