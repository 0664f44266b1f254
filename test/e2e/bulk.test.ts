// Many rows at once: all rows of a list, also those nobody has scrolled to, and the people they may be given to.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
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

const bar = () => page.getByTestId('bulk-bar');
const all = () => page.getByRole('checkbox', { name: 'Select all rows of this list' });
const tagged = async () =>
  (await readList(page, 'activity', { filter: { field: 'tags', op: 'isNotEmpty' }, limit: 1 })).total;

async function chooseField(name: string): Promise<void> {
  await bar().getByPlaceholder('Field to change').click();
  await page.getByRole('option', { name, exact: true }).click();
}

test('UI-BULK selecting all takes every row of the list, counts them honestly, and one change of all is undone whole', async () => {
  const { total } = await readList(page, 'activity', { limit: 1 });
  expect(total).toBeGreaterThan(150);
  expect(await tagged()).toBe(0);
  await goTo(page, '/activities');
  await page.locator('.ag-row [col-id="subject"]').first().waitFor();
  await all().click();
  await bar()
    .getByText(`${total.toLocaleString('en-US')} chosen`)
    .waitFor();
  await chooseField('Tags');
  await bar()
    .getByRole('combobox', { name: 'Tags' })
    .or(bar().getByRole('textbox', { name: 'Tags' }))
    .first()
    .fill('checked');
  await page.keyboard.press('Enter');
  await bar().getByRole('button', { name: 'Change all' }).click();
  const toast = page.getByRole('alert').filter({ hasText: `${total.toLocaleString('en-US')} records changed.` });
  await toast.waitFor();
  expect(await tagged()).toBe(total);
  await toast.getByRole('button', { name: 'Undo', exact: true }).click();
  await waitFor('the tags are gone', async () => (await tagged()) === 0);
});

test('UI-BULK what was deleted comes back with Ctrl+Z, as a click on Undo brings it', async () => {
  const count = async () => (await readList(page, 'activity', { limit: 1 })).total;
  const before = await count();
  await goTo(page, '/home');
  await goTo(page, '/activities');
  await page.locator('.ag-row[row-index="0"] input[type="checkbox"]').first().click();
  await bar().getByText('1 chosen').waitFor();
  await bar().getByRole('button', { name: 'Delete' }).focus();
  await page.keyboard.press('Enter');
  await waitFor('it is deleted', async () => (await count()) === before - 1);
  // The button went with the choice: who works with the keyboard goes on in the list.
  await page.waitForFunction(() => document.activeElement?.closest('[row-index="0"]') !== null);
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.activeElement?.closest('[row-index="1"]') !== null);
  await page.getByRole('alert').getByRole('button', { name: 'Undo', exact: true }).waitFor();
  await page.keyboard.press('Control+z');
  await waitFor('it is there again', async () => (await count()) === before);
});

test('UI-BULK what was chosen under one filter is not chosen under another', async () => {
  await page.getByRole('textbox', { name: 'Search this list' }).fill('demo');
  await bar().waitFor({ state: 'hidden' });
  await page.getByRole('textbox', { name: 'Search this list' }).fill('');
  await page.locator('.ag-row [col-id="subject"]').first().waitFor();
  expect(await all().isChecked()).toBe(false);
});

test('PER-11 owners that are offered are people who work with such records, the own teams first', async () => {
  const people = (await readList(page, 'user')).rows;
  const viewer = people.find((person) => person['role'] === 'viewer');
  const rep = people.find((person) => person['role'] === 'sales_rep');
  const [deal] = (await readList(page, 'deal', { limit: 1 })).rows;
  await goTo(page, `/deals/${deal?.id ?? ''}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Reassign' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reassign' });
  await dialog.getByLabel('Owner').and(dialog.locator('input')).first().click();
  await page.getByText('Your teams', { exact: true }).waitFor();
  const offered = await page.getByRole('option').allTextContents();
  expect(offered).toContain(String(rep?.['name']));
  expect(offered).not.toContain(String(viewer?.['name']));
});
