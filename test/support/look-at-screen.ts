// What a screen must be in light and in dark: nothing for axe to find, and, if somebody wants to look, a picture.
import { AxeBuilder } from '@axe-core/playwright';
import path from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'vitest';
import { type Device, waitFor } from '#test/support/device.ts';

/** Folder for pictures. */
const pictures = process.env['OUTPOST_TEST_PICTURES'];

const MOST_TRIES = 5;

/** Colours on their way to others have no contrast of their own: nothing moves, and so many messages stand there. */
async function settle(page: Page): Promise<number> {
  await page.waitForFunction(() =>
    document.getAnimations().every(({ effect }) => effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY),
  );
  return page.locator('.mantine-Notification-root').count();
}

/** What axe finds against WCAG. A screen on which a message went or came meanwhile is judged again. */
async function judge(page: Page): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const before = await settle(page);
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    const serious = violations.filter(({ tags }) => tags.some((tag) => tag.startsWith('wcag')));
    found = serious.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`);
    if ((await settle(page)) === before) return found;
  }
  return found;
}

/** Fails with what axe finds against WCAG. `page` is a window of the device. */
export async function lookAtScreen(device: Device, page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await device.invoke('preferences.set', { theme });
    await page.waitForFunction((wanted) => document.documentElement.dataset['mantineColorScheme'] === wanted, theme);
    expect(await judge(page)).toEqual([]);
    if (pictures === undefined) continue;
    await page.screenshot({ path: path.join(pictures, `${name}-${theme}.png`), fullPage: true });
  }
}

export async function openSettings(device: Device, section: string): Promise<Page> {
  await device.invoke('window.openSettings', { section });
  return waitFor('the settings window', () =>
    Promise.resolve(device.launched.app.windows().find((window) => window.url().includes('#/settings/'))),
  );
}
