// An administrator defines fields in the settings; a representative, signed in on another computer, gets them at once, fills
// them in without a network, finds them in lists, filters, pivots and files, and loses one to a field rule.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { askLive, readList, readRecord, request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { editField, fillDialog, findInPalette, goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { slotsOfKind } from '#shared/entities/custom-field/custom-slots.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-home-'));
const downloads = path.join(home, 'Downloads');

let server: TestServer;
let tenantId: TenantId;
let admin: Device;
let rep: Device;
/** Places by the label of the field. */
const slots = new Map<string, string>();

async function settingsOf(device: Device, section: string): Promise<Page> {
  await device.invoke('window.openSettings', { section });
  const page = await waitFor('the settings window', () =>
    Promise.resolve(device.launched.app.windows().find((window) => window.url().includes('#/settings/'))),
  );
  await goTo(page, `/settings/${section}`);
  await page.locator('h1').waitFor();
  return page;
}

const slotOf = (label: string): string => slots.get(label) ?? '';

async function findSlot(page: Page, label: string): Promise<void> {
  const slot = await waitFor(`the definition of ${label}`, async () => {
    const { rows } = await readList(page, 'customField');
    return textOf(rows.find((row) => row['label'] === label)?.['slot']);
  });
  slots.set(label, slot);
}

interface Definition {
  readonly label: string;
  readonly kind: string;
  readonly options?: readonly string[];
  readonly section?: string;
  readonly isListed?: boolean;
  readonly isRequired?: boolean;
}

async function define(page: Page, wanted: Definition): Promise<void> {
  await page.getByRole('button', { name: 'New field' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Label').fill(wanted.label);
  await dialog.getByRole('combobox', { name: 'Type' }).click();
  await page.getByRole('option', { name: wanted.kind, exact: true }).click();
  for (const [index, option] of (wanted.options ?? []).entries()) {
    const input = dialog.getByRole('textbox', { name: `Option ${String(index + 1)}` });
    if ((await input.count()) === 0) await dialog.getByRole('button', { name: 'Add an option' }).click();
    await input.fill(option);
  }
  if (wanted.section !== undefined) await dialog.getByLabel('Section').fill(wanted.section);
  if (wanted.isListed === true) await dialog.getByLabel('In lists from the start').check();
  if (wanted.isRequired === true) await dialog.getByLabel('Required', { exact: true }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByTestId('custom-fields').getByRole('rowheader', { name: wanted.label }).waitFor();
}

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  tenantId = await createOrganizationWith(server, 'custom', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  const account = { ownerId: 'rene', industry: 'energy' };
  await seedRecords(server.database, tenantId, [
    seededRecord('account', 'a1', { ...account, name: 'Nordwind Energie' }),
    seededRecord('account', 'a2', { ...account, name: 'Ostsee Werft' }),
  ]);
  mkdirSync(downloads);
  [admin, rep] = [new Device({ serverUrl: null, env: { HOME: home } }), new Device({ serverUrl: null })];
  for (const [device, id] of [
    [rep, 'rene'],
    [admin, 'ada'],
  ] as const) {
    await device.start();
    await device.signIn(server.url, { email: emailOf(id), password: testPassword });
    await device.waitUntilExchanged();
  }
});

afterAll(async () => {
  await admin.remove();
  await rep.remove();
  await server.remove();
  rmSync(home, { recursive: true, force: true });
});

test('CRM-13 an administrator defines fields in the settings, puts them in order and is told what does not fit', async () => {
  const page = await settingsOf(admin, 'customFields');
  await page.getByRole('combobox', { name: 'Records' }).click();
  await page.getByRole('option', { name: 'Accounts' }).click();
  await page.getByText('There are no custom fields for these records yet.').waitFor();
  await define(page, { label: 'Nickname', kind: 'Text' });
  // The dialog is gone, and the keyboard goes on where it was opened.
  await page.waitForFunction(() => document.activeElement?.textContent === 'New field');
  await define(page, {
    label: 'Support plan',
    kind: 'Choice',
    options: ['Gold', 'Silver', 'Bronze'],
    section: 'Service',
    isListed: true,
    isRequired: true,
  });
  await define(page, { label: 'Credit limit', kind: 'Amount', section: 'Service' });
  await define(page, { label: 'Delivery', kind: 'Several choices', options: ['Road', 'Sea'] });
  await page.getByRole('button', { name: 'New field' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Label').fill('nickname ');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Another field has this label.').waitFor();
  await lookAtScreen(admin, page, 'custom-field-dialog');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Move Support plan up' }).click();
  await waitFor('the new order', async () => {
    const rows = await page.getByTestId('custom-fields').getByRole('rowheader').allInnerTexts();
    return rows[0]?.startsWith('Support plan') === true && rows[1]?.startsWith('Nickname') === true;
  });
  await lookAtScreen(admin, page, 'custom-fields-settings');
  await admin.waitUntilExchanged();
  for (const label of ['Nickname', 'Support plan', 'Credit limit', 'Delivery']) await findSlot(admin.page, label);
});

test('CRM-13 they are there for others at once: on pages with their sections, in lists and in the dialog of a new record', async () => {
  const { page } = rep;
  await goTo(page, '/accounts');
  await page
    .locator(`.ag-header-cell[col-id="${slotOf('Support plan')}"]`)
    .getByText('Support plan')
    .waitFor();
  await goTo(page, '/accounts/a1');
  await page.getByRole('heading', { name: 'Service' }).waitFor();
  await editField(page, '/accounts/a1', { name: slotOf('Nickname'), label: 'Nickname' }, 'Windy');
  await editField(page, '/accounts/a1', { name: slotOf('Credit limit'), label: 'Credit limit' }, '12500');
  await page
    .locator(`dd[data-field="${slotOf('Credit limit')}"]`)
    .getByText('12,500')
    .waitFor();
  await goTo(page, '/accounts');
  await page.getByRole('button', { name: 'New account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Hafen Süd');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This is needed.').waitFor();
  await fillDialog(page, {}, { 'Support plan': 'Silver' });
  await waitFor('the new account', async () => {
    const { rows } = await readList(page, 'account');
    return rows.some((row) => row['name'] === 'Hafen Süd' && row[slotOf('Support plan')] === 'silver');
  });
});

test('A-OFF typed without a network they are kept over a restart, merge field by field, and reach everybody', async () => {
  await setWorkOffline(rep.page, true);
  await editField(rep.page, '/accounts/a1', { name: slotOf('Nickname'), label: 'Nickname' }, 'Windy offline');
  await editField(admin.page, '/accounts/a1', { name: slotOf('Credit limit'), label: 'Credit limit' }, '900');
  await admin.waitUntilExchanged();
  await rep.quit();
  await rep.start();
  await rep.page.getByTestId('sync-chip').waitFor({ timeout: 60_000 });
  await goTo(rep.page, '/accounts/a1');
  await rep.page
    .locator(`dd[data-field="${slotOf('Nickname')}"]`)
    .getByText('Windy offline')
    .waitFor();
  await setWorkOffline(rep.page, false);
  await rep.waitUntilExchanged();
  await admin.waitUntilExchanged();
  for (const { page } of [admin, rep]) {
    expect(await readRecord(page, 'account', 'a1')).toMatchObject({
      [slotOf('Nickname')]: 'Windy offline',
      [slotOf('Credit limit')]: 90_000,
    });
  }
  expect(await findInPalette(rep.page, 'windy offline', 'Nordwind Energie')).toBe(true);
});

test('CRM-13 a field is filtered, sorted in the order of its options, added to a pivot and taken out in a file', async () => {
  const { page } = admin;
  const plan = slotOf('Support plan');
  for (const [id, value] of [
    ['a1', 'gold'],
    ['a2', 'bronze'],
  ] as const)
    await request(page, 'execute', {
      command: 'updateRecord',
      input: { entity: 'account', id, values: { [plan]: value } },
    });
  const sorted = await readList(page, 'account', { sort: [{ field: plan, direction: 'asc' }] });
  expect(sorted.rows.map((row) => row[plan])).toEqual(['gold', 'silver', 'bronze']);
  const filtered = await readList(page, 'account', { filter: { field: plan, op: 'eq', value: 'gold' } });
  expect(filtered.rows.map(({ id }) => id)).toEqual(['a1']);
  const spec = {
    source: 'account',
    rows: [{ field: plan }],
    columns: [],
    values: [{ id: 'sum', kind: 'field', aggregation: 'sum', field: slotOf('Credit limit') }],
  } as const;
  const { result } = await askLive(page, 'pivot', { spec });
  expect(result.rows.flatMap(({ path }) => path)).toEqual(expect.arrayContaining(['gold', 'silver', 'bronze']));
  await goTo(page, '/analytics/pivot');
  await page.getByRole('combobox', { name: 'Records' }).click();
  await page.getByRole('option', { name: 'Accounts' }).click();
  await page.getByRole('textbox', { name: 'Find a field' }).fill('Support');
  await page.getByRole('button', { name: 'Support plan', exact: true }).click();
  await page.getByRole('menuitem').first().click();
  await page.getByText('Gold').first().waitFor();
  await lookAtScreen(admin, page, 'custom-field-pivot');
  await goTo(page, '/accounts');
  await page.locator('.ag-row[row-id="a1"]').waitFor();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'CSV' }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const name = await waitFor('the file', () =>
    Promise.resolve(readdirSync(downloads).find((file) => file.endsWith('.csv'))),
  );
  const text = readFileSync(path.join(downloads, name), 'utf8');
  expect(text).toContain('Support plan');
  expect(text).toMatch(/Nordwind Energie.*Gold/);
});

test('IMP-05 a column of a file finds the custom field of its name, and the option each text means', async () => {
  const { page } = admin;
  const lines = [
    'Name,Support plan,Nickname,Berths',
    'Küstenwind,Gold,Coasty,12',
    'Moorland,silver,,3',
    'Furche,Platinum,,7',
  ];
  await goTo(page, '/import');
  await page
    .getByTestId('import-file')
    .setInputFiles({ name: 'plans.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
  const mapped = page.getByRole('combobox', { name: 'Field for the column Support plan' });
  await mapped.waitFor();
  expect(await mapped.inputValue()).toBe('Support plan');
  await page.getByRole('button', { name: 'Make a custom field of the column Berths' }).click();
  const berths = page.getByRole('combobox', { name: 'Field for the column Berths' });
  await waitFor('the new field', async () => (await berths.inputValue()) === 'Berths');
  await findSlot(page, 'Berths');
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByTestId('import-values').getByText('Platinum').waitFor();
  await page.getByRole('combobox', { name: /Platinum/ }).click();
  await page.getByRole('option', { name: 'Bronze' }).click();
  await page.getByRole('button', { name: /^Import 3 records/ }).click();
  await page.locator('[data-testid=import-state][data-state=done]').waitFor({ timeout: 60_000 });
  const { rows } = await readList(page, 'account');
  const planOf = (name: string) => rows.find((row) => row['name'] === name)?.[slotOf('Support plan')];
  expect(['Küstenwind', 'Moorland', 'Furche'].map(planOf)).toEqual(['gold', 'silver', 'bronze']);
  expect(rows.find((row) => row['name'] === 'Moorland')?.[slotOf('Berths')]).toBe(3);
  expect(slotOf('Berths')).toMatch(/^cfNumber/);
});

test('PER-16 a field rule takes a custom field from a role, with everything that was on its computer', async () => {
  const page = await settingsOf(admin, 'fields');
  await page.getByRole('combobox', { name: 'Records' }).click();
  await page.getByRole('option', { name: 'Accounts' }).click();
  await page.getByLabel('Credit limit for Sales representative').selectOption('hidden');
  await admin.waitUntilExchanged();
  await waitFor('the rule to arrive', async () => {
    const record = await readRecord(rep.page, 'account', 'a1');
    return record !== null && !(slotOf('Credit limit') in record) ? record : null;
  });
  await goTo(rep.page, '/accounts/a1');
  await rep.page
    .locator(`dd[data-field="${slotOf('Nickname')}"]`)
    .getByText('Windy offline')
    .waitFor();
  await rep.page.locator(`dd[data-field="${slotOf('Credit limit')}"]`).waitFor({ state: 'detached' });
  await lookAtScreen(rep, rep.page, 'custom-fields-record');
});

test('CRM-13 an archived field is gone from the screens, says how much is in it, and comes back with it', async () => {
  const page = await settingsOf(admin, 'customFields');
  await page.getByRole('combobox', { name: 'Records' }).click();
  await page.getByRole('option', { name: 'Accounts' }).click();
  await page.getByRole('button', { name: 'Archive Nickname' }).click();
  await page.getByText('2 records have a value in it.').waitFor();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByTestId('archived-fields').getByText('2 records have a value in it.').waitFor();
  await admin.waitUntilExchanged();
  await goTo(rep.page, '/accounts/a1');
  await rep.page.locator(`dd[data-field="${slotOf('Nickname')}"]`).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Bring back Nickname' }).click();
  await admin.waitUntilExchanged();
  await rep.page
    .locator(`dd[data-field="${slotOf('Nickname')}"]`)
    .getByText('Windy offline')
    .waitFor();
});

test('CRM-13 of two fields defined apart from each other in one place, the second is defined again with what was typed', async () => {
  const { page } = admin;
  // Fields get places at random.
  const taken = new Set(slots.values());
  const slot = slotsOfKind('text').find((each) => !taken.has(each)) ?? '';
  const id = `account.${slot}`;
  await setWorkOffline(page, true);
  const definition = { entity: 'account', slot, label: 'Region', place: 9 };
  await request(page, 'execute', {
    command: 'createRecord',
    input: { entity: 'customField', id, values: definition },
  });
  await goTo(page, '/accounts/a2');
  await editField(page, '/accounts/a2', { name: slot, label: 'Region' }, 'Baltic');
  const other = { entity: 'account', slot, label: 'Tax class', place: 9 };
  await seedRecords(server.database, tenantId, [seededRecord('customField', id, other)]);
  await setWorkOffline(page, false);
  await goTo(page, '/attention');
  const card = page.locator(`[data-testid="refused"][data-record="${id}"]`);
  await card.getByText('Another administrator defined a field in the same place first.').waitFor({ timeout: 60_000 });
  await lookAtScreen(admin, page, 'custom-field-refused');
  await card.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('Nothing waits for you').waitFor();
  await admin.waitUntilExchanged();
  await findSlot(page, 'Region');
  expect(slotOf('Region')).not.toBe(slot);
  const record = await readRecord(page, 'account', 'a2');
  expect(record).toMatchObject({ [slotOf('Region')]: 'Baltic' });
  expect(record?.[slot] ?? null).toBeNull();
});
