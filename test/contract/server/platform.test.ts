// The installation and its organizations, over two organizations: who runs it, who is refused, and that nobody of one organization
// ever gets at another one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { PlatformAudit, PlatformOrganizations } from '#test/support/platform-answers.ts';
import type { PlatformHealth } from '#shared/platform/platform-messages.ts';
import type { PullResponse, PushResponse, SessionGrant } from '#shared/sync/messages.ts';
import { createAccount, createUser, platformOf } from '#test/support/platform-answers.ts';
import { makePng } from '#test/support/make-png.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

describe.each(sqlEngines)('the installation on $name', (engine: SqlEngine) => {
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;
  let ada: SessionGrant;
  let sue: SessionGrant;

  beforeAll(async () => {
    place = await engine.createLocation();
    server = await startServer({ location: place.location });
    await createOrganizationWith(server, 'north', [
      { id: 'ada', role: 'super_admin' },
      { id: 'olaf', role: 'org_admin' },
    ]);
    await createOrganizationWith(server, 'south', [
      { id: 'sue', role: 'super_admin' },
      { id: 'rene', role: 'sales_rep' },
      { id: 'vic', role: 'org_admin' },
    ]);
    ada = await signIn(server, 'ada');
    sue = await signIn(server, 'sue');
  });
  afterAll(async () => {
    await server.remove();
    await place.remove();
  });

  const ask = (grant: SessionGrant, method: string, path: string, body?: unknown) =>
    platformOf(server, grant, method, path, body);
  const push = (grant: SessionGrant, ops: readonly unknown[]) =>
    call(server, '/sync/v1/push', { token: grant.accessToken, body: { protocol: 1, epoch: grant.actor.epoch, ops } });
  const findSouth = async () => {
    const { organizations } = (await ask(ada, 'GET', '/organizations')).body as PlatformOrganizations;
    return organizations.find(({ id }) => id === 'south');
  };

  it('IDT-22 a computer that is signed in and has sent nothing yet counts, and was seen', async () => {
    const { organizations } = (await ask(ada, 'GET', '/health')).body as PlatformHealth;
    const south = organizations.find(({ id }) => id === 'south');
    expect(south).toMatchObject({ openSessions: 1, devices: 1 });
    expect(south?.lastSeenAt).not.toBeNull();
  });

  it('IDT-15 PER-08 only super administrators of the organization that runs the installation have rights over it', async () => {
    expect(ada.actor.permissions).toContain('platform.view_all_tenants');
    expect(sue.actor.role).toBe('super_admin');
    expect(sue.actor.permissions.filter((name) => name.startsWith('platform.'))).toEqual([]);
    for (const grant of [sue, await signIn(server, 'olaf'), await signIn(server, 'rene')]) {
      for (const path of [
        '/organizations',
        '/plans',
        '/policies',
        '/features',
        '/usage',
        '/health',
        '/audit',
        '/support',
      ])
        expect(codeOf(await ask(grant, 'GET', path)), path).toBe('action_forbidden');
      expect(codeOf(await ask(grant, 'POST', '/organizations/north/suspend', { reason: '' }))).toBe('action_forbidden');
    }
    const { body } = await ask(ada, 'GET', '/organizations');
    expect((body as PlatformOrganizations).organizations).toMatchObject([
      { id: 'north', isOperator: true, state: 'active', usage: { users: 2 } },
      { id: 'south', isOperator: false, state: 'active', usage: { users: 3, records: 0 } },
    ]);
  });

  it('C12 a transaction of an organization sees its own row of the list and no other, one without it sees no record', async () => {
    const read = (tables: readonly string[], tenant: string) =>
      server.database.inTenant(tenant as TenantId, async (session) => {
        const rows = [];
        for (const table of tables)
          rows.push(...(await session.query<{ tenant: string }>(`SELECT tenant FROM ${table}`)));
        return [...new Set(rows.map((row) => row.tenant))];
      });
    const tables = ['platform_organization', 'platform_operator', 'platform_usage', 'support_access'];
    expect(await read(tables, 'south')).toEqual(['south']);
    expect(await read(tables, 'nowhere')).toEqual([]);
    expect(await server.database.query('SELECT tenant FROM platform_organization ORDER BY tenant')).toHaveLength(2);
    expect(await server.database.query('SELECT 1 AS one FROM record')).toEqual([]);
    const taken = server.database.inTenant('south' as TenantId, async (session) => {
      await session.query(`UPDATE platform_organization SET state = 'suspended' WHERE tenant = 'north'`);
      await session.query(`UPDATE platform_operator SET tenant = 'south'`);
      return session.query('SELECT 1 AS one FROM platform_operator');
    });
    expect(await taken).toEqual([]);
    expect((await ask(ada, 'GET', '/organizations')).status).toBe(200);
  });

  it('IDT-14 a super administrator founds an organization; its first administrator replaces a one-time password and has no right over others', async () => {
    const made = await ask(ada, 'POST', '/organizations', { name: 'East', adminEmail: 'Eve@East.test' });
    expect(made.status, made.text).toBe(200);
    const { id, email, password } = made.body as { id: string; email: string; password: string };
    expect(email).toBe('eve@east.test');
    const device = { deviceId: 'eve-1', deviceName: 'Laptop' };
    const enter = (body: object) => call(server, '/api/v1/auth/sign-in', { body: { email, ...device, ...body } });
    expect(codeOf(await enter({ password }))).toBe('password_change_required');
    const entered = await enter({ password, newPassword: 'a long sentence of her own' });
    expect(entered.status, entered.text).toBe(200);
    const { actor } = entered.body as SessionGrant;
    expect(actor).toMatchObject({ tenantId: id, role: 'org_admin' });
    expect(actor.permissions.filter((name) => name.startsWith('platform.'))).toEqual([]);
    const again = await ask(ada, 'POST', '/organizations', { name: 'Copy', adminEmail: 'eve@east.test' });
    expect(codeOf(again)).toBe('duplicate');
    expect(((await ask(ada, 'GET', '/organizations')).body as PlatformOrganizations).organizations).toHaveLength(3);
  });

  it('IDT-15 a suspended organization is told why, loses no session and nothing typed, and goes on when it is resumed', async () => {
    const rene = await signIn(server, 'rene', 'laptop');
    const closed = new Promise<number>((resolve) => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/v1/live`, {
        headers: { authorization: `Bearer ${rene.accessToken}` },
      });
      socket.on('close', resolve);
      socket.on('message', (data) => {
        if (!(data as Buffer).toString('utf8').includes('poke')) return;
        void ask(ada, 'POST', '/organizations/south/suspend', { reason: 'Unpaid since March.' });
      });
    });
    expect(await closed).toBe(4401);
    const refused = await push(rene, [createAccount('rene', 'laptop', 1)]);
    expect(codeOf(refused)).toBe('organization_suspended');
    expect(refused.body).toMatchObject({ error: { details: { suspendedFor: 'Unpaid since March.' } } });
    expect(refused.headers.get('retry-after')).toBe('60');
    const refresh = () =>
      call(server, '/api/v1/auth/refresh', { body: { refreshToken: rene.refreshToken, deviceId: 'laptop' } });
    expect(codeOf(await refresh())).toBe('organization_suspended');
    const enter = (password: string) =>
      call(server, '/api/v1/auth/sign-in', {
        body: { email: 'rene@example.test', password, deviceId: 'other', deviceName: '' },
      });
    expect(codeOf(await enter('correct horse battery staple'))).toBe('organization_suspended');
    expect(codeOf(await enter('wrong'))).toBe('wrong_credentials');
    expect(codeOf(await ask(ada, 'POST', '/organizations/north/suspend', { reason: '' }))).toBe('invalid');
    expect((await ask(ada, 'GET', '/organizations')).status).toBe(200);

    expect((await ask(ada, 'POST', '/organizations/south/resume', {})).status).toBe(200);
    // The token that was refused is the one that was never used.
    expect((await refresh()).status).toBe(200);
    const taken = await push(rene, [createAccount('rene', 'laptop', 1)]);
    expect((taken.body as PushResponse).verdicts).toMatchObject([{ status: 'applied' }]);
    const audit = await call(server, '/api/v1/audit/entries', {
      token: sue.accessToken,
      body: { entity: 'organization' },
    });
    expect(audit.body).toMatchObject({
      entries: [
        { command: 'organization.resume', actor: null },
        {
          command: 'organization.suspend',
          actor: null,
          detail: { reason: 'Unpaid since March.', operator: 'ada@example.test' },
        },
      ],
    });
  });

  it('IDT-21 a plan limits users and records: what is beyond it is refused with the limit, kept by its author, and taken when there is room', async () => {
    const plans = [{ id: 'small', name: 'Small', limits: { users: 4, records: 3, storageMb: 1, apiCalls: null } }];
    expect((await ask(ada, 'PUT', '/plans', { plans })).status).toBe(200);
    const subscribe = (planId: string, limits = {}) =>
      ask(ada, 'PUT', '/organizations/south/subscription', { planId, limits });
    expect(codeOf(await subscribe('none'))).toBe('invalid');
    expect((await subscribe('small')).status).toBe(200);
    expect(codeOf(await ask(ada, 'PUT', '/plans', { plans: [] }))).toBe('invalid');

    const rene = await signIn(server, 'rene', 'desk');
    const four = [1, 2, 3, 4].map((no) => createAccount('rene', 'desk', no));
    const { verdicts } = (await push(rene, four)).body as PushResponse;
    // One stood there before.
    expect(verdicts.map(({ status }) => status)).toEqual(['applied', 'applied', 'rejected', 'rejected']);
    expect(verdicts[2]).toMatchObject({ code: 'limit', why: { reason: 'planRecords', entity: 'account', limit: 3 } });

    const invite = (no: number) => push(sue, [createUser('sue', 'device-of-sue', no)]);
    expect(((await invite(1)).body as PushResponse).verdicts).toMatchObject([{ status: 'applied' }]);
    const full = ((await invite(2)).body as PushResponse).verdicts;
    expect(full).toMatchObject([{ status: 'rejected', code: 'limit', why: { reason: 'planUsers', limit: 4 } }]);

    expect((await subscribe('small', { records: null })).status).toBe(200);
    const again = createAccount('rene', 'desk', 5);
    expect(((await push(rene, [again])).body as PushResponse).verdicts).toMatchObject([{ status: 'applied' }]);
    expect(await findSouth()).toMatchObject({
      planId: 'small',
      ownLimits: { records: null },
      limits: { users: 4, records: null, storageMb: 1 },
      usage: { users: 4, records: 4 },
    });
    await subscribe('unlimited');
  });

  it('IDT-21 calls of programs are counted and refused by name beyond the plan; what people type is not', async () => {
    const rene = await signIn(server, 'rene', 'calls');
    const figures = (grant: SessionGrant) => call(server, '/api/analytics/leads', { token: grant.accessToken });
    await ask(ada, 'PUT', '/organizations/south/subscription', { planId: 'unlimited', limits: { apiCalls: 2 } });
    expect((await figures(rene)).status).toBe(200);
    expect((await figures(rene)).status).toBe(200);
    // A change of the plan reaches every process by a notice of the database.
    await expect.poll(async () => codeOf(await figures(rene))).toBe('limit');
    const refused = await figures(rene);
    expect(refused.body).toMatchObject({ error: { details: { reason: 'planCalls', limit: 2 } } });
    expect((await push(rene, [createAccount('rene', 'calls', 1)])).status).toBe(200);
    expect((await figures(ada)).status).toBe(200);
    await ask(ada, 'PUT', '/organizations/south/subscription', { planId: 'unlimited', limits: {} });
    await expect.poll(async () => (await figures(rene)).status).toBe(200);
  });

  it('IDT-20 a feature is switched for everybody, for one organization, or for a share, and its routes follow', async () => {
    const rene = await signIn(server, 'rene', 'features');
    const forecast = (grant: SessionGrant) => call(server, '/api/v1/analytics/forecasts', { token: grant.accessToken });
    const off = { isOn: false, percent: 100, by: 'organization' };
    expect((await forecast(rene)).status).toBe(200);
    expect((await ask(ada, 'PUT', '/features', { features: { forecast: off } })).status).toBe(200);
    await expect.poll(async () => codeOf(await forecast(rene))).toBe('feature_off');
    const own = await ask(ada, 'PUT', '/organizations/south/features', { features: { forecast: true } });
    expect(own.body).toMatchObject({ ownFeatures: { forecast: true } });
    await expect.poll(async () => (await forecast(rene)).status).toBe(200);
    expect(codeOf(await forecast(ada))).toBe('feature_off');
    const told = await signIn(server, 'rene', 'told');
    expect(told.features).toMatchObject({ forecast: { isOn: true, percent: 100 } });
    expect(codeOf(await ask(ada, 'PUT', '/features', { features: { flying: off } }))).toBe('invalid');
    await ask(ada, 'PUT', '/features', { features: {} });
    await ask(ada, 'PUT', '/organizations/south/features', { features: {} });
    await expect.poll(async () => (await forecast(ada)).status).toBe(200);
  });

  it('IDT-20 IDT-23 rules of the installation hold everywhere; an organization tightens them and never loosens them', async () => {
    const read = async () => ((await ask(ada, 'GET', '/policies')).body as { policies: object }).policies;
    const rules = { ...(await read()), sessionDays: 10, passwordMinLength: 16 };
    expect((await ask(ada, 'PUT', '/policies', { policies: rules })).status).toBe(200);
    const tighten = (grant: SessionGrant, policies: object) =>
      call(server, '/api/v1/organization/policies', { method: 'PUT', token: grant.accessToken, body: { policies } });
    const rene = await signIn(server, 'rene', 'rules');
    expect(codeOf(await tighten(rene, {}))).toBe('action_forbidden');
    const laxer = await tighten(sue, { sessionDays: 20 });
    expect(laxer.body).toMatchObject({ error: { code: 'invalid', details: { problems: ['sessionDays:laxer'] } } });
    const done = await tighten(sue, { sessionDays: 3, allowedDomains: ['example.test'] });
    expect(done.body).toMatchObject({ policies: { sessionDays: 3, passwordMinLength: 16 } });

    const fresh = await signIn(server, 'rene', 'fresh');
    const expires = await server.database.inTenant('south' as TenantId, async (session) => {
      const [row] = await session.query<{ days: number }>(
        'SELECT ((expires_at - created_at) / 86400000)::int AS days FROM session WHERE session_id = $1',
        [fresh.sessionId],
      );
      return row?.days;
    });
    expect(expires).toBe(3);
    const short = await call(server, '/api/v1/auth/change-password', {
      token: rene.accessToken,
      body: { currentPassword: 'correct horse battery staple', newPassword: 'only fifteen ch' },
    });
    expect(short.body).toMatchObject({ error: { details: { problems: ['newPassword:tooShort'], leastLength: 16 } } });
    const stranger = await push(sue, [createUser('sue', 'device-of-sue', 3, 'eve@elsewhere.test')]);
    expect((stranger.body as PushResponse).verdicts).toMatchObject([
      { status: 'rejected', code: 'invalid', problems: [{ field: 'email', code: 'domain' }] },
    ]);
    await tighten(sue, {});
    await ask(ada, 'PUT', '/policies', { policies: { ...rules, sessionDays: 30, passwordMinLength: 8 } });
  });

  it('OBS-16 maintenance that closes the server turns everybody away until it is over, but whoever looks after it', async () => {
    const rene = await signIn(server, 'rene', 'closed');
    const nowMs = server.clock.now();
    const planned = {
      from: new Date(nowMs - 1000).toISOString(),
      until: new Date(nowMs + 30_000).toISOString(),
      text: 'A new disk.',
      closes: true,
    };
    expect((await ask(ada, 'PUT', '/maintenance', { planned })).body).toEqual({ organizations: 3 });
    const refused = await push(rene, []);
    expect(codeOf(refused)).toBe('under_maintenance');
    expect(refused.headers.get('retry-after')).toBe('30');
    expect((await ask(ada, 'GET', '/organizations')).status).toBe(200);
    expect(codeOf(await push(await signIn(server, 'olaf').catch(() => rene), []))).toBe('under_maintenance');
    expect((await ask(ada, 'PUT', '/maintenance', { organizations: ['south'], planned: null })).status).toBe(200);
    expect((await push(rene, [])).status).toBe(200);
    server.clock.advance(31_000);
    await signIn(server, 'olaf');
  });

  it('IDT-21 use is written down by month, and a month that is over keeps its highest count', async () => {
    const { rows } = (await ask(ada, 'GET', '/usage')).body as {
      rows: { organization: string; records: number; apiCalls: number }[];
    };
    expect(rows.map(({ organization }) => organization).sort()).toContain('south');
    const south = rows.find(({ organization }) => organization === 'south');
    expect(south).toMatchObject({ records: 5, users: 4 });
    expect((await ask(ada, 'GET', '/usage?from=2020-01&until=2020-12')).body).toEqual({ rows: [] });
    expect(codeOf(await ask(ada, 'GET', '/usage?from=march'))).toBe('invalid');
  });

  it('IDT-21 a month costs what its plan cost when it was looked at last, whatever plan and prices come after', async () => {
    interface Row {
      readonly organization: string;
      readonly month: string;
      readonly plan: string;
      readonly planName: string;
      readonly users: number;
      readonly bill: { readonly currency: string; readonly lines: readonly object[]; readonly total: string } | null;
    }
    const readSouth = async () =>
      ((await ask(ada, 'GET', '/usage')).body as { rows: Row[] }).rows.filter(
        ({ organization }) => organization === 'south',
      );
    const { plans } = (await ask(ada, 'GET', '/plans')).body as { plans: object[] };
    const limits = { users: null, records: null, storageMb: null, apiCalls: null };
    const price = { currency: 'EUR', period: 'month', base: 4900, seat: 1250 };
    const withPrice = (seat: number) => ({
      plans: [...plans, { id: 'priced', name: 'Priced', limits, price: { ...price, seat } }],
    });
    expect((await ask(ada, 'PUT', '/plans', withPrice(-1))).status).toBe(400);
    expect((await ask(ada, 'PUT', '/plans', withPrice(12.5))).status).toBe(400);
    expect((await ask(ada, 'PUT', '/plans', withPrice(1250))).status).toBe(200);
    expect((await readSouth()).at(-1)?.bill).toBeNull();
    const subscribe = (planId: string) => ask(ada, 'PUT', '/organizations/south/subscription', { planId, limits: {} });
    const before = (await readSouth()).at(-1)?.plan ?? '';
    expect((await subscribe('priced')).status).toBe(200);
    const [first] = (await readSouth()).slice(-1);
    const seats = first?.users ?? 0;
    expect(seats).toBeGreaterThan(0);
    expect(first).toMatchObject({
      plan: 'priced',
      planName: 'Priced',
      bill: {
        currency: 'EUR',
        lines: [
          { kind: 'base', quantity: 1, price: '49.00', amount: '49.00' },
          { kind: 'seats', quantity: seats, price: '12.50' },
        ],
        total: ((4900 + seats * 1250) / 100).toFixed(2),
      },
    });
    server.clock.advance(32 * 86_400_000);
    ada = await signIn(server, 'ada');
    expect((await ask(ada, 'PUT', '/plans', withPrice(2000))).status).toBe(200);
    const later = (await readSouth()).slice(-2);
    expect(later[0]).toEqual(first);
    expect(later[1]?.bill?.total).toBe(((4900 + (later[1]?.users ?? 0) * 2000) / 100).toFixed(2));
    expect((await subscribe(before)).status).toBe(200);
    expect((await ask(ada, 'PUT', '/plans', { plans })).status).toBe(200);
    const [gone] = await readSouth();
    expect(gone).toMatchObject({ month: first?.month, planName: 'priced' });
  });

  it('IDT-14 a super administrator gives another organization its look, by the same rules, and its audit says so', async () => {
    const logo = makePng(16, 16).toString('base64');
    const path = '/organizations/south/brand';
    for (const grant of [await signIn(server, 'olaf'), await signIn(server, 'rene')]) {
      expect(codeOf(await ask(grant, 'PUT', path, { name: 'Mine' }))).toBe('action_forbidden');
      expect(codeOf(await ask(grant, 'GET', path))).toBe('action_forbidden');
    }
    const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64');
    expect(codeOf(await ask(ada, 'PUT', path, { logo: drawing }))).toBe('invalid');
    expect(codeOf(await ask(ada, 'PUT', path, { accent: 'red' }))).toBe('invalid');
    expect(codeOf(await ask(ada, 'PUT', '/organizations/nowhere/brand', { name: 'X' }))).toBe('not_found');
    expect((await ask(ada, 'GET', path)).body).toEqual({ name: null, logo: null, accent: null });
    expect((await ask(ada, 'PUT', path, { name: 'South wind', logo, accent: '#0e7490' })).status).toBe(200);
    // What is not named stays.
    const changed = await ask(ada, 'PUT', path, { accent: null });
    expect(changed.body).toEqual({ name: 'South wind', logo, accent: null });
    const rene = await signIn(server, 'rene');
    const pulled = await call(server, '/sync/v1/pull', { token: rene.accessToken, body: { protocol: 1, token: null } });
    const records = (pulled.body as PullResponse).items.flatMap((item) => (item.t === 'put' ? [item.record] : []));
    expect(records.find(({ kind }) => kind === 'organization')).toMatchObject({ brandName: 'South wind' });
    const query = { entity: 'organization', limit: 2 };
    const audit = await call(server, '/api/v1/audit/entries', {
      token: (await signIn(server, 'sue')).accessToken,
      body: query,
    });
    expect(audit.body).toMatchObject({
      entries: [
        { command: 'organization.brand', detail: { operator: 'ada@example.test' } },
        { command: 'organization.brand' },
      ],
    });
  });

  it('IDT-22 health and audit of all organizations tell counts and commands, and no content', async () => {
    const health = await ask(ada, 'GET', '/health');
    expect(health.status, health.text).toBe(200);
    expect(health.body).toMatchObject({ engine: engine.name, organizations: [{ name: 'Company north' }, {}, {}] });
    const audit = await ask(ada, 'GET', '/audit?organization=south');
    const { entries } = audit.body as PlatformAudit;
    expect(entries.length).toBeGreaterThan(10);
    expect(new Set(entries.map(({ organization }) => organization))).toEqual(new Set(['south']));
    const whole = (await ask(ada, 'GET', '/audit')).body as PlatformAudit;
    const walked: PlatformAudit['entries'] = [];
    for (let next: string | null = ''; next !== null;) {
      const page = (await ask(ada, 'GET', `/audit?limit=2${next === '' ? '' : `&before=${next}`}`))
        .body as PlatformAudit;
      walked.push(...page.entries);
      next = page.next;
    }
    expect(whole.next).toBeNull();
    expect(new Set(whole.entries.map(({ organization }) => organization)).size).toBeGreaterThan(1);
    expect(walked).toEqual(whole.entries);
    for (const text of [health.text, audit.text]) {
      expect(text).not.toContain('Account of rene');
      expect(text).not.toContain('Unpaid');
      expect(text).not.toContain('example.test');
    }
    const own = await call(server, '/api/v1/audit/entries', { token: ada.accessToken, body: { entity: 'platform' } });
    expect(own.body).toMatchObject({
      entries: expect.arrayContaining([expect.objectContaining({ command: 'policies.change', actor: 'ada' })]),
    });
  });
});
