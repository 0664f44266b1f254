// Users, roles and rights over HTTP: the same records, commands and rules as on the desktop.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { permissionsOf } from '#shared/access/roles.ts';
import type { GivenApiKey } from '#shared/sync/access-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { classOf } from '#server/http/route-classes.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

type Row = Readonly<Record<string, unknown>>;

let server: TestServer;
let ada: SessionGrant;
let rene: SessionGrant;

beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'north', [
    { id: 'root', role: 'super_admin' },
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
}, 60_000);
afterAll(() => server.remove());
beforeEach(async () => {
  server.clock.advance(60_000);
  [ada, rene] = [await signIn(server, 'ada'), await signIn(server, 'rene')];
});

const ask = (grant: SessionGrant, path: string, method = 'GET', body?: unknown): Promise<Answer> =>
  call(server, path, { token: grant.accessToken, method, ...(body === undefined ? {} : { body }) });
const reasonOf = (answer: Answer) =>
  (answer.body as { readonly error?: { readonly details?: { readonly reason?: string } } }).error?.details?.reason;

describe('users', () => {
  it('IDT-06 are listed and read as the caller sees them, under each of their addresses', async () => {
    for (const path of ['/api/v1/users', '/api/users', '/api/v1/admin/users', '/api/admin/users']) {
      const { users } = (await ask(ada, path)).body as { readonly users: readonly Row[] };
      expect([path, users.map(({ id }) => id)]).toEqual([path, ['ada', 'rene', 'root']]);
    }
    const one = await ask(rene, '/api/users/ada');
    expect(one.body).toMatchObject({ id: 'ada', role: 'org_admin', isActive: true });
    expect(one.text).not.toContain('password');
    expect(codeOf(await ask(rene, '/api/v1/users/nobody'))).toBe('not_found');
    for (const path of ['/api/admin/users', '/api/v1/admin/users/ada'])
      expect([path, codeOf(await ask(rene, path))]).toEqual([path, 'action_forbidden']);
  });

  it('IDT-07 IDT-04 are made, changed and removed by administrators, with older names of roles', async () => {
    const values = { name: 'Nia North', email: 'nia@example.test', role: 'sales' };
    const made = await ask(ada, '/api/admin/users', 'POST', values);
    expect([made.status, made.body]).toMatchObject([201, { name: 'Nia North', role: 'sales_rep', isActive: true }]);
    const { id } = made.body as { readonly id: string };
    const changed = await ask(ada, `/api/admin/users/${id}`, 'PUT', { jobTitle: 'Engineer', role: 'manager' });
    expect(changed.body).toMatchObject({ name: 'Nia North', jobTitle: 'Engineer', role: 'manager' });
    expect((await ask(ada, `/api/admin/users/${id}`, 'DELETE')).status).toBe(200);
    expect(codeOf(await ask(ada, `/api/admin/users/${id}`))).toBe('not_found');
  });

  it('IDT-06 PER-02 are changed by nobody who could not do it on the desktop, and the refusal says why', async () => {
    const tries: readonly [SessionGrant, string, string, unknown][] = [
      [rene, '/api/users', 'POST', { name: 'Eve', email: 'eve@example.test', role: 'viewer' }],
      [rene, '/api/users/ada', 'PUT', { role: 'viewer' }],
      [rene, '/api/users/ada', 'DELETE', undefined],
      [rene, '/api/users/rene', 'PUT', { role: 'org_admin' }],
      [ada, '/api/users/ada', 'PUT', { role: 'super_admin' }],
      [ada, '/api/users/root', 'PUT', { isActive: false }],
      [ada, '/api/users', 'POST', { name: 'Eve', email: 'eve@example.test', role: 'super_admin' }],
    ];
    const told: unknown[] = [];
    for (const [grant, path, method, body] of tries) {
      const answer = await ask(grant, path, method, body);
      told.push([path, method, answer.status, codeOf(answer)]);
    }
    expect(told).toEqual([
      ['/api/users', 'POST', 403, 'action_forbidden'],
      ['/api/users/ada', 'PUT', 403, 'action_forbidden'],
      ['/api/users/ada', 'DELETE', 403, 'action_forbidden'],
      ['/api/users/rene', 'PUT', 403, 'field_forbidden'],
      ['/api/users/ada', 'PUT', 403, 'field_forbidden'],
      ['/api/users/root', 'PUT', 403, 'field_forbidden'],
      ['/api/users', 'POST', 403, 'action_forbidden'],
    ]);
    const wrong = await ask(ada, '/api/users', 'POST', { name: '', email: 'no address', role: 'emperor' });
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'invalid']);
    expect((await ask(rene, '/api/users/rene', 'PUT', { jobTitle: 'Rep' })).body).toMatchObject({ jobTitle: 'Rep' });
  });

  it('IDT-03 the addresses of the first document sign in, renew, change a password and sign out', async () => {
    const body = {
      email: 'rene@example.test',
      password: 'correct horse battery staple',
      deviceId: 'script',
      deviceName: 'Script',
    };
    const granted = (await call(server, '/api/auth/login', { body })).body as SessionGrant;
    const renewed = await call(server, '/api/auth/refresh', {
      body: { refreshToken: granted.refreshToken, deviceId: 'script' },
    });
    const { accessToken: token } = renewed.body as SessionGrant;
    const wrong = { currentPassword: 'wrong wrong wrong', newPassword: 'another long passphrase here' };
    expect(codeOf(await call(server, '/api/auth/change-password', { token, body: wrong }))).toBe('wrong_credentials');
    expect((await call(server, '/api/auth/logout', { token, body: {} })).status).toBe(200);
    expect(codeOf(await call(server, '/api/v1/sessions', { token }))).toBe('session_revoked');
    expect((await call(server, '/api/auth/register', { body: {} })).status).toBe(400);
    expect((await call(server, '/api/authentication', { token })).status).toBe(404);
  });

  it('API-05 PER-02 a key of an administrator that may create users makes none that may more than the key, unless it may give roles', async () => {
    const body = { name: 'Provisioning', permissions: ['user.create', 'user.read', 'record.read', 'team.read'] };
    const { secret } = (await call(server, '/api/v1/api-keys', { token: ada.accessToken, body })).body as GivenApiKey;
    const make = (role: string) =>
      call(server, '/api/v1/users', {
        token: secret,
        body: { name: `New ${role}`, email: `${role}@example.test`, role },
      });
    const refused = await make('sales_rep');
    expect([refused.status, codeOf(refused), reasonOf(refused)]).toEqual([403, 'action_forbidden', 'grantsMore']);
    expect(codeOf(await make('org_admin'))).toBe('action_forbidden');
    const more = { name: 'Provisioning people', permissions: [...body.permissions, 'org.assign_roles'] };
    const second = (await call(server, '/api/v1/api-keys', { token: ada.accessToken, body: more })).body as GivenApiKey;
    const makeBy = (role: string) =>
      call(server, '/api/v1/users', {
        token: second.secret,
        body: { name: `New ${role}`, email: `${role}@example.test`, role },
      });
    const made = await makeBy('sales_rep');
    expect([made.status, made.body]).toMatchObject([201, { role: 'sales_rep' }]);
    expect(reasonOf(await makeBy('super_admin'))).toBe('superAdmin');
    const path = `/api/v1/users/${String((made.body as Row)['id'])}/one-time-password`;
    expect(codeOf(await call(server, path, { token: second.secret, body: {} }))).toBe('key_refused');
  });
});

describe('roles and rights', () => {
  it('PER-07 administrators read all roles with their permissions, built-in and own ones', async () => {
    const { roles } = (await ask(ada, '/api/admin/roles')).body as { readonly roles: readonly Row[] };
    expect(roles.map(({ id }) => id)).toEqual(['super_admin', 'org_admin', 'manager', 'sales_rep', 'viewer']);
    expect(roles.find(({ id }) => id === 'manager')).toMatchObject({
      isBuiltIn: true,
      permissions: permissionsOf('manager'),
      scopes: { deal: { read: 'team', update: 'team' } },
    });
    expect(codeOf(await ask(rene, '/api/admin/roles'))).toBe('action_forbidden');
  });

  it('PER-07 everybody reads the own effective rights, and a key its own', async () => {
    const mine = (await ask(rene, '/api/admin/permissions/me')).body as Row;
    expect(mine).toMatchObject({ userId: 'rene', role: 'sales_rep', permissions: permissionsOf('sales_rep') });
    expect(mine['scopes']).toMatchObject({ deal: { create: 'own', read: 'own', update: 'own' } });
    const body = { name: 'Small', permissions: ['lead.read'] };
    const { secret } = (await call(server, '/api/v1/api-keys', { token: rene.accessToken, body })).body as GivenApiKey;
    const ofKey = (await call(server, '/api/v1/admin/permissions/me', { token: secret })).body as Row;
    expect(ofKey).toMatchObject({ permissions: ['lead.read'], scopes: { lead: { read: 'own' } }, roleName: 'Small' });
  });

  it('PER-23 PER-15 field permissions of a role are read with what decided, written, and taken back', async () => {
    const path = '/api/v1/roles/sales_rep/field-permissions/';
    const read = async () =>
      ((await ask(ada, path)).body as { readonly permissions: readonly Row[] }).permissions.find(
        ({ entity, field }) => entity === 'lead' && field === 'email',
      );
    expect(await read()).toMatchObject({ mode: 'edit', by: 'default' });
    const write = (mode: string | null) => ask(ada, path, 'POST', { entity: 'lead', field: 'email', mode });
    expect((await write('mask')).body).toMatchObject({ entity: 'lead', field: 'email', mode: 'mask', by: 'rule' });
    expect(((await ask(rene, '/api/admin/permissions/me')).body as Row)['fields']).toEqual({ lead: { email: 'mask' } });
    expect((await write('hidden')).body).toMatchObject({ mode: 'hidden' });
    expect(await read()).toMatchObject({ mode: 'hidden', by: 'rule' });
    expect((await write(null)).body).toMatchObject({ mode: 'edit', by: 'default' });
    expect(((await ask(rene, '/api/admin/permissions/me')).body as Row)['fields']).toEqual({});
  });

  it('PER-23 nobody else reads or writes them, and what cannot be governed is refused', async () => {
    const path = '/api/v1/roles/sales_rep/field-permissions';
    const wish = { entity: 'lead', field: 'email', mode: 'hidden' };
    expect(codeOf(await ask(rene, path))).toBe('action_forbidden');
    expect(codeOf(await ask(rene, path, 'POST', wish))).toBe('action_forbidden');
    expect(codeOf(await ask(ada, '/api/v1/roles/nobody/field-permissions'))).toBe('not_found');
    for (const field of ['ownerId', 'constructor', 'salary'])
      expect([field, codeOf(await ask(ada, path, 'POST', { ...wish, field }))]).toEqual([field, 'invalid']);
    const administrators = await ask(ada, '/api/v1/roles/org_admin/field-permissions', 'POST', wish);
    expect(codeOf(administrators)).toBe('invalid');
  });
});

describe('addresses that take API keys', () => {
  it('API-05 C1 are these and no others', () => {
    const paths: string[] = [];
    const segments: string[] = [];
    for (const line of server.app.printRoutes({ commonPrefix: false, includeHooks: false }).split('\n')) {
      const [, indent = '', segment = '', methods] = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
      if (segment === '') continue;
      segments.splice(indent.length / 4, segments.length, segment);
      if (methods !== undefined) paths.push(segments.join(''));
    }
    expect([...new Set(paths)].filter((path) => classOf(path).keys === true).toSorted()).toEqual([
      ...['dashboard', 'deals', 'forecast', 'leads', 'team'].map((name) => `/api/analytics/${name}`),
      '/api/health/detailed',
      ...['errors', 'health', 'stats', 'usage'].map((name) => `/api/monitoring/${name}`),
      ...['/permissions/me', '/roles', '/users', '/users/:id'].map((rest) => `/api/v1/admin${rest}`),
      ...['', '/:id/calculate', '/:id/scenario'].map((rest) => `/api/v1/analytics/forecasts${rest}`),
      ...['pivot', 'reports', 'reports/:id'].map((name) => `/api/v1/analytics/${name}`),
      ...['entries', 'verify'].map((name) => `/api/v1/audit/${name}`),
      ...['campaigns', 'campaigns/:id/send', 'campaigns/:id/stats', 'templates'].map((name) => `/api/v1/email/${name}`),
      '/api/v1/mail/bounces',
      ...['errors', 'health', 'stats', 'usage'].map((name) => `/api/v1/monitoring/${name}`),
      '/api/v1/roles/:id/field-permissions',
      ...['', '/:id', '/:id/children', '/:id/hierarchy'].map((rest) => `/api/v1/territories${rest}`),
      '/api/v1/usage',
      ...['', '/:id'].map((rest) => `/api/v1/users${rest}`),
    ]);
  });
});
