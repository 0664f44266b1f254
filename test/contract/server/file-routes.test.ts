import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHUNK_BYTES } from '#shared/files/file-limits.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { CHUNK_HASH_HEADER } from '#shared/sync/file-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { dumpDatabase, type DumpPart } from '#server/backup/dump.ts';
import { restoreDatabase } from '#server/backup/restore-database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { bytesOf, chunksOf, fileValues, hashOf } from '#test/support/file-operations.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  saveUser,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';

const content = bytesOf(CHUNK_BYTES + 321);
const [first, second] = chunksOf(content);
let server: TestServer;
let tenantId: TenantId;
let rene: SessionGrant;
let fileId: string;

beforeAll(async () => {
  server = await startServer();
  tenantId = await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'olga', role: 'sales_rep' },
  ]);
  fileId = randomUUID();
  await seedRecords(server.database, tenantId, [
    seededRecord('deal', 'd1', { name: 'Deal', pipelineId: 'p', stageId: 's', ownerId: 'rene' }),
    seededRecord('file', fileId, fileValues(content, { entity: 'deal', id: 'd1' }, 'offer.pdf', 'rene')),
  ]);
  rene = await signIn(server, 'rene');
}, 60_000);
afterAll(() => server.remove());

async function put(
  index: number | string,
  bytes: Uint8Array,
  options: { readonly hash?: string; readonly token?: string; readonly type?: string; readonly id?: string } = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${server.url}/api/v1/files/${options.id ?? fileId}/chunks/${String(index)}`, {
    method: 'PUT',
    headers: {
      'content-type': options.type ?? 'application/octet-stream',
      authorization: `Bearer ${options.token ?? rene.accessToken}`,
      [CHUNK_HASH_HEADER]: options.hash ?? hashOf(bytes),
    },
    body: new Uint8Array(bytes),
  });
  return { status: response.status, text: await response.text() };
}
const get = (index: number | string, token: string, id = fileId) =>
  fetch(`${server.url}/api/v1/files/${id}/chunks/${String(index)}`, { headers: { authorization: `Bearer ${token}` } });

it('B5 C13 what is no chunk is refused before it is looked at, and the server goes on', async () => {
  if (first === undefined || second === undefined) throw new Error('no chunks');
  expect((await put(0, bytesOf(CHUNK_BYTES + 1))).status).toBe(413);
  expect((await put(0, first.bytes, { type: 'text/html' })).status).toBe(415);
  expect((await put(0, first.bytes, { type: 'application/json' })).status).toBe(415);
  expect((await put(0, first.bytes, { hash: '' })).status).toBe(400);
  expect((await put(0, new Uint8Array(0))).status).toBe(400);
  for (const index of [-1, '9999999', 'x', '0%00', '..%2f..'])
    expect((await put(index, second.bytes)).status).toBe(400);
  expect((await put(0, first.bytes, { token: 'nonsense' })).status).toBe(401);
  expect((await put(0, first.bytes, { id: '..%2f..%2fetc' })).status).toBe(404);
  expect((await put(0, first.bytes, { id: 'a%00b' })).status).toBe(404);
  // Everything but a chunk is still read as JSON alone.
  const complete = await fetch(`${server.url}/api/v1/files/${fileId}/complete`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${rene.accessToken}` },
    body: 'x',
  });
  expect(complete.status).toBe(415);
});

it('C13 content goes up and down over HTTP, as bytes to be saved and nothing a browser would show or keep', async () => {
  if (first === undefined || second === undefined) throw new Error('no chunks');
  expect((await put(1, second.bytes)).status).toBe(200);
  expect((await put(0, first.bytes)).status).toBe(200);
  const done = await call(server, `/api/v1/files/${fileId}/complete`, { token: rene.accessToken, body: {} });
  expect(done.body).toEqual({ received: [0, 1], isComplete: true });
  const answer = await get(1, rene.accessToken);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    [CHUNK_HASH_HEADER]: second.sha256,
  });
  expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(second.bytes))).toBe(true);
  expect((await get(2, rene.accessToken)).status).toBe(404);
  expect((await get(0, 'nonsense')).status).toBe(401);
});

it('A1 SYNC-34 a file out of sight and one that never was give the same answer', async () => {
  const olga = await signIn(server, 'olga');
  const [forbidden, absent] = await Promise.all(
    [fileId, randomUUID()].map(async (id) => {
      const answer = await get(0, olga.accessToken, id);
      const { error } = (await answer.json()) as { readonly error: Readonly<Record<string, unknown>> };
      return { status: answer.status, ...error, correlationId: null };
    }),
  );
  expect(forbidden).toEqual(absent);
});

it('A11 a download that is under way ends with the account', async () => {
  await seedRecords(server.database, tenantId, [
    seededRecord('file', 'shown', fileValues(content, { entity: 'deal', id: 'd1' }, 'b.pdf', 'rene')),
  ]);
  expect((await get(0, rene.accessToken)).status).toBe(200);
  await saveUser(server, tenantId, { id: 'rene', role: 'sales_rep', isActive: false });
  const next = await get(1, rene.accessToken);
  expect([401, 403]).toContain(next.status);
  expect(await next.text()).not.toContain(second?.sha256 ?? '');
  await saveUser(server, tenantId, { id: 'rene', role: 'sales_rep' });
});

it('C13 only an administrator changes the limits, and what is not named stays', async () => {
  const ada = await signIn(server, 'ada');
  const path = '/api/v1/organization/settings';
  const change = (token: string, body: object) => call(server, path, { method: 'PUT', token, body });
  const olga = await signIn(server, 'olga', 'another-device');
  expect(codeOf(await change(olga.accessToken, { offlineLeaseDays: 14, fileSizeMb: 2048 }))).toBe('action_forbidden');
  expect((await change(ada.accessToken, { offlineLeaseDays: 14, fileSizeMb: 4096 })).status).toBe(400);
  expect((await change(ada.accessToken, { offlineLeaseDays: 14, fileSizeMb: 5, fileQuotaGb: 7 })).status).toBe(200);
  expect((await change(ada.accessToken, { offlineLeaseDays: 20 })).body).toMatchObject({
    offlineLeaseDays: 20,
    fileSizeMb: 5,
    fileQuotaGb: 7,
  });
  expect((await signIn(server, 'olga', 'third-device')).fileSizeMb).toBe(5);
});

it('SYNC-15 a backup brings the content back, byte for byte', async () => {
  const parts: DumpPart[] = [];
  await dumpDatabase(server.database, async (part) => {
    parts.push(part);
  });
  const other = await startServer();
  try {
    async function* replay(): AsyncIterable<DumpPart> {
      yield* parts;
    }
    await restoreDatabase(other.database, replay(), { replace: true, nowMs: Date.now() });
    const rows = await other.database.inTenant(tenantId, (session) =>
      session.query<{ bytes: Uint8Array }>('SELECT bytes FROM file_chunk WHERE file = $1 ORDER BY n', [fileId]),
    );
    expect(Buffer.concat(rows.map(({ bytes }) => bytes)).equals(Buffer.from(content))).toBe(true);
  } finally {
    await other.remove();
  }
});
