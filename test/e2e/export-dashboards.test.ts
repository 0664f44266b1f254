// A manager takes a dashboard out of Outpost, in every form, with its filters in the head and its charts as drawings; reports on
// it are narrowed by the same filters, or say by which they are not.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { keepForLooking, readPdfPages, readPictures, readWithLibreOffice } from '#test/support/read-exports.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import { askAgain, ExportHome, openJobs, textOfFile, type ExportForm } from '#test/support/take-export.ts';

const home = new ExportHome();
let server: TestServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url, env: { HOME: home.home } });
  page = await device.start();
  await device.enterDemo('manager');
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
  home.remove();
});

const exportAs = (form: ExportForm): Promise<Uint8Array> => home.exportAs(page, form);
const textOf = textOfFile;
const tile = (name: string) => page.getByRole('region', { name, exact: true }).and(page.locator('[data-tile]'));

async function openBuiltIn(id: string): Promise<void> {
  await goTo(page, `/analytics/dashboards/${id}`);
  await page.getByTestId('dashboard').waitFor();
}

test('ANA-17 a dashboard becomes a document: numbers with their change, charts as vectors, tables, filters in the head', async () => {
  await openBuiltIn('executive');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByTestId('export-dialog').waitFor();
  await lookAtScreen(device, page, 'export-dashboard');
  await page.keyboard.press('Escape');
  const pdf = await exportAs('pdf');
  const pages = readPdfPages(pdf);
  const text = pages.join('\n');
  expect(pages[0]).toContain('Executive summary');
  expect(pages[0]).toMatch(/Exported by .+\n.*Period: This quarter \(/);
  expect(pages[0]).toContain(`Page 1 of ${String(pages.length)}`);
  for (const title of ['Average deal', 'Team performance', 'Largest open deals']) expect(text).toContain(title);
  expect(Buffer.from(pdf).includes('/Subtype /Image')).toBe(false);
  keepForLooking('dashboard', { pdf });
  const html = textOf(await exportAs('html'));
  expect(html.match(/<svg role="img"/g)?.length).toBeGreaterThan(2);
  expect(html).not.toMatch(/<script/);
  keepForLooking('dashboard', { html });
});

test('ANA-17 the same dashboard in Excel has the figures as numbers, a sheet for each tile, and its charts', async () => {
  const bytes = await exportAs('xlsx');
  keepForLooking('dashboard', { xlsx: bytes });
  const book = readWithLibreOffice(bytes);
  const overview = book.get('Executive summary') ?? [];
  const { rows: deals } = await readList(page, 'deal', {
    filter: { field: 'status', op: 'eq', value: 'open' },
    limit: 1000,
  });
  const open = deals.reduce((sum, deal) => sum + Number(deal['amount'] ?? 0), 0);
  const line = overview.find(([name]) => name === 'Open pipeline');
  expect(line?.[1]).toBe(String(open / 100));
  expect(book.get('Team performance')?.[0]).toContain('Win rate');
  expect(readPictures(bytes).length).toBeGreaterThan(2);
  const json = JSON.parse(textOf(await exportAs('json'))) as { about: string[]; parts: { title: string }[] };
  expect(json.parts.map(({ title }) => title)).toContain('Team performance');
  const csv = textOf(await exportAs('csv')).split('\r\n');
  expect(csv.some((text) => text.startsWith('Open pipeline,1,Open pipeline,Value,'))).toBe(true);
});

test('ANA-11 a report on a dashboard is narrowed by the filters of all tiles, and says by which it is not', async () => {
  await goTo(page, '/analytics/pivot');
  await page.getByTestId('pivot-grid').waitFor();
  await page.getByRole('button', { name: 'Save as …' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Open by stage');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Report saved.').waitFor();
  await openBuiltIn('manager');
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Arrange' }).click();
  await page.getByRole('button', { name: 'Add tile' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Show as').and(page.locator('input[aria-haspopup]')).click();
  await page.getByRole('option', { name: 'Saved report' }).click();
  await dialog.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  const report = tile('Open by stage');
  await report.getByText('Period by “Close date”').waitFor();
  const { rows: deals } = await readList(page, 'deal', {
    filter: { field: 'status', op: 'eq', value: 'open' },
    limit: 1000,
  });
  const owner = String(deals[0]?.['ownerId']);
  const { rows: users } = await readList(page, 'user', { limit: 100 });
  const name = String(users.find(({ id }) => id === owner)?.['name']);
  await page.getByLabel('Period', { exact: true }).and(page.locator('input')).click();
  await page.getByRole('option', { name: 'All time' }).click();
  await report.getByText('Period by “Close date”').waitFor({ state: 'detached' });
  await page.getByLabel('Everyone').and(page.locator('input')).fill(name);
  await page.getByRole('option', { name }).first().click();
  const own = deals.filter((deal) => deal['ownerId'] === owner).length;
  await waitFor('the report of one person', async () => {
    const json = JSON.parse(textOf(await exportAs('json'))) as {
      about: string[];
      parts: { title: string; rows: Record<string, unknown>[] }[];
    };
    const total = json.parts.find(({ title }) => title === 'Open by stage')?.rows.at(-1) ?? {};
    expect(json.about).toContain(`Owner: ${name}`);
    return Object.values(total).includes(own) ? true : undefined;
  });
  await report.scrollIntoViewIfNeeded();
  await lookAtScreen(device, page, 'dashboard-narrowed');
});

test('ANA-20 a forecast is exported with every number of every line, and a submitted one with its deals', async () => {
  await goTo(page, '/analytics/forecast');
  await page.locator('tr[data-row]').first().waitFor();
  await page
    .getByRole('button', { name: /^Submit / })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Submit', exact: true }).click();
  const button = page.getByRole('button', { name: /^Export the deals of the forecast/ }).first();
  await button.waitFor();
  await lookAtScreen(device, page, 'export-forecast');
  const shown = await page.locator('tr[data-row]').count();
  const all = await home.exportAs(page, 'xlsx', { rows: /how each number came about/ });
  const book = readWithLibreOffice(all).get('Forecast') ?? [];
  expect(book[0]?.slice(1, 5)).toEqual(['Closed', '', '', 'Commit']);
  expect(book.slice(2)).toHaveLength(shown);
  const pdf = await exportAs('pdf');
  expect(readPdfPages(pdf)[0]).toMatch(
    /Closed\s+Commit\s+Most likely\s+Best case\s+Pipeline\s+Forecast\s+Quota\s+Attained/,
  );
  keepForLooking('forecast', { pdf });
  const bytes = await home.exportAs(page, 'json', { button: /^Export the deals of the forecast/ });
  const json = JSON.parse(textOf(bytes)) as { about: string[]; rows: Record<string, unknown>[] };
  expect(json.rows.length).toBeGreaterThan(0);
  const ids = new Set(json.rows.map((row) => row['name']));
  const { rows: deals } = await readList(page, 'deal', { limit: 1000 });
  for (const name of ids) expect(deals.map((deal) => deal['name'])).toContain(name);
  expect(json.rows.every((row) => row['changed'] === false)).toBe(true);
});

test('OBS-04 ANA-17 a dashboard, a forecast, its submitted deals and the changes of the pipeline are exported again from Background jobs, with none of their screens open', async () => {
  const asked: [what: string | RegExp, file: string][] = [];
  const exportFirst = async (
    what: string | RegExp,
    options: Parameters<ExportHome['exportAs']>[2] = {},
  ): Promise<void> => {
    asked.push([what, textOf(await home.exportAs(page, 'csv', options))]);
  };
  await goTo(page, '/analytics/dashboards/executive');
  await page.getByTestId('dashboard').waitFor();
  await exportFirst('Executive summary · CSV');
  await goTo(page, '/analytics/forecast');
  await page.locator('tr[data-row]').first().waitFor();
  await exportFirst('Forecast · CSV', { rows: /how each number came about/ });
  await exportFirst(/Forecast of .+ · CSV/, { button: /^Export the deals of the forecast/ });
  await goTo(page, '/analytics/changes');
  await page.getByRole('button', { name: 'Export', exact: true }).waitFor();
  await exportFirst('Pipeline changes · CSV');
  await goTo(page, '/tasks');
  const jobs = await openJobs(device);
  // They were asked for in English.
  await device.invoke('preferences.set', { language: 'de' });
  await jobs.getByRole('heading', { name: 'Aufträge', exact: true }).waitFor();
  for (const [what, file] of asked) {
    await askAgain(jobs, what);
    expect(textOf(await home.take('csv')), String(what)).toBe(file);
  }
  await lookAtScreen(device, jobs, 'export-jobs-german');
  expect(page.url()).toMatch(/#\/tasks/);
});
