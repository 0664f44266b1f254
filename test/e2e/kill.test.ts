// The power goes while somebody works: whatever the screen called saved is there after the next start.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import type { TenantId } from '#shared/kernel/ids.ts';

const rounds = 3;
let server: TestServer;
let device: Device;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  await createOrganizationWith(server, 'kill', [{ id: 'ada', role: 'org_admin' }]);
  device = new Device({ serverUrl: null });
  await device.start();
  await device.signIn(server.url, { email: emailOf('ada'), password: testPassword });
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
});

/** Saves accounts one after another until the process is gone; names that were answered as saved. */
async function saveUntilKilled(round: number): Promise<readonly string[]> {
  const saved: string[] = [];
  let isKilled = false;
  const saving = (async () => {
    for (let number = 0; ; number += 1) {
      const name = `Account ${round}-${number}`;
      try {
        await request(device.page, 'execute', {
          command: 'createRecord',
          input: { entity: 'account', values: { name } },
        });
      } catch (error) {
        if (isKilled) return;
        throw error;
      }
      saved.push(name);
    }
  })();
  await waitFor('some saved accounts', () => Promise.resolve(saved.length >= 5 + round * 4));
  isKilled = true;
  await device.kill();
  await saving;
  return saved;
}

test('SYNC-4 killed in the middle of saving, every change the screen called saved is there after the start', async () => {
  const saved: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) await device.invoke('sync.workOffline', { on: round === 1 });
    saved.push(...(await saveUntilKilled(round)));
    await device.start();
    await device.page.getByTestId('sync-chip').waitFor();
    const { rows } = await readList(device.page, 'account', { limit: 1000 });
    const names = new Set(rows.map((row) => String(row['name'])));
    expect(saved.filter((name) => !names.has(name))).toEqual([]);
  }
  expect(saved.length).toBeGreaterThan(20);
}, 120_000);

test('SYNC-1 after the kills every change reaches the server once', async () => {
  await device.invoke('sync.workOffline', { on: false });
  await device.waitUntilExchanged();
  const { rows } = await readList(device.page, 'account', { limit: 1000 });
  const names = rows.map((row) => String(row['name']));
  expect(new Set(names).size).toBe(names.length);
  const stored = await server.database.inTenant('kill' as TenantId, (session) =>
    session.query<{ name: string }>(`SELECT data->>'name' AS name FROM record WHERE kind = 'account'`, []),
  );
  expect(stored.map((row) => row.name).toSorted()).toEqual(names.toSorted());
});
