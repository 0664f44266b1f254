// Recently deleted: what was deleted is found and brought back when the word with its Undo is gone; without a connection the
// screen says why it is empty.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  page = await device.start();
  await device.enterDemo('manager');
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
});

const row = (id: string) => page.locator(`tr[data-deleted="${id}"]`);
const isHeld = async (id: string) =>
  (await readList(page, 'deal', { filter: { field: 'id', op: 'eq', value: id }, limit: 1 })).total === 1;

async function openFromList(): Promise<void> {
  await goTo(page, '/deals');
  await page.getByRole('button', { name: 'List menu' }).click();
  await page.getByRole('menuitem', { name: 'Recently deleted' }).click();
  await page.getByRole('heading', { name: 'Recently deleted' }).waitFor();
}

test('DEL-1 two deals are deleted in the list, one is restored and is back in the list, the other stays', async () => {
  await openFromList();
  await page.getByText('Nothing deleted fits').waitFor();
  await goTo(page, '/deals');
  const boxes = page.locator('.ag-row').getByRole('checkbox');
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  const before = (await readList(page, 'deal', { limit: 1 })).total;
  const bar = page.getByTestId('bulk-bar');
  await bar.getByText('2 chosen').waitFor();
  await bar.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('2 records deleted.').waitFor();
  await device.waitUntilExchanged();

  await openFromList();
  await expect.poll(() => page.locator('tr[data-deleted]').count()).toBe(2);
  const [back = '', stays = ''] = await page
    .locator('tr[data-deleted]')
    .evaluateAll((rows) => rows.map((one) => one.getAttribute('data-deleted') ?? ''));
  expect(await isHeld(back)).toBe(false);
  const title = await row(back).getByRole('rowheader').innerText();
  await lookAtScreen(device, page, 'deleted');
  await row(back).getByRole('checkbox').focus();
  await page.keyboard.press('ArrowDown');
  await row(stays).getByRole('checkbox').and(page.locator(':focus')).waitFor();
  await row(back)
    .getByRole('button', { name: `Restore Deal “${title}”` })
    .click();
  await row(back).waitFor({ state: 'detached' });
  const done = page.getByRole('alert').filter({ hasText: `“${title}” is restored.` });
  await done.waitFor();
  // The keyboard goes on with the next row.
  await row(stays).getByRole('button').and(page.locator(':focus')).waitFor();
  await waitFor('the deal is back', () => isHeld(back));
  expect((await readList(page, 'deal', { limit: 1 })).total).toBe(before - 1);
  expect(await isHeld(stays)).toBe(false);
  await done.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('heading', { name: title }).waitFor();

  await openFromList();
  await row(stays).waitFor();
  expect(await page.locator('tr[data-deleted]').count()).toBe(1);
});

test.each([
  ['/goals', 'List menu', 'goal'],
  ['/documents', 'List menu', 'file'],
  ['/campaigns', 'List menu', 'campaign'],
  ['/campaigns/templates', 'List menu', 'mailTemplate'],
  ['/tasks/board', 'List menu', 'task'],
  ['/tasks/calendar', 'List menu', 'task'],
  ['/analytics/dashboards', 'More about this dashboard', 'dashboard'],
])('DEL-1 %s leads to what was deleted of its kind', async (path, menu, kind) => {
  await goTo(page, path);
  await page.getByRole('button', { name: menu }).click();
  await page.getByRole('menuitem', { name: 'Recently deleted' }).click();
  await page.waitForFunction((entity) => window.location.hash === `#/deleted?entity=${entity}`, kind);
  await page.getByRole('heading', { name: 'Recently deleted' }).waitFor();
});

test('DEL-1 several are restored at once, also without a connection, and come back with it', async () => {
  const accounts = (await readList(page, 'account', { limit: 1 })).total;
  await goTo(page, '/accounts');
  const boxes = page.locator('.ag-row').getByRole('checkbox');
  await boxes.nth(0).check();
  await page.getByTestId('bulk-bar').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('1 record deleted.').waitFor();
  await device.waitUntilExchanged();
  await page.keyboard.press('Control+k');
  await page.locator('[aria-controls="palette-list"]').fill('Recently');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('tr[data-deleted]').count()).toBe(2);
  await setWorkOffline(page, true);
  await page.getByRole('checkbox', { name: 'Choose all rows' }).check();
  await page.getByRole('button', { name: 'Restore 2' }).click();
  await page.getByText('2 records will be restored once there is a connection.').waitFor();
  await page.getByText('Nothing to restore').waitFor();
  await goTo(page, '/home');
  await page.getByRole('heading', { name: 'Recently deleted' }).waitFor({ state: 'detached' });
  await goTo(page, '/deleted');
  await page.getByText('This needs a connection to the server').waitFor();
  await lookAtScreen(device, page, 'deleted-offline');
  // The server can be reached: what waits to be restored is not offered once more.
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Nothing to restore').waitFor();
  await lookAtScreen(device, page, 'deleted-none');
  await setWorkOffline(page, false);
  await waitFor('the account is back', async () => (await readList(page, 'account', { limit: 1 })).total === accounts);
});
