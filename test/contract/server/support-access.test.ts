// Support staff in an organization: for a while, with a reason, when its administrator agreed, and never beyond it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PullResponse, PushResponse, SessionGrant } from '#shared/sync/messages.ts';
import type { SupportAccess, SupportPerson, SupportSignIn } from '#shared/platform/platform-messages.ts';
import { createAccount, platformOf } from '#test/support/platform-answers.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { recipientOf, startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

const HOUR_MS = 3_600_000;
const OWN_PASSWORD = 'chosen by Sam for this visit';

describe.each(sqlEngines)('support access on $name', (engine: SqlEngine) => {
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;
  let smtp: TestSmtp;
  let ada: SessionGrant;
  let sue: SessionGrant;
  let sam: SupportPerson;

  beforeAll(async () => {
    place = await engine.createLocation();
    smtp = await startSmtp();
    server = await startServer({ location: place.location, mail: smtp.settings, jobTimes: quickJobs });
    await createOrganizationWith(server, 'north', [{ id: 'ada', role: 'super_admin' }]);
    await createOrganizationWith(server, 'south', [
      { id: 'sue', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
    await createOrganizationWith(server, 'west', [{ id: 'wim', role: 'org_admin' }]);
    ada = await signIn(server, 'ada');
    sue = await signIn(server, 'sue');
    const rene = await signIn(server, 'rene');
    await call(server, '/sync/v1/push', {
      token: rene.accessToken,
      body: { protocol: 1, epoch: rene.actor.epoch, ops: [createAccount('rene', 'device-of-rene', 1)] },
    });
    const added = await ask('POST', '/staff', { name: 'Sam', email: 'Sam@Operator.test' });
    sam = added.body as SupportPerson;
  });
  afterAll(async () => {
    await server.remove();
    await smtp.stop();
    await place.remove();
  });

  const ask = (method: string, path: string, body?: unknown) => platformOf(server, ada, method, path, body);
  const decide = (grant: SessionGrant, id: string, decision: string) =>
    call(server, `/api/v1/organization/support/${id}`, { method: 'PUT', token: grant.accessToken, body: { decision } });
  const open = async (wish: object = {}) =>
    (
      await ask('POST', '/support', {
        organization: 'south',
        staffId: sam.id,
        reason: 'Import fails',
        hours: 2,
        ...wish,
      })
    ).body as SupportAccess;
  const enter = ({ email, password }: SupportSignIn, deviceId = 'sam-1') =>
    call(server, '/api/v1/auth/sign-in', {
      body: { email, password, newPassword: OWN_PASSWORD, deviceId, deviceName: 'Laptop of Sam' },
    });
  const pull = async (grant: SessionGrant) =>
    call(server, '/sync/v1/pull', { token: grant.accessToken, body: { protocol: 1, token: null } });
  const namesIn = (answer: { readonly body: unknown }) =>
    (answer.body as PullResponse).items.flatMap((item) => (item.t === 'put' ? [item.record['name']] : []));
  const auditOf = async (grant: SessionGrant, query: object) =>
    (await call(server, '/api/v1/audit/entries', { token: grant.accessToken, body: query })).body;

  it('IDT-19 staff is registered once and gets nowhere by it', async () => {
    expect(sam).toMatchObject({ name: 'Sam', email: 'sam@operator.test' });
    expect(codeOf(await ask('POST', '/staff', { name: 'Samuel', email: 'sam@operator.test' }))).toBe('duplicate');
    expect((await ask('GET', '/staff')).body).toMatchObject({ staff: [{ id: sam.id }] });
    const short = { organization: 'south', staffId: sam.id, reason: '', hours: 2 };
    expect(codeOf(await ask('POST', '/support', short))).toBe('invalid');
    expect(codeOf(await ask('POST', '/support', { ...short, reason: 'Import fails', hours: 100 }))).toBe('invalid');
    const own = { ...short, reason: 'Look', organization: 'north' };
    expect(codeOf(await ask('POST', '/support', own))).toBe('invalid');
  });

  it('IDT-19 an access waits for an administrator of the organization, reads and does not write, and stands in its audit with the reason', async () => {
    const asked = await open();
    expect(asked).toMatchObject({ state: 'asked', role: 'viewer', until: null });
    expect(codeOf(await ask('POST', `/support/${asked.id}/sign-in`, {}))).toBe('invalid');
    expect(codeOf(await decide(await signIn(server, 'rene'), asked.id, 'allow'))).toBe('action_forbidden');
    expect(codeOf(await decide(await signIn(server, 'wim'), asked.id, 'allow'))).toBe('not_found');
    const allowed = await decide(sue, asked.id, 'allow');
    expect(allowed.body).toMatchObject({ state: 'open' });
    expect(codeOf(await decide(sue, asked.id, 'allow'))).toBe('invalid');

    const way = (await ask('POST', `/support/${asked.id}/sign-in`, {})).body as SupportSignIn;
    const entered = await enter(way);
    expect(entered.status, entered.text).toBe(200);
    const grant = entered.body as SessionGrant;
    expect(grant.actor).toMatchObject({ tenantId: 'south', role: 'viewer', name: 'Sam (Support)' });
    const seen = namesIn(await pull(grant));
    expect(seen).toContain('Account of rene 1');
    expect(seen).not.toContain('Person wim');
    const written = await call(server, '/sync/v1/push', {
      token: grant.accessToken,
      body: { protocol: 1, epoch: grant.actor.epoch, ops: [createAccount(grant.actor.userId, 'sam-1', 1)] },
    });
    expect((written.body as PushResponse).verdicts).toMatchObject([{ status: 'rejected', code: 'action_forbidden' }]);

    expect(await auditOf(sue, { actor: grant.actor.userId })).toMatchObject({
      entries: [
        { command: 'createRecord', outcome: 'action_forbidden', detail: { support: 'Import fails' } },
        { command: 'signIn', detail: { support: 'Import fails' } },
        { command: 'changePassword', detail: { support: 'Import fails' } },
      ],
    });
    expect(await auditOf(sue, { entity: 'organization' })).toMatchObject({
      entries: [
        { command: 'support.signInGiven', detail: { operator: 'ada@example.test' } },
        { command: 'support.allow', actor: 'sue' },
        { command: 'support.open', detail: { reason: 'Import fails' } },
        { command: 'support.ask', detail: { staff: 'Sam', reason: 'Import fails' } },
      ],
    });
    // They take no seat of the plan.
    const { organizations } = (await ask('GET', '/organizations')).body as {
      organizations: { id: string; usage: object }[];
    };
    expect(organizations.find(({ id }) => id === 'south')?.usage).toMatchObject({ users: 2 });

    const ended = await decide(sue, asked.id, 'end');
    expect(ended.body).toMatchObject({ state: 'ended' });
    const refused = await pull(grant);
    expect(codeOf(refused)).toBe('account_deactivated');
    expect(codeOf(await enter({ ...way, password: OWN_PASSWORD }))).toBe('wrong_credentials');
  });

  it('IDT-19 an access ends at its instant by itself, for sessions at once and for the directory soon after', async () => {
    const asked = await open({ hours: 1, role: 'org_admin' });
    await decide(sue, asked.id, 'allow');
    const way = (await ask('POST', `/support/${asked.id}/sign-in`, {})).body as SupportSignIn;
    const grant = (await enter(way, 'sam-2')).body as SessionGrant;
    expect(grant.actor.role).toBe('org_admin');
    expect(grant.actor.permissions.some((name) => name.startsWith('platform.'))).toBe(false);
    server.clock.advance(HOUR_MS - 550_000);
    const renew = (token: string) =>
      call(server, '/api/v1/auth/refresh', { body: { refreshToken: token, deviceId: 'sam-2' } });
    const renewed = await renew(grant.refreshToken);
    expect(renewed.status, renewed.text).toBe(200);
    server.clock.advance(550_000);
    const late = renewed.body as SessionGrant;
    expect(codeOf(await pull(late))).toBe('account_deactivated');
    ada = await signIn(server, 'ada');
    sue = await signIn(server, 'sue');
    // Nobody reads that it is open, also before the server went its round.
    const own = await call(server, '/api/v1/organization/support', { token: sue.accessToken });
    const listed = (own.body as { accesses: SupportAccess[] }).accesses.find(({ id }) => id === asked.id);
    expect(listed).toMatchObject({ state: 'ended', endedAt: listed?.until });
    await server.lookAfterPlatform();
    const { accesses } = (await ask('GET', '/support')).body as { accesses: SupportAccess[] };
    expect(accesses.find(({ id }) => id === asked.id)).toMatchObject({ state: 'ended' });
    const { entries } = (await auditOf(sue, { entity: 'organization' })) as { entries: object[] };
    expect(entries[0]).toMatchObject({ command: 'support.over', detail: { reason: 'Import fails' } });
    expect(codeOf(await renew(late.refreshToken))).toBe('account_deactivated');
  });

  it('IDT-19 where the installation asks for no consent its administrators are told in the inbox and by mail, once, and can end it', async () => {
    const { policies } = (await ask('GET', '/policies')).body as { policies: object };
    await ask('PUT', '/policies', { policies: { ...policies, supportConsent: false } });
    const opened = await open({ reason: 'Restore a report' });
    expect(opened.state).toBe('open');
    await server.lookAfterPlatform();
    await server.lookAfterPlatform();
    const mailed = () => smtp.mailsTo('sue@example.test');
    await expect.poll(() => mailed().length, { timeout: 30_000 }).toBe(1);
    expect(mailed()[0]?.subject).toBe('Sam of the support has access to your organization');
    expect(mailed()[0]?.text).toContain('Reason: Restore a report');
    const inbox = (await pull(sue)).body as PullResponse;
    const said = inbox.items.flatMap((item) => (item.t === 'put' && item.record.kind === 'announcement' ? [item] : []));
    expect(said).toMatchObject([{ record: { title: 'Sam of the support has access to your organization' } }]);
    expect(smtp.mails.map(recipientOf)).toEqual(['sue@example.test']);
    const list = await call(server, '/api/v1/organization/support', { token: sue.accessToken });
    expect(list.body).toMatchObject({
      accesses: expect.arrayContaining([expect.objectContaining({ reason: 'Restore a report', state: 'open' })]),
    });
    const removed = await ask('DELETE', `/staff/${sam.id}`);
    expect(removed.body).toEqual({ staff: [] });
    const { accesses } = (await ask('GET', '/support')).body as { accesses: SupportAccess[] };
    expect(accesses.map(({ state }) => state)).toEqual(['ended', 'ended', 'ended']);
    // An organization that wants to be asked is.
    const tighten = {
      method: 'PUT',
      token: sue.accessToken,
      body: { policies: { supportConsent: true, supportHours: 1 } },
    };
    expect((await call(server, '/api/v1/organization/policies', tighten)).status).toBe(200);
    sam = (await ask('POST', '/staff', { name: 'Sam', email: 'sam@operator.test' })).body as SupportPerson;
    expect(
      codeOf(await ask('POST', '/support', { organization: 'south', staffId: sam.id, reason: 'Again', hours: 2 })),
    ).toBe('invalid');
    expect(await open({ hours: 1 })).toMatchObject({ state: 'asked' });
  });
});
