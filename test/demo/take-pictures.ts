import type { Photographer } from './report.ts';
import { readList } from '#test/support/ask-data.ts';
import type { Device } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';

/** Every main screen in English; the board also in the dark. */
export async function photographScreens(device: Device, photograph: Photographer): Promise<void> {
  const { page } = device;
  await goTo(page, '/home');
  await page.locator('li[data-task]').first().waitFor();
  await photograph(page, 'home');
  await goTo(page, '/pipeline');
  await page.locator('[data-card]').first().waitFor();
  await photograph(page, 'board-light');
  await device.invoke('preferences.set', { theme: 'dark' });
  await photograph(page, 'board-dark');
  await device.invoke('preferences.set', { theme: 'light' });
  await goTo(page, '/deals');
  await page.locator('.ag-row [col-id="name"]').first().waitFor();
  await photograph(page, 'deals-grid');
  const [deal] = (await readList(page, 'deal', { limit: 1 })).rows;
  await goTo(page, `/deals/${deal?.id ?? ''}`);
  await page.locator('li[data-type]').first().waitFor();
  await photograph(page, 'record');
  await page.keyboard.press('Control+k');
  await page.locator('[aria-controls="palette-list"]').fill('ber');
  await page.locator('#palette-list [role="option"]').nth(2).waitFor();
  await photograph(page, 'palette');
  await page.keyboard.press('Escape');
  await goTo(page, '/import');
  await photograph(page, 'import');
  await photographSettings(device, photograph, 'settings');
}

async function photographSettings(device: Device, photograph: Photographer, name: string): Promise<void> {
  await device.invoke('window.openSettings', { section: 'profile' });
  const settings = await device.launched.window('/settings/profile');
  await settings.locator('h1').waitFor();
  await photograph(settings, name);
  await settings.close();
}

export async function photographInGerman(device: Device, photograph: Photographer): Promise<void> {
  const { page } = device;
  await device.invoke('preferences.set', { language: 'de' });
  for (const [screen, name] of [
    ['/home', 'home-german'],
    ['/pipeline', 'board-german'],
    ['/deals', 'deals-grid-german'],
    ['/attention', 'attention-german'],
    ['/import', 'import-german'],
  ] as const) {
    await goTo(page, screen);
    await photograph(page, name);
  }
  await photographSettings(device, photograph, 'settings-german');
  await device.invoke('preferences.set', { language: 'en' });
}
