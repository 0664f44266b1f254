// A representative puts a number in place of the own forecast without a network and submits it; the manager sees it on
// another computer, sets a quota, adjusts and looks behind a number. With the application's own windows on both sides.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import { Device, waitFor, type Credentials } from '#test/support/device.ts';
import { setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let boss: Device;
let rep: Device;
let repName: string;
let repId: string;
let administrator: Credentials | undefined;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  boss = new Device({ serverUrl: server.url });
  await boss.start();
  const people = await boss.enterDemo('manager');
  const credentials = people.get('sales_rep');
  administrator = people.get('org_admin');
  if (credentials === undefined) throw new Error('the demo company has no representative');
  rep = new Device({ serverUrl: null });
  await rep.start();
  await rep.signIn(server.url, credentials);
  await boss.waitUntilExchanged();
  await rep.waitUntilExchanged();
  const filter = { field: 'email', op: 'eq', value: credentials.email } as const;
  const [person] = (await readList(boss.page, 'user', { filter })).rows;
  repName = String(person?.['name']);
  repId = String(person?.id);
});

afterAll(async () => {
  await boss.remove();
  await rep.remove();
  await server.remove();
});

const lineOf = (page: Page, key: string) => page.locator(`tr[data-row="${key}"]`);
const commitOf = (page: Page, key: string) => lineOf(page, key).locator('td[data-column="commit"] [data-cell]');

async function openForecast(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Forecast' }).click();
  await page.getByRole('heading', { name: 'Forecast', exact: true }).waitFor();
  await page.locator('tr[data-row]').first().waitFor();
}

async function adjustCommit(
  page: Page,
  key: string,
  [amount, shown]: readonly [string, string],
  note: string,
): Promise<void> {
  await commitOf(page, key).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: /^Commit of/ }).fill(amount);
  await page.getByRole('textbox', { name: 'Note' }).fill(note);
  await page.keyboard.press('Enter');
  await commitOf(page, key).filter({ hasText: shown }).and(page.locator('[data-adjusted="true"]')).waitFor();
}

test('ANA-20 ANA-21 a representative adjusts and submits the own forecast offline, by keyboard', async () => {
  const { page } = rep;
  const key = `u:${repId}`;
  await setWorkOffline(page, true);
  await openForecast(page);
  expect(await page.locator('tr[data-row]').count()).toBe(1);
  const before = await commitOf(page, key).innerText();
  await adjustCommit(page, key, ['12345', '€12.3K'], 'Two will slip');
  await page.getByRole('button', { name: 'Undo' }).click();
  await commitOf(page, key).and(page.locator('[data-adjusted="false"]')).waitFor();
  expect(await commitOf(page, key).innerText()).toBe(before);
  await adjustCommit(page, key, ['12345', '€12.3K'], 'Two will slip');
  await page
    .getByRole('button', { name: `Submit ${repName}` })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Submit', exact: true }).click();
  await page.locator('[data-submission]').waitFor();
  await lookAtScreen(rep, page, 'forecast-rep');
  await setWorkOffline(page, false);
  await rep.waitUntilExchanged();
});

test('ANA-20 the manager sees the number with its reason, sets a quota, and puts another number in its place', async () => {
  const { page } = boss;
  const key = `u:${repId}`;
  await openForecast(page);
  await commitOf(page, key).and(page.locator('[data-adjusted="true"]')).waitFor();
  await commitOf(page, key).hover();
  await page.getByText('Two will slip').waitFor();
  await page.getByText('From deals').waitFor();
  await lookAtScreen(boss, page, 'forecast-explained');
  await page.mouse.move(0, 0);
  await lineOf(page, key).locator('td[data-column="quota"]').hover();
  await page.getByRole('button', { name: `Set the quota of ${repName}` }).click();
  await page.getByRole('textbox', { name: `Quota of ${repName}` }).fill('200,000');
  await page.keyboard.press('Enter');
  await lineOf(page, key).getByText('€200K').waitFor();
  await lineOf(page, key).locator('td[data-column="best_case"]').hover();
  await page.getByRole('button', { name: `Adjust Best case of ${repName}` }).click();
  await page.getByRole('textbox', { name: `Best case of ${repName}` }).waitFor();
  await lookAtScreen(boss, page, 'forecast-adjust');
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: `Best case of ${repName}` }).waitFor({ state: 'hidden' });
  await adjustCommit(page, key, ['9000', '€9,000'], 'One more will slip');
  await page.locator(`tr[data-row="${key}"] th button[data-cell]`).click();
  await page.getByText(`${repName}, explained`).waitFor();
  await page.locator('[data-submission]').waitFor();
  expect(await page.locator('[data-held]').count()).toBe(2);
  await boss.waitUntilExchanged();
  await lookAtScreen(boss, page, 'forecast-manager');
  await rep.waitUntilExchanged();
  // What the manager thinks of the number stays with the managers.
  expect((await readList(rep.page, 'forecastAdjustment', {})).rows.map((row) => row.ownerId)).toEqual([repId]);
  await waitFor('the quota on the other computer', async () =>
    (await readList(rep.page, 'quota', {})).rows.find((row) => row['amount'] === 200_000_00),
  );
});

test('ANA-20 a number opens the deals it is made of, and their category is set by hand right there', async () => {
  const { page } = boss;
  const key = `u:${repId}`;
  await openForecast(page);
  const pipeline = lineOf(page, key).locator('td[data-column="pipeline"] [data-cell]');
  const mostLikely = lineOf(page, key).locator('td[data-column="most_likely"] [data-cell]');
  const [before, judged] = [await pipeline.innerText(), await mostLikely.innerText()];
  await pipeline.click();
  const cell = page.locator('.ag-row[row-index="0"] [col-id="forecastCategory"]');
  await cell.getByText('Pipeline').waitFor();
  const id = String(await page.locator('.ag-row[row-index="0"]').first().getAttribute('row-id'));
  await lookAtScreen(boss, page, 'forecast-deals');
  await cell.dblclick();
  await cell.locator('.ag-picker-field-wrapper').click();
  await page.locator('.ag-list-item', { hasText: 'Most likely' }).click();
  await waitFor('the category', async () => {
    const deal = await readRecord(page, 'deal', id);
    return deal?.['forecastCategory'] === 'most_likely' && deal['categorySource'] === 'manual';
  });
  await openForecast(page);
  await pipeline.getByText(before, { exact: true }).waitFor({ state: 'hidden' });
  expect(await mostLikely.innerText()).not.toBe(judged);
});

test('ANA-20 territories, cumulative columns, scenarios and other periods are one click away, in German, too', async () => {
  const { page } = boss;
  await openForecast(page);
  await page.getByText('Cumulative', { exact: true }).click();
  await page.getByRole('columnheader', { name: 'Open pipeline' }).waitFor();
  await page.getByRole('button', { name: /^Conservative/ }).click();
  await page.getByRole('button', { name: 'Period before' }).click();
  await page.getByRole('button', { name: 'Period after' }).click();
  await page.getByRole('combobox', { name: 'Period' }).click();
  await page.getByRole('option', { name: 'Next 90 days' }).click();
  await page.locator('tr[data-row]').first().waitFor();
  await boss.invoke('preferences.set', { language: 'de' });
  await page.getByRole('columnheader', { name: 'Offene Pipeline' }).waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
  const hidden = await page.getByRole('grid').evaluate((table) => {
    const { scrollWidth = 0, clientWidth = 0 } = table.parentElement ?? {};
    return scrollWidth - clientWidth;
  });
  expect(hidden).toBe(0);
  await lookAtScreen(boss, page, 'forecast-german');
  await boss.invoke('preferences.set', { language: 'en' });
  await page.getByText('Territories', { exact: true }).click();
  await page.getByText('You reach no territory as a whole', { exact: false }).waitFor();
});

test('ANA-20 an administrator says what other currencies are worth, and the whole organization adds up at once', async () => {
  const admin = new Device({ serverUrl: null });
  await admin.start();
  try {
    if (administrator === undefined) throw new Error('the demo company has no administrator');
    await admin.signIn(server.url, administrator);
    await admin.waitUntilExchanged();
    const settings = await openSettings(admin, 'figures');
    await settings.getByRole('heading', { name: 'Figures' }).waitFor();
    await settings.getByRole('textbox', { name: '1 USD in EUR' }).fill('0,9213');
    await settings.getByRole('button', { name: 'Add rate' }).click();
    await settings.getByText('1 USD = 0.9213 EUR').waitFor();
    await settings.getByRole('combobox', { name: 'First month of the fiscal year' }).selectOption('April');
    await lookAtScreen(admin, settings, 'settings-figures');
    const { page } = admin;
    await openForecast(page);
    await page.getByText(/^Q\d 20\d\d\/\d\d$/).waitFor();
    await lineOf(page, 'all').waitFor();
    await lookAtScreen(admin, page, 'forecast-organization');
    await page.getByText('Territories', { exact: true }).click();
    await page.locator('tr[data-kind="territory"]').first().waitFor();
    await lookAtScreen(admin, page, 'forecast-territories');
  } finally {
    await admin.remove();
  }
});
