// A manager looks back, without a network: the pivot as it stood on a past day and what became of the pipeline since.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { askLive, readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import { changeKinds } from '#shared/analytics/past/pipeline-change.ts';
import { addDays, toDay } from '#shared/kernel/calendar.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-home-'));
let server: TestServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  mkdirSync(path.join(home, 'Downloads'));
  server = await startServer({ isDemo: true });
  // The server ends its days at midnight UTC, the screens where the user is: here that is the same.
  device = new Device({ serverUrl: server.url, env: { TZ: 'UTC', HOME: home } });
  page = await device.start();
  await device.enterDemo('manager');
  await device.waitUntilExchanged();
  await setWorkOffline(page, true);
});

afterAll(async () => {
  await device.remove();
  await server.remove();
  rmSync(home, { recursive: true, force: true });
});

const banner = () => page.getByTestId('past-banner');
const pastDay = addDays(toDay(Date.now()), -90);

async function openNow(): Promise<number> {
  const open = { field: 'status', op: 'eq', value: 'open' } as const;
  return (await readList(page, 'deal', { filter: open, limit: 1 })).total;
}

async function showDealsNow(): Promise<void> {
  const total = await openNow();
  await page.getByText(`${total.toLocaleString('en-US')} Deals`).waitFor();
}

test('ANA-13 a pivot is looked at as of a past day by keyboard, says so, and comes back with one key', async () => {
  await goTo(page, '/analytics/pivot');
  await page.getByTestId('pivot-grid').waitFor();
  await showDealsNow();
  await page.getByRole('button', { name: 'Now', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '90 days ago' }).focus();
  await page.keyboard.press('Enter');
  await banner().waitFor();
  const spec = {
    source: 'deal',
    asOf: pastDay,
    filter: { and: [{ field: 'status', op: 'eq', value: 'open' }] },
    rows: [{ field: 'stageId' }],
    columns: [],
    values: [{ id: 'count', kind: 'field', aggregation: 'count' }],
  } as const;
  const { result } = await askLive(page, 'pivot', { spec });
  expect(result.records).toBeGreaterThan(0);
  expect(result.records).not.toBe(await openNow());
  await page.getByText(`${result.records.toLocaleString('en-US')} Deals`).waitFor();
  await lookAtScreen(device, page, 'pivot-past');
  await page.keyboard.press('Alt+0');
  await banner().waitFor({ state: 'hidden' });
  await showDealsNow();
});

test('ANA-13 a number of the past leads to the records that were behind it, with a word about their values', async () => {
  await page.getByRole('button', { name: 'Now', exact: true }).click();
  await page.getByRole('button', { name: 'End of last quarter' }).click();
  await banner().waitFor();
  const cell = page.getByTestId('pivot-grid').locator('[row-index="b-0"]').locator('[col-id="0:1"]').first();
  await waitFor('the total of that day', async () => /\d/.test((await cell.textContent()) ?? ''));
  await cell.dblclick();
  await page
    .getByRole('button', { name: 'Show all records again' })
    .filter({ hasText: 'with the values of today' })
    .waitFor();
  await page.getByRole('button', { name: 'Show all records again' }).click();
  await goTo(page, '/analytics/pivot');
});

test('ANA-13 a report keeps its past day, also over a restart', async () => {
  await banner().waitFor();
  await page.getByRole('button', { name: 'Save as …' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Quarter end');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Report saved.').waitFor();
  const [report] = (await readList(page, 'report', { limit: 10 })).rows;
  await page.getByRole('button', { name: 'Back to now' }).click();
  await banner().waitFor({ state: 'hidden' });
  await device.quit();
  page = await device.start();
  await goTo(page, `/reports/${report?.id ?? ''}`);
  await banner().waitFor();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await banner().waitFor({ state: 'hidden' });
});

test('ANA-13 what became of the pipeline adds up, bar by bar and deal by deal, and names what a deal was before', async () => {
  await goTo(page, '/analytics/changes');
  const waterfall = page.getByRole('region', { name: 'From one day to the other' });
  await waterfall.locator('svg').first().waitFor();
  await page
    .getByRole('combobox', { name: 'Since' })
    .or(page.getByRole('textbox', { name: 'Since' }))
    .first()
    .click();
  await page.getByRole('option', { name: '90 days ago' }).click();
  const query = { from: pastDay, to: toDay(Date.now()), period: null, limit: 1000 };
  const answer = await askLive(page, 'pipelineChange', query);
  const parts = changeKinds.reduce((sum, kind) => sum + answer.parts[kind].value, 0);
  expect(answer.start.value + parts).toBe(answer.end.value);
  expect(answer.end.count).toBe(await openNow());
  expect(answer.parts.new.count).toBeGreaterThan(0);
  await waterfall.getByRole('button', { name: 'Show From one day to the other as a table' }).click();
  const table = waterfall.getByRole('table');
  await waitFor('a bar for each kind of change', async () => {
    const kinds = changeKinds.filter((kind) => answer.parts[kind].count > 0);
    return (await table.getByRole('row').count()) === kinds.length + 3;
  });
  await table.getByRole('row', { name: /^Won/ }).getByRole('button').focus();
  await page.keyboard.press('Enter');
  const deals = page.getByTestId('changed-deals').locator('tbody tr');
  await waitFor('only won deals', async () => {
    const kinds = await deals.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-kind')));
    return kinds.length === Math.min(100, answer.parts.won.count) && kinds.every((kind) => kind === 'won');
  });
  await waterfall.getByRole('button', { name: 'Show From one day to the other as a chart' }).click();
  await lookAtScreen(device, page, 'changes');
  await page.getByRole('button', { name: 'Won: Show all changes' }).click();
  await waitFor('the first changes', async () => (await deals.count()) === Math.min(100, answer.total.count));
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'CSV' }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByText(`${answer.total.count.toLocaleString('en-US')} rows were exported to`).waitFor();
  await dialog.locator('[data-saved="saved"]').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Show more' }).click();
  await waitFor('more changes', async () => (await deals.count()) === Math.min(500, answer.total.count));
  await deals.first().getByRole('link').click();
  await page.waitForFunction(() => window.location.hash.startsWith('#/deals/'));
  await goTo(page, '/analytics/changes');
});

test('ANA-13 the history on the computer says of past days what the server wrote down when they ended', async () => {
  const today = toDay(Date.now());
  const trend = await askLive(page, 'pipelineTrend', { to: today, days: 90, period: null });
  expect(trend.fromSnapshots).toBeGreaterThan(80);
  for (const back of [2, 9, 20, 50, 85]) {
    const point = trend.points.find(({ day }) => day === addDays(today, -back));
    const from = addDays(today, -back);
    const { start } = await askLive(page, 'pipelineChange', { from, to: today, period: null, limit: 1 });
    expect([from, start.count, start.value]).toEqual([from, point?.count, point?.value]);
  }
});

test('ANA-13 the comparison speaks German', async () => {
  await device.invoke('preferences.set', { language: 'de' });
  await page.getByRole('heading', { name: 'Pipeline-Änderungen' }).waitFor();
  await page.getByRole('region', { name: 'Offene Pipeline, letzte 90 Tage' }).locator('svg').first().waitFor();
  await lookAtScreen(device, page, 'changes-de');
  await device.invoke('preferences.set', { language: 'en' });
});
