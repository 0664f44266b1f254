// An organization whose pipelines are gone: the board says what is missing and whom to ask, and who may makes one on the spot.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let admin: Device;
let rep: Device;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  await createOrganizationWith(server, 'bare', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  [admin, rep] = [new Device({ serverUrl: null }), new Device({ serverUrl: null })];
  for (const [device, id] of [
    [admin, 'ada'],
    [rep, 'rene'],
  ] as const) {
    await device.start();
    await device.signIn(server.url, { email: emailOf(id), password: testPassword });
    await device.waitUntilExchanged();
    await goTo(device.page, '/pipeline');
  }
});
afterAll(async () => {
  await admin.remove();
  await rep.remove();
  await server.remove();
});

test('CRM-07 without a pipeline the board says so; an administrator makes the first, and everybody has its columns', async () => {
  await rep.page.getByRole('heading', { name: 'No pipeline yet' }).waitFor();
  await rep.page.getByText('Ask an administrator to make one').waitFor();
  expect(await rep.page.getByRole('button', { name: 'Make a pipeline' }).count()).toBe(0);
  expect(await rep.page.getByRole('button', { name: 'New deal' }).count()).toBe(0);
  await lookAtScreen(rep, rep.page, 'no-pipeline');
  await admin.page.getByRole('button', { name: 'Make a pipeline' }).waitFor();
  await lookAtScreen(admin, admin.page, 'no-pipeline-admin');
  // Its stages speak the language of whoever makes it.
  await admin.invoke('preferences.set', { language: 'de' });
  await admin.page.getByRole('button', { name: 'Pipeline anlegen' }).click();
  for (const { page } of [admin, rep])
    await page.getByTestId('board').getByRole('heading', { name: 'Erstkontakt' }).waitFor();
  await rep.page.getByRole('button', { name: 'New deal' }).waitFor();
  await admin.page.getByRole('button', { name: 'Neuer Deal' }).waitFor();
});
