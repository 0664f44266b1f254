// The window of background jobs as a representative and as an administrator meet it: a backup made now, its log, a kind that stays
// paused over a killed process, and the jobs of the server in the same list for whoever administers it.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { createJobEngine, type JobEngine, type JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { createLog } from '#server/log/create-log.ts';
import { Device } from '#test/support/device.ts';
import { choose, fillDialog, readOpenRecordId } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import { Writable } from 'node:stream';

const silent = createLog('silent', new Writable({ write: (_chunk, _encoding, done) => done() }));
const broken: JobKind<{ readonly tenantId: string }> = {
  queue: 'notes',
  name: 'note',
  atOnce: 1,
  mostSeconds: 60,
  work: () => Promise.reject(new Error('not yet')),
  giveUp: () => Promise.resolve(),
};

let server: TestServer;
let ofServer: JobEngine;
const devices: Device[] = [];

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true, jobTimes: quickJobs });
  ofServer = createJobEngine({ database: server.database, log: silent, times: quickJobs }, [broken]);
});
afterAll(async () => {
  for (const device of devices) await device.remove();
  await ofServer.stop();
  await server.remove();
});

async function openJobs(role: string): Promise<{ readonly device: Device; readonly page: Page }> {
  const device = new Device({ serverUrl: server.url });
  devices.push(device);
  await device.start();
  await device.enterDemo(role);
  await device.waitUntilExchanged();
  await choose(device.page, 'background', 'Open background jobs');
  return { device, page: await jobsWindow(device) };
}

async function jobsWindow(device: Device): Promise<Page> {
  const page = await device.launched.window('#/jobs/list');
  page.setDefaultTimeout(20_000);
  await page.setViewportSize({ width: 1080, height: 740 });
  return page;
}

async function show(page: Page, part: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: part }).click();
  await page.getByRole('heading', { level: 1, name: part }).waitFor();
}

test('OBS-04 a backup is made when somebody asks for it, tells in its log what it kept, and a paused kind stays paused over a killed process', async () => {
  const { device, page } = await openJobs('sales_rep');
  await page.getByText('Nothing to do').waitFor();
  await lookAtScreen(device, page, 'jobs-empty');
  await show(page, 'Schedules');
  await page.locator('[data-plan="cleanUp"]').getByText('Never').waitFor();
  await lookAtScreen(device, page, 'jobs-plans');
  await page.getByRole('button', { name: 'Run now: Backup of unsent work' }).click();
  await show(page, 'Jobs');
  const row = page.locator('tr[data-kind="backup"][data-state="done"]');
  await row.getByText('1 of 5').waitFor();
  expect(await page.getByRole('columnheader', { name: 'Where' }).count()).toBe(0);
  await row.getByRole('button', { name: 'Log: Backup of unsent work' }).press('Enter');
  await page.getByText(/Kept in unsent-\S+: \d+ unsent, 0 needing attention/).waitFor();
  await lookAtScreen(device, page, 'jobs-log');
  await show(page, 'Kinds');
  await page.getByRole('button', { name: 'Pause Clean-up' }).click();
  await page.locator('tr[data-kind="cleanUp"]').getByText('Paused').waitFor();
  await lookAtScreen(device, page, 'jobs-kinds');
  await show(page, 'Schedules');
  await page.getByRole('button', { name: 'Run now: Clean-up' }).click();
  await show(page, 'Jobs');
  await page.locator('tr[data-kind="cleanUp"][data-state="waiting"]').getByText('Paused').waitFor();

  await device.kill();
  await device.start();
  await device.waitUntilExchanged();
  await device.invoke('window.openJobs', {});
  const again = await jobsWindow(device);
  await again.locator('tr[data-kind="cleanUp"][data-state="waiting"]').waitFor();
  await again.locator('tr[data-kind="backup"][data-state="done"]').waitFor();
  await show(again, 'Kinds');
  await again.getByRole('button', { name: 'Resume Clean-up' }).click();
  await show(again, 'Jobs');
  await again.locator('tr[data-kind="cleanUp"][data-state="done"]').waitFor();
});

test('OBS-04 OBS-08 an administrator sees the jobs of this computer and of the server in one list, and finds what failed', async () => {
  const { device, page } = await openJobs('org_admin');
  const state = await device.invoke('session.get', {});
  if (state.status !== 'signedIn') throw new Error('somebody is signed in');
  await ofServer.send(broken, stableId('shown'), { tenantId: state.actor.tenantId });
  await show(page, 'Schedules');
  await page.getByRole('button', { name: 'Run now: Backup of unsent work' }).click();
  await show(page, 'Jobs');
  const failed = page.locator(`tr[data-job="${stableId('shown')}"][data-state="failed"]`);
  await failed.getByText('Server', { exact: true }).waitFor();
  await page.locator('tr[data-kind="backup"][data-state="done"]').getByText('This computer').waitFor();
  await lookAtScreen(device, page, 'jobs-administrator');
  await page.getByRole('radiogroup', { name: 'Where jobs run' }).getByText('This computer').click();
  await failed.waitFor({ state: 'detached' });
  await device.invoke('preferences.set', { language: 'de' });
  await page.getByRole('heading', { level: 1, name: 'Aufträge' }).waitFor();
  await page.getByRole('button', { name: 'Protokoll: Sicherung der ungesendeten Arbeit' }).click();
  await page.getByText(/Gesichert in unsent-\S+: \d+ ungesendet, \d+ zu klären/).waitFor();
  await lookAtScreen(device, page, 'jobs-german');
});

test('OBS-04 backups are copied to a chosen folder, and another computer of the same person brings back with the passphrase what was never sent', async () => {
  const place = mkdtempSync(path.join(os.tmpdir(), 'outpost-stick-'));
  const [chooses, stick] = [path.join(place, 'chooses'), path.join(place, 'stick')];
  mkdirSync(stick);
  const device = new Device({ serverUrl: server.url, env: { OUTPOST_HOST_CHOOSES: chooses } });
  const other = new Device({ serverUrl: server.url, env: { OUTPOST_HOST_CHOOSES: chooses } });
  devices.push(device, other);
  await device.start();
  const people = await device.enterDemo('sales_rep');
  await device.waitUntilExchanged();
  await device.invoke('sync.workOffline', { on: true });
  await choose(device.page, 'New deal', 'New deal');
  await fillDialog(device.page, { Name: 'Typed before it was stolen', Amount: '9900' });
  await readOpenRecordId(device.page, 'deals');
  await device.invoke('window.openJobs', {});
  const page = await jobsWindow(device);
  await show(page, 'Backups');
  await page.getByText('None: backups lie on the disk of this computer only', { exact: false }).waitFor();
  await lookAtScreen(device, page, 'jobs-backups-none');
  // Nobody chooses one, and nothing changes.
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  writeFileSync(chooses, stick);
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  await page.getByText(stick, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Set a passphrase…' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
  await page.getByLabel('Once more').fill('correct horse battery');
  await lookAtScreen(device, page, 'jobs-backups-passphrase');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('You can bring your backups back on another computer', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByText('Backed up.', { exact: true }).waitFor();
  await lookAtScreen(device, page, 'jobs-backups');
  await page
    .getByRole('button', { name: /Restore the backup of/ })
    .first()
    .click();
  await page.getByText('Nothing of it is missing', { exact: false }).waitFor();
  await lookAtScreen(device, page, 'jobs-backups-nothing-missing');
  await page.keyboard.press('Escape');
  rmSync(path.join(place, 'gone'), { recursive: true, force: true });
  renameSync(stick, path.join(place, 'gone'));
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByText('The folder for backups cannot be reached or written.', { exact: false }).first().waitFor();
  await page.getByText('Not reachable', { exact: true }).waitFor();
  await device.invoke('preferences.set', { theme: 'dark' });
  await lookAtScreen(device, page, 'jobs-backups-gone-dark');
  renameSync(path.join(place, 'gone'), stick);

  await other.start();
  const [me] = [...people].flatMap(([role, credentials]) => (role === 'sales_rep' ? [credentials] : []));
  if (me === undefined) throw new Error('the demo has a representative');
  await other.signIn(server.url, me);
  await other.waitUntilExchanged();
  await other.invoke('preferences.set', { language: 'de' });
  await other.invoke('window.openJobs', {});
  const there = await jobsWindow(other);
  await show(there, 'Sicherungen');
  const [folder = ''] = readdirSync(stick);
  const newest = readdirSync(path.join(stick, folder)).sort().at(-1) ?? '';
  writeFileSync(chooses, path.join(stick, folder, newest));
  await there.getByRole('button', { name: 'Aus Datei wiederherstellen…' }).click();
  await there.getByLabel('Passphrase', { exact: true }).fill('not the one');
  await there.getByRole('button', { name: 'Öffnen' }).click();
  await there.getByText('Die Passphrase ist falsch.', { exact: false }).waitFor();
  await there.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
  await there.getByRole('button', { name: 'Öffnen' }).click();
  await there
    .locator('[data-fact="back"]')
    .getByText(/^[1-9]$/)
    .waitFor();
  await lookAtScreen(other, there, 'jobs-backups-preview-german');
  await there.getByRole('button', { name: /zurückholen$/ }).click();
  await there.getByRole('button', { name: 'Ansehen' }).click();
  await other.page.getByText('Typed before it was stolen').first().waitFor();
  await lookAtScreen(other, other.page, 'jobs-backups-back');
  expect((await other.status()).attentionCount).toBeGreaterThan(0);
  expect((await other.status()).pendingCount).toBe(0);
  writeFileSync(chooses, path.join(place, 'letter.txt'));
  writeFileSync(path.join(place, 'letter.txt'), 'no backup');
  await there.getByRole('button', { name: 'Aus Datei wiederherstellen…' }).click();
  await there.getByText('Diese Datei ist keine Sicherung von Outpost', { exact: false }).waitFor();
  rmSync(place, { recursive: true });
});
