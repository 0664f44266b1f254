// What happened to a record, told on its page: a representative changes, logs and moves without a network, a colleague changes
// more, and both read the same afterwards; what is hidden from somebody is not told.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { request } from '#test/support/ask-data.ts';
import { Device } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';
import { seedRecords } from '#server/sync/apply-records.ts';

let server: TestServer;
let manager: Device;
let rep: Device;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  const tenantId = await createOrganizationWith(server, 'timeline', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  const mine = { ownerId: 'rene' };
  await seedRecords(server.database, tenantId, [
    seededRecord('account', 'a1', { ...mine, name: 'Nordwind Energie', currency: 'EUR' }),
    seededRecord('contact', 'c1', { ...mine, name: 'Ulrike Meyer', lastName: 'Meyer', accountId: 'a1' }),
    seededRecord('fieldRule', 'no-phone', { role: 'sales_rep', entity: 'account', field: 'phone', mode: 'hidden' }),
  ]);
  [manager, rep] = [new Device({ serverUrl: null }), new Device({ serverUrl: null })];
  for (const [device, id] of [
    [manager, 'ada'],
    [rep, 'rene'],
  ] as const) {
    await device.start();
    await device.signIn(server.url, { email: emailOf(id), password: testPassword });
    await device.waitUntilExchanged();
  }
});

afterAll(async () => {
  await manager.remove();
  await rep.remove();
  await server.remove();
});

const change = (input: unknown) => request(manager.page, 'execute', { command: 'updateRecord', input });
const eventsOf = (device: Device, kind: string) => device.page.locator(`li[data-type="${kind}"]`);

test('CRM-09 a call is logged from anywhere with the keyboard, with who took part and what to do next, without a network', async () => {
  await setWorkOffline(rep.page, true);
  await goTo(rep.page, '/accounts/a1');
  await rep.page.keyboard.press('l');
  const dialog = rep.page.getByRole('dialog');
  await dialog.getByLabel('Subject').fill('Talked about the offer');
  await lookAtScreen(rep, rep.page, 'timeline-log');
  await dialog.getByLabel('Add a follow-up task').check();
  await dialog.getByLabel('What is to be done?').fill('Send the offer');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await eventsOf(rep, 'call').filter({ hasText: 'Talked about the offer' }).waitFor();
  await eventsOf(rep, 'task').filter({ hasText: 'Send the offer' }).waitFor();
});

test('CRM-09 changes of fields reach every timeline, also without a network, and hidden ones nobody who may not see them', async () => {
  await setWorkOffline(rep.page, false);
  await rep.waitUntilExchanged();
  await manager.waitUntilExchanged();
  const values = { website: 'nordwind.example', phone: '+49 30 5550001', employees: 40 };
  await change({ entity: 'account', id: 'a1', values });
  await change({ entity: 'account', id: 'a1', values: { phone: '+49 30 5550002' } });
  await change({ entity: 'contact', id: 'c1', values: { jobTitle: 'Head of purchasing' } });
  await manager.waitUntilExchanged();
  await goTo(manager.page, '/accounts/a1');
  await eventsOf(manager, 'change').filter({ hasText: '3 fields changed' }).waitFor();
  await eventsOf(manager, 'change').filter({ hasText: 'Ulrike Meyer' }).waitFor();
  await lookAtScreen(manager, manager.page, 'timeline-account');
  await eventsOf(rep, 'change').filter({ hasText: '2 fields changed' }).waitFor();
  await setWorkOffline(rep.page, true);
  await goTo(rep.page, '/home');
  // Otherwise the page that is left is still read.
  await rep.page.getByRole('heading', { name: /^Hello/ }).waitFor();
  await goTo(rep.page, '/accounts/a1');
  await rep.page.getByRole('heading', { name: /^Hello/ }).waitFor({ state: 'detached' });
  await eventsOf(rep, 'change').filter({ hasText: 'nordwind.example' }).waitFor();
  expect(await eventsOf(rep, 'change').count()).toBe(2);
  expect(await rep.page.locator('ol').allTextContents()).not.toEqual(
    expect.arrayContaining([expect.stringContaining('555')]),
  );
});

test('CRM-09 a timeline is searched and narrowed to kinds and people', async () => {
  const { page } = rep;
  await page.getByLabel('Search the timeline').fill('job title');
  await eventsOf(rep, 'change').filter({ hasText: 'Head of purchasing' }).waitFor();
  await eventsOf(rep, 'call').waitFor({ state: 'detached' });
  await page.getByLabel('Search the timeline').fill('');
  await page.getByRole('group', { name: 'Kinds of events' }).getByText('Calls').click();
  await eventsOf(rep, 'call').waitFor();
  await eventsOf(rep, 'change').first().waitFor({ state: 'detached' });
  await lookAtScreen(rep, page, 'timeline-narrowed');
});

/** A document with a line of text on each page. */
function makePdf(pages: readonly string[]): Buffer {
  const kids = pages.map((_, index) => `${String(4 + 2 * index)} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${String(pages.length)} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((text, index) => {
      const content = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
      const resources = '/Resources << /Font << /F1 3 0 R >> >>';
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ${resources} /Contents ${String(5 + 2 * index)} 0 R >>`,
        `<< /Length ${String(content.length)} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  let text = '%PDF-1.4\n';
  const places: number[] = [];
  for (const [index, object] of objects.entries()) {
    places.push(text.length);
    text += `${String(index + 1)} 0 obj\n${object}\nendobj\n`;
  }
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = String(objects.length + 1);
  return Buffer.from(
    `${text}xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${String(text.length)}\n%%EOF\n`,
  );
}

test('CRM-10 C13 a contract is looked at page by page, renamed, signed and gets a new version while the old one stays', async () => {
  const { page } = rep;
  const asFile = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/pdf', buffer });
  const first = makePdf(['First page of the contract', 'Second page']);
  await page.getByTestId('file-input').setInputFiles(asFile('contract.pdf', first));
  const row = page.getByTestId('file').filter({ hasText: 'contract.pdf' });
  await row.getByRole('button', { name: 'contract.pdf', exact: true }).click();
  await page.locator('canvas[data-page="1"]').waitFor();
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.locator('canvas[data-page="2"]').waitFor();
  await lookAtScreen(rep, page, 'timeline-pdf');
  await page.keyboard.press('Escape');
  await row.getByRole('button', { name: 'More for “contract.pdf”' }).click();
  await page.getByRole('menuitem', { name: 'Name, kind and status …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('Master agreement');
  await dialog.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Signed' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  const renamed = page.getByTestId('file').filter({ hasText: 'Master agreement.pdf' });
  await renamed.filter({ hasText: 'Signed' }).waitFor();
  await renamed.getByRole('button', { name: 'More for “Master agreement.pdf”' }).click();
  await Promise.all([
    page.waitForEvent('filechooser').then(async (chooser) => {
      await chooser.setFiles(asFile('contract-2.pdf', makePdf(['Changed'])));
    }),
    page.getByRole('menuitem', { name: 'Add a new version …' }).click(),
  ]);
  await renamed.filter({ hasText: 'Version 2' }).waitFor();
  await page.getByRole('button', { name: '2 versions' }).click();
  await renamed.filter({ hasText: 'Version 1' }).waitFor();
  await lookAtScreen(rep, page, 'timeline-versions');
});

test('CRM-10 all documents are found by their title, with the record they belong to', async () => {
  const { page } = rep;
  await goTo(page, '/documents');
  await page.getByLabel('Search documents').fill('master');
  await page.getByTestId('file').filter({ hasText: 'Master agreement.pdf' }).first().waitFor();
  await page.getByRole('link', { name: 'Nordwind Energie' }).waitFor();
  await lookAtScreen(rep, page, 'timeline-documents');
});
