// Every screen under the rules of axe (WCAG 2.2 A and AA), by day and by night.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

const themes = ['light', 'dark'] as const;
let server: TestServer;
let device: Device;
const settled: Readonly<Record<string, string>> = {
  '/home': 'li[data-task]',
  '/pipeline': '[data-card]',
  '/deals': '.ag-row [col-id="name"]',
  '/accounts': '.ag-row [col-id="name"]',
  '/contacts': '.ag-row [col-id="name"]',
  '/leads': '.ag-row [col-id="name"]',
  '/tasks': '.ag-row [col-id="subject"]',
  '/activities': '.ag-row [col-id="subject"]',
  '/attention': 'h1',
  '/inbox': 'h1',
  '/deleted': 'h1',
  '/analytics/forecast': 'tr[data-row]',
  '/analytics/changes': 'h2',
  '/goals': 'tr[data-goal]',
  '/campaigns': 'h1',
  '/campaigns/templates': 'h1',
  '/import': 'h1',
};

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  await device.start();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
});

async function findViolations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 4).map((node) => `${id}: ${help} at ${node.target.join(' ')} ${node.html.slice(0, 160)}`),
  );
}

async function setTheme(theme: 'light' | 'dark'): Promise<void> {
  await device.invoke('preferences.set', { theme });
  await device.page.waitForFunction(
    (wanted) => document.documentElement.dataset['mantineColorScheme'] === wanted,
    theme,
  );
}

test.each(themes)('A11Y welcome screen, %s', async (theme) => {
  await setTheme(theme);
  await device.page.getByText('Try the demo company').waitFor();
  expect(await findViolations(device.page)).toEqual([]);
});

test('A11Y the demo company is entered by keyboard: who is offered first has the focus', async () => {
  const { page } = device;
  await page.getByRole('button', { name: 'Try the demo company' }).focus();
  await page.keyboard.press('Enter');
  await page
    .getByTestId('demo-sales_rep')
    .getByRole('button', { name: /^Enter as/ })
    .and(page.locator(':focus'))
    .waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
});

describe('signed in', () => {
  beforeAll(async () => {
    await device.enterDemo('sales_rep');
    await device.waitUntilExchanged();
  });

  describe.each(themes)('%s', (theme) => {
    beforeAll(() => setTheme(theme));

    test.each(Object.entries(settled))('A11Y screen %s', async (path, settledBy) => {
      await goTo(device.page, path);
      await device.page.locator(settledBy).first().waitFor();
      expect(await findViolations(device.page)).toEqual([]);
    });

    test('A11Y page of a deal, its editor and the dialog for a new record', async () => {
      const { page } = device;
      const [deal] = (await readList(page, 'deal', { limit: 1 })).rows;
      await goTo(page, `/deals/${deal?.id ?? ''}`);
      await page.locator('li[data-type]').first().waitFor();
      expect(await findViolations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Edit Close date' }).click();
      await page.waitForTimeout(400);
      expect(await findViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Log activity' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).waitFor();
      await page.waitForTimeout(300);
      expect(await findViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    });

    test('A11Y palette and the details of the sync chip', async () => {
      const { page } = device;
      await page.keyboard.press('Control+k');
      await page.locator('[aria-controls="palette-list"]').fill('ber');
      await page.locator('#palette-list [role="option"]').nth(1).waitFor();
      await page.waitForTimeout(200);
      expect(await findViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('#palette-list').waitFor({ state: 'hidden' });
      await page.getByTestId('sync-chip').click();
      await page.getByRole('switch', { name: 'Work offline' }).waitFor();
      await page.waitForTimeout(300);
      expect(await findViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });

    const sections = [
      'profile',
      'devices',
      'offline',
      'about',
      'users',
      'teams',
      'reporting',
      'roles',
      'pipelines',
      'fields',
      'territories',
    ];
    test.each(sections)('A11Y settings %s', async (section) => {
      await device.invoke('window.openSettings', { section });
      const page = await waitFor('the settings window', () =>
        Promise.resolve(device.launched.app.windows().find((window) => window.url().includes('#/settings/'))),
      );
      await goTo(page, `/settings/${section}`);
      await page.locator('h1').waitFor();
      await page.waitForTimeout(200);
      expect(await findViolations(page)).toEqual([]);
    });
  });
});
