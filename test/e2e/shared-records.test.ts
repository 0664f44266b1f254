// An administrator shares a deal and gives a territory to a representative on another computer: records come and go there
// by themselves, with the application's own windows on both sides.
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import type { Filter } from '#shared/query/filter.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let admin: Device;
let rep: Device;
let repName: string;
let repId: string;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  admin = new Device({ serverUrl: server.url });
  await admin.start();
  const credentials = (await admin.enterDemo('org_admin')).get('sales_rep');
  if (credentials === undefined) throw new Error('the demo company has no representative');
  rep = new Device({ serverUrl: null });
  await rep.start();
  await rep.signIn(server.url, credentials);
  await admin.waitUntilExchanged();
  await rep.waitUntilExchanged();
  const [person] = (
    await readList(admin.page, 'user', { filter: { field: 'email', op: 'eq', value: credentials.email } })
  ).rows;
  repName = String(person?.['name']);
  repId = String(person?.id);
});

afterAll(async () => {
  await admin.remove();
  await rep.remove();
  await server.remove();
});

async function openTerritories(): Promise<Page> {
  await admin.invoke('window.openSettings', { section: 'territories' });
  const page = await waitFor('the settings window', () =>
    Promise.resolve(admin.launched.app.windows().find((window) => window.url().includes('#/settings/'))),
  );
  await page.getByRole('tree', { name: 'Territories' }).waitFor();
  return page;
}

/** Drags the way a hand does: press, move over several places, let go. */
async function dragToTop(page: Page, row: Locator): Promise<void> {
  const target = page.getByText('Drop here to move to the top level');
  const [from, to] = [await row.boundingBox(), await target.boundingBox()];
  if (from === null || to === null) throw new Error('the row or the place to drop it is not on the screen');
  await page.mouse.move(from.x + 120, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 130, from.y + from.height / 2 + 8, { steps: 4 });
  await page.mouse.move(to.x + 150, to.y + to.height / 2, { steps: 10 });
  await page.locator('[data-over="true"]', { hasText: 'Drop here' }).waitFor();
  await page.mouse.up();
}

/** What somebody gains or loses is shown before it is saved. */
async function acceptRights(page: Page): Promise<void> {
  const button = page.getByRole('dialog').getByRole('button', { name: 'Save the change', exact: true });
  await button.click();
  await button.waitFor({ state: 'detached' });
}

test('SYNC-28 A10 a shared deal appears on the other computer and disappears when the share ends', async () => {
  const [deal] = (
    await readList(admin.page, 'deal', { filter: { field: 'ownerId', op: 'ne', value: repId }, limit: 1 })
  ).rows;
  const id = String(deal?.id);
  expect(await readRecord(rep.page, 'deal', id)).toBeNull();
  await goTo(admin.page, `/deals/${id}`);
  await admin.page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = admin.page.getByRole('dialog', { name: 'Who sees this, and why' });
  await dialog.getByRole('combobox', { name: 'A person' }).fill(repName);
  await admin.page.getByRole('option', { name: repName }).click();
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByText('Shared: can see').waitFor();
  await waitFor('the deal on the other computer', () => readRecord(rep.page, 'deal', id));
  await goTo(rep.page, `/deals/${id}`);
  await rep.page.getByRole('heading', { name: String(deal?.['name']) }).waitFor();
  await rep.page.getByRole('button', { name: 'Shared (1)' }).waitFor();
  expect(await rep.page.getByRole('button', { name: 'Edit Next step', exact: true }).count()).toBe(0);
  await dialog.getByRole('button', { name: `Stop sharing with ${repName}` }).click();
  await waitFor('the deal gone from the other computer', async () => (await readRecord(rep.page, 'deal', id)) === null);
  await rep.page.getByText('Not available').first().waitFor();
  await admin.page.keyboard.press('Escape');
});

test('TER-02 TER-05 a territory is moved by keyboard, and its records come with the membership and go with it', async () => {
  const page = await openTerritories();
  const before = (await readList(rep.page, 'account')).total;
  const north = page.getByRole('treeitem', { name: /Northern Europe/ });
  await north.click();
  await north.press('Alt+ArrowRight');
  await page.locator('[role="treeitem"][aria-level="2"]', { hasText: 'Northern Europe' }).waitFor();
  const central = page.getByRole('treeitem', { name: /Central Europe/ });
  expect(await central.getAttribute('aria-expanded')).toBe('true');
  await page.getByRole('combobox', { name: 'Members', exact: true }).fill(repName);
  await page.getByRole('option', { name: repName }).click();
  await acceptRights(page);
  await waitFor('accounts of the territory', async () => (await readList(rep.page, 'account')).total > before, 40_000);
  await page.getByRole('combobox', { name: 'Members', exact: true }).press('Backspace');
  await acceptRights(page);
  await dragToTop(page, page.locator('[role="treeitem"][aria-level="2"]'));
  await page.locator('[role="treeitem"][aria-level="1"]', { hasText: 'Northern Europe' }).waitFor();
  await waitFor('the accounts gone', async () => (await readList(rep.page, 'account')).total === before, 40_000);
});

test('TER-01 a rule places the accounts it fits, after a look at what would change', async () => {
  const page = await openTerritories();
  await page.getByRole('treeitem', { name: /Northern Europe/ }).click();
  const isCustomer: Filter = { field: 'accountType', op: 'eq', value: 'customer' };
  const { total } = await readList(admin.page, 'account', { filter: isCustomer });
  await page.getByRole('button', { name: 'Add a condition' }).first().click();
  await page.getByRole('combobox', { name: 'Field' }).click();
  await page.getByRole('option', { name: 'Type', exact: true }).click();
  await page.getByText('A condition still needs a value.').waitFor();
  expect(await page.getByRole('button', { name: 'Save the rule' }).isEnabled()).toBe(false);
  await page.getByRole('combobox', { name: 'Value' }).click();
  await page.getByRole('option', { name: 'Customer', exact: true }).click();
  await page.getByRole('button', { name: 'Save the rule' }).click();
  await page.getByRole('button', { name: 'Apply rules' }).click();
  const dialog = page.getByRole('dialog', { name: 'Apply rules' });
  await dialog.getByRole('switch', { name: /Also move accounts/ }).click();
  await dialog.getByRole('button', { name: /^Place \d+ accounts/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  const north =
    (await readList(admin.page, 'territory', { filter: { field: 'name', op: 'eq', value: 'Northern Europe' } })).rows[0]
      ?.id ?? '';
  const placed: Filter = { and: [isCustomer, { field: 'territoryId', op: 'eq', value: north }] };
  await waitFor(
    'every customer in the north',
    async () => (await readList(admin.page, 'account', { filter: placed })).total === total,
  );
});
