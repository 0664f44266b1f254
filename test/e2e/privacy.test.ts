// An administrator answers a person who asks what is known about them, and then asks to be forgotten; a colleague's
// computer that was looking at the same person loses them as well.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-home-'));
const downloads = path.join(home, 'Downloads');
let server: TestServer;
let admin: Device;
let rep: Device;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  mkdirSync(downloads);
  admin = new Device({ serverUrl: server.url, env: { HOME: home } });
  await admin.start();
  const people = await admin.enterDemo('org_admin');
  await admin.waitUntilExchanged();
  rep = new Device({ serverUrl: server.url });
  await rep.start();
  const person = people.get('sales_rep');
  if (person === undefined) throw new Error('the demo has a sales representative');
  await rep.signIn(server.url, person);
  await rep.waitUntilExchanged();
});
afterAll(async () => {
  await rep.remove();
  await admin.remove();
  await server.remove();
  rmSync(home, { recursive: true, force: true });
});

test('C10 AUD-15 an administrator exports and erases a person from the record page, and a colleague loses them', async () => {
  const [contact] = (await readList(rep.page, 'contact', { limit: 1 })).rows;
  if (contact === undefined) throw new Error('the representative has contacts');
  const name = String(contact['name']);
  const { page } = admin;
  await goTo(rep.page, `/contacts/${contact.id}`);
  await rep.page.getByRole('heading', { name }).first().waitFor();
  expect(await rep.page.getByRole('button', { name: 'More', exact: true }).count()).toBeLessThan(2);
  await goTo(page, `/contacts/${contact.id}`);
  await page.getByRole('heading', { name }).first().waitFor();

  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Export everything about this person' }).click();
  await page.getByText(`Saved in your downloads: person-${contact.id}.json`).waitFor();
  const file = path.join(downloads, `person-${contact.id}.json`);
  await waitFor('the file in the downloads', () => Promise.resolve(existsSync(file)));
  const exported = JSON.parse(readFileSync(file, 'utf8')) as { readonly records: readonly Record<string, unknown>[] };
  expect(exported.records.find((record) => record['id'] === contact.id)).toMatchObject({ name });

  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Erase this person…' }).click();
  const confirm = page.getByRole('button', { name: 'Erase for good' });
  await confirm.waitFor();
  expect(await confirm.isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: `Type “${name}” to confirm` }).fill(name);
  await lookAtScreen(admin, admin.page, 'erase');
  await page.keyboard.press('Enter');
  await page.getByText(/^Erased: \d+ records\./).waitFor();
  await page.waitForURL(/#\/contacts$/);
  for (const device of [admin, rep]) {
    await device.invoke('sync.now', {});
    await waitFor('the person gone from this computer', async () => {
      const { rows } = await readList(device.page, 'contact', { limit: 500 });
      return !rows.some((row) => row.id === contact.id);
    });
  }
  await rep.page.getByText('This record is not available to you').waitFor();
  expect([...admin.pageErrors, ...rep.pageErrors]).toEqual([]);
});
