// From where an organization lets people and programs in, with and without a reverse proxy in between.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  noAccessRules,
  type AccessRules,
  type AccessRulesState,
  type GivenApiKey,
} from '#shared/sync/access-messages.ts';
import type { AuditPage } from '#shared/sync/audit-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { allowAnyAddress } from '#server/access/access-rules.ts';
import { readArguments } from '#server/cli-arguments.ts';
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

const patiently = { timeout: 20_000 };
const inside = '203.0.113.20';
const outside = '198.51.100.1';
const office = { range: '203.0.113.0/24', note: 'Office' };

let server: TestServer;
let ada: SessionGrant;
let rene: SessionGrant;

beforeAll(async () => {
  server = await startServer({ trustProxy: ['127.0.0.1'] });
  await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  await createOrganizationWith(server, 'south', [{ id: 'sven', role: 'org_admin' }]);
}, 60_000);
afterAll(() => server.remove());
// Open to everybody, and an hour later: refusals are noted once an hour.
beforeEach(async () => {
  server.clock.advance(3_600_000);
  await allowAnyAddress(server.database, 'north' as TenantId, server.clock.now());
  await expect.poll(async () => (await signInFrom('rene', outside)).text, patiently).toContain('accessToken');
  [ada, rene] = [await signIn(server, 'ada'), await signIn(server, 'rene')];
});

const from = (address: string) => ({ 'x-forwarded-for': address });
const signInFrom = (personId: string, address: string, password = testPassword) =>
  call(server, '/api/v1/auth/sign-in', {
    body: { email: emailOf(personId), password, deviceId: `other-of-${personId}`, deviceName: 'Laptop' },
    headers: from(address),
  });
const ask = (grant: SessionGrant, address: string, path = '/sync/v1/where') =>
  call(server, path, { token: grant.accessToken, headers: from(address) });

function setAddresses(
  addresses: Partial<AccessRules['addresses']>,
  address: string,
  isLockOutMeant?: boolean,
): Promise<Answer> {
  const rules = {
    ...noAccessRules,
    addresses: { ...noAccessRules.addresses, isOn: true, entries: [office], ...addresses },
  };
  return call(server, '/api/v1/organization/access', {
    method: 'PUT',
    token: ada.accessToken,
    headers: from(address),
    body: { rules, ...(isLockOutMeant === undefined ? {} : { isLockOutMeant }) },
  });
}

const problemsOf = (answer: Answer) =>
  (answer.body as { readonly error?: { readonly details?: { readonly problems?: readonly string[] } } }).error?.details
    ?.problems;

describe('addresses an organization allows', () => {
  it('IDT-25 nobody is let in from elsewhere, whatever is asked for, and is told from which address', async () => {
    expect((await setAddresses({}, inside)).status).toBe(200);
    expect((await ask(rene, inside)).status).toBe(200);
    for (const path of ['/sync/v1/where', '/api/v1/sessions', '/api/v1/territories']) {
      const refused = await ask(rene, outside, path);
      expect([path, refused.status, codeOf(refused)]).toEqual([path, 403, 'address_not_allowed']);
      expect(refused.body).toMatchObject({ error: { details: { address: outside } } });
    }
  });

  it('IDT-25 signing in and staying signed in are refused from elsewhere, and the refused token still works inside', async () => {
    await setAddresses({}, inside);
    expect(codeOf(await signInFrom('rene', outside))).toBe('address_not_allowed');
    expect(codeOf(await signInFrom('rene', outside, 'wrong wrong wrong'))).toBe('wrong_credentials');
    const granted = (await signInFrom('rene', inside)).body as SessionGrant;
    const refresh = (address: string) =>
      call(server, '/api/v1/auth/refresh', {
        body: { refreshToken: granted.refreshToken, deviceId: 'other-of-rene' },
        headers: from(address),
      });
    expect(codeOf(await refresh(outside))).toBe('address_not_allowed');
    expect((await refresh(inside)).status).toBe(200);
  });

  it('IDT-25 another organization is not concerned', async () => {
    await setAddresses({}, inside);
    const sven = await signIn(server, 'sven');
    expect((await ask(sven, outside)).status).toBe(200);
  });

  it('IDT-25 the list is for computers of people, for API keys, or for both', async () => {
    const wish = { name: 'Key', permissions: ['lead.read'] };
    const made = await call(server, '/api/v1/api-keys', { token: rene.accessToken, body: wish });
    const { secret } = made.body as GivenApiKey;
    const useKey = () => call(server, '/api/v1/usage', { token: secret, headers: from(outside) });
    await setAddresses({ keys: false }, inside);
    await expect.poll(async () => (await ask(rene, outside)).status, patiently).toBe(403);
    expect((await useKey()).status).toBe(200);
    await setAddresses({ devices: false }, inside);
    await expect.poll(async () => (await ask(rene, outside)).status, patiently).toBe(200);
    const refused = await useKey();
    expect([refused.status, codeOf(refused)]).toEqual([403, 'address_not_allowed']);
  });

  it('IDT-25 an open connection from elsewhere ends when the list is switched on', async () => {
    const open = (address: string) =>
      new WebSocket(`${server.url.replace('http', 'ws')}/sync/v1/live`, {
        headers: { authorization: `Bearer ${rene.accessToken}`, ...from(address) },
      });
    const socket = open(outside);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.once('message', resolve));
    await setAddresses({}, inside);
    expect(await closed).toBe(4401);
    const again = open(outside);
    expect(
      await new Promise((resolve) =>
        again.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode)),
      ),
    ).toBe(403);
  });

  it('IDT-25 whoever would shut out themselves is warned, and may mean it', async () => {
    const warned = await setAddresses({}, outside);
    expect([warned.status, codeOf(warned), problemsOf(warned)]).toEqual([400, 'invalid', ['addresses:locksYouOut']]);
    expect((await ask(ada, outside)).status).toBe(200);
    expect((await setAddresses({}, outside, true)).status).toBe(200);
    await expect.poll(async () => codeOf(await ask(ada, outside)), patiently).toBe('address_not_allowed');
    await allowAnyAddress(server.database, 'north' as TenantId, server.clock.now());
    await expect.poll(async () => (await ask(ada, outside)).status, patiently).toBe(200);
  });

  it('IDT-25 what is no range, and a list without any, is not taken', async () => {
    const wrong = await setAddresses({ entries: [{ range: '10.0.0.1/8', note: '' }] }, inside);
    expect([wrong.status, problemsOf(wrong)]).toEqual([400, ['addresses:range']]);
    expect(problemsOf(await setAddresses({ entries: [] }, inside, true))).toEqual(['addresses:empty']);
  });

  it('IDT-25 only administrators read and change it, and every change stands in the audit with the ranges', async () => {
    for (const method of ['GET', 'PUT']) {
      const answer = await call(server, '/api/v1/organization/access', {
        method,
        token: rene.accessToken,
        ...(method === 'GET' ? {} : { body: { rules: noAccessRules } }),
      });
      expect([method, answer.status, codeOf(answer)]).toEqual([method, 403, 'action_forbidden']);
    }
    await setAddresses({}, inside);
    await ask(rene, outside);
    await ask(rene, outside);
    const body = { limit: 50 };
    const answer = await call(server, '/api/v1/audit/entries', { token: ada.accessToken, body, headers: from(inside) });
    const { entries } = answer.body as AuditPage;
    expect(entries.find(({ command }) => command === 'access.setRules')).toMatchObject({
      actor: 'ada',
      outcome: 'applied',
    });
    const refusals = entries.filter(({ command, id }) => command === 'access.refuseAddress' && id === 'rene');
    expect(refusals[0]).toMatchObject({ outcome: 'address_not_allowed' });
  });

  it('IDT-25 the screen knows where its request came from', async () => {
    const state = await ask(ada, '2001:db8::7', '/api/v1/organization/access');
    expect(state.body as AccessRulesState).toMatchObject({ yourAddress: '2001:db8::7', isBehindUnknownProxy: false });
  });
});

describe('a server that was told of no proxy', () => {
  it('IDT-25 believes nobody who says to come from somewhere else, and says that somebody does', async () => {
    const plain = await startServer();
    try {
      await createOrganizationWith(plain, 'west', [{ id: 'wim', role: 'org_admin' }]);
      const { accessToken: token } = await signIn(plain, 'wim');
      const state = await call(plain, '/api/v1/organization/access', { token, headers: from(inside) });
      expect(state.body as AccessRulesState).toMatchObject({ yourAddress: '127.0.0.1', isBehindUnknownProxy: true });
      const rules = { ...noAccessRules, addresses: { isOn: true, entries: [office], devices: true, keys: true } };
      const body = { rules, isLockOutMeant: true };
      const put = { method: 'PUT', token, body };
      expect((await call(plain, '/api/v1/organization/access', put)).status).toBe(200);
      await expect
        .poll(async () => codeOf(await call(plain, '/sync/v1/where', { token, headers: from(inside) })), patiently)
        .toBe('address_not_allowed');
    } finally {
      await plain.remove();
    }
  }, 60_000);

  it('IDT-25 the operator names proxies by addresses and ranges, or is told what is wrong', () => {
    const read = (...more: readonly string[]) => readArguments(['--data', 'x', ...more]);
    expect(read('--trust-proxy', '127.0.0.1, 10.0.0.0/8')).toMatchObject({ trustProxy: ['127.0.0.1', '10.0.0.0/8'] });
    expect(read()).toMatchObject({ trustProxy: [], rateLimit: { minute: 60, hour: 1000, day: 10_000 } });
    expect(readArguments(['--data', 'x'], { OUTPOST_TRUST_PROXY: '::1' })).toMatchObject({ trustProxy: ['::1'] });
    expect(() => read('--trust-proxy', 'everybody')).toThrow('"everybody" is none');
    expect(read('--rate-limit', '10/20/30')).toMatchObject({ rateLimit: { minute: 10, hour: 20, day: 30 } });
    expect(() => read('--rate-limit', '30/20/10')).toThrow('60/1000/10000');
  });
});
