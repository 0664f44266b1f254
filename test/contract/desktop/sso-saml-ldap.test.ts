// A desktop that signs in with the other two kinds of providers: a SAML provider in the browser of the system, and a directory
// whose password is typed into Outpost itself.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SignInElsewhere } from '#main/session/sign-in-elsewhere.ts';
import type { Provider, ProviderInput } from '#shared/sync/sso-messages.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { startSamlWorld, type SamlWorld } from '#test/support/saml-world.ts';
import { signInElsewhereOf } from '#test/support/sign-in-elsewhere.ts';
import { call } from '#test/support/start-server.ts';
import { directoryAdmin, directoryBase, startSlapd, type TestDirectory } from '#test/support/start-slapd.ts';

const directoryPassword = 'the password of the directory';
const ldif = `dn: ${directoryBase}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: uid=dora,${directoryBase}
objectClass: inetOrgPerson
uid: dora
cn: Dora of the directory
sn: dora
mail: dora@example.test
userPassword: ${directoryPassword}
`;

let world: SamlWorld;
let directory: TestDirectory;
let saml: Provider;
let ldap: Provider;
let place: DesktopPlace;
let desktop: Desktop;
let elsewhere: SignInElsewhere;
/** Where the visits of the browser ended, or what went wrong on the way. */
const ended: string[] = [];
let login = 'nora';

beforeAll(async () => {
  world = await startSamlWorld('elsewhere');
  saml = (await world.save({})).body as Provider;
  directory = await startSlapd(ldif);
  const input: ProviderInput = {
    kind: 'ldap',
    name: 'Directory',
    isActive: true,
    settings: {
      host: '127.0.0.1',
      port: directory.port,
      security: 'starttls',
      authority: directory.authority,
      bindDn: directoryAdmin.dn,
      baseDn: directoryBase,
      userFilter: '(&(objectClass=inetOrgPerson)(mail={login}))',
      idAttribute: 'entryUUID',
      emailAttribute: 'mail',
      nameAttribute: 'cn',
      groupBaseDn: '',
      groupFilter: '',
    },
    mapping: { rules: [], defaultRole: 'sales_rep', createsAccounts: true, updatesRoles: false },
    secret: directoryAdmin.password,
  };
  const saved = await call(world.server, '/api/v1/organization/sign-in/providers', {
    body: input,
    token: await world.token(),
  });
  expect(saved.status, saved.text).toBe(200);
  ldap = saved.body as Provider;
}, 60_000);
beforeEach(async () => {
  place = createDesktopPlace();
  desktop = await startDesktop(place);
  ended.length = 0;
  elsewhere = signInElsewhereOf(desktop, (url) => {
    world.idp.signIn(url, login, 'never:').then(
      (last) => ended.push(last.host),
      (error: unknown) => ended.push(String(error)),
    );
  });
});
afterEach(async () => {
  await desktop.stop();
  place.remove();
});
afterAll(async () => {
  await directory.stop();
  await world.remove();
});

it('INT-01 a person signs in with a SAML provider in the browser, works, and stays signed in after a restart', async () => {
  login = 'nora';
  const serverUrl = world.server.url;
  const { providers } = await elsewhere.ways(serverUrl, 'nora@example.test');
  expect(providers.map(({ id }) => id)).toEqual(expect.arrayContaining([saml.id, ldap.id]));
  const state = await elsewhere.byBrowser({ serverUrl, email: 'nora@example.test', providerId: saml.id });
  expect(state).toMatchObject({ status: 'signedIn', actor: { name: 'Nora Ünal', role: 'viewer' } });
  await desktop.until(() => ended.length === 1);
  // The browser ends at this computer, and not at the server.
  expect(ended[0]).toMatch(/^127\.0\.0\.1:/);
  expect(ended[0]).not.toBe(new URL(serverUrl).host);
  await desktop.until(() => desktop.status().phase === 'idle');
  await desktop.stop();
  desktop = await startDesktop(place);
  expect(desktop.session.state()).toMatchObject({ status: 'signedIn', actor: { name: 'Nora Ünal' } });
});

it('INT-01 whom the SAML provider does not vouch for stays outside, with the reason', async () => {
  login = 'far';
  world.idp.people.set('far', { email: 'far@elsewhere.test', name: 'Far', groups: [] });
  await expect(
    elsewhere.byBrowser({ serverUrl: world.server.url, email: 'x@example.test', providerId: saml.id }),
  ).rejects.toMatchObject({ code: 'sso_refused', details: { reason: 'foreignDomain' } });
  expect(desktop.session.state().status).toBe('firstRun');
});

it('INT-01 a person signs in with the password of the directory, and works without a network afterwards', async () => {
  const asked = { serverUrl: world.server.url, email: 'dora@example.test', providerId: ldap.id };
  await expect(elsewhere.byDirectory(asked, 'another password')).rejects.toMatchObject({ code: 'wrong_credentials' });
  expect(desktop.session.state().status).toBe('firstRun');
  const state = await elsewhere.byDirectory(asked, directoryPassword);
  expect(state).toMatchObject({ status: 'signedIn', actor: { name: 'Dora of the directory', role: 'sales_rep' } });
  expect(ended).toEqual([]);
  await desktop.until(() => desktop.status().phase === 'idle');
  await desktop.stop();
  desktop = await startDesktop(place, { isNetworkCut: true });
  expect(desktop.session.state()).toMatchObject({ status: 'signedIn', actor: { name: 'Dora of the directory' } });
});
