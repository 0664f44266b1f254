import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { exportJWK, SignJWT, type JWTHeaderParameters } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { ACCESS_TOKEN_SECONDS } from '#server/identity/access-tokens.ts';
import { readServerSecret } from '#server/store/server-secret.ts';
import { call, codeOf, foundCompany, signIn, startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let grant: SessionGrant;
let secret: Uint8Array;

beforeAll(async () => {
  server = await startServer();
  await foundCompany(server, 'north', [{ id: 'ada', role: 'org_admin' }]);
  await foundCompany(server, 'south', [{ id: 'bob', role: 'org_admin' }]);
  grant = await signIn(server, 'ada');
  secret = await server.database.transaction((session) => readServerSecret(session, 'accessToken'));
}, 60_000);
afterAll(() => server.remove());

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function claimsOf(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const exp = Math.floor(server.clock.now() / 1000) + ACCESS_TOKEN_SECONDS;
  const sid = Buffer.from(grant.sessionId.replaceAll('-', ''), 'hex').toString('base64url');
  return { exp, sid, tid: `~${grant.actor.tenantId}`, ...changes };
}

function sign(
  claims: Record<string, unknown>,
  header: JWTHeaderParameters = { alg: 'HS256', typ: 'at+jwt' },
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(secret);
}

async function codeFor(token: string): Promise<string> {
  const answer = await call(server, '/api/v1/sessions', { token });
  return answer.status === 200 ? 'accepted' : `${answer.status} ${codeOf(answer)}`;
}

const refused = '401 session_expired';

describe('access token', () => {
  it('C1 accepts what it signs itself, so that the refusals below mean something', async () => {
    expect(await codeFor(grant.accessToken)).toBe('accepted');
    expect(await codeFor(await sign(claimsOf()))).toBe('accepted');
  });

  it('C1 refuses `alg: none` in every spelling, with and without signature', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const unsigned = `${encode({ alg, typ: 'at+jwt' })}.${encode(claimsOf())}`;
      expect(await codeFor(`${unsigned}.`)).toBe(refused);
      expect(await codeFor(`${unsigned}.${grant.accessToken.split('.')[2]}`)).toBe(refused);
    }
  });

  it('C1 refuses a token without signature, with one of another token, and with an edited payload', async () => {
    const [header, payload, signature] = grant.accessToken.split('.');
    expect(await codeFor(`${header}.${payload}`)).toBe(refused);
    expect(await codeFor(`${header}.${payload}.`)).toBe(refused);
    expect(await codeFor(`${header}.${encode(claimsOf({ tid: '~south' }))}.${signature}`)).toBe(refused);
  });

  it('C1 refuses other algorithms, also with the right secret', async () => {
    expect(await codeFor(await sign(claimsOf(), { alg: 'HS384', typ: 'at+jwt' }))).toBe(refused);
    expect(await codeFor(await sign(claimsOf(), { alg: 'HS512', typ: 'at+jwt' }))).toBe(refused);
  });

  it('C1 refuses public key signatures, and a public key used as secret', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const header = { alg: 'RS256', typ: 'at+jwt' };
    expect(await codeFor(await new SignJWT(claimsOf()).setProtectedHeader(header).sign(privateKey))).toBe(refused);
    const pem = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({
      type: 'spki',
      format: 'pem',
    });
    const body = `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${encode(claimsOf())}`;
    expect(await codeFor(`${body}.${createHmac('sha256', pem).update(body).digest('base64url')}`)).toBe(refused);
  });

  it('C1 never takes a key from the token itself', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = await exportJWK(publicKey);
    for (const extra of [
      { jwk },
      { jku: 'https://example.test/keys' },
      { kid: '../../etc/passwd' },
      { x5u: 'https://example.test' },
    ]) {
      const header = { alg: 'EdDSA', typ: 'at+jwt', ...extra };
      expect(await codeFor(await new SignJWT(claimsOf()).setProtectedHeader(header).sign(privateKey))).toBe(refused);
    }
  });

  it('C1 refuses another type and any claim too many or too few, although the signature is right', async () => {
    expect(await codeFor(await sign(claimsOf(), { alg: 'HS256', typ: 'JWT' }))).toBe(refused);
    expect(await codeFor(await sign(claimsOf(), { alg: 'HS256' }))).toBe(refused);
    expect(await codeFor(await sign(claimsOf(), { alg: 'HS256', typ: 'reset+jwt' }))).toBe(refused);
    for (const more of [{ aud: 'somebody-else' }, { sub: 'bob' }, { iat: 1 }])
      expect(await codeFor(await sign(claimsOf(more)))).toBe(refused);
    for (const less of ['exp', 'sid', 'tid'])
      expect(await codeFor(await sign(claimsOf({ [less]: undefined })))).toBe(refused);
  });

  it('C1 refuses tokens of the past and of an unusual lifetime', async () => {
    const now = Math.floor(server.clock.now() / 1000);
    expect(await codeFor(await sign(claimsOf({ exp: now - 100 })))).toBe(refused);
    expect(await codeFor(await sign(claimsOf({ exp: now + ACCESS_TOKEN_SECONDS + 100 })))).toBe(refused);
    expect(await codeFor(await sign(claimsOf({ exp: now + 86_400 })))).toBe(refused);
    expect(await codeFor(await sign(claimsOf({ exp: 'soon' })))).toBe(refused);
  });

  it('C1 refuses a session that is not there or of another tenant, although the signature is right', async () => {
    expect(await codeFor(await sign(claimsOf({ tid: '~south' })))).toBe('401 session_revoked');
    expect(await codeFor(await sign(claimsOf({ sid: '~no-such-session' })))).toBe('401 session_revoked');
    expect(await codeFor(await sign(claimsOf({ tid: "~x'; DROP TABLE session; --" })))).toBe(refused);
    for (const sid of ['', '~', 'AAAA', `${String(claimsOf()['sid'])}AA`, `~${grant.sessionId}`, 7, null])
      expect(await codeFor(await sign(claimsOf({ sid })))).toBe(refused);
  });

  it('C1 refuses a refresh token in place of an access token, and the other way round', async () => {
    expect(await codeFor(grant.refreshToken)).toBe(refused);
    const answer = await call(server, '/api/v1/auth/refresh', {
      body: { refreshToken: grant.accessToken, deviceId: 'device-of-ada' },
    });
    expect(answer.status === 401 || answer.status === 400).toBe(true);
  });

  it('C1 refuses malformed headers without failing', async () => {
    for (const authorization of [
      'Bearer',
      'Bearer ',
      'Bearer a b',
      'Basic YTpi',
      'Bearer ..',
      `Bearer ${'a'.repeat(5000)}`,
      'Bearer 💥'.replace('💥', '%'),
    ]) {
      expect((await call(server, '/api/v1/sessions', { headers: { authorization } })).status).toBe(401);
    }
  });

  it('IDT-01 ends an access token after ten minutes', async () => {
    const fresh = await signIn(server, 'ada');
    server.clock.advance((ACCESS_TOKEN_SECONDS - 2) * 1000);
    expect(await codeFor(fresh.accessToken)).toBe('accepted');
    server.clock.advance(2000);
    expect(await codeFor(fresh.accessToken)).toBe(refused);
  });
});
