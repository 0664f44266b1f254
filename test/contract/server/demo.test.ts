import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleNames } from '#shared/access/actor.ts';
import type { DemoGrant, PullResponse, SessionGrant } from '#shared/sync/messages.ts';
import { call, codeOf, spawnServer, startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let first: DemoGrant;
let tookMs: number;
beforeAll(async () => {
  server = await startServer({ isDemo: true });
  const startMs = performance.now();
  first = (await call(server, '/api/v1/demo', { method: 'POST' })).body as DemoGrant;
  tookMs = performance.now() - startMs;
}, 60_000);
afterAll(() => server.remove());

async function signInWith(email: string, password: string, url = server.url) {
  return call({ url }, '/api/v1/auth/sign-in', {
    body: { email, password, deviceId: 'demo-device', deviceName: 'Demo' },
  });
}

describe('demo company', () => {
  it('DEMO-01 stands within seconds, with one person of each role who can sign in and pull', async () => {
    expect(tookMs).toBeLessThan(15_000);
    expect(first.users.map(({ role }) => role).sort()).toEqual([...roleNames].sort());
    const sizes = new Map<string, number>();
    for (const { email, password, role } of first.users) {
      const answer = await signInWith(email, password);
      expect([role, answer.status]).toEqual([role, 200]);
      const { accessToken } = answer.body as SessionGrant;
      const pulled = await call(server, '/sync/v1/pull', {
        token: accessToken,
        body: { protocol: 1, token: null, wantItems: 5000 },
      });
      sizes.set(role, (pulled.body as PullResponse).progress?.total ?? (pulled.body as PullResponse).items.length);
    }
    expect(sizes.get('sales_rep')).toBeGreaterThan(0);
    expect(sizes.get('sales_rep')).toBeLessThan(sizes.get('manager') ?? 0);
    expect(sizes.get('manager')).toBeLessThan(sizes.get('org_admin') ?? 0);
  }, 60_000);

  it('DEMO-01 lets people in again with new passwords, in the same company', async () => {
    const count = () =>
      server.database.inTenant('demo' as never, (session) =>
        session.query<{ n: number }>('SELECT count(*)::int AS n FROM record'),
      );
    const before = await count();
    const grants = await Promise.all([
      call(server, '/api/v1/demo', { method: 'POST' }),
      call(server, '/api/v1/demo', { method: 'POST' }),
    ]);
    const last = grants[1].body as DemoGrant;
    expect(last.users.map(({ email }) => email)).toEqual(first.users.map(({ email }) => email));
    const person = last.users[0];
    const earlier = first.users[0];
    expect(person && earlier).toBeDefined();
    expect((await signInWith(person?.email ?? '', person?.password ?? '')).status).toBe(200);
    expect(codeOf(await signInWith(earlier?.email ?? '', earlier?.password ?? ''))).toBe('wrong_credentials');
    expect(await count()).toEqual(before);
  }, 60_000);

  it('DEMO-02 gives passwords to programs of this computer alone', async () => {
    const refused = async (headers: Record<string, string>) =>
      codeOf(await call(server, '/api/v1/demo', { method: 'POST', headers }));
    expect(await refused({ origin: 'https://example.test' })).toBe('action_forbidden');
    expect(await refused({ 'x-forwarded-for': '127.0.0.1' })).toBe('action_forbidden');
    const remote = await server.app.inject({
      method: 'POST',
      url: '/api/v1/demo',
      remoteAddress: '192.0.2.1',
      headers: { host: 'localhost' },
    });
    expect(remote.statusCode).toBe(403);
    const rebound = await server.app.inject({
      method: 'POST',
      url: '/api/v1/demo',
      headers: { host: 'demo.example.test' },
    });
    expect(rebound.statusCode).toBe(403);
    expect(server.logText()).not.toContain(first.users[0]?.password ?? 'no password');
  });

  it('DEMO-02 is not there unless the server was started for it', async () => {
    const plain = await startServer();
    expect((await call(plain, '/api/v1/demo', { method: 'POST' })).status).toBe(404);
    expect((await call(plain, '/api/health')).body).toMatchObject({ demo: false });
    await plain.remove();
  }, 60_000);
});

describe('admin create-tenant', () => {
  it('IDT-14 PER-02 founds an organization whose super administrator can sign in, and shows the password once', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'outpost-admin-'));
    const args = [
      'admin',
      'create-tenant',
      '--name',
      'Nord & Co',
      '--admin-email',
      'Anna@Nord.example',
      '--data',
      dataDir,
    ];
    const admin = spawnServer(args);
    expect(await admin.ended()).toBe(0);
    const founded = JSON.parse(admin.output.stdout) as { readonly email: string; readonly password: string };
    const again = spawnServer(args);
    expect(await again.ended()).toBe(1);
    expect(again.output.stderr).toContain('already signs in');
    const running = spawnServer(['--port', '0', '--data', dataDir]);
    const url = await running.listening();
    const answer = await signInWith(founded.email, founded.password, url);
    expect(answer.body).toMatchObject({ actor: { tenantName: 'Nord & Co', role: 'super_admin' } });
    running.child.kill('SIGTERM');
    expect(await running.ended()).toBe(0);
    await rm(dataDir, { recursive: true, force: true });
  }, 120_000);
});
