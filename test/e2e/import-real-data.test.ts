// The four files of a company that nobody here wrote, imported through the wizard without a network, then synchronized.
// What the server holds afterwards is added up here from its rows and compared with figures computed by another engine.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { request } from '#test/support/ask-data.ts';
import { Device } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const shared = path.resolve(import.meta.dirname, '../../../shared/data');
const isThere = existsSync(path.join(shared, 'maven-crm/sales_pipeline.csv'));
if (!isThere)
  console.warn(`\nSKIPPED: the import of real data, because there is no folder ../shared/data beside the project.\n`);

type Row = Readonly<Record<string, unknown>>;

function oracle(name: string): readonly Row[] {
  const file = JSON.parse(readFileSync(path.join(shared, 'oracles/pivot-golden.public.json'), 'utf8')) as {
    queries: Record<string, { rows: Row[] }>;
  };
  const query = file.queries[name];
  if (query === undefined) throw new Error(`no oracle ${name}`);
  return query.rows;
}

let server: TestServer;
let device: Device;

async function importFile(name: string): Promise<Readonly<Record<string, number>>> {
  const { page } = device;
  await page.getByTestId('import-file').setInputFiles(path.join(shared, `maven-crm/${name}.csv`));
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByTestId('import-counts').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: /^Import [\d,]+ record/ }).click();
  await page.locator('[data-testid=import-state][data-state=done]').waitFor({ timeout: 180_000 });
  return readCounts();
}

async function readCounts(): Promise<Readonly<Record<string, number>>> {
  const entries = await device.page
    .getByTestId('import-counts')
    .locator('[data-count]')
    .evaluateAll((cells) =>
      cells.map((cell) => [cell.getAttribute('data-count') ?? '', cell.querySelector('dd')?.textContent ?? '']),
    );
  return Object.fromEntries(entries.map(([key, text]) => [key ?? '', Number((text ?? '').replaceAll(/\D/g, ''))]));
}

async function anotherFile(): Promise<void> {
  await device.page.getByRole('button', { name: 'Import another file' }).click();
}

/** Records of the server that came from the files: their ids begin with the id of an import. */
async function readImported(coll: string, kind: string): Promise<readonly Row[]> {
  const rows = await server.database.inTenant('demo' as TenantId, (session) =>
    session.query<{ data: Row | string }>(
      `SELECT data FROM record WHERE tenant = 'demo' AND coll = $1 AND kind = $2 AND NOT deleted AND id ~ '-[0-9]+$' AND length(id) > 37`,
      [coll, kind],
    ),
  );
  return rows.map(({ data }) => (typeof data === 'string' ? (JSON.parse(data) as Row) : data));
}

/** Whole currency units of minor ones. */
const toUnits = (minor: unknown): number => (typeof minor === 'number' ? minor / 100 : 0);

beforeAll(async () => {
  if (!isThere) return;
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  await device.start();
  await device.enterDemo('org_admin');
  await device.waitUntilExchanged();
}, 180_000);

afterAll(async () => {
  if (!isThere) return;
  await device.remove();
  await server.remove();
});

describe.runIf(isThere)('import of real data', () => {
  it(
    'IMP-04 OFF-01 takes the four files without a network, and the counts of every file add up',
    { timeout: 400_000 },
    async () => {
      await setWorkOffline(device.page, true);
      await goTo(device.page, '/import');
      for (const [index, [name, rows]] of (
        [
          ['accounts', 85],
          ['products', 7],
          ['sales_teams', 35],
          ['sales_pipeline', 8800],
        ] as const
      ).entries()) {
        if (index > 0) await anotherFile();
        const counts = await importFile(name);
        expect(counts['read']).toBe(
          (counts['created'] ?? 0) + (counts['updated'] ?? 0) + (counts['skipped'] ?? 0) + (counts['failed'] ?? 0),
        );
        expect(counts['failed']).toBe(0);
        expect(counts['created']).toBeGreaterThanOrEqual(rows);
      }
    },
  );

  it(
    'SYNC-3 after sync the server holds exactly the totals another engine computed from the files',
    { timeout: 300_000 },
    async () => {
      await setWorkOffline(device.page, false);
      await device.waitUntilExchanged(240_000);
      const deals = await readImported('deals', 'deal');
      expect(deals).toHaveLength(8800);

      const stageNames: Readonly<Record<string, string>> = {
        closed_won: 'Won',
        closed_lost: 'Lost',
        qualification: 'Engaging',
        prospecting: 'Prospecting',
      };
      for (const row of oracle('maven.01_stage_counts')) {
        const ofStage = deals.filter((deal) => stageNames[textOf(deal['stageId'])] === row['deal_stage']);
        expect({ stage: row['deal_stage'], n: ofStage.length }).toEqual({ stage: row['deal_stage'], n: row['n'] });
        expect(ofStage.reduce((sum, deal) => sum + toUnits(deal['amount']), 0)).toBe(row['sum_close_value']);
      }

      const people = new Map((await readImported('people', 'user')).map((user) => [textOf(user['id']), user]));
      const offices = new Map(
        (await readImported('catalog', 'territory')).map((office) => [textOf(office['id']), textOf(office['name'])]),
      );
      const products = new Map(
        (await readImported('catalog', 'product')).map((product) => [textOf(product['id']), textOf(product['family'])]),
      );
      for (const row of oracle('maven.02_region_x_series_won')) {
        const cell = deals.filter((deal) => {
          const office = offices.get(textOf(people.get(textOf(deal['ownerId']))?.['territoryId']));
          const [productId] = Array.isArray(deal['productIds']) ? deal['productIds'] : [];
          const isOffice = row['regional_office'] === '(all)' || row['regional_office'] === office;
          const isSeries = row['series'] === '(all)' || row['series'] === products.get(textOf(productId));
          return deal['stageId'] === 'closed_won' && isOffice && isSeries;
        });
        const sum = cell.reduce((total, deal) => total + toUnits(deal['amount']), 0);
        expect({ at: `${textOf(row['regional_office'])}/${textOf(row['series'])}`, n: cell.length, sum }).toEqual({
          at: `${textOf(row['regional_office'])}/${textOf(row['series'])}`,
          n: row['n'],
          sum: row['sum_v'],
        });
      }
    },
  );

  it(
    'ANA-15 IMP-04 a pivot of them in the application shows the totals another engine computed',
    { timeout: 120_000 },
    async () => {
      const { page } = device;
      const spec = {
        source: 'deal',
        rows: [{ field: 'ownerId.territoryId' }],
        columns: [{ field: 'productIds.family' }],
        values: [
          { kind: 'field', id: 'deals', aggregation: 'count' },
          { kind: 'field', id: 'amount', aggregation: 'sum', field: 'amount' },
        ],
        filter: { and: [{ field: 'stageId', op: 'eq', value: 'closed_won' }] },
      };
      const { recordId } = await request(page, 'execute', {
        command: 'createRecord',
        input: { entity: 'report', values: { name: 'Won by office and series', spec } },
      });
      await goTo(page, `/reports/${recordId ?? ''}`);
      const grid = page.getByTestId('pivot-grid');
      const rows = oracle('maven.02_region_x_series_won');
      for (const office of ['Central', 'East', 'West']) {
        const row = grid.locator('.ag-row').filter({ has: page.getByText(office, { exact: true }) });
        const expected = rows.find((each) => each['regional_office'] === office && each['series'] === '(all)');
        await row.getByText(Number(expected?.['n']).toLocaleString('en'), { exact: true }).first().waitFor();
        await row
          .getByText(`€${Number(expected?.['sum_v']).toLocaleString('en')}`, { exact: true })
          .first()
          .waitFor();
      }
      await lookAtScreen(device, page, 'pivot-real-data');
      await goTo(page, '/analytics/dashboards');
      await page.getByText('Won by month').first().waitFor();
      await lookAtScreen(device, page, 'dashboard-real-data');
      await goTo(page, '/import');
    },
  );

  it('IMP-12 one click takes a whole import back, here and on the server', { timeout: 300_000 }, async () => {
    const { page } = device;
    const row = page.getByRole('row').filter({ hasText: 'sales_pipeline' });
    await row.getByRole('button', { name: 'Undo this import' }).click();
    await row.getByText('Import undone').waitFor({ timeout: 180_000 });
    await device.waitUntilExchanged(240_000);
    expect(await readImported('deals', 'deal')).toHaveLength(0);
    expect((await readImported('accounts', 'account')).length).toBe(85);
    expect((await device.status()).attentionCount).toBe(0);
  });
});
