import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SessionGrant, SessionList } from '#shared/sync/messages.ts';
import { GRACE_MS } from '#server/identity/refresh-tokens.ts';
import {
  call,
  codeOf,
  emailOf,
  foundCompany,
  saveUser,
  signIn,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let tenantId: TenantId;

beforeAll(async () => {
  server = await startServer();
  tenantId = await foundCompany(
    server,
    'north',
    [
      { id: 'ada', role: 'org_admin' },
      { id: 'mara', role: 'manager', teamId: 'west' },
      { id: 'rene', role: 'sales_rep', teamId: 'west-1' },
      { id: 'lena', role: 'sales_rep' },
      { id: 'gone', role: 'sales_rep' },
      { id: 'unlucky', role: 'viewer' },
      { id: 'reuse', role: 'viewer' },
      { id: 'grace', role: 'viewer' },
      { id: 'listed', role: 'viewer' },
      { id: 'changing', role: 'viewer' },
      { id: 'former', role: 'viewer' },
    ],
    [
      { id: 'west' },
      { id: 'west-1', parentId: 'west' },
      { id: 'west-1-a', parentId: 'west-1' },
      { id: 'east', leadId: 'lena' },
    ],
  );
}, 60_000);
afterAll(() => server.remove());

function tryPassword(email: string, password: string) {
  return call(server, '/api/v1/auth/sign-in', { body: { email, password, deviceId: 'd', deviceName: 'd' } });
}

function refresh(refreshToken: string, deviceId: string) {
  return call(server, '/api/v1/auth/refresh', { body: { refreshToken, deviceId } });
}

describe('sign-in', () => {
  it('IDT-01 gives tokens and the rights of the role for the right password', async () => {
    const grant = await signIn(server, 'mara');
    expect(grant.actor).toMatchObject({
      tenantId: 'north',
      tenantName: 'Company north',
      userId: 'mara',
      role: 'manager',
    });
    expect(grant.actor.permissions).toContain('team.set_goals');
    expect((await call(server, '/api/v1/sessions', { token: grant.accessToken })).status).toBe(200);
  });

  it('IDT-01 counts a team with all its child teams, and teams the user leads', async () => {
    expect((await signIn(server, 'mara')).actor.teamIds).toEqual(['west', 'west-1', 'west-1-a']);
    expect((await signIn(server, 'rene')).actor.teamIds).toEqual(['west-1', 'west-1-a']);
    expect((await signIn(server, 'lena')).actor.teamIds).toEqual(['east']);
  });

  it('IDT-01 takes the e-mail address in any case and with blanks around it', async () => {
    expect((await tryPassword(`  ${emailOf('ada').toUpperCase()} `, testPassword)).status).toBe(200);
  });

  it('C3 answers a wrong password and an unknown name with the same words', async () => {
    const wrong = await tryPassword(emailOf('ada'), 'wrong');
    const unknown = await tryPassword('nobody@example.test', 'wrong');
    const strip = (text: string) => text.replace(/"correlationId":"[^"]+"/, '');
    expect(wrong.status).toBe(401);
    expect(codeOf(wrong)).toBe('wrong_credentials');
    expect(strip(unknown.text)).toBe(strip(wrong.text));
  });

  it('C3 works as long for an unknown name as for one of a wrong password', async () => {
    // The decoy is hashed at full cost; the accounts of this test are cheap, so an unknown name must cost more here.
    const timeOf = async (email: string) => {
      const startMs = performance.now();
      await tryPassword(email, 'wrong');
      return performance.now() - startMs;
    };
    await timeOf('warm@example.test');
    expect(await timeOf('nobody-else@example.test')).toBeGreaterThan(10);
  });

  it('C3 stops guessing at one account, says when to try again, and lets the owner in after that time', async () => {
    const codes: string[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) codes.push(codeOf(await tryPassword(emailOf('unlucky'), 'guess')));
    expect(codes.slice(0, 8)).toEqual(Array<string>(8).fill('wrong_credentials'));
    expect(codes[8]).toBe('too_many_attempts');
    const refused = await tryPassword(emailOf('unlucky'), testPassword);
    expect(refused.status).toBe(429);
    const waitSeconds = Number(refused.headers.get('retry-after'));
    expect(waitSeconds).toBeGreaterThan(0);
    server.clock.advance(waitSeconds * 1000);
    expect((await tryPassword(emailOf('unlucky'), testPassword)).status).toBe(200);
  });

  it('C3 refuses names and devices with characters no database takes, without failing', async () => {
    expect((await tryPassword('a\u0000b@example.test', 'x')).status).toBe(400);
    const answer = await call(server, '/api/v1/auth/sign-in', {
      body: { email: emailOf('ada'), password: testPassword, deviceId: '../etc', deviceName: 'a\u0000b' },
    });
    expect(codeOf(answer)).toBe('invalid');
  });
});

describe('refresh', () => {
  it('IDT-02 exchanges a refresh token for new tokens that work', async () => {
    const first = await signIn(server, 'rene');
    const answer = await refresh(first.refreshToken, 'device-of-rene');
    expect(answer.status).toBe(200);
    const second = answer.body as SessionGrant;
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.sessionId).toBe(first.sessionId);
    expect((await call(server, '/api/v1/sessions', { token: second.accessToken })).status).toBe(200);
  });

  it('C2 repeats the same answer to the same device for ten seconds when the first was lost', async () => {
    const first = await signIn(server, 'grace');
    const [one, two] = await Promise.all([
      refresh(first.refreshToken, 'device-of-grace'),
      refresh(first.refreshToken, 'device-of-grace'),
    ]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect((two.body as SessionGrant).refreshToken).toBe((one.body as SessionGrant).refreshToken);
    server.clock.advance(GRACE_MS + 1);
    expect(codeOf(await refresh(first.refreshToken, 'device-of-grace'))).toBe('refresh_reused');
  });

  it('C2 ends the whole session when a used token comes back after its successor was used', async () => {
    const first = await signIn(server, 'reuse');
    const second = (await refresh(first.refreshToken, 'device-of-reuse')).body as SessionGrant;
    const third = (await refresh(second.refreshToken, 'device-of-reuse')).body as SessionGrant;
    const stolen = await refresh(first.refreshToken, 'device-of-reuse');
    expect(stolen.status).toBe(401);
    expect(codeOf(stolen)).toBe('refresh_reused');
    expect(codeOf(await refresh(third.refreshToken, 'device-of-reuse'))).toBe('refresh_reused');
    expect(codeOf(await call(server, '/api/v1/sessions', { token: third.accessToken }))).toBe('refresh_reused');
  });

  it('C2 ends the session when another device presents the token', async () => {
    const grant = await signIn(server, 'reuse');
    expect(codeOf(await refresh(grant.refreshToken, 'device-of-a-thief'))).toBe('refresh_reused');
    expect(codeOf(await refresh(grant.refreshToken, 'device-of-reuse'))).toBe('refresh_reused');
  });

  it('C2 does not end a session because of a token that was never given', async () => {
    const grant = await signIn(server, 'reuse');
    expect(codeOf(await refresh('north~aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'device-of-reuse'))).toBe(
      'session_expired',
    );
    expect(codeOf(await refresh('../~x', 'device-of-reuse'))).toBe('session_expired');
    expect((await call(server, '/api/v1/sessions', { token: grant.accessToken })).status).toBe(200);
  });

  it('C2 keeps only hashes of refresh tokens', async () => {
    const grant = await signIn(server, 'reuse');
    const secret = grant.refreshToken.split('~')[1] ?? '';
    const rows = await server.database.inTenant(tenantId, (session) => session.query('SELECT * FROM refresh_family'));
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});

describe('sessions', () => {
  it('IDT-11 lists the sessions of the user and marks the current one', async () => {
    const home = await signIn(server, 'listed', 'home');
    const work = await signIn(server, 'listed', 'work');
    const { sessions } = (await call(server, '/api/v1/sessions', { token: work.accessToken })).body as SessionList;
    expect(sessions.map(({ id, current }) => [id, current])).toEqual(
      expect.arrayContaining([
        [home.sessionId, false],
        [work.sessionId, true],
      ]),
    );
    expect(sessions).toHaveLength(2);
  });

  it('IDT-11 ends another session of the user at once, and only of the user', async () => {
    const home = await signIn(server, 'listed', 'home');
    const work = await signIn(server, 'listed', 'work');
    const other = await signIn(server, 'ada');
    const path = `/api/v1/sessions/${home.sessionId}`;
    expect(codeOf(await call(server, path, { method: 'DELETE', token: other.accessToken }))).toBe('not_found');
    expect((await call(server, path, { method: 'DELETE', token: work.accessToken })).status).toBe(200);
    expect(codeOf(await call(server, '/api/v1/sessions', { token: home.accessToken }))).toBe('session_revoked');
    expect(codeOf(await refresh(home.refreshToken, 'home'))).toBe('session_revoked');
    expect((await call(server, '/api/v1/sessions', { token: work.accessToken })).status).toBe(200);
  });

  it('IDT-03 sign-out ends the session of the call', async () => {
    const grant = await signIn(server, 'listed', 'third');
    expect((await call(server, '/api/v1/auth/sign-out', { method: 'POST', token: grant.accessToken })).status).toBe(
      200,
    );
    expect(codeOf(await call(server, '/api/v1/sessions', { token: grant.accessToken }))).toBe('session_revoked');
  });

  it('IDT-03 a changed password ends the other sessions and the old password', async () => {
    const [home, work] = [await signIn(server, 'changing', 'home'), await signIn(server, 'changing', 'work')];
    const change = (currentPassword: string, newPassword: string) =>
      call(server, '/api/v1/auth/change-password', { token: home.accessToken, body: { currentPassword, newPassword } });
    expect(codeOf(await change('not the password', 'a new long password'))).toBe('wrong_credentials');
    expect(codeOf(await change(testPassword, 'short'))).toBe('invalid');
    const same = await change(testPassword, testPassword);
    expect(same.body).toMatchObject({
      error: { code: 'invalid', details: { problems: ['newPassword:samePassword'] } },
    });
    expect((await change(testPassword, 'a new long password')).status).toBe(200);
    expect((await call(server, '/api/v1/sessions', { token: home.accessToken })).status).toBe(200);
    expect(codeOf(await call(server, '/api/v1/sessions', { token: work.accessToken }))).toBe('session_revoked');
    expect(codeOf(await refresh(work.refreshToken, 'work'))).toBe('session_revoked');
    expect(codeOf(await tryPassword(emailOf('changing'), testPassword))).toBe('wrong_credentials');
    expect((await tryPassword(emailOf('changing'), 'a new long password')).status).toBe(200);
  });

  it('IDT-01 a hash of a former strength is renewed after the next sign-in with it, and nobody is turned away meanwhile', async () => {
    const hashOf = async () => {
      const [row] = await server.database.inTenant(tenantId, (session) =>
        session.query<{ hash: string; at: number }>(
          `SELECT password_hash AS hash, password_changed_at AS at FROM account WHERE user_id = 'former'`,
        ),
      );
      return row ?? { hash: '', at: 0 };
    };
    const before = await hashOf();
    expect(before.hash).toContain('$m=8,t=1,');
    expect((await tryPassword(emailOf('former'), 'wrong')).status).toBe(401);
    const together = Array.from({ length: 4 }, () => tryPassword(emailOf('former'), testPassword));
    for (const { status } of await Promise.all(together)) expect(status).toBe(200);
    await expect.poll(async () => (await hashOf()).hash, { timeout: 20_000 }).toContain('$m=65536,t=3,');
    const renewed = await hashOf();
    expect(renewed.at).toBe(before.at);
    expect((await tryPassword(emailOf('former'), testPassword)).status).toBe(200);
    expect((await tryPassword(emailOf('former'), 'wrong')).status).toBe(401);
    expect(await hashOf()).toEqual(renewed);
  });

  it('SYNC-38 A11 refuses a deactivated user everywhere, telling the device to wipe', async () => {
    const grant = await signIn(server, 'gone');
    await saveUser(server, tenantId, { id: 'gone', role: 'sales_rep', isActive: false });
    const answers = [
      await call(server, '/api/v1/sessions', { token: grant.accessToken }),
      await refresh(grant.refreshToken, 'device-of-gone'),
      await tryPassword(emailOf('gone'), testPassword),
    ];
    expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual(
      Array.from({ length: 3 }, () => [403, 'account_deactivated']),
    );
    expect(codeOf(await tryPassword(emailOf('gone'), 'wrong'))).toBe('wrong_credentials');
  });
});
