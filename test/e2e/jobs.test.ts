// The window of background jobs as a representative and as an administrator meet it: a backup made now, its log, a kind that stays
// paused over a killed process, and the jobs of the server in the same list for whoever administers it.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { createJobEngine, type JobEngine, type JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { createLog } from '#server/log/create-log.ts';
import { Device } from '#test/support/device.ts';
import { choose } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import { Writable } from 'node:stream';

const silent = createLog('silent', new Writable({ write: (_chunk, _encoding, done) => done() }));
const broken: JobKind<{ readonly tenantId: string }> = {
  queue: 'webhooks',
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
