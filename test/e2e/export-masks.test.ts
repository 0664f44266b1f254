// Somebody who does not see everything exports a list, a pivot, a dashboard and a forecast in every form: no file holds what is
// masked or hidden, nothing in a CSV is a formula, and the record of each export names what was masked and what was left out.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import { changeUser } from '#test/support/change-user.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { keepForLooking, readPdfPages, readSheets } from '#test/support/read-exports.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';
import { askAgain, ExportHome, exportForms, openJobs, textOfFile, type ExportForm } from '#test/support/take-export.ts';

const MASKED = 'canary.erika@secret.example';
const HIDDEN = '+49 30 5550199';
const FORMULA = '=HYPERLINK("http://evil.example","x")';
const forms = Object.keys(exportForms) as readonly ExportForm[];
const home = new ExportHome();
let server: TestServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  const tenantId = await createOrganizationWith(server, 'masks', [
    { id: 'mona', role: 'manager', name: '@Mona Berg' },
    { id: 'ada', role: 'org_admin' },
  ]);
  const rule = (entity: string, field: string, mode: string) =>
    seededRecord('fieldRule', `${entity}-${field}`, { role: 'manager', entity, field, mode });
  const open = { pipelineId: DEFAULT_PIPELINE_ID, status: 'open', currency: 'EUR', ownerId: 'mona' };
  const closeDate = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const deal = { ...open, stageId: defaultStages[0]?.id, forecastCategory: 'commit', closeDate, probability: 37 };
  await seedRecords(server.database, tenantId, [
    seededRecord('pipeline', DEFAULT_PIPELINE_ID, { name: 'Sales', stages: defaultStages }),
    seededRecord('contact', 'c1', { name: FORMULA, email: MASKED, phone: HIDDEN, ownerId: 'mona' }),
    seededRecord('account', 'a1', { name: FORMULA, ownerId: 'mona' }),
    seededRecord('deal', 'd1', { ...deal, name: FORMULA, accountId: 'a1', amount: 123_456 }),
    seededRecord('lead', 'l1', { name: 'Lea Lead', status: 'new', score: 91, ownerId: 'mona' }),
    rule('contact', 'email', 'mask'),
    rule('contact', 'phone', 'hidden'),
    rule('deal', 'probability', 'mask'),
    rule('lead', 'score', 'hidden'),
  ]);
  device = new Device({ serverUrl: null, env: { HOME: home.home } });
  page = await device.start();
  await device.signIn(server.url, { email: emailOf('mona'), password: testPassword });
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
  home.remove();
});

/** Everything a file says, whatever its form. */
function wordsOf(form: ExportForm, bytes: Uint8Array): string {
  if (form === 'pdf') return readPdfPages(bytes).join('\n');
  if (form !== 'xlsx') return textOfFile(bytes);
  return readSheets(bytes);
}

/** Cells of a CSV that a spreadsheet would calculate. */
function formulasOf(csv: string): readonly string[] {
  return csv
    .split(/\r\n|[,;]/)
    .map((cell) => cell.replace(/^\uFEFF?"?/, ''))
    .filter((cell) => /^[=@+]/.test(cell));
}

interface Written {
  readonly format: string;
  readonly columns: readonly string[];
  readonly maskedFields: readonly string[];
  readonly leftOutFields: readonly string[];
}

async function lastExports(subject: string): Promise<readonly Written[]> {
  const filter = { field: 'subject', op: 'eq', value: subject } as const;
  const { rows } = await readList(page, 'dataExport', { filter, limit: 100 });
  return rows.map((row) => ({
    format: String(row['format']),
    columns: (row['columns'] ?? []) as string[],
    maskedFields: (row['maskedFields'] ?? []) as string[],
    leftOutFields: (row['leftOutFields'] ?? []) as string[],
  }));
}

/** In all forms; nothing that is masked or hidden is in any of them. */
async function exportAll(name: string, rows?: RegExp): Promise<ReadonlyMap<ExportForm, string>> {
  const files = new Map<ExportForm, string>();
  for (const form of forms) {
    const bytes = await home.exportAs(page, form, rows === undefined ? {} : { rows });
    keepForLooking(`masked-${name}`, { [form]: bytes });
    const words = wordsOf(form, bytes);
    expect(words, `${name} as ${form}`).not.toContain(MASKED);
    expect(words, `${name} as ${form}`).not.toContain(HIDDEN);
    files.set(form, words);
  }
  expect(formulasOf(files.get('csv') ?? '')).toEqual([]);
  expect(files.get('csv')).toMatch(/'[=@]/);
  return files;
}

test('PER-15 IMP-17 a list leaves with masks in place of values, without hidden columns, and without formulas', async () => {
  await goTo(page, '/contacts');
  await page.locator('.ag-row[row-id]').first().waitFor();
  const files = await exportAll('list', /all columns/);
  for (const words of files.values()) expect(words).toMatch(/HYPERLINK/);
  expect(files.get('csv')).not.toContain('Phone');
  const written = await lastExports('records');
  expect(written.map(({ format }) => format).sort()).toEqual([...forms].sort());
  for (const { columns, maskedFields, leftOutFields } of written) {
    expect(columns).toContain('contact.email');
    expect(maskedFields).toEqual(['contact.email']);
    expect(leftOutFields).toContain('contact.phone');
  }
});

test('PER-15 ANA-17 a pivot leaves with names that are no formulas, and names its fields', async () => {
  await goTo(page, '/analytics/pivot');
  await page.getByTestId('pivot-grid').waitFor();
  await page.getByRole('button', { name: 'Add Account to the rows' }).click();
  await page.getByTestId('pivot-grid').getByText('HYPERLINK').first().waitFor();
  const files = await exportAll('pivot');
  expect(files.get('csv')).toContain('1234.56');
  for (const { columns } of await lastExports('pivot')) expect(columns).toContain('deal.accountId');
});

test('PER-15 ANA-17 a dashboard says in place of a figure that it uses what this person does not see, and its record says what', async () => {
  await goTo(page, '/analytics/dashboards/leads');
  await page.getByTestId('dashboard').waitFor();
  await lookAtScreen(device, page, 'dashboard-masked');
  await page.getByRole('button', { name: 'Export', exact: true }).waitFor();
  for (const form of forms) {
    const bytes = await home.exportAs(page, form);
    const words = wordsOf(form, bytes);
    if (form !== 'csv') expect(words, form).toContain('Not available to you');
    expect(words, form).not.toMatch(/[>,\s]91[<,\s]/);
  }
  const written = await lastExports('dashboard');
  expect(written).toHaveLength(forms.length);
  for (const { leftOutFields, columns } of written) {
    expect(leftOutFields).toContain('lead.score');
    expect(columns).toContain('lead.status');
  }
});

test('PER-15 ANA-20 a forecast leaves with what this person sees of it: without what is expected, which rests on a masked field', async () => {
  await goTo(page, '/analytics/forecast');
  await page.locator('tr[data-row]').first().waitFor();
  const files = await exportAll('forecast');
  for (const words of files.values()) expect(words).toContain('Mona Berg');
  const json = JSON.parse(files.get('json') ?? '') as { readonly rows: readonly Record<string, unknown>[] };
  expect(json.rows[0]).toMatchObject({
    'commit.managerAdjusted': { amount: '1234.56', currency: 'EUR' },
    expected: null,
  });
  for (const { leftOutFields } of await lastExports('forecast')) expect(leftOutFields).toContain('deal.probability');
});

test('AUD-07 IMP-17 every one of these exports is in the audit of the organization, and in its log of masks', async () => {
  await device.waitUntilExchanged();
  const read = () =>
    server.database.asOwner((session) =>
      session.query<{ command: string; groups: readonly string[] }>(
        `SELECT command, groups FROM audit WHERE entity = 'dataExport' ORDER BY no`,
        [],
      ),
    );
  const rows = await waitFor('all exports in the audit', async () => {
    const found = await read();
    return found.length >= 4 * forms.length ? found : undefined;
  });
  const masked = rows.filter(({ groups }) => groups.includes('maskedFields'));
  const leftOut = rows.filter(({ groups }) => groups.includes('leftOutFields'));
  expect(masked.map(({ command }) => command)).toEqual(forms.map(() => 'contact_exported'));
  expect(leftOut).toHaveLength(3 * forms.length);
});

test('OBS-04 IMP-17 an export that is asked for again is judged by the rights of then, and Background jobs say why there is none', async () => {
  await goTo(page, '/tasks');
  const jobs = await openJobs(device);
  await changeUser(server, 'ada', 'mona', { role: 'viewer' });
  await waitFor('the new role on this computer', async () => {
    const session = await device.invoke('session.get', {});
    return session.status === 'signedIn' && session.actor.role === 'viewer' ? true : undefined;
  });
  await askAgain(jobs, 'Contacts · CSV');
  const refused = jobs.locator('tr[data-kind="export"][data-state="failed"]').first();
  await refused.getByText('Your role does not allow you to export this now.').waitFor();
  await lookAtScreen(device, jobs, 'export-refused-again');
  expect(await lastExports('records')).toHaveLength(forms.length);
  await changeUser(server, 'ada', 'mona', { role: 'manager' });
  await waitFor('the former role on this computer', async () => {
    const session = await device.invoke('session.get', {});
    return session.status === 'signedIn' && session.actor.role === 'manager' ? true : undefined;
  });
  await refused.getByRole('button', { name: 'Export again: Export, Contacts · CSV' }).click();
  const words = wordsOf('csv', await home.take('csv'));
  expect(words).not.toContain(MASKED);
  expect(words).not.toContain(HIDDEN);
});
