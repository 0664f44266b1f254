// What happened to a record, told on its page: a representative changes, logs and moves without a network, a colleague changes
// more, and both read the same afterwards; what is hidden from somebody is not told.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { request } from '#test/support/ask-data.ts';
import { Device } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
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

let server: TestServer;
let manager: Device;
let rep: Device;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  const tenantId = await createOrganizationWith(server, 'timeline', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  const mine = { ownerId: 'rene' };
  await seedRecords(server.database, tenantId, [
    seededRecord('account', 'a1', { ...mine, name: 'Nordwind Energie', currency: 'EUR' }),
    seededRecord('contact', 'c1', { ...mine, name: 'Ulrike Meyer', lastName: 'Meyer', accountId: 'a1' }),
    seededRecord('fieldRule', 'no-phone', { role: 'sales_rep', entity: 'account', field: 'phone', mode: 'hidden' }),
  ]);
  [manager, rep] = [new Device({ serverUrl: null }), new Device({ serverUrl: null })];
  for (const [device, id] of [
    [manager, 'ada'],
    [rep, 'rene'],
  ] as const) {
    await device.start();
    await device.signIn(server.url, { email: emailOf(id), password: testPassword });
    await device.waitUntilExchanged();
  }
});

afterAll(async () => {
  await manager.remove();
  await rep.remove();
  await server.remove();
});

const change = (input: unknown) => request(manager.page, 'execute', { command: 'updateRecord', input });
const eventsOf = (device: Device, kind: string) => device.page.locator(`li[data-type="${kind}"]`);

test('CRM-09 a call is logged from anywhere with the keyboard, with who took part and what to do next, without a network', async () => {
  await setWorkOffline(rep.page, true);
  await goTo(rep.page, '/accounts/a1');
  await rep.page.keyboard.press('l');
  const dialog = rep.page.getByRole('dialog');
  await dialog.getByLabel('Subject').fill('Talked about the offer');
  await lookAtScreen(rep, rep.page, 'timeline-log');
  await dialog.getByLabel('Add a follow-up task').check();
  await dialog.getByLabel('What is to be done?').fill('Send the offer');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await eventsOf(rep, 'call').filter({ hasText: 'Talked about the offer' }).waitFor();
  await eventsOf(rep, 'task').filter({ hasText: 'Send the offer' }).waitFor();
});

test('CRM-09 changes of fields reach every timeline, also without a network, and hidden ones nobody who may not see them', async () => {
  await setWorkOffline(rep.page, false);
  await rep.waitUntilExchanged();
  await manager.waitUntilExchanged();
  const values = { website: 'nordwind.example', phone: '+49 30 5550001', employees: 40 };
  await change({ entity: 'account', id: 'a1', values });
  await change({ entity: 'account', id: 'a1', values: { phone: '+49 30 5550002' } });
  await change({ entity: 'contact', id: 'c1', values: { jobTitle: 'Head of purchasing' } });
  await manager.waitUntilExchanged();
  await goTo(manager.page, '/accounts/a1');
  await eventsOf(manager, 'change').filter({ hasText: '3 fields changed' }).waitFor();
  await eventsOf(manager, 'change').filter({ hasText: 'Ulrike Meyer' }).waitFor();
  await lookAtScreen(manager, manager.page, 'timeline-account');
  await eventsOf(rep, 'change').filter({ hasText: '2 fields changed' }).waitFor();
  await setWorkOffline(rep.page, true);
  await goTo(rep.page, '/home');
  await goTo(rep.page, '/accounts/a1');
  await eventsOf(rep, 'change').filter({ hasText: 'nordwind.example' }).waitFor();
  expect(await eventsOf(rep, 'change').count()).toBe(2);
  expect(await rep.page.locator('ol').allTextContents()).not.toEqual(
    expect.arrayContaining([expect.stringContaining('555')]),
  );
});

test('CRM-09 a timeline is searched and narrowed to kinds and people', async () => {
  const { page } = rep;
  await page.getByLabel('Search the timeline').fill('job title');
  await eventsOf(rep, 'change').filter({ hasText: 'Head of purchasing' }).waitFor();
  await eventsOf(rep, 'call').waitFor({ state: 'detached' });
  await page.getByLabel('Search the timeline').fill('');
  await page.getByRole('group', { name: 'Kinds of events' }).getByText('Calls').click();
  await eventsOf(rep, 'call').waitFor();
  await eventsOf(rep, 'change').first().waitFor({ state: 'detached' });
  await lookAtScreen(rep, page, 'timeline-narrowed');
});
