import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { OneTimePassword, SessionGrant, SignInWays } from '#shared/sync/messages.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';
import { ONE_TIME_LIFETIME_MS } from '#server/identity/one-time-passwords.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  emailOf,
  signIn,
  startServer,
  testPassword,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';
import { change, changesFor } from '#test/support/sync-world.ts';

const ownPassword = 'a password of my own';
let server: TestServer;
let tenantId: TenantId;
let admin: SessionGrant;
let opNo = 0;

beforeAll(async () => {
  server = await startServer();
  tenantId = await createOrganizationWith(server, 'one-time', [
    { id: 'ada', role: 'org_admin' },
    { id: 'olaf', role: 'org_admin' },
    { id: 'sam', role: 'super_admin' },
    { id: 'mara', role: 'manager' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'lost', role: 'sales_rep' },
    { id: 'away', role: 'sales_rep' },
  ]);
  await createOrganizationWith(server, 'elsewhere', [{ id: 'eve', role: 'org_admin' }]);
  admin = await signIn(server, 'ada');
}, 60_000);
afterAll(() => server.remove());

/** Sends one change of a user's record the way the administrator's device does. */
async function pushUser(recordId: string, kind: Operation['kind'], changes: readonly Change[] = []): Promise<unknown> {
  opNo += 1;
  const operation: Operation = {
    opId: `op-${opNo}`,
    opNo,
    txn: null,
    kind,
    entity: 'user',
    recordId,
    command: 'test',
    baseRev: 1_000_000,
    changes: [...changes],
    dependsOn: [],
    captured: { wall: '2026-03-02T08:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
  };
  const body = { protocol: 1, epoch: admin.actor.epoch, ops: [operation] };
  const answer = await call(server, '/sync/v1/push', { token: admin.accessToken, body });
  return (answer.body as { readonly verdicts: readonly unknown[] }).verdicts[0];
}

function addUser(id: string, email = emailOf(id)): Promise<unknown> {
  const values = { name: `Person ${id}`, email, role: 'sales_rep', isActive: true, ownerId: 'ada' };
  return pushUser(id, 'create', changesFor('user', values));
}

function ask(userId: string, token = admin.accessToken): Promise<Answer> {
  return call(server, `/api/v1/users/${userId}/one-time-password`, { method: 'POST', token });
}

async function give(userId: string): Promise<OneTimePassword> {
  const answer = await ask(userId);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as OneTimePassword;
}

function enter(email: string, password: string, newPassword?: string): Promise<Answer> {
  const body = { email, password, deviceId: 'new-device', deviceName: 'New', ...(newPassword ? { newPassword } : {}) };
  return call(server, '/api/v1/auth/sign-in', { body });
}

async function wayOf(userId: string, token = admin.accessToken) {
  const { users } = (await call(server, '/api/v1/users/sign-in-ways', { token })).body as SignInWays;
  return users.find((user) => user.userId === userId);
}

describe('a new colleague', () => {
  it('IDT-17 signs in with the one-time password only together with an own one, and from then on with the own one', async () => {
    await addUser('nora');
    expect(await wayOf('nora')).toMatchObject({ userId: 'nora', state: 'none', validUntil: null });
    expect(codeOf(await enter(emailOf('nora'), 'anything'))).toBe('wrong_credentials');
    const { email, password, validUntil } = await give('nora');
    expect(email).toBe(emailOf('nora'));
    expect(await wayOf('nora')).toMatchObject({ userId: 'nora', state: 'oneTime', validUntil });

    expect(codeOf(await enter(email, password))).toBe('password_change_required');
    expect(codeOf(await enter(email, password, 'short'))).toBe('invalid');
    expect(codeOf(await enter(email, password, password))).toBe('invalid');
    const grant = await enter(email, password, ownPassword);
    expect(grant.body).toMatchObject({ actor: { userId: 'nora', role: 'sales_rep' } });
    expect(await wayOf('nora')).toMatchObject({ state: 'own' });

    expect(codeOf(await enter(email, password))).toBe('wrong_credentials');
    expect(codeOf(await enter(email, password, 'another password'))).toBe('wrong_credentials');
    expect((await enter(email, ownPassword)).status).toBe(200);
    expect(codeOf(await enter(email, ownPassword, 'another password'))).toBe('invalid');
  });

  it('IDT-17 repeats the choice of an own password when the answer to the first was lost', async () => {
    await addUser('lucky');
    const { email, password } = await give('lucky');
    expect((await enter(email, password, ownPassword)).status).toBe(200);
    expect((await enter(email, password, ownPassword)).status).toBe(200);
  });

  it('C5 of two who use a one-time password at the same instant one chooses the password', async () => {
    await addUser('twice');
    const { email, password } = await give('twice');
    const answers = await Promise.all(
      ['the first own password', 'the second own password'].map((own) => enter(email, password, own)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
  });

  it('C5 finds the one-time password too old after seven days, and a new one in its place', async () => {
    await addUser('late');
    const { email, password } = await give('late');
    server.clock.advance(ONE_TIME_LIFETIME_MS);
    admin = await signIn(server, 'ada');
    expect(codeOf(await enter(email, password, ownPassword))).toBe('one_time_expired');
    expect(await wayOf('late')).toMatchObject({ state: 'expired' });
    const again = await give('late');
    expect(codeOf(await enter(email, password, ownPassword))).toBe('wrong_credentials');
    expect((await enter(email, again.password, ownPassword)).status).toBe(200);
  });
});

describe('a new one-time password', () => {
  it('IDT-10 ends the password before and every session of the person', async () => {
    const grant = await signIn(server, 'lost');
    const { password } = await give('lost');
    expect(codeOf(await call(server, '/api/v1/sessions', { token: grant.accessToken }))).toBe('session_revoked');
    expect(codeOf(await enter(emailOf('lost'), testPassword))).toBe('wrong_credentials');
    expect((await enter(emailOf('lost'), password, ownPassword)).status).toBe(200);
  });

  it('PER-02 is given by administrators alone, to super administrators by their like, and to nobody by the own hand', async () => {
    const codes = async (personId: string, targets: readonly string[]) => {
      const { accessToken } = await signIn(server, personId, `asking-${personId}`);
      return Promise.all(targets.map(async (target) => codeOf(await ask(target, accessToken))));
    };
    expect(await codes('mara', ['rene', 'ada', 'nobody'])).toEqual([
      'action_forbidden',
      'action_forbidden',
      'not_visible',
    ]);
    expect(await codes('rene', ['rene'])).toEqual(['field_forbidden']);
    expect(await codes('ada', ['sam', 'ada', 'eve'])).toEqual(['field_forbidden', 'field_forbidden', 'not_visible']);
    const { accessToken } = await signIn(server, 'sam');
    expect((await ask('olaf', accessToken)).status).toBe(200);
  });

  it('PER-02 who may not give passwords is not told how others sign in', async () => {
    const { accessToken } = await signIn(server, 'rene');
    expect((await call(server, '/api/v1/users/sign-in-ways', { token: accessToken })).body).toEqual({ users: [] });
  });
});

describe('what is written down', () => {
  it('AUD-02 every one-time password and every refusal stands in the audit, a password nowhere', async () => {
    await addUser('quiet');
    const { email, password } = await give('quiet');
    const rene = await signIn(server, 'rene');
    await ask('quiet', rene.accessToken);
    await enter(email, password, 'the very own password');
    const rows = await server.database.inTenant(tenantId, (session) =>
      session.query<{ actor: string; outcome: string }>(
        `SELECT actor, outcome FROM audit WHERE command = 'giveOneTimePassword' AND id = 'quiet' ORDER BY no`,
      ),
    );
    expect(rows).toEqual([
      { actor: 'ada', outcome: 'applied' },
      { actor: 'rene', outcome: 'action_forbidden' },
    ]);
    const stored = await server.database.inTenant(tenantId, async (session) =>
      JSON.stringify([await session.query('SELECT * FROM account'), await session.query('SELECT * FROM audit')]),
    );
    for (const text of [server.logText(), stored]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain('the very own password');
    }
  });
});

describe('a user who changes', () => {
  it('A11 switched off, has no way in and no session left, also not after being switched on again', async () => {
    const grant = await signIn(server, 'away');
    const renew = () =>
      call(server, '/api/v1/auth/refresh', {
        body: { refreshToken: grant.refreshToken, deviceId: 'device-of-away' },
      });
    await pushUser('away', 'patch', [change('isActive', true, false)]);
    expect(codeOf(await enter(emailOf('away'), testPassword))).toBe('account_deactivated');
    expect(codeOf(await renew())).toBe('account_deactivated');
    expect(codeOf(await ask('away'))).toBe('invalid');
    await pushUser('away', 'patch', [change('isActive', false, true)]);
    expect(codeOf(await call(server, '/api/v1/sessions', { token: grant.accessToken }))).toBe('account_deactivated');
    expect(codeOf(await renew())).toBe('account_deactivated');
    expect((await enter(emailOf('away'), testPassword)).status).toBe(200);
  });

  it('IDT-04 signs in with the new address and no longer with the old one', async () => {
    await addUser('moved');
    const { password } = await give('moved');
    await enter(emailOf('moved'), password, ownPassword);
    await pushUser('moved', 'patch', [change('email', emailOf('moved'), 'Married@Example.test')]);
    expect(codeOf(await enter(emailOf('moved'), ownPassword))).toBe('wrong_credentials');
    expect((await enter('married@example.test', ownPassword)).status).toBe(200);
  });

  it('IDT-04 gets no address that signs in somebody of another organization', async () => {
    await addUser('foreign', emailOf('eve'));
    expect(codeOf(await ask('foreign'))).toBe('duplicate');
    await addUser('local');
    await give('local');
    expect(await pushUser('local', 'patch', [change('email', emailOf('local'), emailOf('eve'))])).toMatchObject({
      status: 'rejected',
      code: 'duplicate',
      problems: [{ field: 'email', code: 'taken' }],
    });
  });

  it('IDT-04 removed and added again, signs in as the new user', async () => {
    await addUser('first', 'same@example.test');
    const { password } = await give('first');
    await enter('same@example.test', password, ownPassword);
    await pushUser('first', 'delete');
    await addUser('second', 'same@example.test');
    const again = await give('second');
    expect(codeOf(await enter('same@example.test', ownPassword))).toBe('wrong_credentials');
    const grant = await enter('same@example.test', again.password, 'yet another password');
    expect(grant.body).toMatchObject({ actor: { userId: 'second' } });
  });
});
