// Domains of organizations, shown by a real name server or said by the operator of the server.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { SsoOverview } from '#shared/sync/sso-messages.ts';
import { withAdminWork } from '#server/admin/with-admin-work.ts';
import { startDns, type TestDns } from '#test/support/dns-server.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

const base = '/api/v1/organization/sign-in';
let dns: TestDns;
let server: TestServer;
let tenantId: TenantId;
let otherId: TenantId;
let ada: SessionGrant;
let eve: SessionGrant;

beforeAll(async () => {
  dns = await startDns();
  server = await startServer({ resolveTxt: (name) => dns.resolveTxt(name) });
  tenantId = await createOrganizationWith(server, 'north', [{ id: 'ada', role: 'org_admin' }]);
  otherId = await createOrganizationWith(server, 'south', [{ id: 'eve', role: 'org_admin' }]);
  ada = await signIn(server, 'ada');
  eve = await signIn(server, 'eve');
}, 60_000);
afterAll(async () => {
  dns.stop();
  await server.remove();
});

const post = (path: string, who: SessionGrant, body: unknown = {}): Promise<Answer> =>
  call(server, `${base}/${path}`, { method: 'POST', body, token: who.accessToken });
const domainsOf = async (who: SessionGrant) =>
  ((await call(server, base, { token: who.accessToken })).body as SsoOverview).domains;
const problemOf = ({ body }: Answer): unknown =>
  (body as { readonly error?: { readonly details?: { readonly problems?: unknown } } }).error?.details?.problems;

it('INT-01 a domain counts once the DNS has the text of this organization, and not before', async () => {
  expect((await post('domains', ada, { domain: ' @Example.TEST. ' })).status).toBe(200);
  const [own] = await domainsOf(ada);
  expect(own).toMatchObject({
    domain: 'example.test',
    recordName: '_outpost-challenge.example.test',
    verifiedAt: null,
  });
  expect(problemOf(await post('domains/example.test/verify', ada))).toEqual(['domain:noRecord']);
  dns.texts.set('_outpost-challenge.example.test', ['outpost-verification=of-somebody-else']);
  expect(problemOf(await post('domains/example.test/verify', ada))).toEqual(['domain:noRecord']);
  dns.texts.set('_outpost-challenge.example.test', ['v=spf1 -all', own?.recordText ?? '']);
  expect((await post('domains/example.test/verify', ada)).status).toBe(200);
  expect((await domainsOf(ada))[0]?.verifiedAt).not.toBeNull();
});

it('INT-01 a verified domain belongs to one organization until that gives it up', async () => {
  await post('domains', eve, { domain: 'example.test' });
  const [wanted] = await domainsOf(eve);
  dns.texts.set('_outpost-challenge.example.test', [wanted?.recordText ?? '']);
  expect(codeOf(await post('domains/example.test/verify', eve))).toBe('duplicate');
  const removed = await call(server, `${base}/domains/example.test`, { method: 'DELETE', token: ada.accessToken });
  expect((removed.body as SsoOverview).domains).toEqual([]);
  expect((await post('domains/example.test/verify', eve)).status).toBe(200);
  expect(codeOf(await post('domains/elsewhere.test/verify', ada))).toBe('not_found');
});

it('INT-01 what is no domain is refused', async () => {
  for (const domain of ['localhost', 'a b.test', '127.0.0.1', 'http://x.test/y', '.test', '-a.test', 'ex_ample.test'])
    expect(problemOf(await post('domains', ada, { domain })), domain).toEqual(['domain:notADomain']);
});

it('INT-01 the operator says which domain an organization owns, and lets passwords in again, while the server runs', async () => {
  const location = { dataDir: server.dataDir };
  expect(await withAdminWork(location, (work) => work.confirmDomain(tenantId, 'Corp.test'))).toBe('corp.test');
  expect(await domainsOf(ada)).toMatchObject([{ domain: 'corp.test', passwordOff: false }]);
  await expect(withAdminWork(location, (work) => work.confirmDomain(otherId, 'corp.test'))).rejects.toMatchObject({
    code: 'duplicate',
  });
  await server.database.inTenant(tenantId, (session) => session.query('UPDATE sso_domain SET password_off = true'));
  expect(await withAdminWork(location, (work) => work.allowPasswords(tenantId))).toBe(1);
  expect(await domainsOf(ada)).toMatchObject([{ domain: 'corp.test', passwordOff: false }]);
});
