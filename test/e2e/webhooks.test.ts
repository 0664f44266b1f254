// An administrator has another program told of new leads: sets it up, tries it, sees what became of the calls, and ends it.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { isGenuine, startWebhookReceiver, type WebhookReceiver } from '#test/support/webhook-receiver.ts';

let server: TestServer;
let receiver: WebhookReceiver;
let admin: Device;
let rep: Device;
let settings: Page;

async function openSettingsOf(device: Device, section: string): Promise<Page> {
  await device.invoke('window.openSettings', { section });
  return waitFor('the settings window', () =>
    Promise.resolve(device.launched.app.windows().find((window) => window.url().includes('#/settings/'))),
  );
}

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ allowPrivate: '127.0.0.1' });
  receiver = await startWebhookReceiver();
  await createOrganizationWith(server, 'hooks', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  [admin, rep] = [new Device({ serverUrl: null }), new Device({ serverUrl: null })];
  for (const [device, id] of [
    [rep, 'rene'],
    [admin, 'ada'],
  ] as const) {
    await device.start();
    await device.signIn(server.url, { email: emailOf(id), password: testPassword });
    await device.waitUntilExchanged();
  }
  settings = await openSettingsOf(admin, 'webhooks');
});
afterAll(async () => {
  await admin.remove();
  await rep.remove();
  await receiver.stop();
  await server.remove();
});

const createLead = (id: string, name: string) =>
  request(admin.page, 'execute', { command: 'createRecord', input: { entity: 'lead', id, values: { name } } });

test('API-08 a webhook is set up with a secret that is shown once, and a test tells at once whether somebody listens', async () => {
  await settings.getByRole('heading', { name: 'Webhooks' }).waitFor();
  await settings.getByText('No program is told of anything yet.').waitFor();
  await settings.getByRole('button', { name: 'New webhook' }).click();
  const dialog = settings.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Warehouse');
  await dialog.getByLabel('Address').fill('http://10.0.0.1/hook');
  await dialog.getByLabel('Lead created').check();
  await dialog.getByLabel('Deal won').check();
  await dialog.getByRole('button', { name: 'Create webhook' }).click();
  await dialog.getByRole('alert').waitFor();
  await lookAtScreen(admin, settings, 'webhook-refused');
  await dialog.getByLabel('Address').fill(receiver.url);
  await dialog.getByRole('button', { name: 'Create webhook' }).click();
  const secret = dialog.locator('code').first();
  await secret.getByText(/^whs_/).waitFor();
  const text = (await secret.textContent()) ?? '';
  await lookAtScreen(admin, settings, 'webhook-secret');
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await settings.getByTestId('webhooks').getByText('Lead created, Deal won').waitFor();
  await settings.getByRole('button', { name: 'Calls of Warehouse' }).click();
  await settings.getByText('Nothing was told yet').waitFor();
  await dialog.getByRole('button', { name: 'Send a test' }).click();
  await dialog.getByTestId('tested').getByText('The receiver answered 200').waitFor();
  const [ping] = receiver.heard;
  expect(ping?.event).toBe('ping');
  expect(isGenuine(text, ping?.signature ?? '', ping?.text ?? '', server.clock.now())).toBe(true);
  await settings.keyboard.press('Escape');
});

test('API-09 what happens is told when the server accepts it, also when it was typed without a network, and calls say what became of them', async () => {
  receiver.heard.length = 0;
  await admin.invoke('sync.workOffline', { on: true });
  await createLead('l1', 'Typed offline');
  await admin.invoke('sync.workOffline', { on: false });
  await admin.waitUntilExchanged();
  await waitFor('the call', () => Promise.resolve(receiver.heard.length > 0));
  expect(receiver.heard[0]?.body).toMatchObject({ event: 'lead.created', record: { id: 'l1', name: 'Typed offline' } });
  expect(receiver.heard[0]?.body['typedAt']).toMatch(/^20/);
  receiver.behave({ status: 500, text: 'out of order' });
  await createLead('l2', 'Not taken');
  await admin.waitUntilExchanged();
  await settings.getByRole('button', { name: 'Calls of Warehouse' }).click();
  const calls = settings.getByTestId('deliveries');
  await calls.getByText('answered 500').waitFor();
  await calls.getByText('out of order').waitFor();
  await calls.getByText('Waits').waitFor();
  await lookAtScreen(admin, settings, 'webhook-calls');
  receiver.behave({ status: 200 });
  receiver.heard.length = 0;
  await calls.getByRole('button', { name: 'Tell again: Lead created' }).click();
  await waitFor('the call once more', () =>
    Promise.resolve(receiver.heard.some(({ body }) => body.record?.['id'] === 'l1')),
  );
  await settings.keyboard.press('Escape');
});

test('API-08 the secret is replaced, the webhook paused and removed; others are not offered any of it', async () => {
  await settings.getByRole('button', { name: 'More about Warehouse' }).click();
  await settings.getByRole('menuitem', { name: 'New secret' }).click();
  const dialog = settings.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make a new secret' }).click();
  await dialog.getByText(/^whs_/).waitFor();
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await settings.getByText('The former secret signs as well until').waitFor();
  await settings.getByRole('button', { name: 'More about Warehouse' }).click();
  await settings.getByRole('menuitem', { name: 'Change' }).click();
  await dialog.getByRole('switch', { name: 'Sends' }).click();
  await lookAtScreen(admin, settings, 'webhook-change');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await settings.getByTestId('webhooks').getByText('Paused').waitFor();
  await lookAtScreen(admin, settings, 'webhooks');
  await settings.getByRole('button', { name: 'More about Warehouse' }).click();
  await settings.getByRole('menuitem', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await settings.getByText('No program is told of anything yet.').waitFor();
  const other = await openSettingsOf(rep, 'profile');
  await other.getByRole('heading', { name: 'Profile' }).waitFor();
  expect(await other.getByRole('link', { name: 'Webhooks' }).count()).toBe(0);
  await goTo(other, '/settings/webhooks');
  await other.getByRole('heading', { name: 'Profile' }).waitFor();
});
