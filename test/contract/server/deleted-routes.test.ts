import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeletedRecords } from '#shared/sync/deleted-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';

const SECRET = 'canary.takeover';
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  const people = [
    { id: 'ada', role: 'org_admin' },
    { id: 'mia', role: 'manager' },
    { id: 'vera', role: 'viewer' },
  ];
  const tenantId = await createOrganizationWith(server, 'north', people);
  await createOrganizationWith(server, 'south', [{ id: 'otto', role: 'org_admin' }]);
  await seedRecords(server.database, tenantId, [
    seededRecord('fieldRule', 'f1', { role: 'manager', entity: 'account', field: 'name', mode: 'hidden' }),
    ...['a1', 'a2'].map((id) => seededRecord('account', id, { name: `${SECRET} ${id}`, ownerId: 'mia' })),
  ]);
  const ada = await signIn(server, 'ada');
  const ops = ['a1', 'a2'].map((recordId, index) => ({
    opId: `op-${recordId}`,
    opNo: index + 1,
    txn: null,
    kind: 'delete',
    entity: 'account',
    recordId,
    command: 'deleteRecord',
    baseRev: 1_000_000,
    changes: [],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
  }));
  const body = { protocol: 1, epoch: ada.actor.epoch, ops };
  const { text } = await call(server, '/sync/v1/push', { token: ada.accessToken, body });
  expect(text).not.toContain('rejected');
}, 60_000);
afterAll(() => server.remove());

const ask = ({ accessToken }: SessionGrant, query = '') =>
  call(server, `/api/v1/deleted-records${query}`, { token: accessToken });

describe('GET /api/v1/deleted-records', () => {
  it('DEL-1 answers whoever is signed in what they may restore, of their own organization', async () => {
    const answer = (await ask(await signIn(server, 'ada'), '?limit=1')).body as DeletedRecords;
    expect(answer).toMatchObject({
      records: [{ entity: 'account', title: expect.stringContaining(SECRET) as string, deletedBy: 'ada' }],
      hasMore: true,
    });
    const nothing = { records: [], hasMore: false };
    expect((await ask(await signIn(server, 'vera'))).body).toEqual(nothing);
    expect((await ask(await signIn(server, 'otto'))).body).toEqual(nothing);
    expect((await call(server, '/api/v1/deleted-records', {})).status).toBe(401);
  });

  it('SYNC-22 DEL-1 does not tell a hidden title, neither in the answer nor in the log', async () => {
    const { body, text } = await ask(await signIn(server, 'mia'));
    expect(body).toMatchObject({ records: [{ title: null }, { title: null }] });
    expect(text).not.toContain(SECRET);
    expect(server.logText()).not.toContain(SECRET);
  });

  it('DEL-1 refuses a number of records that is out of bounds', async () => {
    const ada = await signIn(server, 'ada');
    for (const limit of ['0', '501', 'x']) expect(codeOf(await ask(ada, `?limit=${limit}`))).toBe('invalid');
  });
});
