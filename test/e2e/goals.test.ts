// A manager sets a goal for a person, who sees it on another computer; a deal won without a network moves it at once. What
// a figure is made of is shown and opened. With the application's own windows on both sides.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import { Device, waitFor, type Credentials } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { MODEL_KEY, startLanguageModel } from '#test/support/language-model.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let boss: Device;
let rep: Device;
let repName: string;
let administrator: Credentials | undefined;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true, allowPrivate: '127.0.0.1' });
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
});

afterAll(async () => {
  await boss.remove();
  await rep.remove();
  await server.remove();
});

async function openGoals(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Goals' }).click();
  await page.getByRole('heading', { name: 'Goals', exact: true }).waitFor();
}

const figureOf = (page: Page) => page.getByRole('region', { name: 'Progress' });

test('TSK-05 TSK-07 a manager compares the team, sees why a goal stands where it does, and sets one by keyboard', async () => {
  const { page } = boss;
  await openGoals(page);
  await page.locator('tr[data-goal]').first().waitFor();
  await lookAtScreen(boss, page, 'goals-manager');
  await page.locator('tr[data-kind="team"]').first().getByRole('link').click();
  await page.locator('[data-explained]').getByText('working days').waitFor();
  await page.locator('[data-drawn="true"]').waitFor();
  expect(await page.locator('tr[data-person]').count()).toBeGreaterThan(1);
  await lookAtScreen(boss, page, 'goal-team');
  await page.getByRole('button', { name: 'Show the records' }).click();
  await page.getByRole('heading', { name: 'Deals', exact: true }).waitFor();
  await openGoals(page);
  await page.getByRole('button', { name: 'Set a goal' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'For' }).or(dialog.getByLabel('For')).first().fill(repName);
  await page.getByRole('option', { name: repName }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('textbox', { name: 'Target' }).fill('1,000,000');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('A very good quarter');
  await lookAtScreen(boss, page, 'goal-set');
  await dialog.getByRole('textbox', { name: 'Name' }).press('Enter');
  await page.getByRole('link', { name: 'A very good quarter' }).waitFor();
  await boss.waitUntilExchanged();
});

test('TSK-05 TSK-06 the person sees it on Home, and a deal won offline moves it at once', async () => {
  const { page } = rep;
  await rep.waitUntilExchanged();
  await page.getByRole('link', { name: 'A very good quarter' }).first().waitFor();
  await lookAtScreen(rep, page, 'goals-home');
  await setWorkOffline(page, true);
  await page.getByRole('link', { name: 'A very good quarter' }).first().click();
  const before = await figureOf(page).innerText();
  await lookAtScreen(rep, page, 'goal-rep');
  const open = { filter: { field: 'status', op: 'eq', value: 'open' } as const };
  const [deal] = (await readList(page, 'deal', open)).rows.filter((row) => Number(row['amount']) > 0);
  if (deal === undefined) throw new Error('the representative has no open deal');
  const goalPath = new URL(page.url()).hash.slice(1);
  await goTo(page, `/deals/${deal.id}`);
  await page.getByRole('list', { name: 'Stages' }).getByRole('button', { name: 'Closed won', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close as won' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await goTo(page, goalPath);
  await waitFor('the figure to move', async () => (await figureOf(page).innerText()) !== before);
  expect(await page.getByRole('button', { name: 'Change', exact: true }).count()).toBe(0);
  await setWorkOffline(page, false);
  await rep.waitUntilExchanged();
});

test('TSK-05 of the goal of the team a representative is told the own part, and why', async () => {
  const { page } = rep;
  await openGoals(page);
  await page.locator('tr[data-kind="team"]').first().getByRole('link').click();
  await page.locator('[data-untold="part"]').waitFor();
  expect(await figureOf(page).innerText()).toContain('Your part');
  expect(await page.locator('[data-explained]').count()).toBe(0);
  await lookAtScreen(rep, page, 'goal-part');
});

test('EML-06 a draft is written offline from what is known of a deal, shortened, and taken back', async () => {
  const { page } = rep;
  await setWorkOffline(page, true);
  const open = { filter: { field: 'status', op: 'eq', value: 'open' } as const };
  const [deal] = (await readList(page, 'deal', open)).rows.filter((row) => typeof row['primaryContactId'] === 'string');
  if (deal === undefined) throw new Error('no deal of the representative has a contact');
  const contact = await readRecord(page, 'contact', String(deal['primaryContactId']));
  await goTo(page, `/deals/${deal.id}`);
  await page.getByRole('button', { name: 'Write a mail' }).click();
  const dialog = page.getByRole('dialog', { name: 'Draft a mail' });
  await dialog.getByRole('button', { name: 'Draft', exact: true }).click();
  await page.getByRole('button', { name: 'Proposal for a meeting' }).waitFor();
  await lookAtScreen(rep, page, 'draft-menu');
  await page.getByRole('button', { name: 'Proposal for a meeting' }).click();
  const text = dialog.getByRole('textbox', { name: 'Text' });
  expect(await text.inputValue()).toContain(String(contact?.['lastName']));
  expect(await dialog.getByRole('textbox', { name: 'Subject' }).inputValue()).toContain(String(deal['name']));
  const written = await text.inputValue();
  await dialog.getByRole('button', { name: 'Draft', exact: true }).click();
  await page.getByRole('button', { name: 'Make it shorter' }).click();
  expect((await text.inputValue()).length).toBeLessThan(written.length);
  await page.getByRole('button', { name: 'Back to the text before' }).click();
  expect(await text.inputValue()).toBe(written);
  // Escape closes the menu; the dialog and what is written in it stay.
  await dialog.getByRole('button', { name: 'Draft', exact: true }).click();
  await page.getByRole('button', { name: 'Make it shorter' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Make it shorter' }).waitFor({ state: 'hidden' });
  expect(await text.inputValue()).toBe(written);
  await lookAtScreen(rep, page, 'draft-dialog');
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click();
  await page.getByRole('button', { name: 'Discard' }).click();
  await setWorkOffline(page, false);
});

test('EML-06 an administrator sets up a language model; a representative sees what is sent before it is', async () => {
  const model = await startLanguageModel();
  const chief = new Device({ serverUrl: null });
  try {
    if (administrator === undefined) throw new Error('the demo company has no administrator');
    await chief.start();
    await chief.signIn(server.url, administrator);
    const settings = await openSettings(chief, 'drafting');
    await settings.getByRole('switch', { name: 'People may ask a language model' }).click();
    await settings.getByRole('combobox', { name: 'Service' }).or(settings.getByLabel('Service')).first().click();
    await settings.getByRole('option', { name: 'OpenAI, or compatible with it' }).click();
    await settings.getByRole('textbox', { name: 'Address' }).fill(model.url);
    await settings.getByRole('textbox', { name: 'Model' }).fill('test-model');
    await settings.getByLabel('Key').fill(MODEL_KEY);
    await settings.getByRole('link', { name: 'Profile', exact: true }).click();
    const question = settings.getByRole('dialog', { name: 'Discard what you typed?' });
    await question.getByRole('button', { name: 'Keep editing' }).last().click();
    await question.waitFor({ state: 'hidden' });
    await settings.getByRole('button', { name: 'Save' }).click();
    await settings.getByText('Saved.').waitFor();
    await settings.getByRole('button', { name: 'Ask a first question' }).click();
    await settings.getByText('It answers').waitFor();
    await lookAtScreen(chief, settings, 'drafting-settings');
    const { page } = rep;
    await goTo(page, '/deals');
    const [deal] = (await readList(page, 'deal', {})).rows;
    await goTo(page, `/deals/${String(deal?.id)}`);
    await page.getByRole('button', { name: 'Write a mail' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Draft', exact: true }).click();
    await page.getByRole('button', { name: 'Write or improve' }).click();
    const shown = await page.getByRole('textbox', { name: 'What is sent' }).inputValue();
    await lookAtScreen(rep, page, 'draft-preview');
    const heard = model.heard.length;
    await page.getByRole('button', { name: 'Send and insert the answer' }).click();
    const text = page.getByRole('textbox', { name: 'Text', exact: true });
    await waitFor('the answer', async () => (await text.inputValue()) === 'Written by the model.');
    const sent = model.heard[heard]?.body['messages'] as readonly { readonly content: string }[];
    expect(sent.map(({ content }) => content).join('\n\n')).toBe(shown);
  } finally {
    await chief.remove();
    await model.stop();
  }
});
