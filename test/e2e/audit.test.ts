// An administrator opens the audit explorer, finds what happened with what it changed, marks it as reviewed, watches for it with
// a policy, has a file made and the chain verified; then somebody with access to the database changes the past, and the window
// says which entry it was.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { choose } from '#test/support/drive-screens.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-home-'));
const downloads = path.join(home, 'Downloads');
let server: TestServer;
let admin: Device;
let page: Page;

function auditWindow(): Promise<Page> {
  return waitFor('the window of the audit', () =>
    Promise.resolve(admin.launched.app.windows().find((window) => window.url().includes('#/audit/'))),
  );
}
async function show(tab: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: tab, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: tab }).waitFor();
}

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  mkdirSync(downloads);
  admin = new Device({ serverUrl: server.url, env: { HOME: home } });
  await admin.start();
  await admin.enterDemo('org_admin');
  await admin.waitUntilExchanged();
  const settings = await openSettings(admin, 'audit');
  await settings.getByRole('button', { name: 'Open the audit explorer' }).click();
  page = await auditWindow();
  await page.setViewportSize({ width: 1400, height: 860 });
});
afterAll(async () => {
  await admin.remove();
  await server.remove();
  rmSync(home, { recursive: true, force: true });
});

test('AUD-07 AUD-08 AUD-09 an administrator finds what changed, from where, in a window of its own, and marks it as reviewed', async () => {
  const signedIn = page.locator('tr[data-no]').filter({ hasText: 'Signed in' });
  await signedIn.first().waitFor();
  expect(await signedIn.first().textContent()).toContain('127.0.0.1');
  await choose(admin.page, 'New account', 'New account');
  const dialog = admin.page.getByRole('dialog').filter({ has: admin.page.locator('form') });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Witness & Sons');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await admin.waitUntilExchanged();
  await page.getByRole('textbox', { name: 'Search' }).fill('witness sons');
  const created = page.locator('tr[data-no]').filter({ hasText: 'Witness & Sons' });
  await created.waitFor();
  await created.getByRole('button').click();
  const entry = page.getByTestId('audit-entry');
  await entry.getByRole('row', { name: /Name empty Witness & Sons/ }).waitFor();
  await entry.getByRole('textbox', { name: 'Note' }).fill('As agreed.');
  await entry.getByRole('button', { name: 'Mark as reviewed' }).click();
  await page.getByTestId('audit-reviewed').getByText('As agreed.').waitFor();
  await lookAtScreen(admin, page, 'audit-entries');

  await entry.getByRole('button', { name: 'History of this record' }).click();
  await page.locator('li[data-no]').filter({ hasText: 'Witness & Sons' }).first().waitFor();
  await lookAtScreen(admin, page, 'audit-timeline');
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.getByRole('switch', { name: 'Refused only' }).click({ force: true });
  await page.getByText('Nothing fits these filters.').waitFor();
});

test('AUD-07 what somebody does while the entries are looked at comes by itself', async () => {
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.locator('tr[data-no]').filter({ hasText: 'Signed in' }).first().waitFor();
  await choose(admin.page, 'New account', 'New account');
  const dialog = admin.page.getByRole('dialog').filter({ has: admin.page.locator('form') });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Newcomer Ltd');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.bringToFront();
  await page.locator('tr[data-no]').filter({ hasText: 'Newcomer Ltd' }).waitFor();
  const numbers = await page.locator('tr[data-no]').evaluateAll((rows) => rows.map((row) => Number(row.dataset['no'])));
  expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => right - left));
  expect(numbers.length).toBeGreaterThan(1);
});

test('AUD-06 AUD-11 AUD-12 the window shows figures, watches by policies, and makes compliance reports', async () => {
  await show('Statistics');
  await page.getByTestId('audit-figure-entries').waitFor();
  await lookAtScreen(admin, page, 'audit-figures');

  await show('Policies');
  await page.getByRole('button', { name: 'New policy' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Sensitive at night');
  await dialog.getByRole('textbox', { name: 'Condition 1' }).fill('is_sensitive and hours > 20');
  await dialog.getByText('There is no “hours” (character 18).').waitFor();
  expect(await dialog.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
  expect(await dialog.getByRole('textbox', { name: 'Keep for days' }).inputValue()).toBe('2,555');
  await dialog.getByText('36,500 days').waitFor();
  await lookAtScreen(admin, page, 'audit-policy');
  await dialog.getByRole('textbox', { name: 'Condition 1' }).fill('is_sensitive and hour > 20');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('is_sensitive and hour > 20').waitFor();
  await lookAtScreen(admin, page, 'audit-policies');

  await show('Alerts');
  await page.getByText('No policy found anything.').waitFor();
  await show('Compliance reports');
  await page.getByRole('heading', { name: 'Access review' }).waitFor();
  await lookAtScreen(admin, page, 'audit-reports');
  await page.getByRole('button', { name: 'Show' }).first().click();
  await page
    .getByRole('cell', { name: 'org_admin', exact: true })
    .or(page.getByRole('cell', { name: 'Administrator' }))
    .first()
    .waitFor();
  await lookAtScreen(admin, page, 'audit-report');
  const sessions = page.getByRole('columnheader', { name: 'Open sessions' });
  expect(await sessions.evaluate((cell) => getComputedStyle(cell).textAlign)).toBe('right');
});

test('AUD-10 C11 a file of what is shown is made on the server and saved from the window', async () => {
  await show('Entries');
  await page.getByRole('button', { name: 'Export …' }).click();
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  await page.getByText('The file is being made.').waitFor();
  await show('Files');
  await page.locator('tr[data-state="done"]').waitFor();
  await lookAtScreen(admin, page, 'audit-files');
  await page.getByRole('button', { name: /^Save .*csv$/ }).click();
  const saved = () => readdirSync(downloads).find((name) => name.endsWith('.csv'));
  await waitFor('the file in the downloads', () => Promise.resolve(saved() !== undefined));
  const file = path.join(downloads, saved() ?? '');
  await waitFor('its content', () =>
    Promise.resolve(existsSync(file) && readFileSync(file, 'utf8').includes('Witness')),
  );
});

test('C9 SYNC-55 an administrator has the audit verified, and sees which entry was changed', async () => {
  await show('Verify and keep');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByTestId('audit-intact').waitFor();
  expect(Number(await page.getByTestId('audit-intact').getAttribute('data-verified'))).toBeGreaterThan(0);
  await page.getByRole('textbox', { name: 'Reason' }).fill('Lawsuit 12/26');
  await page.getByRole('button', { name: 'Set a legal hold' }).click();
  await page.getByTestId('audit-hold').getByText('Lawsuit 12/26').waitFor();
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByText('It also contains the head this computer kept').waitFor();
  await lookAtScreen(admin, page, 'audit-keeping');

  await server.database.asOwner((session) =>
    session.query(`UPDATE audit SET outcome = 'noop' WHERE command = 'createRecord' AND tenant = 'demo'`),
  );
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByText('was changed after it was written').waitFor();
  await lookAtScreen(admin, page, 'audit-broken');
  const way = page.getByRole('button', { name: /^Show entry \d+$/ });
  const no = /\d+/.exec(await way.innerText())?.[0] ?? '';
  await way.click();
  await page
    .getByTestId('audit-entry')
    .getByRole('heading', { name: `Entry ${no}`, exact: true })
    .waitFor();
  await page.getByRole('button', { name: `Up to entry ${no}` }).waitFor();
  expect(await page.locator('tr[data-no]').first().getAttribute('data-no')).toBe(no);
  await show('Verify and keep');
});

test('C9 SYNC-55 the computer of an administrator notices a past that was written anew, also after a restart', async () => {
  await server.database.asOwner((session) =>
    session.query(`UPDATE audit SET outcome = 'applied' WHERE command = 'createRecord' AND tenant = 'demo'`),
  );
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByTestId('audit-intact').waitFor();
  // The end is cut together with the head, and what happens next takes its numbers: the database alone looks whole.
  for (const sql of [
    `DELETE FROM audit WHERE tenant = 'demo' AND no = (SELECT max(no) FROM audit WHERE tenant = 'demo')`,
    `UPDATE audit_head SET no = no - 1, hash = (SELECT hash FROM audit WHERE tenant = 'demo' ORDER BY no DESC LIMIT 1) WHERE tenant = 'demo'`,
  ])
    await server.database.asOwner((session) => session.query(sql));
  await admin.quit();
  await admin.start();
  await admin.page.getByTestId('sync-chip').waitFor();
  await admin.invoke('window.openAudit', { path: '/audit/keeping' });
  page = await auditWindow();
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.locator('[data-testid="audit-broken"]:is([data-kind="cut"], [data-kind="rewritten"])').waitFor();
  await page.getByRole('button', { name: 'I know why' }).click();
  await page.getByTestId('audit-intact').waitFor();
});

test('AUD-07 OBS-08 the windows of audit and operations open for administrators alone', async () => {
  const rep = new Device({ serverUrl: server.url });
  try {
    await rep.start();
    await rep.enterDemo('sales_rep');
    await expect(rep.invoke('window.openAudit', { path: '/audit/entries' })).rejects.toThrow('action_forbidden');
    await expect(rep.invoke('window.openOperations', {})).rejects.toThrow('action_forbidden');
  } finally {
    await rep.remove();
  }
});
