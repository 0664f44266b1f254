import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { DeviceList, KnownDevice } from '#shared/sync/people-messages.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  emailOf,
  signIn,
  startServer,
  testPassword,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let tenantId: TenantId;
let admin: SessionGrant;

beforeAll(async () => {
  server = await startServer();
  tenantId = await createOrganizationWith(server, 'devices', [
    { id: 'ada', role: 'org_admin' },
    { id: 'sam', role: 'super_admin' },
    { id: 'mara', role: 'manager' },
    ...['rene', 'lena', 'stolen', 'early', 'away', 'gone'].map((id) => ({ id, role: 'sales_rep' })),
  ]);
  await createOrganizationWith(server, 'elsewhere', [{ id: 'eve', role: 'org_admin' }]);
  admin = await signIn(server, 'ada');
}, 60_000);
afterAll(() => server.remove());

const place = (userId: string, rest: string): string => `/api/v1/users/${userId}/${rest}`;

async function devicesOf(userId: string, token = admin.accessToken): Promise<readonly KnownDevice[]> {
  const answer = await call(server, place(userId, 'devices'), { token });
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as DeviceList).devices;
}

async function deviceOf(userId: string, id: string): Promise<KnownDevice | undefined> {
  return (await devicesOf(userId)).find((device) => device.id === id);
}

function refresh(grant: SessionGrant, deviceId: string): Promise<Answer> {
  return call(server, '/api/v1/auth/refresh', { body: { refreshToken: grant.refreshToken, deviceId } });
}

function receiptOf(answer: Answer): string {
  const { error } = answer.body as { readonly error: { readonly details: { readonly receipt: string } } };
  return error.details.receipt;
}

describe('devices', () => {
  it('IDT-11 are listed and named for their user and for administrators, and for nobody else', async () => {
    const own = await signIn(server, 'rene', 'laptop');
    await signIn(server, 'rene', 'desktop');
    expect(
      (await devicesOf('rene', own.accessToken)).map(({ id, isCurrent, state }) => [id, isCurrent, state]),
    ).toEqual(
      expect.arrayContaining([
        ['laptop', true, 'signedIn'],
        ['desktop', false, 'signedIn'],
      ]),
    );
    const rename = (name: string) =>
      call(server, place('rene', 'devices/laptop'), { method: 'PUT', body: { name }, token: own.accessToken });
    expect((await rename('The\nblue one')).status).toBe(200);
    expect(await deviceOf('rene', 'laptop')).toMatchObject({ name: 'The blue one', isNamed: true, isCurrent: false });
    // A name outlives the session.
    await signIn(server, 'rene', 'laptop');
    expect(await deviceOf('rene', 'laptop')).toMatchObject({ name: 'The blue one' });
    await call(server, place('rene', 'devices/laptop'), {
      method: 'PUT',
      body: { name: '' },
      token: admin.accessToken,
    });
    expect(await deviceOf('rene', 'laptop')).toMatchObject({ name: 'Test computer', isNamed: false });

    const manager = await signIn(server, 'mara');
    const stranger = await signIn(server, 'eve');
    const ask = (token: string, userId = 'rene') => call(server, place(userId, 'devices'), { token });
    expect(codeOf(await ask(manager.accessToken))).toBe('action_forbidden');
    expect(codeOf(await ask(stranger.accessToken))).toBe('not_visible');
    expect(codeOf(await ask(admin.accessToken, 'sam'))).toBe('field_forbidden');
    const wiping = (token: string) => call(server, place('rene', 'devices/laptop/wipe'), { method: 'POST', token });
    expect(codeOf(await wiping(manager.accessToken))).toBe('action_forbidden');
    expect(codeOf(await wiping(stranger.accessToken))).toBe('not_visible');
    expect(await deviceOf('rene', 'laptop')).toMatchObject({ state: 'signedIn' });
  });

  it('IDT-11 end one by one or all at once, all but the one that asks', async () => {
    const [first, second, third] = [
      await signIn(server, 'lena', 'one'),
      await signIn(server, 'lena', 'two'),
      await signIn(server, 'lena', 'three'),
    ];
    await call(server, place('lena', 'devices/one/session'), { method: 'DELETE', token: admin.accessToken });
    expect(codeOf(await call(server, '/api/v1/sessions', { token: first.accessToken }))).toBe('session_revoked');
    expect((await call(server, '/api/v1/sessions', { token: second.accessToken })).status).toBe(200);
    await call(server, place('lena', 'sessions'), { method: 'DELETE', token: third.accessToken });
    expect(codeOf(await call(server, '/api/v1/sessions', { token: second.accessToken }))).toBe('session_revoked');
    expect((await call(server, '/api/v1/sessions', { token: third.accessToken })).status).toBe(200);
    expect(codeOf(await refresh(second, 'two'))).toBe('session_revoked');
    const unknown = place('lena', 'devices/nowhere/session');
    expect(codeOf(await call(server, unknown, { method: 'DELETE', token: admin.accessToken }))).toBe('not_found');
  });
});

describe('a stolen device', () => {
  async function wipe(userId: string, deviceId: string, token = admin.accessToken): Promise<Answer> {
    return call(server, place(userId, `devices/${deviceId}/wipe`), { method: 'POST', token });
  }

  it('D12 is told to erase itself at its next contact, and stays unconfirmed until it says so with its receipt', async () => {
    const grant = await signIn(server, 'stolen', 'laptop');
    expect((await wipe('stolen', 'laptop')).status).toBe(200);
    expect(await deviceOf('stolen', 'laptop')).toMatchObject({ state: 'wipeOrdered', wipeToldAt: null });
    const told = await call(server, '/api/v1/sessions', { token: grant.accessToken });
    expect(codeOf(told)).toBe('device_wiped');
    const again = await refresh(grant, 'laptop');
    expect(codeOf(again)).toBe('device_wiped');
    expect(receiptOf(again)).toBe(receiptOf(told));
    const before = await deviceOf('stolen', 'laptop');
    expect(before).toMatchObject({ state: 'wipeTold', wipedAt: null });

    const confirm = (receipt: string) => call(server, '/api/v1/auth/wiped', { body: { receipt } });
    expect(codeOf(await confirm(`${tenantId}~guessed`))).toBe('not_found');
    expect(codeOf(await confirm('nonsense'))).toBe('not_found');
    expect((await confirm(receiptOf(told))).status).toBe(200);
    expect(codeOf(await confirm(receiptOf(told)))).toBe('not_found');
    expect(await deviceOf('stolen', 'laptop')).toMatchObject({ state: 'wiped' });
    // Erased, it may come back as any device.
    expect(codeOf(await refresh(grant, 'laptop'))).toBe('session_revoked');
    await signIn(server, 'stolen', 'laptop');
    expect(await deviceOf('stolen', 'laptop')).toMatchObject({ state: 'signedIn' });
    const audit = await server.database.inTenant(tenantId, (session) =>
      session.query<{ command: string; outcome: string }>(
        `SELECT command, outcome FROM audit WHERE tenant = $1 AND id = 'stolen' AND command LIKE 'device.%' ORDER BY no`,
        [tenantId],
      ),
    );
    expect(audit.map(({ command }) => command)).toEqual(['device.wipe', 'device.toldToWipe', 'device.wiped']);
  });

  it('D12 is also erased when its session ended before, and when somebody signs in on it', async () => {
    const grant = await signIn(server, 'early', 'ended');
    await call(server, place('early', 'devices/ended/session'), { method: 'DELETE', token: admin.accessToken });
    await wipe('early', 'ended');
    expect(codeOf(await refresh(grant, 'ended'))).toBe('device_wiped');

    await signIn(server, 'away', 'shared');
    await wipe('away', 'shared');
    const enter = (email: string, password = testPassword) =>
      call(server, '/api/v1/auth/sign-in', { body: { email, password, deviceId: 'shared', deviceName: 'x' } });
    // Whoever has no password learns nothing of it.
    expect(codeOf(await enter(emailOf('away'), 'wrong'))).toBe('wrong_credentials');
    expect(codeOf(await enter(emailOf('away')))).toBe('device_wiped');
  });

  it('D12 the order can be taken back until the device was told, and never erases the one that gives it', async () => {
    await signIn(server, 'rene', 'found');
    await wipe('rene', 'found');
    const cancel = () =>
      call(server, place('rene', 'devices/found/wipe'), { method: 'DELETE', token: admin.accessToken });
    expect((await cancel()).status).toBe(200);
    expect(codeOf(await cancel())).toBe('not_found');
    expect(await deviceOf('rene', 'found')).toMatchObject({ state: 'signedOut', wipeOrderedAt: null });
    const own = await signIn(server, 'rene', 'mine');
    const refused = await wipe('rene', 'mine', own.accessToken);
    expect(codeOf(refused)).toBe('invalid');
    expect(refused.text).toContain('device:current');
  });

  it('A11 whoever is switched off has no socket, request or refresh any more', async () => {
    const grant = await signIn(server, 'gone', 'open');
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/v1/live`, {
      headers: { authorization: `Bearer ${grant.accessToken}` },
    });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    const operation = {
      opId: 'op-gone',
      opNo: 1,
      txn: null,
      kind: 'patch',
      entity: 'user',
      recordId: 'gone',
      command: 'test',
      baseRev: 1_000_000,
      changes: [{ group: 'isActive', base: { isActive: true }, to: { isActive: false } }],
      dependsOn: [],
      captured: { wall: '2026-03-02T08:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
    };
    const body = { protocol: 1, epoch: admin.actor.epoch, ops: [operation] };
    const pushed = await call(server, '/sync/v1/push', { token: admin.accessToken, body });
    expect(pushed.body).toMatchObject({ verdicts: [{ status: 'applied' }] });
    expect(codeOf(await call(server, '/api/v1/sessions', { token: grant.accessToken }))).toBe('account_deactivated');
    expect(codeOf(await refresh(grant, 'open'))).toBe('account_deactivated');
    await closed;
  });
});
