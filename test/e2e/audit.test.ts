// An administrator reads in the settings who did what, has it verified, saves it as a file; then somebody with access to the
// database changes the past, and the page says which entry it was.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { choose, goTo } from '#test/support/drive-screens.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-home-'));
const downloads = path.join(home, 'Downloads');
let server: TestServer;
let admin: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  mkdirSync(downloads);
  admin = new Device({ serverUrl: server.url, env: { HOME: home } });
  await admin.start();
  await admin.enterDemo('org_admin');
  await admin.waitUntilExchanged();
  page = await openSettings(admin, 'audit');
  await page.setViewportSize({ width: 1280, height: 800 });
});
afterAll(async () => {
  await admin.remove();
  await server.remove();
  rmSync(home, { recursive: true, force: true });
});

test('AUD-07 C9 SYNC-55 an administrator reads, filters, saves and verifies the audit, and sees which entry was changed', async () => {
  await goTo(page, '/settings/audit');
  const row = page.locator('tr[data-no]').filter({ hasText: 'Signed in' });
  await row.first().waitFor();
  expect(await row.first().textContent()).toContain('127.0.0.1');

  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByTestId('audit-intact').waitFor();
  const verified = Number(await page.getByTestId('audit-intact').getAttribute('data-verified'));
  expect(verified).toBeGreaterThan(0);

  // What happens on this computer stands there next, by the name of its record.
  await choose(admin.page, 'New account', 'New account');
  const dialog = admin.page.getByRole('dialog').filter({ has: admin.page.locator('form') });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Witness & Sons');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await admin.waitUntilExchanged();
  await page.getByRole('switch', { name: 'Refused only' }).click({ force: true });
  await page.getByText('Nothing fits these filters.').waitFor();
  await page.getByRole('switch', { name: 'Refused only' }).click({ force: true });
  await page.getByRole('combobox', { name: 'On' }).click();
  await page.getByRole('option', { name: 'Account', exact: true }).click();
  const created = page.locator('tr[data-no]').filter({ hasText: 'Witness & Sons' });
  await created.waitFor();
  expect(await created.textContent()).toContain('Created');

  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const saved = await page.getByText('Saved in your downloads: audit-').textContent();
  const file = path.join(downloads, saved?.split(': ')[1] ?? '');
  await waitFor('the file in the downloads', () => Promise.resolve(existsSync(file)));
  expect(readFileSync(file, 'utf8')).toMatch(/No\.,When,Who,.*\r\n\d+,.*Created,Account/);

  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByText('It also contains the head this computer kept').waitFor();
  await lookAtScreen(admin, page, 'audit');

  await server.database.asOwner((session) =>
    session.query(`UPDATE audit SET outcome = 'noop' WHERE command = 'createRecord' AND tenant = 'demo'`),
  );
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByText('was changed after it was written').waitFor();
  await lookAtScreen(admin, page, 'audit-broken');
});

test('C9 SYNC-55 the computer of an administrator notices a past that was written anew, also after a restart', async () => {
  await server.database.asOwner((session) =>
    session.query(`UPDATE audit SET outcome = 'applied' WHERE command = 'createRecord' AND tenant = 'demo'`),
  );
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByTestId('audit-intact').waitFor();
  // The end is cut together with the head: the database alone looks whole.
  for (const sql of [
    `DELETE FROM audit WHERE tenant = 'demo' AND no = (SELECT max(no) FROM audit WHERE tenant = 'demo')`,
    `UPDATE audit_head SET no = no - 1, hash = (SELECT hash FROM audit WHERE tenant = 'demo' ORDER BY no DESC LIMIT 1) WHERE tenant = 'demo'`,
  ])
    await server.database.asOwner((session) => session.query(sql));
  await admin.quit();
  await admin.start();
  await admin.page.getByTestId('sync-chip').waitFor();
  page = await openSettings(admin, 'audit');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.locator('[data-testid="audit-broken"][data-kind="cut"]').waitFor();
  await page.getByRole('button', { name: 'I know why' }).click();
  await page.getByTestId('audit-intact').waitFor();
});
