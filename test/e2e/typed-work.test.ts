// What is typed into a dialog goes only when the person says so, and what cannot be taken back any more is not offered.
import { once } from 'node:events';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { openSettings } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';

let server: TestServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  page = await device.start();
  await device.enterDemo('sales_rep');
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
});

const form = () => page.getByRole('dialog', { name: 'New deal' });
const question = () => page.getByRole('dialog', { name: 'Discard what you typed?' });
const nameField = () => form().getByRole('textbox', { name: 'Name' });

async function openNewDeal(): Promise<void> {
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByRole('menuitem', { name: 'New deal' }).click();
  await nameField().waitFor();
}

test.each(['Escape', 'Cancel', 'Close'])(
  'UI-FORM a filled dialog asks before it closes by %s, and keeps what was typed',
  async (way) => {
    await openNewDeal();
    await nameField().fill('A deal in the making');
    if (way === 'Escape') await page.keyboard.press('Escape');
    else await form().getByRole('button', { name: way }).click();
    await question().waitFor();
    await page.keyboard.press('Escape');
    await question().waitFor({ state: 'hidden' });
    expect(await nameField().inputValue()).toBe('A deal in the making');
    await form().getByRole('button', { name: 'Cancel' }).click();
    await question().getByRole('button', { name: 'Discard' }).click();
    await form().waitFor({ state: 'hidden' });
  },
);

test('UI-KEYS the plus offers everything its user may make, with the key of each', async () => {
  await page.getByRole('button', { name: 'New', exact: true }).focus();
  await page.keyboard.press('Enter');
  const menu = page.getByRole('menu');
  await menu.waitFor();
  expect(await menu.getByRole('menuitem').allInnerTexts()).toEqual([
    expect.stringMatching(/^New deal\s*n$/i),
    'New account',
    'New contact',
    'New lead',
    expect.stringMatching(/^New task\s*t$/i),
    expect.stringMatching(/^Log a call, meeting or note\s*l$/i),
    expect.stringMatching(/^Write a mail\s*w$/i),
  ]);
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'hidden' });
});

test('UI-FORM an empty dialog closes on Escape without a question', async () => {
  await openNewDeal();
  await page.keyboard.press('Escape');
  await form().waitFor({ state: 'hidden' });
});

test('UI-FORM a menu or a link takes no filled dialog away', async () => {
  await openNewDeal();
  await nameField().fill('A deal in the making');
  await device.launched.mainEvaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows())
      window.webContents.send('outpost:event', 'navigate', { path: '/home' });
  });
  await page.getByText('Save or discard it first').waitFor();
  expect(await nameField().inputValue()).toBe('A deal in the making');
  await page.keyboard.press('Escape');
  await question().getByRole('button', { name: 'Discard' }).click();
});

test('UI-FORM what is typed beside other things is in nobody’s way, and waits where it was typed', async () => {
  const line = page.getByTestId('quick-add').getByRole('textbox', { name: 'Add a task' });
  await goTo(page, '/tasks');
  await line.fill('Ask for the plans');
  await page.keyboard.press('Control+k');
  await page.locator('[aria-controls="palette-list"]').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('navigation').getByText('Deals', { exact: true }).click();
  await page.getByTestId('record-grid').waitFor();
  const comment = page.getByRole('combobox', { name: 'Write a comment' });
  const [first, second] = (await readList(page, 'deal', { limit: 2 })).rows;
  await goTo(page, `/deals/${first?.id ?? ''}`);
  await comment.fill('They want two of them');
  await goTo(page, `/deals/${second?.id ?? ''}`);
  await waitFor('a field of its own', async () => (await comment.inputValue()) === '');
  await goTo(page, `/deals/${first?.id ?? ''}`);
  await waitFor('the comment', async () => (await comment.inputValue()) === 'They want two of them');
  await comment.fill('');
  await goTo(page, '/tasks');
  expect(await line.inputValue()).toBe('Ask for the plans');
  await line.fill('');
});

test('UI-FORM a form that is not taken leads to the field that is missing, and Ctrl+Enter saves from any field', async () => {
  await openNewDeal();
  await form().getByLabel('Next step').fill('Call them');
  await form().getByRole('button', { name: 'Save' }).click();
  await nameField().and(page.locator(':focus')).waitFor();
  await nameField().fill('Saved by keyboard');
  await form().getByLabel('Next step').focus();
  await page.keyboard.press('Control+Enter');
  await form().waitFor({ state: 'hidden' });
  const filter = { field: 'name', op: 'eq', value: 'Saved by keyboard' } as const;
  await waitFor('the deal', async () => (await readList(page, 'deal', { filter })).total === 1);
});

test('UI-KEYS a letter that is begun by its key is written at once', async () => {
  await openDeal();
  await page.keyboard.press('w');
  await page.getByRole('dialog').getByLabel('Subject').and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('UI-KEYS the settings show in their list which section is open, however far down it stands', async () => {
  const settings = await openSettings(device, 'profile');
  await settings.setViewportSize({ width: 1000, height: 240 });
  await goTo(settings, '/settings/about');
  const current = settings.locator('nav [aria-current="page"]').filter({ hasText: 'This computer' });
  await waitFor('the section in the list', async () => ((await current.boundingBox())?.y ?? 240) < 220);
  await settings.close();
});

async function openDeal(): Promise<LocalRecord> {
  const filter = { field: 'status', op: 'eq', value: 'open' } as const;
  const deal = (await readList(page, 'deal', { filter, limit: 1 })).rows[0];
  if (deal === undefined) throw new Error('there is no open deal');
  await goTo(page, `/deals/${deal.id}`);
  await page.getByRole('list', { name: /stage/i }).first().waitFor();
  return deal;
}

const stages = (window = page) => window.getByRole('list', { name: /stage/i }).first().getByRole('button');

test('UI-UNDO undoing takes back the move it stands beside, and is withdrawn when the record has moved on', async () => {
  const deal = await openDeal();
  const names = await stages().allTextContents();
  const current = await stages().evaluateAll((buttons) => buttons.findIndex((b) => b.ariaCurrent === 'step'));
  const others = names.slice(0, 5).filter((_, index) => index !== current);
  // The newest: one that was used may still be on its way out.
  const toast = (stage: string) => page.getByRole('alert').filter({ hasText: stage }).last();

  await stages()
    .filter({ hasText: others[0] ?? '' })
    .click();
  await toast(others[0] ?? '')
    .getByRole('button', { name: 'Undo' })
    .click();
  await waitFor(
    'the stage before',
    async () => (await readRecord(page, 'deal', deal.id))?.['stageId'] === deal['stageId'],
  );

  await stages()
    .filter({ hasText: others[0] ?? '' })
    .click();
  await toast(others[0] ?? '')
    .getByRole('button', { name: 'Undo' })
    .waitFor();
  await stages()
    .filter({ hasText: others[1] ?? '' })
    .click();
  await toast(others[1] ?? '')
    .getByRole('button', { name: 'Undo' })
    .waitFor();
  // One word at a time: what was done last.
  expect(await page.getByRole('alert').getByRole('button', { name: 'Undo' }).count()).toBe(1);

  const { launched } = device;
  await launched.mainEvaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('file.newWindow')?.click();
  });
  const second = await waitFor('a second window', () =>
    Promise.resolve(launched.app.windows().find((other) => other !== page && other.url().includes('/index.html'))),
  );
  await goTo(second, `/deals/${deal.id}`);
  await stages(second)
    .filter({ hasText: others[2] ?? '' })
    .click();
  await toast(others[1] ?? '')
    .getByText('Changed again since')
    .waitFor();
  await second.close();
});

/** The settings with something typed in them, as whoever typed it left them. */
async function typePhone(text: string): Promise<Page> {
  const settings = await openSettings(device, 'profile');
  // Otherwise the test tool answers the browser's question by itself.
  settings.context().on('dialog', () => undefined);
  await settings.getByLabel('Phone').click();
  await settings.keyboard.type(text);
  return settings;
}

const closeSettings = () =>
  device.launched.mainEvaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows())
      if (window.webContents.getURL().includes('#/settings/')) window.close();
  });

const asked = (window: Page) => window.getByRole('dialog', { name: 'Discard what you typed?' });

test('UI-FORM a window asks before it closes over something typed, stays, and closes once that may go', async () => {
  const settings = await typePhone('12');
  await closeSettings();
  await asked(settings).getByRole('button', { name: 'Keep editing' }).last().click();
  await asked(settings).waitFor({ state: 'hidden' });
  await settings.keyboard.type('34');
  expect(await settings.getByLabel('Phone').inputValue()).toMatch(/1234$/);
  await closeSettings();
  await asked(settings).waitFor();
  await settings.keyboard.press('Escape');
  await asked(settings).waitFor({ state: 'hidden' });
  await closeSettings();
  const gone = settings.waitForEvent('close');
  await asked(settings).getByRole('button', { name: 'Discard' }).click();
  await gone;
});

test('UI-FORM a window closes without a question once what was typed is saved', async () => {
  const settings = await typePhone('56');
  await settings.getByRole('button', { name: 'Save', exact: true }).click();
  await settings.getByText('Saved').first().waitFor();
  const gone = settings.waitForEvent('close');
  await closeSettings();
  await gone;
});

test('UI-FORM quitting asks over a comment that was begun, and leads to it', async () => {
  const [deal] = (await readList(page, 'deal', { limit: 1 })).rows;
  await goTo(page, `/deals/${deal?.id ?? ''}`);
  const comment = page.getByRole('combobox', { name: 'Write a comment' });
  await comment.fill('They want three of them');
  await goTo(page, '/accounts');
  await page.getByTestId('record-grid').waitFor();
  await device.launched.mainEvaluate(({ app }) => app.quit());
  await asked(page).getByRole('button', { name: 'Keep editing' }).last().click();
  await waitFor('the comment', async () => (await comment.inputValue()) === 'They want three of them');
  await comment.fill('');
  await asked(page).waitFor({ state: 'hidden' });
});

test('UI-FORM quitting asks before anything closes, goes on with everything when somebody keeps editing', async () => {
  const settings = await typePhone('78');
  const quit = () => device.launched.mainEvaluate(({ app }) => app.quit());
  await quit();
  await asked(settings).getByRole('button', { name: 'Keep editing' }).last().click();
  await device.waitUntilExchanged();
  expect(await settings.getByLabel('Phone').inputValue()).toMatch(/78$/);
  await quit();
  const ended = once(device.launched.app.process(), 'exit');
  await asked(settings).getByRole('button', { name: 'Discard' }).click();
  await ended;
  await device.quit();
});

test('UI-FORM a system that goes down is not kept waiting by something typed', async () => {
  page = await device.start();
  await page.getByTestId('sync-chip').waitFor();
  await typePhone('90');
  const ended = once(device.launched.app.process(), 'exit');
  device.launched.app.process().kill('SIGTERM');
  await ended;
  await device.quit();
});
