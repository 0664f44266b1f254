// API keys over real HTTP: made, used, rotated, revoked, and never more than their owner.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { ApiKeyList, GivenApiKey, NewApiKey } from '#shared/sync/access-messages.ts';
import type { AuditPage } from '#shared/sync/audit-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { isKeyText, readKeyText } from '#server/keys/key-text.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  testPassword,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';
import { changeUser } from '#test/support/change-user.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let server: TestServer;
let ada: SessionGrant;
let rene: SessionGrant;

function lead(id: string, ownerId: string): AnyRecord {
  const at = '2026-01-01T00:00:00.000Z';
  const stamps = { createdAt: at, createdBy: null, updatedAt: at, updatedBy: null };
  return {
    kind: 'lead',
    id,
    rev: 0,
    ownerId,
    teamId: null,
    ...stamps,
    lastName: `Lead ${id}`,
    status: 'new',
  };
}

beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'north', [
    { id: 'root', role: 'super_admin' },
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'lena', role: 'sales_rep' },
    { id: 'olaf', role: 'sales_rep' },
  ]);
  await createOrganizationWith(server, 'south', [{ id: 'sven', role: 'org_admin' }]);
  await seedRecords(server.database, 'north' as TenantId, [lead('mine', 'rene'), lead('theirs', 'lena')]);
}, 60_000);
afterAll(() => server.remove());

/** Signed in as of now: tests move the clock by days. */
async function renew(): Promise<void> {
  ada = await signIn(server, 'ada');
  rene = await signIn(server, 'rene');
}

async function make(grant: SessionGrant, wish: Partial<NewApiKey> = {}): Promise<GivenApiKey> {
  const body = { name: 'Nightly export', permissions: ['analytics.read', 'record.analytics', 'lead.read'], ...wish };
  const answer = await call(server, '/api/v1/api-keys', { token: grant.accessToken, body });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body as GivenApiKey;
}

const use = (secret: string, path = '/api/v1/usage') => call(server, path, { token: secret });
const reasonOf = (answer: Answer) =>
  (answer.body as { readonly error?: { readonly details?: { readonly reason?: string } } }).error?.details?.reason;
const listOf = async (grant: SessionGrant, path = '/api/v1/api-keys') =>
  ((await call(server, path, { token: grant.accessToken })).body as ApiKeyList).keys;
async function audited(command: string): Promise<AuditPage['entries']> {
  const body = { limit: 200 };
  const answer = await call(server, '/api/v1/audit/entries', { token: ada.accessToken, body });
  return (answer.body as AuditPage).entries.filter((entry) => entry.command === command);
}

describe('an API key', () => {
  it('API-05 API-06 is told once, shown by its beginning, and stored only as a hash', async () => {
    await renew();
    const { key, secret } = await make(rene, { name: 'Stored' });
    expect(secret.startsWith(`${key.prefix}~north~`)).toBe(true);
    expect(isKeyText(secret)).toBe(true);
    const shown = await call(server, '/api/v1/api-keys', { token: rene.accessToken });
    expect(shown.text).toContain(key.prefix);
    expect(shown.text).not.toContain(secret.slice(-20));
    const rows = await server.database.inTenant('north' as TenantId, (session) =>
      session.query<{ all: string }>(`SELECT row_to_json(s)::text AS all FROM api_key_secret s WHERE tenant = 'north'`),
    );
    const stored = rows.map(({ all }) => all).join('\n');
    expect(stored).toContain(readKeyText(secret)?.hash);
    expect(stored).not.toContain(secret.split('~')[2]);
    expect(server.logText()).not.toContain(secret.split('~')[2]);
  });

  it('API-05 acts as its owner with the rights it was given, and sees what the owner sees', async () => {
    await renew();
    const { secret } = await make(rene);
    const asKey = await call(server, '/api/analytics/leads?period=thisYear', { token: secret });
    const asOwner = await call(server, '/api/analytics/leads?period=thisYear', { token: rene.accessToken });
    expect([asKey.status, asKey.body]).toEqual([asOwner.status, asOwner.body]);
    const deals = await make(rene, { permissions: ['record.read'] });
    expect(codeOf(await call(server, '/api/analytics/leads', { token: deals.secret }))).toBe('action_forbidden');
  });

  it('API-05 holds no right its owner does not hold, and none that nobody knows', async () => {
    await renew();
    const body = { name: 'More', permissions: ['org.manage_users', 'lead.read'] };
    const answer = await call(server, '/api/v1/api-keys', { token: rene.accessToken, body });
    expect([answer.status, codeOf(answer), reasonOf(answer)]).toEqual([403, 'action_forbidden', 'keyMoreThanOwner']);
    const unknown = { name: 'Unknown', permissions: ['lead.everything'] };
    expect(codeOf(await call(server, '/api/v1/api-keys', { token: rene.accessToken, body: unknown }))).toBe('invalid');
  });

  it('API-05 SYNC-38 loses at once what its owner loses', async () => {
    await renew();
    const { secret } = await make(ada, { permissions: ['org.view_audit_logs', 'system.audit'] });
    const ask = () => call(server, '/api/v1/audit/entries', { token: secret, body: { limit: 1 } });
    expect((await ask()).status).toBe(200);
    await changeUser(server, 'root', 'ada', { role: 'sales_rep' });
    expect(codeOf(await ask())).toBe('action_forbidden');
    await changeUser(server, 'root', 'ada', { role: 'org_admin' });
    expect((await ask()).status).toBe(200);
  });

  it('API-05 IDT-24 is of no use where people sign in, synchronize or make keys', async () => {
    await renew();
    const { secret } = await make(ada, { permissions: ['org.view_audit_logs', 'org.manage_integrations'] });
    const refused: [string, Parameters<typeof call>[2]][] = [
      ['/api/v1/api-keys', {}],
      ['/api/v1/api-keys', { body: { name: 'Child', permissions: ['org.view_audit_logs'] } }],
      ['/api/v1/sessions', {}],
      ['/api/v1/auth/change-password', { body: { currentPassword: 'x', newPassword: 'y'.repeat(12) } }],
      ['/sync/v1/pull', { body: {} }],
      ['/sync/v1/where', {}],
      ['/api/v1/organization/access', {}],
      ['/api/v1/users/sign-in-ways', {}],
      ['/api/v1/privacy/export', { body: {} }],
      ['/api/v1/fields/reveal', { body: {} }],
    ];
    for (const [path, request] of refused) {
      const answer = await call(server, path, { ...request, token: secret });
      expect([path, answer.status, codeOf(answer), reasonOf(answer)]).toEqual([path, 401, 'key_refused', 'route']);
    }
  });

  it('API-05 is made and rotated by somebody who showed lately who they are, and by nobody with a stolen session alone', async () => {
    await renew();
    const { key } = await make(rene, { name: 'Before' });
    const ask = (path: string, body: object) => call(server, path, { token: rene.accessToken, body });
    const wish = { name: 'After', permissions: ['lead.read'] };
    const rotate = () => ask(`/api/v1/api-keys/${key.id}/rotate`, {});
    await server.database.inTenant('north' as TenantId, (session) =>
      session.query('UPDATE session SET proved_at = proved_at - 600000 WHERE user_id = $1', ['rene']),
    );
    expect(codeOf(await ask('/api/v1/api-keys', wish))).toBe('proof_required');
    expect(codeOf(await rotate())).toBe('proof_required');
    expect(codeOf(await ask('/api/v1/auth/prove', { password: 'not it' }))).toBe('wrong_credentials');
    expect(codeOf(await ask('/api/v1/api-keys', wish))).toBe('proof_required');
    expect((await ask('/api/v1/auth/prove', { password: testPassword })).status).toBe(200);
    expect((await ask('/api/v1/api-keys', wish)).status).toBe(201);
    expect((await rotate()).status).toBe(200);
  });

  it('API-05 ends after 365 days unless something shorter was said, and nothing longer can be said', async () => {
    await renew();
    const [year, week] = [await make(rene, { name: 'Year' }), await make(rene, { name: 'Week', expiresInDays: 7 })];
    const lastsMs = ({ key }: GivenApiKey) => Date.parse(key.expiresAt) - server.clock.now();
    expect([lastsMs(year), lastsMs(week)]).toEqual([365 * DAY_MS, 7 * DAY_MS]);
    const long = { name: 'Long', permissions: ['lead.read'], expiresInDays: 366 };
    expect((await call(server, '/api/v1/api-keys', { token: rene.accessToken, body: long })).status).toBe(400);
    server.clock.advance(7 * DAY_MS);
    const late = await use(week.secret);
    expect([late.status, codeOf(late), reasonOf(late)]).toEqual([401, 'key_refused', 'expired']);
    expect((await use(year.secret)).status).toBe(200);
  });

  it('API-05 is revoked by its owner or an administrator, and the very next request is refused', async () => {
    await renew();
    const [own, other] = [await make(rene), await make(rene)];
    const remove = (grant: SessionGrant, id: string) =>
      call(server, `/api/v1/api-keys/${id}`, { token: grant.accessToken, method: 'DELETE' });
    expect((await use(own.secret)).status).toBe(200);
    expect((await remove(rene, own.key.id)).status).toBe(200);
    const refused = await use(own.secret);
    expect([refused.status, codeOf(refused), reasonOf(refused)]).toEqual([401, 'key_refused', 'revoked']);
    const lena = await signIn(server, 'lena');
    expect(codeOf(await remove(lena, other.key.id))).toBe('not_found');
    expect((await use(other.secret)).status).toBe(200);
    expect((await remove(ada, other.key.id)).status).toBe(200);
    expect(reasonOf(await use(other.secret))).toBe('revoked');
    const mine = await listOf(rene);
    expect(mine.find(({ id }) => id === other.key.id)).toMatchObject({
      state: 'revoked',
      reason: 'revokedByAdministrator',
    });
  });

  it('API-05 is rotated: the new secret works at once, the old one until the overlap ends or is cut short', async () => {
    await renew();
    const first = await make(rene, { name: 'Rotated', expiresInDays: 30 });
    server.clock.advance(10 * DAY_MS);
    await renew();
    const rotate = async (body: object) => {
      const path = `/api/v1/api-keys/${first.key.id}/rotate`;
      return (await call(server, path, { token: rene.accessToken, body })).body as GivenApiKey;
    };
    const second = await rotate({});
    expect(second.key.id).toBe(first.key.id);
    expect(second.key.prefix).not.toBe(first.key.prefix);
    expect(Date.parse(second.key.expiresAt) - server.clock.now()).toBe(30 * DAY_MS);
    expect([(await use(first.secret)).status, (await use(second.secret)).status]).toEqual([200, 200]);
    const [listed] = (await listOf(rene)).filter(({ id }) => id === first.key.id);
    expect(listed?.former).toMatchObject({ prefix: first.key.prefix });
    expect(listed?.former?.lastUsedAt).not.toBeNull();
    server.clock.advance(24 * HOUR_MS);
    expect(reasonOf(await use(first.secret))).toBe('rotated');
    expect((await use(second.secret)).status).toBe(200);
    await renew();
    const third = await rotate({ overlapHours: 0 });
    expect(reasonOf(await use(second.secret))).toBe('rotated');
    expect(codeOf(await use(first.secret))).toBe('key_refused');
    expect((await use(third.secret)).status).toBe(200);
  });

  it('A11 API-05 is dead with the account of its owner, and stays dead when the owner comes back', async () => {
    await renew();
    const olaf = await signIn(server, 'olaf');
    const { secret } = await make(olaf);
    expect((await use(secret)).status).toBe(200);
    await changeUser(server, 'root', 'olaf', { isActive: false });
    const refused = await use(secret);
    expect([codeOf(refused), reasonOf(refused)]).toEqual(['key_refused', 'ownerInactive']);
    await changeUser(server, 'root', 'olaf', { isActive: true });
    expect([codeOf(await use(secret))]).toEqual(['key_refused']);
  });

  it('API-05 of somebody else, of another organization, or made up is no key, and is told nothing', async () => {
    await renew();
    const { secret } = await make(rene);
    const [prefix = '', , random = ''] = secret.split('~');
    const wrong = [
      `${prefix}~south~${random}`,
      `${prefix}~north~${random.slice(0, -1)}${random.endsWith('A') ? 'B' : 'A'}`,
      `opk_aaaaaaaa~north~${random}`,
      `${prefix}~north`,
      'opk_',
    ];
    for (const token of wrong) {
      const answer = await use(token);
      expect([token, answer.status, codeOf(answer), reasonOf(answer)]).toEqual([token, 401, 'key_refused', 'unknown']);
    }
  });

  it('API-05 works from its own addresses alone, when it has any', async () => {
    await renew();
    const [here, elsewhere] = [
      await make(rene, { addresses: ['127.0.0.0/8'] }),
      await make(rene, { addresses: ['203.0.113.0/24', '2001:db8::/32'] }),
    ];
    expect((await use(here.secret)).status).toBe(200);
    expect(reasonOf(await use(elsewhere.secret))).toBe('address');
    const body = { name: 'Wrong', permissions: ['lead.read'], addresses: ['10.0.0.1/8'] };
    const wrong = await call(server, '/api/v1/api-keys', { token: rene.accessToken, body });
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'invalid']);
  });

  it('API-06 administrators see the keys of everybody, others their own', async () => {
    await renew();
    const all = await listOf(ada, '/api/v1/api-keys/all');
    expect(new Set(all.map(({ ownerId }) => ownerId))).toEqual(new Set(['ada', 'rene', 'olaf']));
    expect(new Set((await listOf(rene)).map(({ ownerId }) => ownerId))).toEqual(new Set(['rene']));
    expect(codeOf(await call(server, '/api/v1/api-keys/all', { token: rene.accessToken }))).toBe('action_forbidden');
    const sven = await signIn(server, 'sven');
    expect(await listOf(sven, '/api/v1/api-keys/all')).toEqual([]);
  });

  it('API-05 its making, rotating, revoking, first use and refused use stand in the audit, with its beginning and address', async () => {
    server.clock.advance(HOUR_MS);
    await renew();
    const { key, secret } = await make(rene, { name: 'Audited' });
    const entriesOf = async (command: string) => (await audited(command)).filter(({ id }) => id === key.id);
    for (let time = 0; time < 5; time += 1) expect((await use(secret)).status).toBe(200);
    await call(server, `/api/v1/api-keys/${key.id}/rotate`, { token: rene.accessToken, body: {} });
    await call(server, `/api/v1/api-keys/${key.id}`, { token: rene.accessToken, method: 'DELETE' });
    for (let time = 0; time < 5; time += 1) await use(secret);
    for (const command of ['apiKey.create', 'apiKey.rotate', 'apiKey.revoke'])
      expect([command, (await entriesOf(command)).length]).toEqual([command, 1]);
    expect((await entriesOf('apiKey.use')).map(({ outcome }) => outcome).sort()).toEqual(['applied', 'revoked']);
  });

  it('API-05 shows when and from where it was used last', async () => {
    await renew();
    const { key, secret } = await make(rene, { name: 'Last use' });
    const read = async () => (await listOf(rene)).find(({ id }) => id === key.id);
    expect(await read()).toMatchObject({ lastUsedAt: null, lastUsedFrom: null });
    await use(secret);
    expect(await read()).toMatchObject({
      lastUsedAt: new Date(server.clock.now()).toISOString(),
      lastUsedFrom: '127.0.0.1',
    });
  });

  it('API-05 nobody has more than twenty living keys', async () => {
    await renew();
    const lena = await signIn(server, 'lena');
    for (let count = 0; count < 20; count += 1) await make(lena, { name: `Key ${String(count)}` });
    const body = { name: 'One more', permissions: ['lead.read'] };
    const answer = await call(server, '/api/v1/api-keys', { token: lena.accessToken, body });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid']);
  });
});
