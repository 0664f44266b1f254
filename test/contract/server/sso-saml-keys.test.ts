// Assertions encrypted for this server, and requests it signs: the key of its own, and what must not be opened with it.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Provider, SamlSettings, SsoOverview } from '#shared/sync/sso-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { makeCertificate } from '#test/support/make-certificate.ts';
import { startSamlWorld, type SamlWorld } from '#test/support/saml-world.ts';
import { BACK, beginSso } from '#test/support/sso-client.ts';
import { call } from '#test/support/start-server.ts';

const base = '/api/v1/organization/sign-in';
const AES = 'http://www.w3.org/2001/04/xmlenc#aes256-cbc';
const GCM = 'http://www.w3.org/2009/xmlenc11#aes256-gcm';
const unsigned = (xml: string): string => xml.replace(/<ds:Signature[\s\S]*?<\/ds:Signature>/, '');
let world: SamlWorld;

beforeAll(async () => {
  world = await startSamlWorld('keys');
}, 60_000);
beforeEach(() => {
  world.idp.tamper = {};
  world.idp.wantsSigned = false;
});
afterAll(() => world.remove());

async function provide(settings: Partial<SamlSettings>): Promise<string> {
  const saved = await world.save(settings);
  expect(saved.status, saved.text).toBe(200);
  return (saved.body as Provider).id;
}

it('INT-01 the server has a key of its own: its certificate stands in the metadata for both uses, and the private half nowhere', async () => {
  const { text } = await call(world.server, '/sso/saml');
  const found = ['signing', 'encryption'].map(
    (use) =>
      new RegExp(`use="${use}">[\\s\\S]*?<ds:X509Certificate>([^<]+)</ds:X509Certificate>`).exec(text)?.[1] ?? '',
  );
  expect(found[0]).toBe(found[1]);
  const certificate = new X509Certificate(Buffer.from(found[0] ?? '', 'base64'));
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
  expect(certificate.validToDate.getTime()).toBeGreaterThan(Date.now() + 9 * 365 * 86_400_000);
  const overview = (await call(world.server, base, { token: await world.token() })).body as SsoOverview;
  expect(overview.addresses?.samlFingerprint).toBe(certificate.fingerprint256);
  expect(new X509Certificate(overview.addresses?.samlCertificate ?? '').fingerprint256).toBe(
    certificate.fingerprint256,
  );
  expect((await call(world.server, '/sso/saml')).text).toContain(found[0]);
  const [kept] = await world.server.database.query<{ value: string }>(`SELECT value FROM meta WHERE key = 'key.saml'`);
  expect(kept?.value).not.toContain('PRIVATE');
  expect(
    Buffer.from((JSON.parse(kept?.value ?? '') as { sealed: string }).sealed, 'base64').toString('latin1'),
  ).not.toContain('PRIVATE KEY');
});

it('INT-01 somebody comes in with an encrypted assertion, however the provider encrypts, when others are refused as well', async () => {
  for (const encryptedOnly of [false, true]) {
    const id = await provide({ encryptedOnly });
    for (const data of [AES, GCM]) {
      world.idp.tamper = { encrypts: { data } };
      const entered = await world.enter(id, 'nora');
      expect(entered.status, entered.text).toBe(200);
      expect((entered.body as SessionGrant).actor).toMatchObject({ name: 'Nora Ünal', email: 'nora@example.test' });
      const sent = Buffer.from(world.idp.sent.at(-1)?.SAMLResponse ?? '', 'base64').toString('utf8');
      expect(sent).not.toContain('nora@example.test');
    }
  }
});

it('C1 an assertion in the open is refused where they must be encrypted, and the administrator learns why', async () => {
  expect(await world.refusalOf(await provide({ encryptedOnly: true }), 'nora')).toBe('sso_refused notEncrypted');
  expect(await world.refusalOf(await provide({}), 'nora')).toBe('none ');
});

it('C1 what is encrypted is believed no more for it: unsigned, altered inside, signed with another or a weak key opens nothing', async () => {
  const id = await provide({ encryptedOnly: true });
  const encrypts = { data: GCM };
  for (const tamper of [
    { encrypts, after: unsigned },
    { encrypts, after: (xml: string) => xml.replaceAll('nora@example.test', 'rene@example.test') },
    { encrypts, isForeign: true },
    { encrypts, signsMessageOnly: true },
    { encrypts, algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' },
    { encrypts, before: () => ({ audience: 'https://another.service/' }) },
    { encrypts, before: () => ({ inResponseTo: '_another' }) },
  ])
    expect(await world.refusalOf(id, 'nora', tamper)).toBe('sso_refused wrongAnswer');
  expect(await world.refusalOf(id, 'nora', { encrypts })).toBe('none ');
});

it('C1 what is encrypted for another key, with an algorithm that is too weak, or changed on its way opens nothing', async () => {
  const id = await provide({});
  const swap = (xml: string): string =>
    xml.replace(/(CipherValue>)(\S{12})([^<]{200,})(<)(?![\s\S]*CipherValue>\S)/, '$1$2AAAA$3$4');
  for (const encrypts of [
    { certificate: makeCertificate('another.service').certificate },
    { key: 'http://www.w3.org/2001/04/xmlenc#rsa-1_5' },
    { data: 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc' },
    { data: GCM, after: swap },
    { after: (xml: string) => xml.replace('xmlenc#rsa-oaep-mgf1p', 'xmlenc#rsa-1_5') },
    { after: (xml: string) => xml.replace(/(<[\w:]*EncryptedAssertion[\s\S]*EncryptedAssertion>)/, '$1$1') },
  ])
    expect(await world.refusalOf(id, 'nora', { encrypts })).toBe('sso_refused wrongAnswer');
  expect(await world.refusalOf(id, 'nora', { encrypts: {} })).toBe('none ');
});

it('INT-01 with the switch requests carry a signature that the provider checks with the metadata, and without it none', async () => {
  world.idp.wantsSigned = true;
  const signed = await provide({ signsRequests: true });
  expect((await world.enter(signed, 'nora')).status).toBe(200);
  const { leave } = await beginSso(world.server, '/api/v1/auth/sso', { email: 'x@example.test', providerId: signed });
  const to = new URL((await fetch(leave, { redirect: 'manual' })).headers.get('location') ?? '');
  expect(to.searchParams.get('SigAlg')).toBe('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256');
  // Whoever changes where it leads has no signature for it.
  to.searchParams.set('RelayState', 'another');
  expect((await fetch(to)).status).toBe(500);
  const open = await provide({});
  const unsignedVisit = await beginSso(world.server, '/api/v1/auth/sso', { email: 'x@example.test', providerId: open });
  await expect(world.idp.signIn(unsignedVisit.leave, 'nora', BACK)).rejects.toThrow('no form');
});

it('INT-01 a provider that publishes that it wants signed requests is found to', async () => {
  const asked = async (xml: string): Promise<unknown> =>
    (await call(world.server, `${base}/metadata`, { body: { xml }, token: await world.token() })).body;
  const honest = world.idp.metadata(world.idp.certificate);
  expect(await asked(honest)).toMatchObject({ wantsSignedRequests: false });
  const strict = honest.replace('<md:IDPSSODescriptor', '<md:IDPSSODescriptor WantAuthnRequestsSigned="true"');
  expect(await asked(strict)).toMatchObject({ wantsSignedRequests: true });
});
