// The window of operations as an administrator meets it: opened three ways, every part looked at by day and by night, a failed job tried
// again, a queue paused, a rule changed, and a failing part named with what to do next; nothing of it for a representative.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { createJobEngine, type JobEngine, type JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { createLog } from '#server/log/create-log.ts';
import { plainOperations } from '#server/observe/operations-settings.ts';
import { Device } from '#test/support/device.ts';
import { choose } from '#test/support/drive-screens.ts';
import { ExportHome } from '#test/support/take-export.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import { Writable } from 'node:stream';

const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-operations-'));
const home = new ExportHome();
const silent = createLog('silent', new Writable({ write: (_chunk, _encoding, done) => done() }));
let server: TestServer;
let device: Device;
let jobs: JobEngine;
let page: Page;
let isBroken = true;

const notes: JobKind<{ readonly tenantId: string }> = {
  queue: 'notes',
  name: 'note',
  atOnce: 1,
  mostSeconds: 60,
  work: () => (isBroken ? Promise.reject(new Error('not yet')) : Promise.resolve()),
  giveUp: () => Promise.resolve(),
};

beforeAll(async () => {
  await buildIfNeeded();
  const backup = {
    folder: path.join(folder, 'backups'),
    key: { kind: 'keyFile', path: path.join(folder, 'key') },
  } as const;
  const operations = { ...plainOperations, backup, logFolder: path.join(folder, 'logs') };
  server = await startServer({ isDemo: true, operations, jobTimes: quickJobs });
  device = new Device({ serverUrl: server.url, env: { HOME: home.home } });
  await device.start();
  await device.enterDemo('org_admin');
  await device.waitUntilExchanged();
  jobs = createJobEngine({ database: server.database, log: silent, times: quickJobs }, [notes]);
});
afterAll(async () => {
  await jobs.stop();
  await device.remove();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function show(part: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: part }).click();
  await page.getByRole('heading', { level: 1, name: part }).waitFor();
}

test('OBS-08 the menu, the palette and the settings open the one window of operations', async () => {
  await choose(device.page, 'operations', 'Open operations (how the server does)');
  page = await device.launched.window('#/operations/overview');
  page.setDefaultTimeout(20_000);
  await page.setViewportSize({ width: 1120, height: 900 });
  await device.launched.mainEvaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('help.operations')?.click();
  });
  expect(device.launched.app.windows().filter((window) => window.url().includes('#/operations'))).toHaveLength(1);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.getByRole('img', { name: /requests since/ }).waitFor();
  await lookAtScreen(device, page, 'operations-overview');
});

test('OBS-08 OBS-02 system health, requests and users are seen', async () => {
  await show('System health');
  await page.locator('[data-service="database"]').getByText('Healthy').waitFor();
  await page.locator('[data-service="redis"]').getByText('Not set up').waitFor();
  await lookAtScreen(device, page, 'operations-health');
  await show('Requests');
  await page.getByText('POST /sync/v1/pull').first().waitFor();
  await lookAtScreen(device, page, 'operations-api');
  await show('Users');
  await page.getByText('Connected', { exact: true }).first().waitFor();
  await lookAtScreen(device, page, 'operations-users');
});

test('OBS-09 what the time of the server goes into is measured, seen and saved', async () => {
  await show('Performance');
  await page.getByText('Not measured yet').waitFor();
  await lookAtScreen(device, page, 'operations-performance-none');
  await page.getByRole('combobox', { name: 'How long' }).click();
  await page.getByRole('option', { name: '5 seconds', exact: true }).click();
  await page.getByRole('button', { name: 'Measure now' }).click();
  await page.getByText('Being measured until').waitFor();
  await page
    .getByRole('rowheader', { name: /^(SELECT|WITH|INSERT) / })
    .first()
    .waitFor();
  await page.getByText('Measured for 5 seconds').waitFor();
  await lookAtScreen(device, page, 'operations-performance');
  await page.getByRole('button', { name: 'Save as file' }).click();
  expect(Buffer.from(await home.take('cpuprofile')).toString('utf8')).toContain('"samples"');
});

test('OBS-08 a job that was given up is tried again, a queue is paused and resumed, and a backup is made now', async () => {
  const state = await device.invoke('session.get', {});
  if (state.status !== 'signedIn') throw new Error('somebody is signed in');
  await jobs.send(notes, stableId('shown'), { tenantId: state.actor.tenantId });
  await show('Background jobs');
  await page.getByRole('button', { name: '1 Given up in notes: show them' }).click();
  const row = page.locator(`[data-job="${stableId('shown')}"]`);
  await row.getByText('3 of 3').waitFor();
  await lookAtScreen(device, page, 'operations-jobs');
  isBroken = false;
  await row.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: '1 Done in notes: show them' }).waitFor();
  await page.getByRole('button', { name: 'Pause Mails' }).click();
  await page.locator('[data-queue="emails"]').getByText('Paused').waitFor();
  await show('Diagnosis');
  await page.locator('[data-part="jobs"]').getByText('Resume it under Background jobs').waitFor();
  await show('Background jobs');
  await page.getByRole('button', { name: 'Resume Mails' }).click();
  await page.locator('[data-plan="backup"]').getByRole('button', { name: 'Run now' }).click();
  await page.locator('[data-plan="backup"]').getByText('1 kept').waitFor({ timeout: 60_000 });
});

test('OBS-09 a rule is changed by keyboard, and an alert is looked after', async () => {
  await show('Alerts');
  await lookAtScreen(device, page, 'operations-alerts');
  await page.locator('[data-rule="memory"]').getByRole('button').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  const limit = page.getByRole('textbox', { name: /^Limit/ });
  await limit.fill('0');
  await lookAtScreen(device, page, 'operations-rule');
  await limit.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const alert = page.locator('[data-alert="memory"][data-open="true"]');
  await alert.getByText('above 0%').waitFor();
  await alert.getByRole('button', { name: 'I look after it' }).click();
  await alert.getByText('Looked after since').waitFor();
});

test('ENG-09 ENG-10 the diagnosis names every part and the next step, in both languages', async () => {
  await show('Diagnosis');
  await page.locator('[data-part="alerts"][data-status="failed"]').waitFor();
  await page.getByTestId('verdict').getByText('Fails: Alerts').waitFor();
  await page.locator('[data-part="mail"]').getByText('Name one where the server is started').waitFor();
  await lookAtScreen(device, page, 'operations-diagnosis');
  await device.invoke('preferences.set', { language: 'de' });
  await page.getByRole('heading', { level: 1, name: 'Diagnose' }).waitFor();
  expect(await page.locator('[data-part]').allInnerTexts()).not.toEqual(
    expect.arrayContaining([expect.stringContaining('operations.')]),
  );
  await lookAtScreen(device, page, 'operations-diagnosis-de');
  await show('Leistung');
  await page.getByText('5 Sekunden lang gemessen').waitFor();
  await lookAtScreen(device, page, 'operations-performance-de');
  await device.invoke('preferences.set', { language: 'en' });
});
