// A desktop that signs in through the browser of the system, against a real server and a real OpenID provider.
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSignInElsewhere, type SignInElsewhere } from '#main/session/sign-in-elsewhere.ts';
import { createExchange } from '#main/sync/exchange.ts';
import { createServerClient } from '#main/sync/server-client.ts';
import { addDomain, markVerified } from '#server/sso/domains.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Provider, ProviderInput } from '#shared/sync/sso-messages.ts';
import { BrowserVisit } from '#test/support/browser-visit.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { signInElsewhereOf } from '#test/support/sign-in-elsewhere.ts';
import { startOidcProvider, type TestOidcProvider } from '#test/support/oidc-provider.ts';
import {
  call,
  createOrganizationWith,
  emailOf,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let idp: TestOidcProvider;
let tenantId: TenantId;
let provider: Provider;
let place: DesktopPlace;
let desktop: Desktop;
/** What the person does with the address that opens. */
let browse: (url: string) => Promise<unknown>;
const opened: string[] = [];
let elsewhere: SignInElsewhere;

async function addProvider(name: string, issuer: string): Promise<Provider> {
  const { clientId, clientSecret: secret } = idp;
  const body: ProviderInput = {
    kind: 'oidc',
    name,
    isActive: true,
    settings: { preset: 'generic', issuer, clientId, scopes: '', groupsClaim: '', emailsAreVerified: false },
    mapping: { rules: [], defaultRole: 'viewer', createsAccounts: true, updatesRoles: false },
    secret,
  };
  const { accessToken: token } = await signIn(server, 'ada');
  return (await call(server, '/api/v1/organization/sign-in/providers', { body, token })).body as Provider;
}

beforeAll(async () => {
  server = await startServer({ allowPrivate: '127.0.0.1' });
  tenantId = await createOrganizationWith(server, 'desk', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  idp = await startOidcProvider(`${server.url}/sso/oidc/reply`);
  idp.people.set('rene', { email: emailOf('rene'), email_verified: true });
  idp.people.set('ada', { email: emailOf('ada'), email_verified: true });
  idp.people.set('far', { email: 'far@elsewhere.test', email_verified: true });
  await server.database.inTenant(tenantId, async (session) => {
    await addDomain(session, tenantId, 'example.test', 'token');
    await markVerified(session, tenantId, 'example.test', server.clock.now());
  });
  provider = await addProvider('Company login', idp.issuer);
}, 60_000);
beforeEach(async () => {
  place = createDesktopPlace();
  desktop = await startDesktop(place);
  opened.length = 0;
  elsewhere = signInElsewhereOf(desktop, (url) => {
    opened.push(url);
    browse(url).catch((error: unknown) => opened.push(String(error)));
  });
});
afterEach(async () => {
  await desktop.stop();
  place.remove();
});
afterAll(async () => {
  await idp.stop();
  await server.remove();
});

/** Signs in at the provider and lets the browser come back to this computer. */
const signInAs = (login: string) => async (url: string) => {
  const browser = new BrowserVisit('never:');
  const consent = await browser.submit(await browser.open(url), { login, password: 'at the provider' });
  return browser.submit(consent, {});
};
const asRene = () => ({ serverUrl: server.url, email: emailOf('rene'), providerId: provider.id });

it('INT-01 a person signs in through the browser, works, and stays signed in after a restart', async () => {
  expect(await elsewhere.ways(server.url, emailOf('rene'))).toMatchObject({ providers: [{ id: provider.id }] });
  let page = '';
  browse = async (url) => {
    page = (await signInAs('rene')(url)).text;
  };
  expect(await elsewhere.byBrowser(asRene())).toMatchObject({ status: 'signedIn', actor: { userId: 'rene' } });
  expect(opened).toHaveLength(1);
  expect(opened[0]).toMatch(new RegExp(`^${server.url}/sso/leave\\?flow=`));
  await desktop.until(() => page !== '');
  expect(page).toContain('You are signed in');
  await desktop.until(() => desktop.status().phase === 'idle');
  await desktop.stop();
  desktop = await startDesktop(place);
  expect(desktop.session.state()).toMatchObject({ status: 'signedIn', actor: { userId: 'rene' } });
});

it('INT-01 who is not let in is told why, and nothing is opened', async () => {
  browse = signInAs('far');
  await expect(elsewhere.byBrowser(asRene())).rejects.toMatchObject({
    code: 'sso_refused',
    details: { reason: 'foreignDomain' },
  });
  expect(desktop.session.state().status).toBe('firstRun');
});

it('INT-01 a provider that does not answer ends the wait, with the reason', async () => {
  const silent = await addProvider('Nobody there', 'http://127.0.0.1:9');
  let page = '';
  browse = async (url) => {
    page = (await new BrowserVisit('never:').open(url)).text;
    // A second visit finds nothing of it.
    page += (await new BrowserVisit('never:').open(url)).text;
  };
  await expect(elsewhere.byBrowser({ ...asRene(), providerId: silent.id })).rejects.toMatchObject({
    code: 'provider_failed',
    details: { failure: 'noAnswer' },
  });
  await desktop.until(() => page.includes('This sign-in has ended'));
  expect(page).toContain('This did not work');
});

it('INT-01 going back ends the wait, a second try ends the first one, and nobody listens any more', async () => {
  let left = '';
  browse = async (url) => {
    left = url;
  };
  const first = elsewhere.byBrowser(asRene());
  const firstEnd = expect(first).rejects.toMatchObject({ code: 'cancelled' });
  await desktop.until(() => left !== '');
  const second = elsewhere.byBrowser(asRene());
  const secondEnd = expect(second).rejects.toMatchObject({ code: 'cancelled' });
  await firstEnd;
  await desktop.until(() => opened.length === 2);
  elsewhere.cancel();
  await secondEnd;
  // The browser of the first one comes back to an address where nobody is.
  const late = await signInAs('rene')(left).then(
    () => 'answered',
    () => 'nobody',
  );
  expect(late).toBe('nobody');
  expect(desktop.session.state().status).toBe('firstRun');
});

it('C2 only the browser that was sent away is heard: with the secret of the address, and by its host', async () => {
  const statuses: number[] = [];
  const ask = (url: URL, host: string, method = 'GET') =>
    new Promise<number>((settle, fail) => {
      const options = { method, headers: { host } };
      httpRequest(url, options, (answer) => settle(answer.resume().statusCode ?? 0))
        .once('error', fail)
        .end();
    });
  browse = async (url) => {
    const atProvider = await new BrowserVisit('never:').open(url);
    expect(atProvider.status).toBe(200);
    const back = new URL(redirects.at(-1) ?? '');
    const forged = new URL(back);
    forged.searchParams.set('code', 'stolen');
    statuses.push(await ask(new URL('/', back), back.host));
    statuses.push(await ask(new URL('/?code=x', back), back.host));
    statuses.push(await ask(forged, 'rebound.example.com'));
    statuses.push(await ask(forged, back.host, 'POST'));
    elsewhere.cancel();
  };
  const redirects: string[] = [];
  const client = createServerClient(createExchange(), async () => undefined).sso;
  elsewhere = createSignInElsewhere({
    client: {
      ...client,
      begin: (serverUrl, body) => {
        redirects.push(body.redirectUri);
        return client.begin(serverUrl, body);
      },
    },
    session: desktop.session,
    openExternal: async (url) => {
      browse(url).catch((error: unknown) => opened.push(String(error)));
    },
    words: () => ({ language: 'en', done: '', failed: '', close: '' }),
  });
  await expect(elsewhere.byBrowser(asRene())).rejects.toMatchObject({ code: 'cancelled' });
  expect(statuses).toEqual([404, 404, 404, 404]);
  expect(opened).toEqual([]);
});

it('C6 whatever a server answers, the browser is opened at that server alone', async () => {
  const client = createServerClient(createExchange(), async () => undefined).sso;
  elsewhere = createSignInElsewhere({
    client: { ...client, begin: async () => ({ flow: 'x"&file:///etc/passwd#', expiresInSeconds: 1 }) },
    session: desktop.session,
    openExternal: async (url) => {
      opened.push(url);
    },
    words: () => ({ language: 'en', done: '', failed: '', close: '' }),
  });
  await expect(elsewhere.byBrowser(asRene())).rejects.toMatchObject({ code: 'sso_expired' });
  expect(opened).toHaveLength(1);
  expect(new URL(opened[0] ?? '').origin).toBe(server.url);
  expect(new URL(opened[0] ?? '').pathname).toBe('/sso/leave');
});

it('INT-01 somebody else at the provider whose data are on this computer already has to name the own address', async () => {
  browse = signInAs('rene');
  await elsewhere.byBrowser(asRene());
  await desktop.session.signOut('keep');
  browse = signInAs('ada');
  expect(await elsewhere.byBrowser({ ...asRene(), email: emailOf('ada') })).toMatchObject({ actor: { userId: 'ada' } });
  await desktop.session.signOut('keep');
  const other = elsewhere.byBrowser(asRene());
  await expect(other).rejects.toMatchObject({ code: 'invalid', details: { problems: ['email:otherAccount'] } });
  expect(desktop.session.state().status).toBe('signedOut');
});
