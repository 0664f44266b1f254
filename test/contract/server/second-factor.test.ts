import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { SignInChallenge, SignInHistory } from '#shared/sync/sign-in-messages.ts';
import { CHALLENGE_LIFETIME_MS, MOST_WRONG_ANSWERS } from '#server/identity/challenges.ts';
import { RECOVERY_CODES } from '#server/identity/factors/recovery-codes.ts';
import { hash } from '@node-rs/argon2';
import { saveAccount } from '#server/identity/accounts.ts';
import { answer, begin, codeOf, requireFactor, setUpFactor, type WithFactor } from '#test/support/second-factor.ts';
import {
  call,
  codeOf as errorOf,
  emailOf,
  createOrganizationWith,
  saveUser,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let tenantId: TenantId;
let admin: SessionGrant;

beforeAll(async () => {
  server = await startServer();
  tenantId = await createOrganizationWith(server, 'factors', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    ...['mara', 'max', 'mona', 'milo', 'mia', 'moritz', 'mats', 'mika', 'maya', 'moss', 'mo'].map((id) => ({
      id,
      role: 'manager',
    })),
  ]);
  admin = await signIn(server, 'ada');
  expect((await requireFactor(server, admin, ['manager'])).status).toBe(200);
}, 60_000);
afterAll(() => server.remove());

async function challengeOf(personId: string, deviceId = `device-of-${personId}`): Promise<SignInChallenge> {
  const begun = await begin(server, personId, { deviceId });
  expect(begun.status, begun.text).toBe(202);
  return begun.body as SignInChallenge;
}

function showCode(challenge: SignInChallenge, personId: string, code: string) {
  return answer(server, challenge, { kind: 'totp', code }, `device-of-${personId}`);
}

describe('second factor', () => {
  it('IDT-12 a role that needs one sets it up at the next sign-in and is let in with it from then on', async () => {
    const challenge = await challengeOf('mara');
    expect(challenge).toMatchObject({ need: 'setUpFactor', ways: ['totp', 'passkey'] });
    expect(JSON.stringify(challenge)).not.toContain('accessToken');
    const { totp, recoveryCodes, grant } = await setUpFactor(server, 'mara');
    expect(totp.uri).toContain(encodeURIComponent(emailOf('mara')));
    expect(new Set(recoveryCodes).size).toBe(RECOVERY_CODES);
    expect(grant.actor.userId).toBe('mara');
    const again = await challengeOf('mara');
    expect(again).toMatchObject({ need: 'secondFactor', ways: ['totp', 'recoveryCode'] });
    const done = await showCode(again, 'mara', codeOf(totp, server.clock.now()));
    expect(done.status).toBe(200);
    expect((await call(server, '/api/v1/sessions', { token: (done.body as SessionGrant).accessToken })).status).toBe(
      200,
    );
  });

  it('IDT-12 a role that needs none signs in as before', async () => {
    expect((await begin(server, 'rene')).status).toBe(200);
  });

  it('IDT-12 only administrators say which roles need one', async () => {
    const rene = await signIn(server, 'rene');
    expect(errorOf(await requireFactor(server, rene, []))).toBe('action_forbidden');
  });

  it('C1 refuses the key of a challenge as access token and as refresh token', async () => {
    const { challenge } = await challengeOf('max');
    expect((await call(server, '/api/v1/sessions', { token: challenge })).status).toBe(401);
    const refreshed = await call(server, '/api/v1/auth/refresh', {
      body: { refreshToken: challenge, deviceId: 'device-of-max' },
    });
    expect(refreshed.status).toBe(401);
  });

  it('C4 refuses a code a second time, also on another computer, and any code before it', async () => {
    const { totp } = await setUpFactor(server, 'max');
    const code = codeOf(totp, server.clock.now());
    expect((await showCode(await challengeOf('max'), 'max', code)).status).toBe(200);
    expect(errorOf(await showCode(await challengeOf('max'), 'max', code))).toBe('wrong_code');
    const elsewhere = await challengeOf('max', 'another-computer');
    expect(errorOf(await answer(server, elsewhere, { kind: 'totp', code }, 'another-computer'))).toBe('wrong_code');
    const before = codeOf(totp, server.clock.now(), -1);
    expect(errorOf(await showCode(await challengeOf('max'), 'max', before))).toBe('wrong_code');
  });

  it('C4 of two who show the same code at the same instant one is let in', async () => {
    const { totp } = await setUpFactor(server, 'mats');
    const [one, other] = [await challengeOf('mats'), await challengeOf('mats')];
    const code = codeOf(totp, server.clock.now());
    const answers = await Promise.all([showCode(one, 'mats', code), showCode(other, 'mats', code)]);
    expect(answers.map(({ status }) => status).sort((one, other) => one - other)).toEqual([200, 401]);
  });

  it('C4 takes a clock that is one step off, and not two', async () => {
    const { totp } = await setUpFactor(server, 'mona');
    const now = server.clock.now();
    for (const steps of [-2, 2]) {
      const far = await showCode(await challengeOf('mona'), 'mona', codeOf(totp, now, steps));
      expect(errorOf(far), String(steps)).toBe('wrong_code');
    }
    for (const steps of [-1, 0, 1]) {
      const near = await showCode(await challengeOf('mona'), 'mona', codeOf(totp, now, steps));
      expect(near.status, String(steps)).toBe(200);
    }
  });

  it('C4 ends the challenge with the fifth wrong code, and stops guessing over many challenges', async () => {
    const { totp } = await setUpFactor(server, 'milo');
    const wrong = (Number(codeOf(totp, server.clock.now())) + 1).toString().padStart(6, '0').slice(-6);
    const challenge = await challengeOf('milo');
    for (let count = 0; count < MOST_WRONG_ANSWERS; count += 1)
      expect(errorOf(await showCode(challenge, 'milo', wrong))).toBe('wrong_code');
    const right = codeOf(totp, server.clock.now());
    expect(errorOf(await showCode(challenge, 'milo', right))).toBe('challenge_over');
    const codes: string[] = [];
    for (let count = 0; count < 8; count += 1)
      codes.push(errorOf(await showCode(await challengeOf('milo'), 'milo', wrong)));
    expect(codes).toContain('too_many_attempts');
    expect(errorOf(await showCode(await challengeOf('milo'), 'milo', right))).toBe('too_many_attempts');
    server.clock.advance(15 * 60_000);
    const later = codeOf(totp, server.clock.now());
    expect((await showCode(await challengeOf('milo'), 'milo', later)).status).toBe(200);
  });

  it('C4 takes a recovery code once, however it is typed, and nobody else’s', async () => {
    const [mia, moritz] = [await setUpFactor(server, 'mia'), await setUpFactor(server, 'moritz')];
    const use = async (code: string) =>
      answer(server, await challengeOf('mia'), { kind: 'recoveryCode', code }, 'device-of-mia');
    const [first = ''] = mia.recoveryCodes;
    expect((await use(` ${first.toUpperCase().replaceAll('-', ' ')} `)).status).toBe(200);
    expect(errorOf(await use(first))).toBe('wrong_code');
    expect(errorOf(await use(moritz.recoveryCodes[0] ?? ''))).toBe('wrong_code');
  });

  it('C4 keeps neither secrets of apps nor recovery codes readable in the database', async () => {
    const { totp, recoveryCodes }: WithFactor = await setUpFactor(server, 'mika');
    const kept = await server.database.inTenant(tenantId, (session) =>
      session.query<{ text: string }>(
        `SELECT (SELECT jsonb_agg(f) FROM second_factor f)::text || (SELECT jsonb_agg(r) FROM recovery_code r)::text AS text`,
      ),
    );
    const text = kept[0]?.text ?? '';
    expect(text).not.toContain(totp.secret);
    for (const code of recoveryCodes) expect(text).not.toContain(code);
    expect(server.logText()).not.toContain(totp.secret);
  });

  it('C4 is bound to the computer that began, and over after ten minutes', async () => {
    const { totp } = await setUpFactor(server, 'maya');
    const challenge = await challengeOf('maya');
    const code = codeOf(totp, server.clock.now());
    expect(errorOf(await answer(server, challenge, { kind: 'totp', code }, 'stolen-by'))).toBe('challenge_over');
    server.clock.advance(CHALLENGE_LIFETIME_MS);
    expect(errorOf(await showCode(challenge, 'maya', codeOf(totp, server.clock.now())))).toBe('challenge_over');
  });

  it('C4 somebody who was switched off meanwhile is not let in with the right code', async () => {
    const { totp } = await setUpFactor(server, 'moss');
    const challenge = await challengeOf('moss');
    await saveUser(server, tenantId, { id: 'moss', role: 'manager', isActive: false });
    const late = await showCode(challenge, 'moss', codeOf(totp, server.clock.now()));
    expect(errorOf(late)).toBe('account_deactivated');
  });

  it('IDT-11 tells people who signed in to their account, from where, and who failed', async () => {
    const { totp } = await setUpFactor(server, 'mo');
    await begin(server, 'mo', { password: 'not this one', deviceId: 'of-somebody' });
    await showCode(await challengeOf('mo'), 'mo', '000000');
    const last = await showCode(await challengeOf('mo'), 'mo', codeOf(totp, server.clock.now()));
    const { accessToken: token } = last.body as SessionGrant;
    const read = async () => {
      const told = await call(server, '/api/v1/auth/sign-ins', { token });
      return (told.body as SignInHistory).events;
    };
    await vi.waitFor(async () => expect(await read()).toHaveLength(4));
    const events = await read();
    expect(events.map(({ outcome }) => outcome).sort()).toEqual(['signedIn', 'signedIn', 'wrongCode', 'wrongPassword']);
    expect(events.every(({ address }) => address === '127.0.0.1')).toBe(true);
    const admins = await call(server, '/api/v1/auth/sign-ins', { token: admin.accessToken });
    expect(JSON.stringify(admins.body)).not.toContain('wrongCode');
  });

  it('C3 writes as much after an unknown name as after a known one, and nothing about it', async () => {
    await begin(server, 'nobody-here', { password: 'guess' });
    await begin(server, 'somebody-else', { password: 'guess' });
    const rows = () =>
      server.database.inTenant('nowhere' as TenantId, (session) =>
        session.query<{ address: string; device: string }>('SELECT address, device FROM sign_in_event'),
      );
    await vi.waitFor(async () => expect(await rows()).toEqual([{ address: '', device: '' }]));
  });

  it('IDT-12 a password that everybody tries first is replaced before anybody is let in', async () => {
    const passwordHash = await hash('letmein', { memoryCost: 8, timeCost: 1, parallelism: 1 });
    await server.database.inTenant(tenantId, (session) =>
      saveAccount(session, { tenantId, userId: 'rene' as UserId, email: emailOf('rene'), passwordHash }, Date.now()),
    );
    const begun = await begin(server, 'rene', { password: 'letmein' });
    expect(begun.status).toBe(202);
    const challenge = begun.body as SignInChallenge;
    expect(challenge).toMatchObject({ need: 'newPassword', leastLength: 15 });
    const choose = (newPassword: string) =>
      answer(server, challenge, { kind: 'newPassword', newPassword }, 'device-of-rene');
    const short = await choose('letmein');
    expect(short.body).toMatchObject({ error: { code: 'invalid', details: { problems: ['newPassword:tooShort'] } } });
    expect((await choose('a long walk by the river')).status).toBe(200);
    expect((await begin(server, 'rene', { password: 'a long walk by the river' })).status).toBe(200);
  });
});
