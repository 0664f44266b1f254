// The window of the sync doctor as a person meets it: opened three ways, read by day and by night, in two languages, online
// and offline; what differs is found, mended and told; the report is seen before it is saved.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { choose, editField, setWorkOffline } from '#test/support/drive-screens.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import type { TenantId } from '#shared/kernel/ids.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-home-'));
const downloads = path.join(home, 'Downloads');
let server: TestServer;
let device: Device;
let doctor: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  mkdirSync(downloads);
  device = new Device({ serverUrl: server.url, env: { HOME: home } });
  await device.start();
  await device.enterDemo('sales_rep');
  await device.waitUntilExchanged();
});
afterAll(async () => {
  await device.remove();
  await server.remove();
  rmSync(home, { recursive: true, force: true });
});

async function openedDoctor(): Promise<Page> {
  const page = await device.launched.window('#/doctor');
  page.setDefaultTimeout(20_000);
  await page.setViewportSize({ width: 1020, height: 1000 });
  await page.getByTestId('journal-waiting').waitFor();
  return page;
}

async function tenantId(): Promise<TenantId> {
  const state = await device.invoke('session.get', {});
  if (state.status !== 'signedIn') throw new Error('somebody is signed in');
  return state.actor.tenantId as TenantId;
}

/** Changes a record behind the back of the log: no device hears of it. */
async function spoil(id: string, name: string): Promise<void> {
  await server.database.inTenant(await tenantId(), async (session) => {
    const [row] = await session.query<{ data: string | Record<string, unknown> }>(
      'SELECT data FROM record WHERE id = $1',
      [id],
    );
    const data = typeof row?.data === 'string' ? (JSON.parse(row.data) as Record<string, unknown>) : row?.data;
    await session.query('UPDATE record SET data = $2 WHERE id = $1', [id, JSON.stringify({ ...data, name })]);
  });
}

test('DOC-01 the chip, the palette and the help menu open the one window of the doctor', async () => {
  const { page } = device;
  await page.getByTestId('sync-chip').click();
  await page.getByRole('button', { name: 'Sync doctor …' }).click();
  doctor = await openedDoctor();
  await page.keyboard.press('Escape');
  await choose(page, 'doctor', 'Open the sync doctor');
  await device.launched.mainEvaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('help.syncDoctor')?.click();
  });
  const windows = device.launched.app.windows().filter((window) => window.url().endsWith('#/doctor'));
  expect(windows).toHaveLength(1);
});

test('DOC-01 DOC-04 it shows the connection, the journal, the timings and the size of what is here', async () => {
  await doctor.getByTestId('doctor-phase').getByText('Connected').waitFor();
  await doctor.getByText('Nothing waits: everything you typed has reached the server.').waitFor();
  await doctor.locator('[data-timing="pull"]').waitFor();
  expect(await doctor.getByTestId('doctor-records').innerText()).toMatch(/^[\d,.]+$/);
  await doctor.getByRole('button', { name: 'Ask the server' }).click();
  await doctor.getByTestId('doctor-incarnation').waitFor();
  await doctor.getByText('Agrees with the server').waitFor();
  await lookAtScreen(device, doctor, 'doctor-online');
});

test('DOC-03 SYNC-18 verify names what differs, jumps to it, and repair makes it what the server says', async () => {
  const [account] = (await readList(device.page, 'account', { limit: 1 })).rows;
  if (account === undefined) throw new Error('the representative has accounts');
  const verify = doctor.getByRole('button', { name: 'Verify' });
  await verify.click();
  await doctor
    .getByTestId('doctor-verification')
    .filter({ hasText: /All [\d,.]+ records are exactly/ })
    .waitFor();
  await spoil(account.id, 'The name the server has');
  await verify.click();
  await doctor.getByText('1 record differs from what the server says.').waitFor();
  const finding = doctor.locator('[data-finding="different"]');
  await lookAtScreen(device, doctor, 'doctor-differs');
  await finding.getByRole('button', { name: String(account['name']) }).click();
  await device.page.waitForURL((url) => url.hash === `#/accounts/${account.id}`);
  await doctor.getByRole('button', { name: 'Repair' }).click();
  await doctor.getByTestId('doctor-repair').getByText('1 record was replaced by what the server says.').waitFor();
  await doctor
    .getByTestId('doctor-verification')
    .filter({ hasText: /All [\d,.]+ records are exactly/ })
    .waitFor();
  await device.page.getByRole('heading', { name: 'The name the server has' }).first().waitFor();
});

test('DOC-02 offline it says what waits and since when, jumps there by keyboard, and says what cannot be checked', async () => {
  const [deal] = (await readList(device.page, 'deal', { limit: 1 })).rows;
  if (deal === undefined) throw new Error('the representative has deals');
  await setWorkOffline(device.page, true);
  await editField(device.page, `/deals/${deal.id}`, { name: 'nextStep', label: 'Next step' }, 'CANARY next step');
  const row = doctor.locator(`[data-pending="${deal.id}"]`);
  await row.getByText('Next step').waitFor();
  await row.getByText('Waiting').waitFor();
  await doctor.getByTestId('doctor-phase').getByText('Working offline by choice').waitFor();
  await doctor.getByText('Needs the server: while offline nobody can tell').waitFor();
  expect(await doctor.getByRole('button', { name: 'Verify' }).isDisabled()).toBe(true);
  expect(await doctor.getByRole('button', { name: 'Repair' }).isDisabled()).toBe(true);
  await lookAtScreen(device, doctor, 'doctor-offline');
  await device.page.evaluate(() => {
    window.location.hash = '#/home';
  });
  const link = row.getByRole('button', { name: String(deal['name']) });
  await link.focus();
  await doctor.keyboard.press('Enter');
  await device.page.waitForURL((url) => url.hash === `#/deals/${deal.id}`);
});

test('DOC-05 SYNC-22 the report is shown before it is saved, and says nothing of any record', async () => {
  const [deal] = (await readList(device.page, 'deal', { limit: 1 })).rows;
  const session = await device.invoke('session.get', {});
  if (deal === undefined || session.status !== 'signedIn') throw new Error('somebody with deals is signed in');
  await doctor.getByRole('button', { name: 'Export report …' }).click();
  const preview = doctor.getByTestId('doctor-report');
  await preview.filter({ hasText: '"report"' }).waitFor();
  const shown = await preview.innerText();
  const secrets = [deal.id, String(deal['name']), 'CANARY', session.actor.email, session.tenantName, session.deviceId];
  for (const secret of [...secrets, new URL(session.serverUrl).host]) expect(shown).not.toContain(secret);
  expect(JSON.parse(shown)).toMatchObject({ pendingRecords: 1, pending: [{ entity: 'deal', fields: ['nextStep'] }] });
  await lookAtScreen(device, doctor, 'doctor-report');
  await doctor.getByRole('button', { name: 'Save' }).click();
  const file = await waitFor('the report in the downloads', () =>
    Promise.resolve(readdirSync(downloads).find((name) => /^outpost-sync-report-\d+\.json$/.test(name))),
  );
  await waitFor('the whole file', () =>
    Promise.resolve(readFileSync(path.join(downloads, file), 'utf8').trim() === shown.trim()),
  );
});

test('UI-I18N the doctor speaks German', async () => {
  await setWorkOffline(device.page, false);
  await device.waitUntilExchanged();
  await device.invoke('preferences.set', { language: 'de' });
  await doctor.getByRole('heading', { name: 'Abgleich untersuchen' }).waitFor();
  await doctor.getByText('Nichts wartet: Alles, was Sie eingegeben haben, ist beim Server.').waitFor();
  await lookAtScreen(device, doctor, 'doctor-german');
  expect(device.pageErrors).toEqual([]);
});
