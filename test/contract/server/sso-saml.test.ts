// Signing in with a real SAML provider, and the answers that must not open a session.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { Provider } from '#shared/sync/sso-messages.ts';
import type { SamlTamper, TestSamlProvider } from '#test/support/saml-provider.ts';
import { startSamlWorld, type SamlWorld } from '#test/support/saml-world.ts';
import { beginSso } from '#test/support/sso-client.ts';
import { call, codeOf, type Answer, type TestServer } from '#test/support/start-server.ts';

let world: SamlWorld;
let server: TestServer;
let idp: TestSamlProvider;
let provider: Provider;

beforeAll(async () => {
  world = await startSamlWorld('saml');
  ({ server, idp } = world);
  idp.people.set('nora', { email: 'nora@example.test', name: 'Nora Ünal', groups: ['Managers', 'Staff'] });
  idp.people.set('far', { email: 'far@elsewhere.test', name: 'Far', groups: [] });
  const saved = await world.save({}, undefined, { rules: [{ group: 'managers', role: 'manager' }] });
  expect(saved.status, saved.text).toBe(200);
  provider = saved.body as Provider;
}, 60_000);
beforeEach(() => {
  idp.tamper = {};
});
afterAll(() => world.remove());

const enter = (login: string): Promise<Answer> => world.enter(provider.id, login);
const refusalOf = (login: string, tamper: SamlTamper = {}): Promise<string> =>
  world.refusalOf(provider.id, login, tamper);

it('INT-01 somebody comes in through SAML with name and role from the assertion, and again as the same person', async () => {
  const first = await enter('nora');
  expect(first.status, first.text).toBe(200);
  const { actor } = first.body as SessionGrant;
  expect(actor).toMatchObject({ name: 'Nora Ünal', role: 'manager', email: 'nora@example.test' });
  expect(((await enter('nora')).body as SessionGrant).actor.userId).toBe(actor.userId);
  expect(await refusalOf('far')).toBe('sso_refused foreignDomain');
});

it('C1 an assertion without signature, with a broken one, a foreign key or a weak algorithm opens nothing', async () => {
  const swapped = (xml: string): string => xml.replaceAll('nora@example.test', 'rene@example.test');
  const unsigned = (xml: string): string => xml.replace(/<ds:Signature[\s\S]*?<\/ds:Signature>/, '');
  for (const tamper of [
    { after: unsigned },
    { after: swapped },
    { isForeign: true },
    { signsMessageOnly: true },
    { algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' },
    { after: (xml: string) => `<!DOCTYPE x [<!ENTITY e "x">]>${xml}` },
    { after: () => 'this is not XML' },
  ] satisfies SamlTamper[])
    expect(await refusalOf('nora', tamper)).toBe('sso_refused wrongAnswer');
  idp.tamper = {};
  expect((await enter('nora')).status).toBe(200);
});

it('C1 a signed assertion beside which another one was put opens nothing, wherever it was put', async () => {
  const forged = (xml: string): string =>
    xml
      .replace(/[\s\S]*(<saml:Assertion[\s\S]*<\/saml:Assertion>)[\s\S]*/, '$1')
      .replace(/<ds:Signature[\s\S]*?<\/ds:Signature>/, '')
      .replaceAll('nora', 'rene')
      .replace(/ID="[^"]*"/, 'ID="_forged"');
  for (const after of [
    (xml: string) => xml.replace('<saml:Assertion', `${forged(xml)}<saml:Assertion`),
    (xml: string) => xml.replace('</samlp:Response>', `${forged(xml)}</samlp:Response>`),
    (xml: string) =>
      xml.replace(/(<saml:Assertion[\s\S]*<\/saml:Assertion>)/, (whole) =>
        forged(xml).replace('</saml:Assertion>', `${whole}</saml:Assertion>`),
      ),
    (xml: string) =>
      xml.replace(
        /(<saml:Assertion[\s\S]*<\/saml:Assertion>)/,
        (whole) => `${forged(xml)}<samlp:Extensions>${whole}</samlp:Extensions>`,
      ),
  ]) {
    idp.tamper = { after };
    const { back } = await world.visit(provider.id, 'nora');
    expect(back.searchParams.get('error')).toBe('sso_refused');
  }
});

it('C1 a comment within the address does not cut it short', async () => {
  idp.people.set('cut', { email: 'rene@example.test.evil.test', name: 'Cut', groups: [] });
  // Canonical XML leaves comments out, so the signature stays right.
  const after = (xml: string): string =>
    xml.replaceAll('rene@example.test.evil.test', 'rene@example.test<!---->.evil.test');
  idp.tamper = { after };
  const { back } = await world.visit(provider.id, 'cut');
  expect(back.searchParams.get('error')).toBe('sso_refused');
});

it('C1 an assertion for somebody else, of somebody else, for another request or too old opens nothing', async () => {
  for (const before of [
    () => ({ audience: 'https://another.service/' }),
    () => ({ issuer: 'https://another.provider/' }),
    () => ({ recipient: 'https://another.service/reply' }),
    () => ({ inResponseTo: '_another' }),
    () => ({ notOnOrAfter: new Date(Date.now() - 120_000) }),
  ])
    expect(await refusalOf('nora', { before })).toBe('sso_refused wrongAnswer');
});

it('C2 an answer works once: sent again it finds no sign-in, and its assertion opens no other one', async () => {
  expect((await enter('nora')).status).toBe(200);
  const last = idp.sent.at(-1);
  const post = (form: Record<string, string>) =>
    fetch(`${server.url}/sso/saml/reply`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form) });
  const again = await post({ ...last });
  expect(again.status).toBe(400);
  expect(await again.text()).toContain('This sign-in has ended');
  let flow = '';
  const { leave } = await beginSso(server, '/api/v1/auth/sso', { email: 'x@example.test', providerId: provider.id });
  flow = new URL(leave).searchParams.get('flow') ?? '';
  await fetch(leave, { redirect: 'manual' });
  const other = await post({ SAMLResponse: last?.SAMLResponse ?? '', RelayState: flow });
  expect(other.headers.get('location')).toContain('error=sso_refused');
  // Without a sign-in of ours nobody is let in, whatever the provider says.
  expect((await post({ SAMLResponse: last?.SAMLResponse ?? '' })).status).toBe(400);
});

it('C2 the same assertion in answer to two requests is a replay', async () => {
  idp.tamper = { before: () => ({ assertionId: '_the-same' }) };
  expect((await enter('nora')).status).toBe(200);
  expect(await refusalOf('nora', { before: () => ({ assertionId: '_the-same' }) })).toBe('sso_refused replayed');
});

it('INT-01 the metadata tell a provider where answers go, and what must be signed', async () => {
  const metadata = await call(server, '/sso/saml');
  expect(metadata.status).toBe(200);
  expect(metadata.text).toContain(`entityID="${server.url}/sso/saml"`);
  expect(metadata.text).toContain(`Location="${server.url}/sso/saml/reply"`);
  expect(metadata.text).toContain('WantAssertionsSigned="true"');
  expect(codeOf(await call(server, '/sso/saml/reply', { method: 'POST', body: '{}' }))).not.toBe('internal');
});
