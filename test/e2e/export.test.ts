// A manager exports the list of deals without a network and reads it with another program; a representative is told why
// not; the administrator finds the export in the audit once the manager's computer was online again.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { toDecimalText } from '#shared/kernel/money.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { editField, goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { keepForLooking, readPdfPages, readPictures, readWithLibreOffice } from '#test/support/read-exports.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import { askAgain, openJobs } from '#test/support/take-export.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'outpost-home-'));
const downloads = path.join(home, 'Downloads');
/** Names the folder that somebody chooses in a dialog of the system. */
const chosen = path.join(home, 'chosen');

let server: TestServer;
let manager: Device;
let rep: Device;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  mkdirSync(downloads);
  manager = new Device({ serverUrl: server.url, env: { HOME: home, OUTPOST_HOST_CHOOSES: chosen } });
  await manager.start();
  const credentials = (await manager.enterDemo('manager')).get('sales_rep');
  if (credentials === undefined) throw new Error('the demo company has no representative');
  rep = new Device({ serverUrl: null });
  await rep.start();
  await rep.signIn(server.url, credentials);
  await manager.waitUntilExchanged();
  await rep.waitUntilExchanged();
});

afterAll(async () => {
  await rep.remove();
  await manager.remove();
  await server.remove();
  rmSync(home, { recursive: true, force: true });
});

const dialogOf = (device: Device): Locator => device.page.getByRole('dialog');

async function openDialog(device: Device, list: string): Promise<Locator> {
  await goTo(device.page, `/${list}`);
  await device.page.locator('.ag-row[row-id]').first().waitFor();
  await device.page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = dialogOf(device);
  await dialog.getByTestId('export-dialog').waitFor();
  return dialog;
}

/** The file with this ending that came into the downloads. */
async function takeDownload(ending: string): Promise<Uint8Array> {
  const name = await waitFor(`a file .${ending} in the downloads`, () =>
    Promise.resolve(readdirSync(downloads).find((file) => file.endsWith(`.${ending}`))),
  );
  const bytes = readFileSync(path.join(downloads, name));
  rmSync(path.join(downloads, name));
  return bytes;
}

/** What the open dialog makes in this form. */
async function exportFrom(dialog: Locator, form: string, ending: string): Promise<Uint8Array> {
  await dialog.getByRole('radio', { name: form }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.locator('[data-saved="saved"]').waitFor();
  const bytes = await takeDownload(ending);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  return bytes;
}

async function exportAs(device: Device, list: string, form: string, ending: string): Promise<Uint8Array> {
  return exportFrom(await openDialog(device, list), form, ending);
}

/** The pivot of the manager, as it stands when its screen is opened. */
async function exportPivotAsCsv(): Promise<string> {
  const { page } = manager;
  await goTo(page, '/analytics/pivot');
  await page.getByTestId('pivot-grid').locator('[row-index="b-0"]').first().waitFor();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  return new TextDecoder().decode(await exportFrom(dialogOf(manager), 'CSV', 'csv'));
}

test('IMP-01 the list of deals is exported to Excel without a network, by keyboard, and another program reads the same values', async () => {
  await setWorkOffline(manager.page, true);
  const dialog = await openDialog(manager, 'deals');
  await lookAtScreen(manager, manager.page, 'export-dialog');
  await dialog.getByRole('radio', { name: 'Excel (.xlsx)' }).focus();
  await manager.page.keyboard.press('Enter');
  await dialog.getByText(/rows were exported to “Deals \d{4}-\d{2}-\d{2}\.xlsx”/).waitFor();
  await dialog.locator('[data-saved="saved"]').waitFor();
  await lookAtScreen(manager, manager.page, 'export-done');
  const book = readWithLibreOffice(await takeDownload('xlsx'));
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const [head = [], ...rows] = book.get('Deals') ?? [];
  const sort = [{ field: 'createdAt', direction: 'desc' }] as const;
  const { rows: deals, total } = await readList(manager.page, 'deal', { sort, limit: 1000 });
  expect(rows).toHaveLength(total);
  const shown = deals.map((deal) => [
    String(deal['name']),
    String(Number(toDecimalText(Number(deal['amount']), String(deal['currency'])))),
    String(deal['closeDate']),
  ]);
  const [name, amount, closeDate] = ['Name', 'Amount', 'Close date'].map((label) => head.indexOf(label));
  const read = rows.map((row) => [row[name ?? -1], row[amount ?? -1], row[closeDate ?? -1]]);
  expect(read.slice(0, shown.length)).toEqual(shown);
  expect(book.get('About')?.[0]).toEqual(['Deals']);
});

test('ANA-17 a pivot is exported as it stands, with typed numbers and its totals', async () => {
  const { page } = manager;
  await goTo(page, '/analytics/pivot');
  await page.getByTestId('pivot-grid').locator('[row-index="b-0"]').first().waitFor();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = dialogOf(manager);
  await dialog.getByRole('radio', { name: 'Excel (.xlsx)' }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByText(/rows were exported to “Pivot/).waitFor();
  const rows = readWithLibreOffice(await takeDownload('xlsx')).get('Pivot') ?? [];
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const isOpen = { field: 'status', op: 'eq', value: 'open' } as const;
  const { rows: open, total } = await readList(page, 'deal', { filter: isOpen, limit: 1000 });
  const amount = open.reduce((sum, deal) => sum + Number(deal['amount'] ?? 0), 0);
  const last = rows.at(-1) ?? [];
  expect(last[0]).toBe('Total');
  expect(last.slice(-2)).toEqual([String(amount / 100), String(total)]);
  expect(rows.map(([name]) => name?.trim())).toEqual(expect.arrayContaining(['Stage', 'Prospecting', 'Negotiation']));
});

test('OBS-04 ANA-17 a pivot is exported again from Background jobs without a network and without its screen: the same file, and the next one from the records of then', async () => {
  const { page } = manager;
  const first = await exportPivotAsCsv();
  // What the screen shows now is another question.
  await page.getByRole('button', { name: 'Add Account to the rows' }).click();
  await page.getByTestId('pivot-grid').locator('[row-index="b-0"]').first().waitFor();
  await goTo(page, '/contacts');
  const jobs = await openJobs(manager);
  await askAgain(jobs, 'Pivot · CSV');
  expect(new TextDecoder().decode(await takeDownload('csv'))).toBe(first);
  expect(page.url()).toMatch(/#\/contacts$/);
  const filter = { field: 'status', op: 'eq', value: 'open' } as const;
  const [deal] = (await readList(page, 'deal', { filter, limit: 1 })).rows;
  await editField(page, `/deals/${String(deal?.['id'])}`, { name: 'amount', label: 'Amount' }, '1234567');
  await goTo(page, '/contacts');
  await askAgain(jobs, 'Pivot · CSV');
  const then = new TextDecoder().decode(await takeDownload('csv'));
  const open = (await readList(page, 'deal', { filter, limit: 1000 })).rows;
  const sum = open.reduce((all, { amount }) => all + Number(amount ?? 0), 0) / 100;
  const total = then.trim().split('\r\n').at(-1)?.split(',') ?? [];
  expect(total[0]).toBe('Total');
  expect(total.map(Number)).toContain(sum);
  expect(first.trim().split('\r\n').at(-1)?.split(',').map(Number)).not.toContain(sum);
  const [newest] = (await readList(page, 'dataExport', { sort: [{ field: 'createdAt', direction: 'desc' }], limit: 1 }))
    .rows;
  expect(newest).toMatchObject({ subject: 'pivot', format: 'csv' });
});

test('OBS-04 ANA-17 a report is made by itself, without a network, into the folder that was chosen for it, until somebody takes it away', async () => {
  const { page } = manager;
  await setWorkOffline(page, true);
  const once = await exportPivotAsCsv();
  const dialog = dialogOf(manager);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByRole('radio', { name: 'CSV' }).check();
  await dialog.getByLabel('When').selectOption('Monday to Friday');
  await dialog.getByRole('combobox', { name: 'Time', exact: true }).fill('06:15');
  await lookAtScreen(manager, page, 'export-when');
  await page.keyboard.press('Tab');
  // Nobody chooses, and nothing is planned.
  await dialog.getByRole('button', { name: 'Choose a folder …' }).click();
  const folder = path.join(home, 'Reports');
  writeFileSync(chosen, folder);
  await dialog.getByRole('button', { name: 'Choose a folder …' }).click();
  await dialog.getByText(/The folder for this file cannot be reached or written/).waitFor();
  mkdirSync(folder);
  await dialog.getByRole('button', { name: 'Choose a folder …' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText(`(Monday to Friday, 06:15) in ${folder}`).waitFor();
  await goTo(page, '/contacts');
  const jobs = await openJobs(manager);
  await jobs.getByRole('link', { name: 'Schedules' }).click();
  const plan = jobs.locator('tr[data-plan^="report:"]').filter({ hasText: folder });
  await plan.getByText(/, 6:15|06:15/).waitFor();
  await lookAtScreen(manager, jobs, 'jobs-reports');
  await plan.getByRole('button', { name: /^Run now/ }).click();
  const name = await waitFor('the file in the folder', () =>
    Promise.resolve(readdirSync(folder).find((file) => file.endsWith('.csv'))),
  );
  expect(name).toMatch(/^Pivot \d{4}-\d{2}-\d{2}\.csv$/);
  expect(new TextDecoder().decode(readFileSync(path.join(folder, name)))).toBe(once);
  await plan.getByRole('button', { name: /^Remove/ }).click();
  await plan.waitFor({ state: 'detached' });
  await jobs.getByRole('link', { name: 'Jobs', exact: true }).click();
  await jobs.locator('tr[data-kind="report"][data-state="done"]').getByText('Pivot · CSV').waitFor();
  await lookAtScreen(manager, jobs, 'jobs-report-done');
  expect(readdirSync(folder)).toEqual([name]);
});

test('ANA-16 ANA-17 a pivot that is shown with its chart is exported with it, at first and again: as vectors, as a drawing in the page, as a picture on a sheet', async () => {
  const { page } = manager;
  await goTo(page, '/analytics/pivot');
  await page.getByText('Both', { exact: true }).click();
  await page.locator('[data-chart] [data-drawn="true"]').waitFor();
  async function exportPivot(form: string, ending: string): Promise<Uint8Array> {
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const dialog = dialogOf(manager);
    await dialog.getByRole('radio', { name: form }).check();
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.locator('[data-saved="saved"]').waitFor();
    const bytes = await takeDownload(ending);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    return bytes;
  }
  const pdf = await exportPivot('PDF', 'pdf');
  const text = readPdfPages(pdf).join('');
  // Once in the drawing, once in the table.
  expect(text.match(/Negotiation/g)?.length).toBeGreaterThan(1);
  expect(Buffer.from(pdf).includes('/Subtype /Image')).toBe(false);
  const html = new TextDecoder().decode(await exportPivot('HTML', 'html'));
  expect(html).toMatch(/<svg role="img" aria-label="Pivot"[^]*Negotiation[^]*<\/svg>[^]*<table>/);
  const book = await exportPivot('Excel (.xlsx)', 'xlsx');
  expect(readPictures(book)).toEqual([{ width: 1440, height: 720 }]);
  keepForLooking('pivot-chart', { pdf, html, xlsx: book });
  await page.getByText('Table', { exact: true }).click();
  // The chart is drawn again although none is on the screen any more.
  const drawn = /<svg role="img"[^]*<\/svg>/;
  await askAgain(await openJobs(manager), 'Pivot · HTML');
  const again = new TextDecoder().decode(await takeDownload('html'));
  expect(again.match(drawn)?.[0]).toBe(html.match(drawn)?.[0]);
});

test('IMP-01 ANA-17 the same list becomes CSV, PDF, HTML and JSON', async () => {
  const csv = new TextDecoder().decode(await exportAs(manager, 'deals', 'CSV', 'csv'));
  const count = csv.trim().split('\r\n').length - 1;
  expect(csv.split('\r\n')[0]).toContain('Amount');
  const json = JSON.parse(new TextDecoder().decode(await exportAs(manager, 'deals', 'JSON', 'json'))) as {
    readonly rows: readonly Record<string, unknown>[];
  };
  expect(json.rows).toHaveLength(count);
  const html = new TextDecoder().decode(await exportAs(manager, 'deals', 'HTML', 'html'));
  expect(html.match(/<tr>/g)).toHaveLength(count + 1);
  const pages = readPdfPages(await exportAs(manager, 'deals', 'PDF', 'pdf'));
  expect(pages.length).toBeGreaterThan(1);
  for (const [index, page] of pages.entries()) {
    expect(page).toContain('Close date');
    expect(page).toContain(`Page ${String(index + 1)}`);
  }
});

test('IMP-01 a file that cannot be saved is told as such, kept, and saved again once there is room', async () => {
  const dialog = await openDialog(manager, 'accounts');
  rmSync(downloads, { recursive: true });
  writeFileSync(downloads, 'in the way');
  await dialog.getByRole('radio', { name: 'CSV' }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByText('could not be saved: the disk is full').waitFor();
  await lookAtScreen(manager, manager.page, 'export-not-saved');
  rmSync(downloads);
  mkdirSync(downloads);
  await dialog.getByRole('button', { name: 'Save again' }).click();
  await dialog.locator('[data-saved="saved"]').waitFor();
  expect(new TextDecoder().decode(await takeDownload('csv'))).toContain('Name');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
});

test('IMP-17 a representative is told why leads cannot be exported, and who could change it', async () => {
  const dialog = await openDialog(rep, 'leads');
  await dialog.getByText('does not allow you to export this').waitFor();
  await dialog.getByText('An administrator of your organization can.').waitFor();
  await lookAtScreen(rep, rep.page, 'export-refused');
  expect(await dialog.getByRole('radio').count()).toBe(0);
  await rep.page.keyboard.press('Escape');
});

test('IMP-17 an export of leads is in the audit once the computer that made it was online again', async () => {
  await exportAs(manager, 'leads', 'CSV', 'csv');
  const read = () =>
    server.database.asOwner((session) =>
      session.query<{ command: string; outcome: string }>(
        `SELECT command, outcome FROM audit WHERE command IN ('lead_exported', 'deal_exported') ORDER BY no`,
      ),
    );
  expect(await read()).toEqual([]);
  await setWorkOffline(manager.page, false);
  await waitFor('the exports in the audit', async () => ((await read()).length === 6 ? true : undefined));
  expect((await read()).map(({ command, outcome }) => `${command} ${outcome}`)).toEqual([
    ...Array.from({ length: 5 }, () => 'deal_exported applied'),
    'lead_exported applied',
  ]);
});

test('OBS-04 IMP-01 an export stands among the background jobs: it waits while they are paused, goes on without its dialog, is interrupted by a crash, and is done once more when somebody asks', async () => {
  const before = await openJobs(manager);
  await before.locator('tr[data-kind="export"][data-state="done"]').first().waitFor();
  await before.getByRole('button', { name: 'Pause all' }).click();
  await before.getByRole('button', { name: 'Resume all' }).waitFor();
  const dialog = await openDialog(manager, 'deals');
  await dialog.getByRole('radio', { name: 'CSV' }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByText('Waits its turn among the background jobs.').waitFor();
  await lookAtScreen(manager, manager.page, 'export-waits');
  await dialog.getByRole('button', { name: 'Continue in the background' }).click();
  await dialog.waitFor({ state: 'detached' });
  const waiting = before.locator('tr[data-kind="export"][data-state="waiting"]');
  await waiting.getByText('Deals · CSV').waitFor();
  await waiting.getByText('Paused').waitFor();
  await before.getByRole('button', { name: 'Resume all' }).click();
  await manager.page.getByText(/“Deals \d{4}-\d{2}-\d{2}\.csv” is saved: [\d,]+ rows\./).waitFor();
  const whole = new TextDecoder().decode(await takeDownload('csv'));

  await before.getByRole('button', { name: 'Pause all' }).click();
  await before.getByRole('button', { name: 'Resume all' }).waitFor();
  const again = await openDialog(manager, 'deals');
  await again.getByRole('radio', { name: 'CSV' }).check();
  await again.getByRole('button', { name: 'Export', exact: true }).click();
  await waiting.waitFor();
  await manager.kill();
  await manager.start();
  await manager.waitUntilExchanged();
  const after = await openJobs(manager);
  await after.getByRole('button', { name: 'Resume all' }).click();
  const failed = after.locator('tr[data-kind="export"][data-state="failed"]').first();
  await failed.getByText('Outpost ended while this was under way.').waitFor();
  await failed.getByRole('button', { name: 'Log: Export, Deals · CSV' }).click();
  await lookAtScreen(manager, after, 'export-interrupted');
  expect(readdirSync(downloads)).toEqual([]);
  const failedId = await failed.getAttribute('data-job');
  await failed.getByRole('button', { name: 'Export again: Export, Deals · CSV' }).click();
  await after.locator(`tr[data-job="${failedId ?? ''}"][data-state="done"]`).waitFor();
  expect(new TextDecoder().decode(await takeDownload('csv'))).toBe(whole);
  await after.getByText(/“Deals \d{4}-\d{2}-\d{2}\.csv” is saved, [\d,]+ rows/).waitFor();
  await lookAtScreen(manager, after, 'export-jobs');
});
