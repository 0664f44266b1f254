import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PullResponse, SessionGrant } from '#shared/sync/messages.ts';
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

let server: TestServer;
let ada: SessionGrant;
let rene: SessionGrant;

beforeAll(async () => {
  server = await startServer();
  const tenantId = await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  await createOrganizationWith(server, 'elsewhere', [{ id: 'olga', role: 'org_admin' }]);
  await seedRecords(server.database, tenantId, [
    seededRecord('territory', 'world', { name: 'World', hierarchyPath: '/world/', hierarchyLevel: 0 }),
    seededRecord('territory', 'europe', { name: 'Europe', parentId: 'world' }),
    seededRecord('territory', 'dach', { name: 'DACH', parentId: 'europe', memberIds: ['rene'] }),
  ]);
  [ada, rene] = [await signIn(server, 'ada'), await signIn(server, 'rene')];
}, 60_000);
afterAll(() => server.remove());

type Answer = Awaited<ReturnType<typeof call>>;
const get = (grant: SessionGrant, path: string): Promise<Answer> =>
  call(server, `/api/v1/territories${path}`, { token: grant.accessToken });
const post = (grant: SessionGrant, body: unknown): Promise<Answer> =>
  call(server, '/api/v1/territories', { token: grant.accessToken, body });

function namesIn(answer: Answer): readonly unknown[] {
  const { territories } = answer.body as { readonly territories: readonly { readonly name: string }[] };
  return territories.map(({ name }) => name).toSorted();
}

describe('territories over HTTP', () => {
  it('TER-06 TER-03 gives the list, one, those below, and the whole way up and down', async () => {
    expect(namesIn(await get(ada, ''))).toEqual(['DACH', 'Europe', 'World']);
    expect((await get(ada, '/dach')).body).toMatchObject({ id: 'dach', name: 'DACH', parentId: 'europe' });
    expect(namesIn(await get(ada, '/world/children'))).toEqual(['Europe']);
    expect(namesIn(await get(ada, '/world/children?all=true'))).toEqual(['DACH', 'Europe']);
    expect((await get(ada, '/europe/hierarchy')).body).toMatchObject({
      territory: { id: 'europe' },
      parents: [{ id: 'world' }],
      children: [{ id: 'dach' }],
    });
  });

  it('TER-06 a new one is judged as every change is, has its place in the tree and is synchronized', async () => {
    const made = await post(ada, { name: 'Iberia', code: 'IB', parentId: 'europe', shareWithParent: true });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ name: 'Iberia', hierarchyLevel: 2, createdBy: 'ada' }),
    ]);
    const { id } = made.body as { readonly id: string };
    expect(made.body).toMatchObject({ hierarchyPath: `/world/europe/${id}/` });
    const pulled = await call(server, '/sync/v1/pull', { token: rene.accessToken, body: { protocol: 1, token: null } });
    expect(pulled.text).toContain('"Iberia"');
    const both = await Promise.all([post(ada, { name: 'Alps' }), post(ada, { name: 'Baltics' })]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
  });

  it('TER-06 refuses what a device would be refused, in the same words', async () => {
    expect([(await post(rene, { name: 'Mine' })).status, (await post(ada, {})).status]).toEqual([403, 400]);
    const wrong = await post(ada, { name: 'X', parentId: 'nowhere', madeUp: 1 });
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'invalid']);
    expect((await post(ada, ['X'])).status).toBe(400);
  });

  it('A1 shows nobody what synchronization would not: no other organization, nothing without a session', async () => {
    const pulled = await call(server, '/sync/v1/pull', { token: rene.accessToken, body: { protocol: 1, token: null } });
    const { items } = pulled.body as PullResponse;
    const synchronized = items.flatMap((item) =>
      item.t === 'put' && item.record['kind'] === 'territory' ? [item.record] : [],
    );
    const { territories } = (await get(rene, '')).body as { readonly territories: readonly { readonly id: string }[] };
    expect(territories).toEqual(synchronized.toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1)));
    const olga = await signIn(server, 'olga');
    expect(namesIn(await get(olga, ''))).toEqual([]);
    for (const path of ['/dach', '/dach/children', '/dach/hierarchy', '/never-was']) {
      const answer = await get(olga, path);
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 404, 'not_found']);
    }
    expect((await call(server, '/api/v1/territories')).status).toBe(401);
  });
});
