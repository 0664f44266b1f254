// An import whose process is killed in the middle goes on by itself at the next start, and no row is there twice.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

const ROWS = 12_000;
let server: TestServer;
let device: Device;
beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  await device.start();
  await device.enterDemo('manager');
  await device.waitUntilExchanged();
});
afterAll(async () => {
  await device.remove();
  await server.remove();
});
test('IMP-04 OFF-01 an import goes on after its process was killed', { timeout: 200_000 }, async () => {
  const text = ['Company', ...Array.from({ length: ROWS }, (_, row) => `Killed firm ${String(row)}`)].join('\n');
  const plan = {
    entity: 'account',
    currency: 'EUR',
    matchBy: [],
    onMatch: 'create',
    columns: [{ header: 'Company', field: 'name' }],
  } as const;
  const { importId } = await request(device.page, 'startImport', { fileName: 'killed.csv', text, plan });
  const done = async () => {
    const { rows } = await readList(device.page, 'importJob', { limit: 10 });
    return rows.find(({ id }) => id === importId);
  };
  await waitFor('some batches', async () => (Number((await done())?.['createdCount'] ?? 0) >= 1000 ? true : undefined));
  await device.kill();
  await device.start();
  const before = await waitFor('the record', done);
  expect(Number(before['createdCount'])).toBeLessThan(ROWS);
  await device.invoke('window.openJobs', {});
  const page = await device.launched.window('#/jobs/list');
  await page.setViewportSize({ width: 1080, height: 740 });
  await page.locator('tr[data-kind="import"]').waitFor();
  await lookAtScreen(device, page, 'jobs-import');
  await waitFor('the end', async () => ((await done())?.['state'] === 'done' ? true : undefined));
  const record = await done();
  expect(record?.['createdCount']).toBe(ROWS);
  const { total } = await readList(device.page, 'account', {
    limit: 1,
    filter: { and: [{ field: 'name', op: 'contains', value: 'Killed firm' }] },
  });
  expect(total).toBe(ROWS);
});
