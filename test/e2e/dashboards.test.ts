// Dashboards as people use them: the one that fits the role is there at once, a copy is arranged by mouse and by keyboard,
// numbers move when records change, and every chart can be read as a table.
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
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

const tile = (name: string) => page.getByRole('region', { name, exact: true }).and(page.locator('[data-tile]'));
const value = (metric: string) => page.locator(`[data-metric="${metric}"]`);

/** Every chart on the screen has drawn its marks. */
async function waitForCharts(): Promise<void> {
  await page.locator('[data-testid="dashboard"]').waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-chart] [role="img"]')].every(
      (chart) => chart.getAttribute('data-drawn') === 'true' && chart.querySelector('svg path, svg rect') !== null,
    ),
  );
}

async function openBuiltIn(id: string): Promise<void> {
  await goTo(page, `/analytics/dashboards/${id}`);
  await waitForCharts();
}

async function boxOf(name: string) {
  const box = await tile(name).boundingBox();
  if (box === null) throw new Error(`no tile ${name}`);
  return box;
}

describe('built-in dashboards', () => {
  test('TSK-07 a manager meets the performance of the team first, and the figures of the own records', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Dashboards' }).click();
    await page.getByRole('heading', { name: 'Team performance', level: 1 }).waitFor();
    await waitForCharts();
    const won = await value('wonValue').textContent();
    expect(won).toMatch(/[€$£]?\s?\d/);
    await tile('Leaderboard').getByRole('row').nth(1).waitFor();
    expect(device.pageErrors).toEqual([]);
  });

  test.each(['rep', 'manager', 'executive', 'leads', 'pipeline', 'forecast'])(
    'ANA-06 the dashboard %s has its figures, and nothing that axe finds, by day and by night',
    async (id) => {
      await openBuiltIn(id);
      expect(await page.locator('[data-unavailable]').count()).toBe(0);
      await lookAtScreen(device, page, `dashboard-${id}`);
    },
  );

  test('ANA-16 a chart has a table with the same numbers, and opens the records behind one of them', async () => {
    await openBuiltIn('leads');
    const chart = tile('Leads by source');
    await chart.hover();
    await chart.getByRole('button', { name: 'Show Leads by source as a table' }).click();
    const row = chart.getByRole('row').nth(1);
    const count = Number(await row.getByRole('cell').textContent());
    expect(count).toBeGreaterThan(0);
    await row.getByRole('button').click();
    await page.waitForURL((url) => url.hash === '#/leads');
    await page
      .getByText(new RegExp(`^${String(count)} `))
      .first()
      .waitFor();
  });

  test('ANA-16 a chart is saved as a drawing and as a picture', async () => {
    await openBuiltIn('leads');
    const chart = tile('Leads by status');
    await chart.hover();
    // What a page offers as a file lands in the user's folder; here it is caught at the link.
    await page.evaluate(() => {
      const offered: string[] = [];
      Object.assign(window, { offered });
      const blobs = new Map<string, Blob>();
      const create = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob: Blob) => {
        const url = create(blob);
        blobs.set(url, blob);
        return url;
      };
      HTMLAnchorElement.prototype.click = function catchFile(this: HTMLAnchorElement) {
        const blob = blobs.get(this.href);
        offered.push(`${this.download} ${blob?.type ?? ''} ${(blob?.size ?? 0) > 500 ? 'full' : 'empty'}`);
      };
    });
    for (const choice of ['Drawing (SVG)', 'Picture (PNG)']) {
      await chart.getByRole('button', { name: 'Save Leads by status as a picture' }).click();
      await page.getByRole('menuitem', { name: choice }).click();
      await page.getByRole('menuitem', { name: choice }).waitFor({ state: 'hidden' });
    }
    await page.waitForFunction(() => (window as unknown as { offered: string[] }).offered.length === 2);
    expect(await page.evaluate(() => (window as unknown as { offered: string[] }).offered)).toEqual([
      'Leads by status.svg image/svg+xml full',
      'Leads by status.png image/png full',
    ]);
  });

  test('ANA-11 numbers move when a record changes', async () => {
    await openBuiltIn('pipeline');
    const open = Number(await value('openDeals').textContent());
    const { rows } = await readList(page, 'deal', {
      filter: { and: [{ field: 'status', op: 'eq', value: 'open' }] },
      limit: 1,
    });
    const deal = rows[0];
    if (deal === undefined) throw new Error('no open deal');
    await goTo(page, `/deals/${deal.id}`);
    await page.getByRole('button', { name: 'More' }).first().click();
    await page.getByRole('menuitem', { name: /Delete/ }).click();
    const undo = page.getByRole('button', { name: 'Undo' });
    await undo.waitFor();
    await openBuiltIn('pipeline');
    const shows = (wanted: number) =>
      page.waitForFunction(
        (text) => document.querySelector('[data-metric="openDeals"]')?.textContent === text,
        String(wanted),
      );
    await shows(open - 1);
    // While the dashboard is looked at.
    await undo.click();
    await shows(open);
  });
});

describe('a dashboard of one’s own', () => {
  test('TSK-06 a copy is made, arranged by keyboard, by mouse, taken back, added to, and is there after a restart', async () => {
    await openBuiltIn('pipeline');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('My pipeline');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'My pipeline', level: 1 }).waitFor();
    await waitForCharts();
    await page.getByRole('button', { name: 'Arrange' }).click();

    const before = await boxOf('Open deals');
    await page.getByRole('button', { name: /^Move Open deals/ }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByText('Tiles arranged.').waitFor();
    const moved = await boxOf('Open deals');
    expect(moved.x).toBeGreaterThan(before.x + 100);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForFunction(
      (x) => Math.abs((document.querySelector('[data-tile]')?.getBoundingClientRect().x ?? 0) - x) < 2,
      before.x,
    );
    expect((await boxOf('Open deals')).x).toBeCloseTo(before.x, 0);

    // By mouse: the first tile to the right end of its row.
    const handle = await page.getByRole('button', { name: /^Move Open deals/ }).boundingBox();
    const last = await boxOf('Sales cycle (median)');
    if (handle === null) throw new Error('no handle');
    await page.mouse.move(handle.x + 6, handle.y + 8);
    await page.mouse.down();
    await page.mouse.move(handle.x + 40, handle.y + 12, { steps: 5 });
    await page.locator('[data-tile][data-carried="true"]').waitFor();
    await page.mouse.move(last.x + 10, last.y + 14, { steps: 12 });
    await page.mouse.up();
    await page.locator('[data-tile][data-carried="true"]').waitFor({ state: 'detached' });
    await page.waitForFunction(
      (x) =>
        [...document.querySelectorAll('[data-tile]')].some(
          (one) => one.textContent.startsWith('Open deals') && one.getBoundingClientRect().x > x,
        ),
      before.x + 300,
    );
    await lookAtScreen(device, page, 'dashboard-arranging');

    await page.getByRole('button', { name: 'Add tile' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).fill('What we won');
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    await tile('What we won').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();

    await device.quit();
    page = await device.start();
    const [saved] = (await readList(page, 'dashboard', { limit: 5 })).rows;
    await openBuiltIn(saved?.id ?? '');
    await tile('What we won').waitFor();
    expect((await boxOf('Open deals')).x).toBeGreaterThan(before.x + 300);
  });

  test('ANA-14 a saved report is a tile, drawn or as a table, and a click on it opens its records', async () => {
    await goTo(page, '/analytics/pivot');
    await page.getByText('Chart', { exact: true }).click();
    await page.locator('[data-chart] [data-drawn="true"] svg path').first().waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Save as …' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Deals drawn');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Report saved.').waitFor();

    const [saved] = (await readList(page, 'dashboard', { limit: 5 })).rows;
    await openBuiltIn(saved?.id ?? '');
    await page.getByRole('button', { name: 'Arrange' }).click();
    await page.getByRole('button', { name: 'Add tile' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Show as').and(page.locator('input[aria-haspopup]')).click();
    await page.getByRole('option', { name: 'Saved report' }).click();
    await dialog.getByRole('button', { name: 'Add' }).click();
    const report = tile('Deals drawn');
    await report.locator('[data-drawn="true"] svg path').first().waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Done' }).click();
    await report.scrollIntoViewIfNeeded();
    await lookAtScreen(device, page, 'dashboard-report');
    await report.hover();
    await report.getByRole('button', { name: 'Show Deals drawn as a table' }).click();
    await report.getByRole('row').nth(1).getByRole('button').first().click();
    await page.waitForURL((url) => url.hash === '#/deals');
    await page.getByRole('button', { name: 'Show all records again' }).click();
  });

  test('TSK-06 it is read in German and in a narrow window', async () => {
    await openBuiltIn('executive');
    await device.invoke('preferences.set', { language: 'de' });
    await page.getByRole('heading', { name: 'Überblick für die Leitung', level: 1 }).waitFor();
    await page.setViewportSize({ width: 800, height: 700 });
    await waitForCharts();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(800);
    await lookAtScreen(device, page, 'dashboard-narrow-de');
    await page.setViewportSize({ width: 1280, height: 800 });
    await lookAtScreen(device, page, 'dashboard-1280-de');
    const teams = tile('Leistung der Teams').getByRole('region', { name: 'Leistung der Teams' });
    await teams.getByRole('columnheader', { name: 'Gewichtet' }).waitFor();
    expect(await teams.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    await openBuiltIn('manager');
    const board = tile('Rangliste').getByRole('region', { name: 'Rangliste' });
    await board.getByRole('columnheader', { name: 'Aktivitäten' }).waitFor();
    expect(await board.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    expect(device.pageErrors).toEqual([]);
  });
});
