// What a deal sells is entered on its page, without a network, from the catalogue a person keeps in the list of products.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let device: Device;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  await device.start();
  await device.enterDemo('org_admin');
  await device.waitUntilExchanged();
}, 180_000);

afterAll(async () => {
  await device.remove();
  await server.remove();
});

test('CRM-17 a product is made in its list, sold on a deal without a network, and the amount follows when it is taken over', async () => {
  const { page } = device;
  await page.getByRole('link', { name: 'Products' }).click();
  await page.getByRole('button', { name: 'New product' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').first().fill('Harbour crane');
  await form.getByLabel('Price').fill('1,250');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  await goTo(page, '/products');
  await page.getByText('Harbour crane').first().waitFor();
  await lookAtScreen(device, page, 'products');

  await setWorkOffline(page, true);
  const [deal] = (await readList(page, 'deal', { filter: { field: 'status', op: 'eq', value: 'open' }, limit: 1 }))
    .rows;
  const id = deal?.id ?? '';
  await goTo(page, `/deals/${id}`);
  const panel = page.locator('section', { has: page.getByRole('heading', { name: /^Products/ }) });
  await panel.getByRole('button', { name: 'Edit products' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add a product' }).click();
  const number = await dialog.locator('[data-line]').count();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This is needed').first().waitFor();
  await dialog.getByRole('combobox', { name: `Product ${String(number)}` }).fill('Harbour');
  await page.getByRole('option', { name: 'Harbour crane' }).click();
  await waitFor('the price of the catalogue', async () =>
    (await dialog.getByLabel(`Price ${String(number)}`).inputValue()).includes('1,250') ? true : null,
  );
  await dialog.getByLabel(`Quantity ${String(number)}`).fill('3');
  await dialog.getByLabel(`Discount ${String(number)}`).fill('10');
  await lookAtScreen(device, page, 'deal-lines-edit');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await panel.getByText('Harbour crane').waitFor();
  await panel
    .getByText(/€3,375/)
    .first()
    .waitFor();
  await lookAtScreen(device, page, 'deal-lines');
  const before = (await readRecord(page, 'deal', id))?.['amount'];
  await panel.getByRole('button', { name: /^Make it/ }).click();
  await waitFor('the amount', async () => {
    const amount = (await readRecord(page, 'deal', id))?.['amount'];
    return typeof amount === 'number' && amount !== before ? true : null;
  });
  await setWorkOffline(page, false);
  await device.waitUntilExchanged();
  const record = await readRecord(page, 'deal', id);
  const product = (await readList(page, 'product', { limit: 500 })).rows.find((row) => row['name'] === 'Harbour crane');
  expect(record?.['productIds']).toContain(product?.id);
  expect(record?.pending ?? []).toEqual([]);
});
