// Signing in with a real directory (OpenLDAP), over StartTLS and LDAPS.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { LdapSettings, Provider, ProviderInput, SsoTrial } from '#shared/sync/sso-messages.ts';
import { addDomain, markVerified } from '#server/sso/domains.ts';
import { directoryAdmin, directoryBase, startSlapd, type TestDirectory } from '#test/support/start-slapd.ts';
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
let server: TestServer;
let directory: TestDirectory;
let tenantId: TenantId;
let admin: SessionGrant;
let provider: Provider;

const person = (uid: string, mail: string, password: string): string => `
dn: uid=${uid},ou=people,${directoryBase}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid} of the directory
sn: ${uid}
mail: ${mail}
userPassword: ${password}
`;

const ldif = `dn: ${directoryBase}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,${directoryBase}
objectClass: organizationalUnit
ou: people

dn: ou=groups,${directoryBase}
objectClass: organizationalUnit
ou: groups
${person('nora', 'nora@example.test', 'noras password')}
${person('star*', 'star@example.test', 'stars password')}
${person('twin1', 'twin@example.test', 'same')}
${person('twin2', 'twin@example.test', 'same')}
dn: cn=Sales managers,ou=groups,${directoryBase}
objectClass: groupOfNames
cn: Sales managers
member: uid=nora,ou=people,${directoryBase}
`;

function input(change: Partial<LdapSettings> = {}, more: Partial<ProviderInput> = {}): ProviderInput {
  return {
    kind: 'ldap',
    name: 'Directory',
    isActive: true,
    settings: {
      host: '127.0.0.1',
      port: directory.port,
      security: 'starttls',
      authority: directory.authority,
      bindDn: directoryAdmin.dn,
      baseDn: `ou=people,${directoryBase}`,
      userFilter: '(&(objectClass=inetOrgPerson)(mail={login}))',
      idAttribute: 'entryUUID',
      emailAttribute: 'mail',
      nameAttribute: 'cn',
      groupBaseDn: `ou=groups,${directoryBase}`,
      groupFilter: '(member={dn})',
      ...change,
    },
    mapping: {
      rules: [{ group: 'sales managers', role: 'manager' }],
      defaultRole: 'sales_rep',
      createsAccounts: true,
      updatesRoles: false,
    },
    secret: directoryAdmin.password,
    ...more,
  } as ProviderInput;
}

async function save(wish: ProviderInput): Promise<Answer> {
  return call(server, `${base}/providers/${provider.id}`, { method: 'PUT', body: wish, token: admin.accessToken });
}

function enter(email: string, password: string): Promise<Answer> {
  const body = { email, password, providerId: provider.id, deviceId: 'laptop', deviceName: 'Laptop' };
  return call(server, '/api/v1/auth/directory', { body });
}

beforeAll(async () => {
  server = await startServer({ allowPrivate: '127.0.0.1' });
  directory = await startSlapd(ldif);
  tenantId = await createOrganizationWith(server, 'ldap', [{ id: 'ada', role: 'org_admin' }]);
  admin = await signIn(server, 'ada');
  await server.database.inTenant(tenantId, async (session) => {
    await addDomain(session, tenantId, 'example.test', 'token');
    await markVerified(session, tenantId, 'example.test', server.clock.now());
  });
  const saved = await call(server, `${base}/providers`, { body: input(), token: admin.accessToken });
  expect(saved.status, saved.text).toBe(200);
  provider = saved.body as Provider;
}, 60_000);
afterAll(async () => {
  await directory.stop();
  await server.remove();
});

it('INT-01 a person of the directory comes in with its password, over StartTLS, with the role of the group', async () => {
  const entered = await enter('Nora@example.test', 'noras password');
  expect(entered.status, entered.text).toBe(200);
  expect((entered.body as SessionGrant).actor).toMatchObject({ name: 'nora of the directory', role: 'manager' });
  const ways = await call(server, '/api/v1/auth/ways', { body: { email: 'whoever@example.test' } });
  expect(ways.body).toMatchObject({ providers: [{ kind: 'ldap' }] });
});

it('INT-01 over LDAPS it is the same person', async () => {
  const before = (await enter('nora@example.test', 'noras password')).body as SessionGrant;
  await save(input({ port: directory.tlsPort, security: 'tls' }));
  const after = (await enter('nora@example.test', 'noras password')).body as SessionGrant;
  expect(after.actor.userId).toBe(before.actor.userId);
  await save(input());
});

it('C3 a wrong password, an empty one, nobody and two of one address get the same answer', async () => {
  for (const [email, password] of [
    ['nora@example.test', 'wrong'],
    ['nobody@example.test', 'noras password'],
    ['twin@example.test', 'same'],
    ['nora@example.test', ' '],
  ] as const) {
    const refused = await enter(email, password);
    expect(codeOf(refused), email).toBe('wrong_credentials');
  }
  // A directory takes a name without a password for nobody, and says yes.
  expect(codeOf(await enter('nora@example.test', ''))).toBe('invalid');
});

it('C3 what is typed never becomes a part of the question', async () => {
  for (const email of [
    '*@example.test',
    'n*',
    '*)(uid=*',
    'nora@example.test)(|(mail=*',
    '\\2a',
    'nora\u0000@example.test',
  ])
    expect(codeOf(await enter(email, 'noras password')), email).not.toMatch(/^status 200/);
  await save(input({ userFilter: '(uid={login})' }));
  const trial = (email: string, password: string) =>
    call(server, `${base}/providers/${provider.id}/try-directory`, {
      body: { email, password },
      token: admin.accessToken,
    });
  expect((await trial('star*', 'stars password')).body).toMatchObject({ email: 'star@example.test' });
  expect(codeOf(await trial('sta*', 'stars password'))).toBe('wrong_credentials');
  await save(input());
});

it('C3 guessing is limited by account and source', async () => {
  for (let attempt = 0; attempt < 8; attempt += 1) await enter('star@example.test', 'wrong');
  expect(codeOf(await enter('star@example.test', 'stars password'))).toBe('too_many_attempts');
  server.clock.advance(16 * 60_000);
  expect((await enter('star@example.test', 'stars password')).status).toBe(200);
  admin = await signIn(server, 'ada');
});

it('INT-01 a test tells an administrator who was found, and what is wrong with the directory when it is not asked', async () => {
  const trial = (body: unknown = { email: 'nora@example.test', password: 'noras password' }) =>
    call(server, `${base}/providers/${provider.id}/try-directory`, { body, token: admin.accessToken });
  const seen = (await trial()).body as SsoTrial;
  expect(seen).toMatchObject({ email: 'nora@example.test', role: 'manager', outcome: 'linked' });
  expect(seen.groups).toContain('Sales managers');
  const failures: Record<string, ProviderInput> = {
    serviceRefused: { ...input(), secret: 'another' },
    noSearch: input({ baseDn: 'dc=nowhere' }),
    noEncryption: input({ authority: '' }),
    noAnswer: input({ port: 1, security: 'none' }),
  };
  for (const [failure, wish] of Object.entries(failures)) {
    await save(wish);
    expect((await trial()).body, failure).toMatchObject({ error: { code: 'provider_failed', details: { failure } } });
  }
  await save(input());
});

it('C6 a directory inside is asked only when the operator allowed it, and without encryption never elsewhere', async () => {
  expect(codeOf(await save(input({ host: '127.0.0.2' })))).toBe('address_forbidden');
  expect(codeOf(await save(input({ host: '169.254.169.254' })))).toBe('address_forbidden');
});
