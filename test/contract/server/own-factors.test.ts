import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { OwnFactors, RecoveryCodes, SignInHistory, TotpSetup } from '#shared/sync/sign-in-messages.ts';
import { STEP_MS } from '#server/identity/factors/totp.ts';
import { PROOF_LIFETIME_MS } from '#server/identity/session-proof.ts';
import { answer, begin, codeOf as codeOfApp, requireFactor } from '#test/support/second-factor.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  testPassword,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'own-factors', [
    { id: 'ada', role: 'org_admin' },
    { id: 'vera', role: 'viewer' },
    { id: 'vito', role: 'viewer' },
    { id: 'mara', role: 'manager' },
    { id: 'rene', role: 'sales_rep' },
  ]);
}, 60_000);
afterAll(() => server.remove());

function use(grant: SessionGrant, path: string, method = 'POST', body?: unknown): Promise<Answer> {
  return call(server, path, { method, token: grant.accessToken, ...(body === undefined ? {} : { body }) });
}

const describeOwn = async (grant: SessionGrant): Promise<OwnFactors> =>
  (await use(grant, '/api/v1/auth/factors', 'GET')).body as OwnFactors;

interface SetUp {
  readonly totp: TotpSetup;
  readonly codes: readonly string[];
}

/** As the owner of a fresh session does it. The clock moves on, so that the next code is another one. */
async function addApp(grant: SessionGrant): Promise<SetUp> {
  const totp = (await use(grant, '/api/v1/auth/factors/totp', 'POST', {})).body as TotpSetup;
  const body = { code: codeOfApp(totp, server.clock.now()) };
  const done = await use(grant, '/api/v1/auth/factors/totp/confirm', 'POST', body);
  expect(done.status, done.text).toBe(200);
  server.clock.advance(2 * STEP_MS);
  return { totp, codes: (done.body as RecoveryCodes).recoveryCodes };
}

describe('own second factors', () => {
  it('IDT-12 anybody sets an authenticator app up, and is asked for it from then on', async () => {
    const grant = await signIn(server, 'vera');
    expect(await describeOwn(grant)).toMatchObject({
      factors: [],
      isRequired: false,
      hasPassword: true,
      leastLength: 15,
    });
    const { totp, codes } = await addApp(grant);
    expect(codes).toHaveLength(10);
    expect(await describeOwn(grant)).toMatchObject({
      factors: [{ kind: 'totp' }],
      recoveryCodesLeft: 10,
      leastLength: 8,
    });
    const begun = await begin(server, 'vera', { deviceId: 'second' });
    expect(begun.status).toBe(202);
    const code = codeOfApp(totp, server.clock.now());
    const challenge = begun.body as { challenge: string };
    expect((await answer(server, challenge, { kind: 'totp', code }, 'second')).status).toBe(200);
  });

  it('C4 nothing about factors changes without showing again who one is', async () => {
    const grant = await signIn(server, 'vito');
    const { totp, codes } = await addApp(grant);
    server.clock.advance(PROOF_LIFETIME_MS);
    const renewed = await call(server, '/api/v1/auth/refresh', {
      body: { refreshToken: grant.refreshToken, deviceId: 'device-of-vito' },
    });
    const now = renewed.body as SessionGrant;
    expect((await describeOwn(now)).provedUntil).toBeNull();
    const tries = [
      await use(now, '/api/v1/auth/factors/totp', 'DELETE'),
      await use(now, '/api/v1/auth/factors/totp', 'POST', {}),
      await use(now, '/api/v1/auth/factors/totp/confirm', 'POST', { code: codeOfApp(totp, server.clock.now()) }),
      await use(now, '/api/v1/auth/recovery-codes', 'POST', {}),
      await use(now, '/api/v1/users/vera/factors', 'DELETE'),
    ];
    expect(tries.map((one) => codeOf(one))).toEqual(Array<string>(5).fill('proof_required'));
    const prove = (body: object) => use(now, '/api/v1/auth/prove', 'POST', body);
    const code = codeOfApp(totp, server.clock.now());
    expect(codeOf(await prove({ password: 'wrong', code }))).toBe('wrong_credentials');
    expect(codeOf(await prove({ password: testPassword }))).toBe('wrong_code');
    expect(codeOf(await prove({ code }))).toBe('wrong_credentials');
    expect((await prove({ password: testPassword, code })).status).toBe(200);
    const fresh = (await use(now, '/api/v1/auth/recovery-codes', 'POST', {})).body as RecoveryCodes;
    expect(fresh.recoveryCodes).toHaveLength(10);
    expect(fresh.recoveryCodes).not.toContain(codes[0]);
    expect((await use(now, '/api/v1/auth/factors/totp', 'DELETE')).status).toBe(200);
    expect(await describeOwn(now)).toMatchObject({ factors: [], recoveryCodesLeft: 0 });
  });

  it('IDT-12 the last factor stays while the role needs one, or the password is too short to stand alone', async () => {
    const grant = await signIn(server, 'mara');
    await addApp(grant);
    const ada = await signIn(server, 'ada');
    await requireFactor(server, ada, ['manager']);
    expect(codeOf(await use(grant, '/api/v1/auth/factors/totp', 'DELETE'))).toBe('factor_needed');
    await requireFactor(server, ada, []);
    // A rule for everybody counts as one for the role does.
    const rule = (policies: object) => use(ada, '/api/v1/organization/policies', 'PUT', { policies });
    expect((await rule({ mfaRequired: true })).status).toBe(200);
    expect(await describeOwn(grant)).toMatchObject({ isRequired: true });
    expect(codeOf(await use(grant, '/api/v1/auth/factors/totp', 'DELETE'))).toBe('factor_needed');
    expect((await rule({})).status).toBe(200);
    const short = { currentPassword: testPassword, newPassword: 'wetheron' };
    expect((await use(grant, '/api/v1/auth/change-password', 'POST', short)).status).toBe(200);
    const refused = await use(grant, '/api/v1/auth/factors/totp', 'DELETE');
    expect(refused.body).toMatchObject({ error: { code: 'invalid', details: { problems: ['password:shortAlone'] } } });
    const long = { currentPassword: 'wetheron', newPassword: 'a wet heron in the rain' };
    expect((await use(grant, '/api/v1/auth/change-password', 'POST', long)).status).toBe(200);
    expect((await use(grant, '/api/v1/auth/factors/totp', 'DELETE')).status).toBe(200);
  });

  it('IDT-12 an administrator takes lost factors away, which ends every session; nobody else can', async () => {
    const rene = await signIn(server, 'rene');
    await addApp(rene);
    const vito = await signIn(server, 'vito');
    expect(codeOf(await use(vito, '/api/v1/users/rene/factors', 'DELETE'))).not.toBe('status 200 without code');
    expect(codeOf(await use(vito, '/api/v1/users/rene/sign-ins', 'GET'))).not.toBe('status 200 without code');
    const ada = await signIn(server, 'ada', 'fresh');
    const told = (await use(ada, '/api/v1/users/rene/sign-ins', 'GET')).body as SignInHistory;
    expect(told.events[0]).toMatchObject({ outcome: 'signedIn', address: '127.0.0.1' });
    expect((await use(ada, '/api/v1/users/rene/factors', 'DELETE')).status).toBe(200);
    expect((await use(rene, '/api/v1/sessions', 'GET')).status).toBe(401);
    expect((await begin(server, 'rene')).status).toBe(200);
  });
});
