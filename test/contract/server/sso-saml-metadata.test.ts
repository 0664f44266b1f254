// SAML providers that are set up and followed by what they publish, and what must not be believed of it.
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createEgress } from '#server/egress/egress.ts';
import { readAllowRules } from '#server/egress/address-rules.ts';
import { createMetadataFollower } from '#server/sso/follow-metadata.ts';
import type { FoundMetadata, Provider, SsoOverview } from '#shared/sync/sso-messages.ts';
import { makeCertificate } from '#test/support/make-certificate.ts';
import { startSamlWorld, type SamlWorld } from '#test/support/saml-world.ts';
import { call, signIn, type Answer } from '#test/support/start-server.ts';

type Saml = Extract<Provider, { readonly kind: 'saml' }>;

const base = '/api/v1/organization/sign-in';
const MINUTES = 60_000;
const DAY = 24 * 60 * MINUTES;
let world: SamlWorld;

beforeAll(async () => {
  world = await startSamlWorld('published');
}, 60_000);
beforeEach(() => {
  world.idp.tamper = {};
  world.idp.publish = null;
});
afterAll(() => world.remove());

const read = async (asked: Record<string, string>): Promise<Answer> =>
  call(world.server, `${base}/metadata`, { body: asked, token: await world.token() });
const failureOf = ({ body }: Answer): unknown => {
  const { error } = body as { readonly error: { readonly code: string; readonly details?: Record<string, unknown> } };
  return error.details?.['failure'] ?? error.code;
};
const publishing = (body: string, status = 200, location?: string): void => {
  world.idp.publish = () => ({ status, body, ...(location === undefined ? {} : { location }) });
};

async function present(id: string): Promise<Saml> {
  const { body } = await call(world.server, base, { token: await world.token() });
  return (body as SsoOverview).providers.find((each) => each.id === id) as Saml;
}

/** Followed by its address, with what it publishes now. */
async function follow(): Promise<Saml> {
  const { entityId, entryPoint, certificates } = (await read({ address: world.idp.entityId })).body as FoundMetadata;
  const saved = await world.save({
    metadataAddress: world.idp.entityId,
    idpIssuer: entityId,
    entryPoint,
    certificates,
  });
  expect(saved.status, saved.text).toBe(200);
  return saved.body as Saml;
}

function follower() {
  const { database, clock } = world.server;
  return createMetadataFollower({ database, clock, egress: createEgress(readAllowRules('127.0.0.1')) });
}

async function auditOf(
  id: string,
): Promise<readonly { readonly outcome: string; readonly detail: Record<string, string> }[]> {
  return world.server.database.inTenant(world.tenantId, (session) =>
    session.query(
      `SELECT outcome, detail FROM audit WHERE tenant = $1 AND id = $2 AND actor IS NULL AND command = 'integration.change' ORDER BY no`,
      [world.tenantId, id],
    ),
  );
}

it('INT-01 an administrator gives the address of the metadata and sees what was found before anything is kept', async () => {
  const second = makeCertificate('next.idp.test').certificate;
  publishing(world.idp.metadata(world.idp.certificate, second, world.idp.certificate));
  const answer = await read({ address: world.idp.entityId });
  expect(answer.status, answer.text).toBe(200);
  const found = answer.body as FoundMetadata;
  expect(found).toMatchObject({ entityId: world.idp.entityId, entryPoint: world.idp.entryPoint });
  expect(found.keys.map(({ subject }) => subject)).toEqual(['idp.test', 'next.idp.test']);
  expect(found.keys[0]?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect(found.certificates).toContain(second.trim());
  const overview = await call(world.server, base, { token: await world.token() });
  expect((overview.body as SsoOverview).providers).toEqual([]);
  const pasted = await read({ xml: world.idp.metadata(second) });
  expect((pasted.body as FoundMetadata).keys.map(({ subject }) => subject)).toEqual(['next.idp.test']);
  const { accessToken } = await signIn(world.server, 'rene');
  const refused = await call(world.server, `${base}/metadata`, { body: { xml: '<x/>' }, token: accessToken });
  expect(refused.status).toBe(403);
});

it('INT-01 metadata that cannot be read whole are refused, each with its reason', async () => {
  const { idp } = world;
  const honest = idp.metadata(idp.certificate);
  const inside = honest.replace('<?xml version="1.0"?>', '');
  const group = (content: string): string =>
    `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${content}</md:EntitiesDescriptor>`;
  for (const [xml, failure] of [
    ['this is not XML', 'noMetadata'],
    ['<html><body>Sign in first</body></html>', 'noMetadata'],
    [`<!DOCTYPE x [<!ENTITY e "x">]>${inside}`, 'noMetadata'],
    [honest.slice(0, -30), 'noMetadata'],
    [honest.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'), 'noMetadata'],
    [honest.replace('urn:oasis:names:tc:SAML:2.0:metadata', 'urn:another'), 'noMetadata'],
    [honest.replace(`entityID="${idp.entityId}"`, ''), 'noMetadata'],
    [honest.replace('MII', '???'), 'noMetadata'],
    [honest.replaceAll('use="signing"', 'use="encryption"'), 'noCertificate'],
    [honest.replace('HTTP-Redirect', 'SOAP'), 'noSignInAddress'],
    [honest.replace(`${idp.entryPoint}"/></md:I`, 'javascript:alert(1)"/></md:I'), 'noSignInAddress'],
    [honest.replace('entityID', 'validUntil="2001-01-01T00:00:00Z" entityID'), 'outdated'],
    [group(inside + inside), 'manyProviders'],
  ] as const)
    expect(failureOf(await read({ xml })), xml.slice(0, 200)).toBe(failure);
  expect((await read({ xml: group(inside) })).status).toBe(200);
});

it('C6 metadata are fetched through the guarded way: nothing inside, no redirect followed, no endless answer', async () => {
  for (const address of ['https://10.0.0.7/metadata', 'https://169.254.169.254/latest/', 'http://[::1]/metadata'])
    expect(failureOf(await read({ address }))).toBe('address_forbidden');
  expect((await read({ address: 'file:///etc/passwd' })).status).not.toBe(200);
  expect((await read({ address: 'not an address' })).status).toBe(400);
  let inner = 0;
  const secret = http.createServer((_request, response) => {
    inner += 1;
    response.end(world.idp.metadata(world.idp.certificate));
  });
  await once(secret.listen(0, '127.0.0.1'), 'listening');
  const { port } = secret.address() as AddressInfo;
  publishing('', 302, `http://127.0.0.1:${String(port)}/metadata`);
  expect(failureOf(await read({ address: world.idp.entityId }))).toBe('redirected');
  expect(inner).toBe(0);
  secret.close();
  publishing(' '.repeat(1_100_000));
  expect(failureOf(await read({ address: world.idp.entityId }))).toBe('tooLarge');
  publishing('', 503);
  expect(failureOf(await read({ address: world.idp.entityId }))).toBe('noAnswer');
});

it('C1 what is saved as followed is what the provider publishes, not what somebody sends along', async () => {
  const { idp } = world;
  const foreign = makeCertificate('foreign.test').certificate;
  const refused = await world.save({ metadataAddress: idp.entityId, certificates: foreign });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('metadataAddress:differs');
});

it('INT-01 a provider that changes its key signs people in with the new one, without anybody at Outpost, and the audit tells', async () => {
  const { id } = await follow();
  expect((await world.enter(id, 'nora')).status).toBe(200);
  world.server.clock.advance(6 * MINUTES);
  const next = world.idp.changeKey();
  expect((await world.enter(id, 'nora')).status).toBe(200);
  const { settings, keys, metadata } = await present(id);
  expect(settings.certificates).toContain(next.trim());
  expect(keys).toHaveLength(1);
  expect(metadata.failure).toBeNull();
  const [entry] = await auditOf(id);
  expect(entry).toMatchObject({ outcome: 'applied', detail: { metadata: world.idp.entityId } });
  expect(entry?.detail['certificatesAdded']).toBe(keys[0]?.fingerprint);
  expect(entry?.detail['certificatesRemoved']).toMatch(/^[0-9A-F:]+$/);
});

it('C1 foreign signatures make the server ask at most every five minutes, and open nothing', async () => {
  const { id } = await follow();
  const before = world.idp.asked.count;
  for (let time = 0; time < 3; time += 1)
    expect(await world.refusalOf(id, 'nora', { isForeign: true })).toBe('sso_refused wrongAnswer');
  expect(world.idp.asked.count).toBe(before);
  world.server.clock.advance(6 * MINUTES);
  for (let time = 0; time < 3; time += 1)
    expect(await world.refusalOf(id, 'nora', { isForeign: true })).toBe('sso_refused wrongAnswer');
  expect(world.idp.asked.count).toBe(before + 1);
});

it('C1 metadata of another entity, or none, change nothing: the last good ones stay, and administrators are told once', async () => {
  const saved = await follow();
  const foreign = makeCertificate('foreign.test').certificate;
  const evil = world.idp.metadata(foreign).replace(world.idp.entityId, 'https://evil.test/metadata');
  for (const [body, failure] of [
    [evil, 'otherEntity'],
    [evil, 'otherEntity'],
    ['<html>Bad gateway</html>', 'noMetadata'],
  ] as const) {
    publishing(body);
    world.server.clock.advance(DAY + MINUTES);
    await follower().renewAll();
    const { settings, metadata } = await present(saved.id);
    expect(metadata).toEqual({ readAt: saved.metadata.readAt, failure });
    expect(settings).toEqual(saved.settings);
  }
  expect((await auditOf(saved.id)).map(({ outcome, detail }) => `${outcome} ${detail['reason'] ?? ''}`)).toEqual([
    'provider_failed otherEntity',
    'provider_failed noMetadata',
  ]);
  publishing('', 302, 'http://10.0.0.7/');
  world.server.clock.advance(DAY + MINUTES);
  await follower().renewAll();
  expect((await present(saved.id)).metadata.failure).toBe('redirected');
  // What the provider says now is good now, by the clock of the server.
  world.idp.tamper = { before: () => ({ notOnOrAfter: new Date(world.server.clock.now() + 5 * MINUTES) }) };
  expect((await world.enter(saved.id, 'nora')).status).toBe(200);
});

it('INT-01 metadata are read again once a day, and no longer when an administrator stops that', async () => {
  const { id, metadata } = await follow();
  world.server.clock.advance(DAY / 2);
  await follower().renewAll();
  expect((await present(id)).metadata.readAt).toBe(metadata.readAt);
  world.server.clock.advance(DAY / 2);
  const before = world.idp.asked.count;
  await follower().renewAll();
  expect(world.idp.asked.count).toBeGreaterThan(before);
  expect((await present(id)).metadata.readAt).toBe(new Date(world.server.clock.now()).toISOString());
  const { settings } = await present(id);
  expect((await world.save({ ...settings, metadataAddress: '' }, id)).status).toBe(200);
  world.server.clock.advance(DAY + MINUTES);
  await follower().renewAll();
  expect((await present(id)).metadata).toEqual({ readAt: null, failure: null });
});
