// Two people at two computers on one server: each sees that the other is there, and what the other does while it happens.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { fillDialog, goTo } from '#test/support/drive-screens.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let ada: Device;
let rene: Device;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ presenceTimes: { gatherMs: 50, graceMs: 1_000, beatMs: 5_000, silenceMs: 15_000 } });
  await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'lena', role: 'sales_rep' },
  ]);
  const enter = async (person: string): Promise<Device> => {
    const device = new Device({ serverUrl: null });
    await device.start();
    await device.signIn(server.url, { email: emailOf(person), password: testPassword });
    await device.waitUntilExchanged();
    return device;
  };
  ada = await enter('ada');
  rene = await enter('rene');
});
afterAll(async () => {
  await rene.remove();
  await ada.remove();
  await server.remove();
});

async function settingsOf(device: Device, section: string): Promise<Page> {
  await device.invoke('window.openSettings', { section });
  return device.launched.window(`/settings/${section}`);
}

const dot = (page: Page, userId: string, state: string) =>
  page.locator(`tr[data-user="${userId}"] [data-presence="${state}"]`);

test('IDT-26 the list of users says who is online, until they appear offline, and again', async () => {
  const users = await settingsOf(ada, 'users');
  await dot(users, 'rene', 'online').waitFor();
  await dot(users, 'lena', 'offline').waitFor();
  await lookAtScreen(ada, users, 'live-users');
  const profile = await settingsOf(rene, 'profile');
  const choice = profile.getByRole('switch', { name: 'Appear offline to colleagues' });
  await waitFor('the choice read from the server', () => choice.isEnabled());
  await lookAtScreen(rene, profile, 'live-profile');
  await choice.focus();
  await profile.keyboard.press('Space');
  await dot(users, 'rene', 'offline').waitFor();
  await waitFor('the choice made', () => choice.isChecked());
  await profile.keyboard.press('Space');
  await dot(users, 'rene', 'online').waitFor();
});

test('TSK-15 what a colleague does is told on Home while it happens, with who did it; what one does oneself is not', async () => {
  await goTo(rene.page, '/home');
  await goTo(ada.page, '/tasks');
  await ada.page.keyboard.press('Control+k');
  await ada.page.locator('[aria-controls="palette-list"]').fill('New task');
  await ada.page.locator('#palette-list [role="option"]').filter({ hasText: 'New task' }).first().click();
  await fillDialog(ada.page, { Subject: 'Call the harbour' });
  const [task] = (await readList(ada.page, 'task', { limit: 1 })).rows;
  await goTo(ada.page, `/tasks/${task?.id ?? ''}`);
  await ada.page.getByRole('button', { name: 'More', exact: true }).click();
  await ada.page.getByRole('menuitem', { name: 'Reassign' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Reassign' });
  await dialog.getByLabel('Owner').and(dialog.locator('input')).first().fill('Person rene');
  await ada.page.getByRole('option', { name: 'Person rene' }).click();
  await dialog.getByRole('button', { name: 'Reassign' }).click();
  await ada.waitUntilExchanged();
  const feed = rene.page.getByTestId('live-feed');
  const assigned = feed.locator('[data-event="task.assigned"]');
  await assigned.getByText('was given to you').waitFor();
  await assigned.getByText('Person ada').waitFor();
  await rene.page.locator('.mantine-Notification-root').filter({ hasText: 'Call the harbour' }).waitFor();
  await lookAtScreen(rene, rene.page, 'live-home');
  await rene.page.locator('li[data-task]').filter({ hasText: 'Call the harbour' }).getByRole('checkbox').click();
  await rene.waitUntilExchanged();
  await goTo(ada.page, '/home');
  await ada.page.getByTestId('live-feed').locator('[data-event="task.completed"]').getByText('is done').waitFor();
  expect(await feed.locator('[data-event="task.completed"]').count()).toBe(0);
  expect(await ada.page.getByTestId('live-feed').locator('[data-event="task.assigned"]').count()).toBe(0);
  await assigned.getByRole('link', { name: 'Call the harbour' }).focus();
  await rene.page.keyboard.press('Enter');
  await rene.page.waitForURL((url) => url.hash.startsWith('#/tasks/'));
  await rene.page.locator('dd[data-field="ownerId"] [data-presence="online"]').first().waitFor();
});

test('IDT-26 offline nobody can tell who is there, and nothing is claimed', async () => {
  const users = await settingsOf(ada, 'users');
  await dot(users, 'rene', 'online').waitFor();
  await ada.invoke('sync.workOffline', { on: true });
  await dot(users, 'rene', 'online').waitFor({ state: 'detached' });
  expect(await users.locator('[data-presence]').count()).toBe(0);
  await ada.invoke('sync.workOffline', { on: false });
  await dot(users, 'rene', 'online').waitFor();
  await rene.quit();
  await dot(users, 'rene', 'offline').waitFor();
  expect([...ada.pageErrors, ...rene.pageErrors]).toEqual([]);
});
