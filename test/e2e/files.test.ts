// A representative attaches a file without a network, ends the application, comes back and goes online; the manager's computer
// has it before anybody asks, looks at it, and loses it together with the deal.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import type { SessionState } from '#shared/ipc/session-state.ts';
import { readList, readRecord, request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { findInPalette, goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { bytesOf } from '#test/support/file-operations.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

const CANARY = 'canary-of-a-confidential-offer';
const note = {
  name: 'offer notes.txt',
  mimeType: 'text/plain',
  buffer: Buffer.from(`We agreed: ${CANARY}\n`.repeat(20)),
};
const picture = {
  name: 'site.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
};

const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-home-'));
const downloads = path.join(home, 'Downloads');

let server: TestServer;
let rep: Device;
let manager: Device;
let dealId: string;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  mkdirSync(downloads);
  manager = new Device({ serverUrl: server.url, env: { HOME: home } });
  await manager.start();
  const credentials = (await manager.enterDemo('manager')).get('sales_rep');
  if (credentials === undefined) throw new Error('the demo company has no representative');
  rep = new Device({ serverUrl: null });
  await rep.start();
  await rep.signIn(server.url, credentials);
  await manager.waitUntilExchanged();
  await rep.waitUntilExchanged();
  const seen = new Set((await readList(manager.page, 'deal', { limit: 1000 })).rows.map(({ id }) => id));
  const shared = (await readList(rep.page, 'deal')).rows.find(({ id }) => seen.has(id));
  if (shared === undefined) throw new Error('the manager sees no deal of the representative');
  dealId = shared.id;
});

afterAll(async () => {
  await rep.remove();
  await manager.remove();
  await server.remove();
  rmSync(home, { recursive: true, force: true });
});

const rowOf = (page: Page, name: string): Locator => page.getByTestId('file').filter({ hasText: name });
const waitForPlace = (page: Page, name: string, place: string): Promise<void> =>
  page.locator(`[data-testid="file"][data-place="${place}"]`, { hasText: name }).waitFor();

/** Every file below a folder. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile() === true);
}
const blobsOf = (device: Device): readonly string[] =>
  filesBelow(path.join(device.userData, 'profiles')).filter((name) => name.endsWith('.blob'));
const holding = (device: Device, text: string): readonly string[] =>
  filesBelow(path.join(device.userData, 'profiles')).filter((name) => readFileSync(name).includes(text));

test('OFF-01 CRM-10 a file is attached without a network and is still here after a restart', async () => {
  await setWorkOffline(rep.page, true);
  await goTo(rep.page, `/deals/${dealId}`);
  await rep.page.getByTestId('file-input').setInputFiles([note, picture]);
  await waitForPlace(rep.page, note.name, 'waiting');
  await waitForPlace(rep.page, picture.name, 'waiting');
  await rep.page.getByText('Saved on this computer, waiting to be sent').first().waitFor();
  expect(blobsOf(rep)).toHaveLength(2);
  expect(holding(rep, CANARY)).toEqual([]);
  await rep.kill();
  await rep.start();
  await goTo(rep.page, `/deals/${dealId}`);
  await waitForPlace(rep.page, note.name, 'waiting');
  await rowOf(rep.page, note.name).getByRole('button', { name: note.name, exact: true }).click();
  await rep.page.getByLabel(`Text of “${note.name}”`).getByText(CANARY).first().waitFor();
  await rep.page.keyboard.press('Escape');
});

test('CRM-10 what is attached reaches the manager, who has it before asking and looks at it without a network', async () => {
  await setWorkOffline(rep.page, false);
  await waitForPlace(rep.page, note.name, 'copy');
  await waitForPlace(rep.page, picture.name, 'copy');
  await goTo(manager.page, `/deals/${dealId}`);
  await waitForPlace(manager.page, note.name, 'copy');
  await waitForPlace(manager.page, picture.name, 'copy');
  await setWorkOffline(manager.page, true);
  await rowOf(manager.page, picture.name).getByRole('button', { name: picture.name, exact: true }).click();
  const image = manager.page.getByAltText(`Picture “${picture.name}”`);
  await image.waitFor();
  expect(await image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(1);
  await manager.page.keyboard.press('Escape');
  await rowOf(manager.page, note.name)
    .getByRole('button', { name: `Save “${note.name}” as …` })
    .click();
  await manager.page.getByText(`Saved in your downloads: ${note.name}`).waitFor();
  const saved = path.join(downloads, note.name);
  await waitFor('the file in the downloads', () => Promise.resolve(existsSync(saved)));
  expect(Buffer.compare(readFileSync(saved), note.buffer)).toBe(0);
  await manager.page.getByText(`File attached: ${picture.name}`).waitFor();
  expect(await findInPalette(manager.page, 'offer notes', note.name)).toBe(true);
  await setWorkOffline(manager.page, false);
  expect(blobsOf(manager)).toHaveLength(2);
  expect(holding(manager, CANARY)).toEqual([]);
});

test('TSK-03 a file is dropped in, a deleted one can be brought back, and a file that is too large is refused at once, with the reason', async () => {
  await rep.page.getByTestId('files').evaluate((panel) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['dropped words'], 'dropped.txt'));
    for (const type of ['dragover', 'drop'])
      panel.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  });
  await waitForPlace(rep.page, 'dropped.txt', 'copy');
  const row = rowOf(rep.page, picture.name);
  await row.getByRole('button', { name: `More for “${picture.name}”` }).click();
  await rep.page.getByRole('menuitem', { name: 'Delete' }).click();
  await row.waitFor({ state: 'hidden' });
  await rep.page.getByRole('button', { name: 'Undo' }).click();
  await row.waitFor();
  await waitFor('the picture is back on the other computer', () => rowOf(manager.page, picture.name).isVisible());
  const tenant = await server.database.asOwner((session) =>
    session.query<{ tenant: string }>(`UPDATE tenant SET settings = settings || '{"fileSizeMb": 1}' RETURNING tenant`),
  );
  expect(tenant).toHaveLength(1);
  await rep.quit();
  await rep.start();
  await rep.waitUntilExchanged();
  await goTo(rep.page, `/deals/${dealId}`);
  const large = {
    name: 'large.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytesOf(1024 * 1024 + 1)),
  };
  await rep.page.getByTestId('file-input').setInputFiles(large);
  await rep.page
    .getByRole('alert')
    .getByText(/larger than your organization allows/)
    .waitFor();
  expect(await rowOf(rep.page, 'large.bin').count()).toBe(0);
});

test('SYNC-24 SYNC-53 whoever loses the deal loses the bytes, at once and from the disk; what was owed stays with its author', async () => {
  const session = (await manager.invoke('session.get', {})) as Extract<SessionState, { status: 'signedIn' }>;
  const managerId = session.actor.userId;
  // The representative attaches one more without a network, and the deal goes to the manager meanwhile.
  await setWorkOffline(rep.page, true);
  const last = { name: 'last words.txt', mimeType: 'text/plain', buffer: Buffer.from('Written on the train.') };
  await rep.page.getByTestId('file-input').setInputFiles(last);
  await waitForPlace(rep.page, last.name, 'waiting');
  await goTo(manager.page, `/deals/${dealId}`);
  await manager.page.getByRole('button', { name: 'More', exact: true }).click();
  await manager.page.getByRole('menuitem', { name: /Reassign/ }).click();
  const dialog = manager.page.getByRole('dialog');
  await dialog.getByRole('combobox').first().fill(session.actor.name);
  await manager.page.getByRole('option', { name: session.actor.name }).first().click();
  await dialog.getByRole('button', { name: /Reassign|Save/ }).click();
  await waitFor(
    'the deal is the manager’s',
    async () => (await readRecord(manager.page, 'deal', dealId))?.ownerId === managerId,
  );
  await manager.waitUntilExchanged();
  await setWorkOffline(rep.page, false);
  await waitFor(
    'the deal gone from the representative',
    async () => (await readRecord(rep.page, 'deal', dealId)) === null,
  );
  await waitFor('the bytes gone', async () => blobsOf(rep).length === 1);
  expect((await readList(rep.page, 'file')).total).toBe(0);
  await goTo(rep.page, '/attention');
  const card = rep.page.getByTestId('refused').filter({ hasText: last.name });
  await card.getByRole('button', { name: 'Look at it' }).click();
  await rep.page.getByText('Written on the train.').waitFor();
  await rep.page.keyboard.press('Escape');
  await card.getByRole('button', { name: 'Discard' }).click();
  await waitFor('nothing of it left', async () => blobsOf(rep).length === 0);
  expect([...rep.pageErrors, ...manager.pageErrors]).toEqual([]);
});

test('CRM-10 what was attached to a lead is found on the contact and the account it became, as the lead’s', async () => {
  const { page } = rep;
  const values = { firstName: 'Lena', lastName: 'Fels', company: 'Fels AG' };
  const { recordId } = await request(page, 'execute', {
    command: 'createRecord',
    input: { entity: 'lead', values },
  });
  if (recordId === null) throw new Error('a lead was expected');
  await goTo(page, `/leads/${recordId}`);
  const sketch = { name: 'first sketch.txt', mimeType: 'text/plain', buffer: Buffer.from('A roof and two walls.') };
  await page.getByTestId('file-input').setInputFiles(sketch);
  await waitForPlace(page, sketch.name, 'copy');
  const input = { id: recordId, account: { new: {} }, contact: { new: {} }, deal: { none: true } };
  await request(page, 'execute', { command: 'convertLead', input });
  for (const place of ['contacts', 'accounts']) {
    await goTo(page, `/${place}/${recordId}.${place.slice(0, -1)}`);
    await rowOf(page, sketch.name).getByRole('link', { name: 'Lena Fels' }).waitFor();
    await page.getByRole('heading', { name: 'Files (1)' }).waitFor();
  }
  await rowOf(page, sketch.name).getByRole('button', { name: sketch.name, exact: true }).click();
  await page.getByText('A roof and two walls.').waitFor();
  await page.keyboard.press('Escape');
});
