// A manager and a rep at their computers, and the rep at a second one: what one gives the other arrives, is worked off by
// keyboard, with and without a network, and is done everywhere.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { recordOf, seed } from '#test/support/report-world.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import type { TenantId } from '#shared/kernel/ids.ts';

let server: TestServer;
let tenant: TenantId;
let mia: Device;
let rene: Device;
let second: Device;

async function enter(person: string): Promise<Device> {
  const device = new Device({ serverUrl: null });
  await device.start();
  await device.signIn(server.url, { email: emailOf(person), password: testPassword });
  await device.waitUntilExchanged();
  return device;
}

const HOUR = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * HOUR).toISOString();

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  tenant = await createOrganizationWith(server, 'north', [
    { id: 'boss', role: 'org_admin' },
    { id: 'mia', role: 'manager', teamId: 'team-north' },
    { id: 'rene', role: 'sales_rep', teamId: 'team-north' },
  ]);
  const fresh = (hours: number, by: string) => ({
    createdAt: ago(hours),
    updatedAt: ago(hours),
    createdBy: by,
    updatedBy: by,
  });
  const team = { teamId: 'team-north' };
  const stage = { pipelineId: 'default', dealId: 'mill', ...team };
  await seed(server.database, tenant, [
    recordOf('pipeline', 'default', null, {
      name: 'Sales',
      stages: [
        { id: 'qualified', name: 'Qualified', type: 'open', probability: 20 },
        { id: 'proposal', name: 'Proposal', type: 'open', probability: 40 },
      ],
    }),
    recordOf('team', 'team-north', null, { name: 'North', leadId: 'mia' }),
    recordOf('deal', 'mill', 'rene', {
      name: 'Harbour mill, phase two',
      status: 'open',
      stageId: 'proposal',
      pipelineId: 'default',
      amount: 4_800_000,
      currency: 'EUR',
      nextStep: 'Send the revised offer',
      nextStepDate: ago(0).slice(0, 10),
      ...team,
      ...fresh(30, 'rene'),
    }),
    recordOf('stageChange', 'move', 'rene', {
      ...stage,
      fromStage: 'qualified',
      toStage: 'proposal',
      fromType: 'open',
      toType: 'open',
      occurredAt: ago(2),
      ...fresh(2, 'mia'),
    }),
    recordOf('stageChange', 'odds', 'rene', {
      ...stage,
      fromStage: 'proposal',
      toStage: 'proposal',
      fromType: 'open',
      toType: 'open',
      probabilityBefore: 40,
      probabilityAfter: 60,
      occurredAt: ago(26),
      ...fresh(26, 'mia'),
    }),
    recordOf('task', 'call', 'rene', {
      subject: 'Call the harbour master',
      status: 'open',
      priority: 'high',
      visibility: 'assigned',
      assignedBy: 'mia',
      dueDate: ago(-24).slice(0, 10),
      ...team,
      ...fresh(1, 'mia'),
    }),
    recordOf('task', 'plan', 'rene', {
      subject: 'Plan the site visit',
      status: 'open',
      priority: 'medium',
      visibility: 'collaborative',
      reminderAt: ago(3),
      ...team,
      ...fresh(50, 'rene'),
    }),
    recordOf('importJob', 'import', 'rene', {
      fileName: 'fair-contacts.csv',
      entity: 'contact',
      state: 'done',
      createdCount: 120,
      updatedCount: 3,
      failedCount: 1,
      readCount: 124,
      skippedCount: 0,
      finishedAt: ago(27),
      ...fresh(27, 'rene'),
    }),
  ]);
  [mia, rene] = [await enter('mia'), await enter('rene')];
  second = await enter('rene');
});
afterAll(async () => {
  for (const device of [second, rene, mia]) await device.remove();
  await server.remove();
});

const row = (page: Page, type: string) => page.getByTestId('inbox').locator(`[data-notification="${type}"]`);
const badge = (page: Page) => page.locator('nav [data-tone="inbox"]');

test('TSK-08 TSK-09 TSK-11 TSK-13 what concerns somebody is in the inbox, in groups, with the way to its record', async () => {
  await goTo(rene.page, '/inbox');
  await row(rene.page, 'task.assigned').getByText('Person mia gave you this task').waitFor();
  for (const type of ['task.reminder', 'deal.stage', 'deal.probability', 'system.import'])
    await row(rene.page, type).waitFor();
  await row(rene.page, 'deal.probability').getByText('from 40 % to 60 %').waitFor();
  await lookAtScreen(rene, rene.page, 'inbox');
  await rene.page.getByLabel('Group by').first().click();
  await rene.page.getByRole('option', { name: 'By record' }).click();
  await rene.page.getByRole('heading', { name: /Harbour mill/ }).waitFor();
  await lookAtScreen(rene, rene.page, 'inbox-by-record');
  await row(rene.page, 'task.assigned').getByRole('link').click();
  await rene.page.waitForURL((url) => url.hash === '#/tasks/call');
});

test('TSK-12 a manager tells the own team something, and each hears it once; nobody else may', async () => {
  await goTo(mia.page, '/inbox');
  await mia.page.getByRole('button', { name: 'Team alert' }).click();
  const dialog = mia.page.getByRole('dialog', { name: 'Team alert' });
  await dialog.getByLabel('Title').fill('Pipeline review moved to 3 pm');
  await dialog.getByLabel('Text').fill('Bring your two largest deals.');
  await lookAtScreen(mia, mia.page, 'inbox-alert');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await mia.waitUntilExchanged();
  await goTo(rene.page, '/inbox');
  await row(rene.page, 'team.alert').getByText('Bring your two largest deals.').waitFor();
  expect(await rene.page.getByRole('button', { name: 'Team alert' }).count()).toBe(0);
  expect(await row(mia.page, 'team.alert').count()).toBe(0);
  const refused = request(rene.page, 'execute', {
    command: 'sendAnnouncement',
    input: { topic: 'team', title: 'Not mine to say', teamIds: ['team-north'] },
  });
  await expect(refused).rejects.toThrow();
});

test('TSK-08 the inbox is worked off by keyboard without a network, and is done on the other computer', async () => {
  await rene.invoke('sync.workOffline', { on: true });
  await goTo(rene.page, '/inbox');
  const before = Number(await badge(rene.page).textContent());
  await rene.page.keyboard.press('j');
  await rene.page.keyboard.press('k');
  await rene.page.keyboard.press('e');
  await rene.page.getByText('Done.').first().waitFor();
  await waitFor('one less', async () => Number(await badge(rene.page).textContent()) === before - 1);
  const rows = rene.page.getByTestId('inbox').locator('li');
  const rowCount = await rows.count();
  await rene.page.keyboard.press('h');
  await rene.page.getByRole('menuitem', { name: 'Tomorrow' }).waitFor();
  await lookAtScreen(rene, rene.page, 'inbox-snooze');
  await rene.page.getByRole('menuitem', { name: 'Tomorrow' }).click();
  await waitFor('a shorter list', async () => (await rows.count()) === rowCount - 1);
  await rene.page.getByText('Snoozed', { exact: true }).first().click();
  await waitFor('the snoozed one', async () => (await rene.page.getByTestId('inbox').locator('li').count()) === 1);
  await rene.page.getByText('Inbox', { exact: true }).last().click();
  await rene.page.getByRole('button', { name: 'Mark all as read' }).click();
  await badge(rene.page).waitFor({ state: 'detached' });
  await rene.invoke('sync.workOffline', { on: false });
  await rene.waitUntilExchanged();
  await goTo(second.page, '/inbox');
  await badge(second.page).waitFor({ state: 'detached' });
});

test('TSK-08 a day and a time are typed in the language of the application, and what is over is said to be over', async () => {
  const { page } = rene;
  await rene.invoke('preferences.set', { language: 'de' });
  await goTo(page, '/inbox');
  const rows = page.getByTestId('inbox').locator('li');
  await rows.first().waitFor();
  const rowCount = await rows.count();
  await page.getByRole('button', { name: 'Zurückstellen', exact: true }).first().click();
  await page.getByRole('menuitem', { name: 'Tag und Uhrzeit …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Zurückstellen' });
  const time = dialog.getByLabel('Tag und Uhrzeit');
  // The calendar is open, and leaves the buttons free.
  await page.locator('[data-dates-dropdown]').waitFor();
  await dialog.getByRole('button', { name: 'Abbrechen' }).click({ trial: true });
  await time.fill('05.11.2020, 14:30');
  await dialog.getByText('Wählen Sie einen Zeitpunkt in der Zukunft.').waitFor();
  await lookAtScreen(rene, page, 'inbox-snooze-own');
  await time.fill('05.11.2036 um 14.30 Uhr');
  await time.press('Tab');
  expect(await time.inputValue()).toBe('05.11.2036, 14:30');
  await time.press('Enter');
  await page.getByText('Kommt wieder: 05.11.2036, 14:30.').waitFor();
  await waitFor('a shorter list', async () => (await rows.count()) === rowCount - 1);
  await rene.invoke('preferences.set', { language: 'en' });
});

test('TSK-08 "Mark all as read" reaches what no row shows, without a network, and is taken back', async () => {
  const many = 640;
  const own = { teamId: 'team-north', createdBy: 'rene', updatedBy: 'rene', createdAt: ago(70), updatedAt: ago(70) };
  await seed(
    server.database,
    tenant,
    Array.from({ length: many }, (_, at) =>
      recordOf('task', `pile-${String(at)}`, 'rene', {
        subject: `Piled up ${String(at)}`,
        status: 'open',
        priority: 'low',
        visibility: 'assigned',
        reminderAt: ago(10 + at / 10),
        ...own,
      }),
    ),
  );
  const { page } = rene;
  await rene.waitUntilExchanged();
  await goTo(page, '/inbox');
  await waitFor('all of them', async () => Number(await badge(page).textContent()) === many);
  // Rows are drawn as they are looked at.
  const rows = page.getByTestId('inbox').locator('li');
  expect(await rows.count()).toBeLessThan(200);
  await rene.invoke('sync.workOffline', { on: true });
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await badge(page).waitFor({ state: 'detached' });
  await page.getByText('640 marked as read.').waitFor();
  await lookAtScreen(rene, page, 'inbox-all-read');
  await page.getByRole('button', { name: 'Undo' }).click();
  await waitFor('all of them again', async () => Number(await badge(page).textContent()) === many);
  await page.keyboard.press('Shift+A');
  await badge(page).waitFor({ state: 'detached' });
  await page.getByTestId('inbox').locator('li').last().scrollIntoViewIfNeeded();
  await waitFor('more rows', async () => (await rows.count()) >= 60);
  await rene.invoke('sync.workOffline', { on: false });
  await rene.waitUntilExchanged();
  await second.waitUntilExchanged();
  await badge(second.page).waitFor({ state: 'detached' });
});

test('TSK-14 TSK-16 what reaches somebody is chosen in the settings, and Home tells what the team did', async () => {
  const settings = await openSettings(rene, 'notifications');
  await settings.getByRole('switch', { name: 'Quiet hours' }).focus();
  await settings.keyboard.press('Space');
  await settings.getByRole('combobox', { name: 'From' }).waitFor();
  await lookAtScreen(rene, settings, 'inbox-settings');
  await settings.getByRole('switch', { name: 'Deal updates' }).focus();
  await settings.keyboard.press('Space');
  await goTo(rene.page, '/inbox');
  await row(rene.page, 'deal.stage').waitFor({ state: 'detached' });
  await goTo(rene.page, '/home');
  await rene.page.getByTestId('team-feed').getByText('Harbour mill, phase two').first().waitFor();
  await lookAtScreen(rene, rene.page, 'inbox-home');
});
