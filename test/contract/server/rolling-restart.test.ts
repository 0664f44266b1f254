// Two server programs on one PostgreSQL, four devices that push without end, and everything that can be killed is killed:
// a server in the middle of its work, both one after the other as in a rolling update, and PostgreSQL itself.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PullResponse } from '#shared/sync/messages.ts';
import { createServer } from '#server/http/create-server.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { startPushing, type PushingDevice } from '#test/support/pushing-device.ts';
import { findPostgresBinaries, startPostgres, type RunningPostgres } from '#test/support/start-postgres.ts';
import { call, createOrganizationWith, signIn, spawnServer, type ServerProcess } from '#test/support/start-server.ts';

const ANSWERS_BETWEEN_FAULTS = 24;
const WAIT = { timeout: 60_000, interval: 50 };
const binaries = findPostgresBinaries();

let postgres: RunningPostgres;
let databaseUrl: string;
const servers: { process: ServerProcess; url: string }[] = [];

async function startOne(place: number): Promise<void> {
  const process = spawnServer(['--database-url', databaseUrl, '--port', '0', '--log-level', 'warn']);
  servers[place] = { process, url: await process.listening() };
}

async function endOne(place: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const server = servers[place];
  if (server === undefined) throw new Error('there is no such server');
  servers.splice(place, 1);
  server.process.child.kill(signal);
  await server.process.ended();
}

const countOf = (devices: readonly PushingDevice[]): number =>
  devices.reduce((sum, device) => sum + device.answered.size, 0);

async function workGoesOn(devices: readonly PushingDevice[]): Promise<void> {
  const before = new Map(devices.map((device) => [device, device.answered.size]));
  const each = ANSWERS_BETWEEN_FAULTS / devices.length;
  await expect
    .poll(() => devices.every((device) => device.answered.size >= (before.get(device) ?? 0) + each), WAIT)
    .toBe(true);
}

/** Everything a person may see, pulled from nothing at one of the servers. */
async function pullStore(personId: string, deviceId: string, url: string): Promise<ReadonlyMap<string, unknown>> {
  const grant = await signIn({ url }, personId, deviceId);
  const store = new Map<string, unknown>();
  let token: string | null = null;
  for (let pages = 0; pages < 200; pages += 1) {
    const body = { protocol: 1, token, wantItems: 50 };
    const answer = await call({ url }, '/sync/v1/pull', { token: grant.accessToken, body });
    const page = answer.body as PullResponse;
    for (const item of page.items) {
      if (item.t === 'put') store.set(`${item.coll}/${String(item.record['id'])}`, item.record);
      else store.delete(`${item.coll}/${item.id}`);
    }
    token = page.token;
    if (page.caughtUp) return store;
  }
  throw new Error('the device never catches up');
}

async function expectEveryAnswerKept(db: SqlDatabase, devices: readonly PushingDevice[]): Promise<void> {
  const rows = await db.inTenant('north' as TenantId, (session) =>
    session.query<{ opId: string; changes: number; audits: number; isThere: boolean }>(
      `SELECT r.op_id AS "opId", (SELECT count(*) FROM change c WHERE c.op_id = r.op_id) AS changes,
         (SELECT count(*) FROM audit a WHERE a.op_id = r.op_id) AS audits,
         EXISTS (SELECT 1 FROM record d WHERE d.coll = 'accounts' AND 'op-' || d.id = r.op_id AND NOT d.deleted) AS "isThere"
       FROM op_result r`,
    ),
  );
  const stored = new Set(rows.map((row) => row.opId));
  const lost = devices.flatMap((device) => [...device.answered].filter((opId) => !stored.has(opId)));
  expect(lost).toEqual([]);
  expect(rows.filter((row) => row.changes !== 1 || row.audits !== 1 || !row.isThere)).toEqual([]);
  const [head] = await db.inTenant('north' as TenantId, (session) =>
    session.query<{ seq: number; numbers: number }>(
      'SELECT seq, (SELECT count(DISTINCT seq) FROM change) AS numbers FROM tenant_head',
    ),
  );
  expect(head?.numbers).toBe(head?.seq);
}

beforeAll(async () => {
  if (binaries === null) throw new Error('This test needs PostgreSQL.');
  postgres = await startPostgres(binaries, { isDurable: true });
  databaseUrl = await postgres.createDatabase('outpost');
  const founding = await createServer({ location: { databaseUrl }, port: 0, logLevel: 'warn' });
  await createOrganizationWith(founding, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'mia', role: 'sales_rep' },
  ]);
  await founding.close();
});
afterAll(async () => {
  while (servers.length > 0) await endOne(0, 'SIGTERM');
  await postgres.stop();
});

it('SYNC-1 SYNC-2 SYNC-3 SYNC-13 killed servers, a rolling restart and a killed PostgreSQL lose no answer, and devices converge', async () => {
  await startOne(0);
  await startOne(1);
  const urls = (): readonly string[] => servers.map(({ url }) => url);
  const devices = await Promise.all(
    ['rene', 'mia', 'rene', 'ada'].map((personId, index) =>
      startPushing({ personId, deviceId: `laptop-${String(index)}`, servers: urls }),
    ),
  );
  await workGoesOn(devices);
  await endOne(0, 'SIGKILL');
  await workGoesOn(devices);
  await startOne(1);
  await workGoesOn(devices);
  for (let rolled = 0; rolled < 2; rolled += 1) {
    await endOne(0, 'SIGTERM');
    await startOne(1);
    await workGoesOn(devices);
  }
  for (let kill = 0; kill < 2; kill += 1) {
    await postgres.killAndRestart();
    await workGoesOn(devices);
  }
  await Promise.all(devices.map((device) => device.stop()));
  expect(countOf(devices)).toBeGreaterThan(7 * ANSWERS_BETWEEN_FAULTS);

  const db = await openDatabase({ databaseUrl });
  await expectEveryAnswerKept(db, devices);
  await db.close();
  const [first, second] = [
    await pullStore('ada', 'new-1', urls()[0] ?? ''),
    await pullStore('ada', 'new-2', urls()[1] ?? ''),
  ];
  expect(first.size).toBeGreaterThan(countOf(devices));
  expect(Object.fromEntries(first)).toEqual(Object.fromEntries(second));
});
