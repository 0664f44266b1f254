// Signing in with a real OpenID provider, from the typed address to the session, and everything that must not open one.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { Provider, ProviderInput, SsoOverview, SsoTrial } from '#shared/sync/sso-messages.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { markVerified, addDomain } from '#server/sso/domains.ts';
import { startOidcProvider, type TestOidcProvider } from '#test/support/oidc-provider.ts';
import { BACK, beginSso, finishSso } from '#test/support/sso-client.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  emailOf,
  saveUser,
  signIn,
  startServer,
  testPassword,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

const base = '/api/v1/organization/sign-in';
let server: TestServer;
let idp: TestOidcProvider;
let tenantId: TenantId;
let admin: SessionGrant;
let provider: Provider;

function settings(change: Partial<ProviderInput> = {}): ProviderInput {
  return {
    kind: 'oidc',
    name: 'Company login',
    isActive: true,
    settings: {
      preset: 'generic',
      issuer: idp.issuer,
      clientId: idp.clientId,
      scopes: 'groups',
      groupsClaim: 'groups',
      emailsAreVerified: false,
    },
    mapping: {
      rules: [
        { group: 'crm-managers', role: 'manager' },
        { group: 'crm-admins', role: 'org_admin' },
      ],
      defaultRole: 'sales_rep',
      createsAccounts: true,
      updatesRoles: false,
    },
    secret: idp.clientSecret,
    ...change,
  } as ProviderInput;
}

async function save(input: ProviderInput, id?: string, token = admin.accessToken): Promise<Answer> {
  const path = id === undefined ? `${base}/providers` : `${base}/providers/${id}`;
  return call(server, path, { method: id === undefined ? 'POST' : 'PUT', body: input, token });
}

async function owns(domain: string, tenant = tenantId): Promise<void> {
  await server.database.inTenant(tenant, async (session) => {
    await addDomain(session, tenant, domain, 'token');
    await markVerified(session, tenant, domain, server.clock.now());
  });
}

const begin = (email: string) => beginSso(server, '/api/v1/auth/sso', { email, providerId: provider.id });

/** The whole way of a person; answers what the application gets at the end. */
async function enter(login: string, email = 'somebody@example.test'): Promise<Answer> {
  const { leave, verifier } = await begin(email);
  const back = await idp.signIn(leave, login, BACK);
  const code = back.searchParams.get('code');
  if (code === null) throw new Error(`the browser came back with ${back.search}`);
  return finishSso(server, code, verifier);
}

/** Why the browser came back without a code. */
async function refusalOf(login: string, email = 'somebody@example.test'): Promise<string> {
  const { leave } = await begin(email);
  const { searchParams } = await idp.signIn(leave, login, BACK);
  return `${searchParams.get('error') ?? 'none'} ${searchParams.get('reason') ?? searchParams.get('failure') ?? ''}`.trim();
}

async function auditOf(command: string): Promise<readonly { readonly outcome: string; readonly detail: unknown }[]> {
  return server.database.inTenant(tenantId, (session) =>
    session.query('SELECT outcome, detail FROM audit WHERE tenant = $1 AND command = $2 ORDER BY no', [
      tenantId,
      command,
    ]),
  );
}

beforeAll(async () => {
  server = await startServer({ allowPrivate: '127.0.0.1' });
  tenantId = await createOrganizationWith(server, 'sso', [
    { id: 'ada', role: 'org_admin' },
    { id: 'sam', role: 'super_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'mara', role: 'manager' },
    { id: 'gone', role: 'sales_rep' },
  ]);
  await createOrganizationWith(server, 'other', [{ id: 'eve', role: 'org_admin' }]);
  admin = await signIn(server, 'ada');
  idp = await startOidcProvider(`${server.url}/sso/oidc/reply`);
  await owns('example.test');
  const saved = await save(settings());
  expect(saved.status, saved.text).toBe(200);
  provider = saved.body as Provider;
}, 60_000);
beforeEach(() => {
  idp.tamper = null;
});
afterAll(async () => {
  await idp.stop();
  await server.remove();
});

describe('INT-01 OpenID Connect', () => {
  it('INT-01 somebody the organization does not know gets an account with the role of the groups, once', async () => {
    idp.people.set('n-1', {
      email: 'Nora@Example.test',
      email_verified: true,
      name: 'Nora New',
      groups: ['staff', 'CRM-Managers'],
    });
    const first = await enter('n-1');
    expect(first.status, first.text).toBe(200);
    const { actor } = first.body as SessionGrant;
    expect(actor).toMatchObject({ name: 'Nora New', role: 'manager', tenantId });
    idp.people.set('n-1', {
      email: 'nora.married@example.test',
      email_verified: true,
      name: 'Nora Married',
      groups: [],
    });
    const second = (await enter('n-1')).body as SessionGrant;
    expect(second.actor.userId).toBe(actor.userId);
    expect((await call(server, '/api/v1/sessions', { token: second.accessToken })).status).toBe(200);
    expect(await auditOf('user.create')).toHaveLength(1);
    expect(await auditOf('user.link')).toHaveLength(1);
  });

  it('INT-01 the new colleague stands in the records of everybody, as one who was added by hand', async () => {
    const where = { token: admin.accessToken, body: { protocol: 1, token: null } };
    const pulled = await call(server, '/sync/v1/pull', where);
    expect(pulled.text).toContain('Nora New');
  });

  it('INT-01 an account that is there is linked by its verified address, and keeps its role', async () => {
    idp.people.set('r-1', { email: emailOf('rene'), email_verified: true, groups: ['crm-managers'] });
    const { actor } = (await enter('r-1')).body as SessionGrant;
    expect(actor).toMatchObject({ userId: 'rene', role: 'sales_rep' });
  });

  it('INT-01 with roles that follow the groups a role changes at the next sign-in, and is written down', async () => {
    const following = settings();
    await save({ ...following, mapping: { ...following.mapping, updatesRoles: true } }, provider.id);
    expect(((await enter('r-1')).body as SessionGrant).actor.role).toBe('manager');
    expect(await auditOf('user.followRole')).toMatchObject([{ detail: { role: 'manager' } }]);
    await save(settings(), provider.id);
  });

  it('INT-01 the last administrator stays one, whatever the groups say', async () => {
    const lone = await createOrganizationWith(server, 'lone', [{ id: 'solo', role: 'org_admin' }]);
    await owns('lone.test', lone);
    const grant = await signIn(server, 'solo');
    const following = settings();
    const saved = await save(
      { ...following, mapping: { ...following.mapping, updatesRoles: true } },
      undefined,
      grant.accessToken,
    );
    await saveUser(server, lone, { id: 'solo', role: 'org_admin', name: 'Solo' });
    await server.database.inTenant(lone, (session) =>
      session.query('INSERT INTO sso_identity VALUES ($1, $2, $3, $4, 1)', [
        lone,
        (saved.body as Provider).id,
        's-1',
        'solo',
      ]),
    );
    idp.people.set('s-1', { email: 'solo@lone.test', email_verified: true, groups: ['staff'] });
    const { leave, verifier } = await beginSso(server, '/api/v1/auth/sso', {
      email: 'solo@lone.test',
      providerId: (saved.body as Provider).id,
    });
    const back = await idp.signIn(leave, 's-1', BACK);
    const entered = await finishSso(server, back.searchParams.get('code') ?? '', verifier);
    expect((entered.body as SessionGrant).actor.role).toBe('org_admin');
  });

  it('INT-01 who was switched off stays out', async () => {
    await saveUser(server, tenantId, { id: 'gone', role: 'sales_rep', isActive: false });
    idp.people.set('g-1', { email: emailOf('gone'), email_verified: true });
    expect(codeOf(await enter('g-1'))).toBe('account_deactivated');
  });
});

describe('INT-01 who does not come in', () => {
  it('INT-01 an address that is not verified, or not of the own domains, or of nobody the provider tells', async () => {
    idp.people.set('u-1', { email: emailOf('mara'), email_verified: false });
    expect(await refusalOf('u-1')).toBe('sso_refused unverified');
    idp.people.set('u-2', { email: emailOf('mara') });
    expect(await refusalOf('u-2')).toBe('sso_refused unverified');
    idp.people.set('u-3', { email: 'mara@elsewhere.test', email_verified: true });
    expect(await refusalOf('u-3')).toBe('sso_refused foreignDomain');
    idp.people.set('u-4', {});
    expect(await refusalOf('u-4')).toBe('sso_refused noEmail');
    const refused = await auditOf('signIn');
    expect(refused.filter(({ outcome }) => outcome === 'sso_refused').length).toBeGreaterThanOrEqual(4);
  });

  it('INT-01 an account of another organization, though its address lies in the own domain', async () => {
    idp.people.set('e-1', { email: emailOf('eve'), email_verified: true });
    expect(await refusalOf('e-1')).toBe('sso_refused otherAccount');
  });

  it('INT-01 a super administrator, unless a super administrator set the provider up', async () => {
    idp.people.set('sam', { email: emailOf('sam'), email_verified: true });
    expect(await refusalOf('sam')).toBe('sso_refused superAdmin');
    const sam = await signIn(server, 'sam');
    await save(settings(), provider.id, sam.accessToken);
    expect(((await enter('sam')).body as SessionGrant).actor.userId).toBe('sam');
    await save(settings(), provider.id);
    expect(await refusalOf('sam')).toBe('sso_refused superAdmin');
  });

  it('INT-01 nobody, when no group has a role and there is no default, or accounts are not made', async () => {
    const strict = settings();
    idp.people.set('x-1', { email: 'xenia@example.test', email_verified: true, groups: ['staff'] });
    await save({ ...strict, mapping: { ...strict.mapping, defaultRole: null } }, provider.id);
    expect(await refusalOf('x-1')).toBe('sso_refused noRole');
    await save({ ...strict, mapping: { ...strict.mapping, createsAccounts: false } }, provider.id);
    expect(await refusalOf('x-1')).toBe('sso_refused noAccount');
    await save(strict, provider.id);
  });

  it('INT-01 nobody new beyond the plan, or of a domain the rules do not allow; who is there already comes in', async () => {
    const set = (column: 'limits' | 'policies', value: unknown) =>
      server.database.transaction((session) =>
        session.query(`UPDATE platform_organization SET ${column} = $2 WHERE tenant = $1`, [
          tenantId,
          JSON.stringify(value),
        ]),
      );
    idp.people.set('f-1', { email: 'full@example.test', email_verified: true });
    await set('limits', { users: 1 });
    expect(await refusalOf('f-1')).toBe('sso_refused planFull');
    expect((await enter('r-1')).status).toBe(200);
    await set('limits', {});
    await set('policies', { allowedDomains: ['only.test'] });
    expect(await refusalOf('f-1')).toBe('sso_refused domainNotAllowed');
    await set('policies', {});
    expect((await enter('f-1')).status).toBe(200);
  });

  it('C1 an ID token with another nonce, audience, issuer or key, or one that is over, opens nothing', async () => {
    idp.people.set('t-1', { email: 'tess@example.test', email_verified: true });
    const bad: TestOidcProvider['tamper'][] = [
      { claims: (claims) => ({ ...claims, nonce: 'another' }) },
      { claims: (claims) => ({ ...claims, aud: 'another client' }) },
      { claims: (claims) => ({ ...claims, iss: 'http://127.0.0.1:1' }) },
      { claims: (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 3600 }) },
      { claims: (claims) => claims, isForeign: true },
    ];
    for (const tamper of bad) {
      idp.tamper = tamper;
      expect(await refusalOf('t-1')).toBe('sso_refused wrongAnswer');
    }
    idp.tamper = { claims: (claims) => claims };
    expect((await enter('t-1')).status).toBe(200);
  });
});

describe('C2 the way through the browser', () => {
  it('C2 a code works once, with its verifier, within a minute, and with a wrong one never again', async () => {
    idp.people.set('c-1', { email: 'carl@example.test', email_verified: true });
    const arrive = async () => {
      const { leave, verifier } = await begin('carl@example.test');
      const back = await idp.signIn(leave, 'c-1', BACK);
      return { verifier, code: back.searchParams.get('code') ?? '' };
    };
    const used = await arrive();
    expect((await finishSso(server, used.code, used.verifier)).status).toBe(200);
    expect(codeOf(await finishSso(server, used.code, used.verifier))).toBe('sso_expired');
    const stolen = await arrive();
    expect(codeOf(await finishSso(server, stolen.code, 'a'.repeat(43)))).toBe('sso_expired');
    expect(codeOf(await finishSso(server, stolen.code, stolen.verifier))).toBe('sso_expired');
    const late = await arrive();
    server.clock.advance(61_000);
    expect(codeOf(await finishSso(server, late.code, late.verifier))).toBe('sso_expired');
  });

  it('C2 a sign-in leaves once and arrives once, and a state that nobody began gets a page that says so', async () => {
    const { leave } = await begin('carl@example.test');
    const first = await fetch(leave, { redirect: 'manual' });
    expect(first.status).toBe(303);
    expect(new URL(first.headers.get('location') ?? '').searchParams.get('code_challenge_method')).toBe('S256');
    const again = await fetch(leave, { redirect: 'manual', headers: { 'accept-language': 'de' } });
    expect(again.status).toBe(400);
    expect(await again.text()).toContain('Diese Anmeldung ist beendet');
    const unknown = await fetch(`${server.url}/sso/oidc/reply?state=sso~nobody&code=x`, { redirect: 'manual' });
    expect(unknown.status).toBe(400);
    expect(await unknown.text()).toContain('This sign-in has ended');
    expect(unknown.headers.get('content-security-policy')).toContain("default-src 'none'");
    const foreign = await fetch(`${server.url}/sso/oidc/reply?state=%3Cscript%3E`, { redirect: 'manual' });
    expect(await foreign.text()).not.toContain('<script>');
  });

  it('C2 what the provider refuses comes back to the application as its word', async () => {
    const { leave } = await begin('carl@example.test');
    const atProvider = new URL((await fetch(leave, { redirect: 'manual' })).headers.get('location') ?? '');
    const query = new URLSearchParams({
      state: atProvider.searchParams.get('state') ?? '',
      error: 'access_denied',
      iss: idp.issuer,
    });
    const back = await fetch(`${server.url}/sso/oidc/reply?${query.toString()}`, { redirect: 'manual' });
    expect(back.headers.get('location')).toBe(`${BACK}?error=sso_refused&reason=cancelled`);
  });

  it('C6 the browser is sent back to this computer and nowhere else', async () => {
    for (const redirectUri of [
      'https://evil.example/aaaaaaaaaaaaaaaaaaaaaa',
      'http://127.0.0.1.evil.example:80/aaaaaaaaaaaaaaaaaaaaaa',
      'http://localhost:80/aaaaaaaaaaaaaaaaaaaaaa',
      'http://127.0.0.1:80@evil.example/aaaaaaaaaaaaaaaaaaaaaa',
    ]) {
      const body = { email: emailOf('rene'), providerId: provider.id, redirectUri, codeChallenge: 'a'.repeat(43) };
      expect(codeOf(await call(server, '/api/v1/auth/sso', { body })), redirectUri).toBe('invalid');
    }
  });
});

describe('C3 ways by address', () => {
  it('C3 the answer depends on the domain alone, whether or not there is an account', async () => {
    const ways = (email: string) => call(server, '/api/v1/auth/ways', { body: { email } });
    const known = await ways(emailOf('rene'));
    expect(known.body).toEqual({
      password: true,
      providers: [{ id: provider.id, name: 'Company login', kind: 'oidc' }],
    });
    expect((await ways('nobody-at-all@EXAMPLE.test')).text).toBe(known.text);
    expect((await ways('rene@elsewhere.test')).body).toEqual({ password: true, providers: [] });
    expect((await ways('not an address')).body).toEqual({ password: true, providers: [] });
  });

  it('C3 a provider begins nothing for addresses of other domains', async () => {
    const body = {
      email: 'a@elsewhere.test',
      providerId: provider.id,
      redirectUri: BACK,
      codeChallenge: 'a'.repeat(43),
    };
    expect(codeOf(await call(server, '/api/v1/auth/sso', { body }))).toBe('not_found');
  });
});

describe('INT-01 what administrators set up', () => {
  it('INT-01 only administrators see and change it, and no answer and no audit entry holds a secret', async () => {
    const overview = await call(server, base, { token: admin.accessToken });
    expect((overview.body as SsoOverview).providers).toMatchObject([{ name: 'Company login', hasSecret: true }]);
    expect((overview.body as SsoOverview).addresses?.oidcRedirect).toBe(`${server.url}/sso/oidc/reply`);
    const kept = await server.database.asOwner((session) =>
      session.query<{ all: string }>('SELECT row_to_json(p)::text AS all FROM sso_provider p'),
    );
    const audit = await server.database.asOwner((session) =>
      session.query<{ all: string }>('SELECT row_to_json(a)::text AS all FROM audit a'),
    );
    const said = [overview.text, server.logText(), ...[...kept, ...audit].map(({ all }) => all)].join('');
    expect(said).not.toContain(idp.clientSecret);
    expect(said).not.toContain(Buffer.from(idp.clientSecret).toString('hex'));
    for (const person of ['rene', 'mara']) {
      const { accessToken } = await signIn(server, person);
      expect(codeOf(await call(server, base, { token: accessToken }))).toBe('action_forbidden');
      expect(codeOf(await save(settings(), provider.id, accessToken))).toBe('action_forbidden');
    }
    const eve = await signIn(server, 'eve');
    expect(codeOf(await save(settings(), provider.id, eve.accessToken))).toBe('not_found');
  });

  it('PER-07 nobody maps a group to a role they may not give, and nobody to super administrator', async () => {
    const wish = settings();
    const risen = { ...wish, mapping: { ...wish.mapping, rules: [{ group: 'x', role: 'super_admin' }] } };
    const refused = await save(risen, provider.id);
    expect(refused.body).toMatchObject({ error: { details: { problems: ['mapping:superAdmin'] } } });
    const unknown = { ...wish, mapping: { ...wish.mapping, defaultRole: 'no-such-role' } };
    expect(codeOf(await save(unknown, provider.id))).toBe('invalid');
  });

  it('C6 another issuer needs the secret once more, and the links of the one before are gone', async () => {
    const { secret: _secret, ...kept } = settings();
    const elsewhere = { ...kept, settings: { ...kept.settings, issuer: 'http://127.0.0.1:1' } } as ProviderInput;
    expect((await save(elsewhere, provider.id)).body).toMatchObject({
      error: { details: { problems: ['secret:again'] } },
    });
    const links = () =>
      server.database.inTenant(tenantId, (session) => session.query('SELECT 1 AS one FROM sso_identity'));
    expect((await links()).length).toBeGreaterThan(0);
    expect((await save({ ...elsewhere, secret: 'another' }, provider.id)).status).toBe(200);
    expect(await links()).toEqual([]);
    expect((await save(settings(), provider.id)).status).toBe(200);
  });

  it('C6 an issuer inside is refused unless the operator allowed it, and so are the accounts of every organization', async () => {
    const wish = settings();
    const at = (issuer: string, preset = 'generic') =>
      save({ ...wish, settings: { ...wish.settings, issuer, preset } } as ProviderInput, provider.id);
    for (const issuer of ['https://127.0.0.2/', 'http://169.254.169.254/', 'https://[::1]/', 'https://10.0.0.1/'])
      expect(codeOf(await at(issuer)), issuer).toBe('address_forbidden');
    for (const tenant of ['common', 'organizations', 'consumers'])
      expect(codeOf(await at(`https://login.microsoftonline.com/${tenant}/v2.0`, 'microsoft'))).toBe('invalid');
  });

  it('INT-01 a test in the browser says what would happen and changes nothing', async () => {
    idp.people.set('w-1', { email: 'wera@example.test', email_verified: true, name: 'Wera', groups: ['crm-managers'] });
    const { leave, verifier } = await beginSso(server, `${base}/providers/${provider.id}/try`, {}, admin.accessToken);
    const back = await idp.signIn(leave, 'w-1', BACK);
    const code = back.searchParams.get('code') ?? '';
    expect(codeOf(await finishSso(server, 'x', verifier))).toBe('sso_expired');
    const trial = await call(server, `${base}/try/finish`, {
      body: { code, codeVerifier: verifier },
      token: admin.accessToken,
    });
    expect(trial.body satisfies unknown as SsoTrial).toMatchObject({
      subject: 'w-1',
      email: 'wera@example.test',
      groups: ['crm-managers'],
      role: 'manager',
      outcome: 'created',
    });
    const users = await server.database.inTenant(tenantId, (session) =>
      session.query(`SELECT 1 AS one FROM record WHERE kind = 'user' AND data->>'email' = 'wera@example.test'`),
    );
    expect(users).toEqual([]);
    // A test opens no session, not even for who made it.
    const second = await beginSso(server, `${base}/providers/${provider.id}/try`, {}, admin.accessToken);
    const other = await idp.signIn(second.leave, 'w-1', BACK);
    expect(codeOf(await finishSso(server, other.searchParams.get('code') ?? '', second.verifier))).toBe('sso_expired');
  });
});

describe('INT-01 domains and passwords', () => {
  const password = (id: string) =>
    call(server, '/api/v1/auth/sign-in', {
      body: { email: emailOf(id), password: testPassword, deviceId: `pw-${id}`, deviceName: 'x' },
    });

  it('INT-01 passwords are switched off for an own domain only after a test and with an administrator who keeps one', async () => {
    const put = (path: string, body: unknown) =>
      call(server, `${base}/${path}`, { method: 'PUT', body, token: admin.accessToken });
    const off = () => put('domains/example.test/password', { passwordOff: true });
    expect((await off()).body).toMatchObject({ error: { details: { problems: ['userId:needed'] } } });
    expect((await put('break-glass', { userId: 'rene' })).body).toMatchObject({
      error: { details: { problems: ['userId:notAnAdministrator'] } },
    });
    expect((await put('break-glass', { userId: 'ada' })).status).toBe(200);
    expect((await off()).status).toBe(200);
    expect(codeOf(await password('mara'))).toBe('password_off');
    expect((await password('ada')).status).toBe(200);
    // No provider of the organization signs in a super administrator.
    expect((await password('sam')).status).toBe(200);
    expect((await call(server, '/api/v1/auth/ways', { body: { email: emailOf('mara') } })).body).toMatchObject({
      password: false,
    });
    // Who does not know the password learns nothing.
    const wrong = { email: emailOf('mara'), password: 'not it', deviceId: 'd', deviceName: 'x' };
    expect(codeOf(await call(server, '/api/v1/auth/sign-in', { body: wrong }))).toBe('wrong_credentials');
    expect((await put('break-glass', { userId: null })).body).toMatchObject({
      error: { details: { problems: ['userId:needed'] } },
    });
    // With no provider left the password works again: nobody is locked out.
    await save({ ...settings(), isActive: false }, provider.id);
    expect((await password('mara')).status).toBe(200);
    await save(settings(), provider.id);
  });
});
