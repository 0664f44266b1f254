// What one server process does, all others know: rights, sessions, pokes. On PostgreSQL two servers share a database; on
// PGlite, which admits one process, the same server plays both parts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createManualClock,
  createOrganizationWith,
  emailOf,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

async function hear(server: TestServer, grant: SessionGrant) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/v1/live`, {
    headers: { authorization: `Bearer ${grant.accessToken}` },
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('message', resolve));
  const poked = new Promise((resolve) => socket.once('message', resolve));
  return { socket, closed, poked };
}

function createAccount(grant: SessionGrant): Operation {
  return {
    opId: `op-of-${grant.sessionId}`,
    opNo: 1,
    txn: null,
    kind: 'create',
    entity: 'account',
    recordId: 'acme',
    command: 'createRecord',
    baseRev: 0,
    changes: [
      { group: 'name', base: {}, to: { name: 'Acme' } },
      { group: 'owner', base: {}, to: { ownerId: grant.actor.userId } },
    ],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
  };
}

describe.each(sqlEngines)('two servers on $name', (engine: SqlEngine) => {
  let one: TestServer;
  let other: TestServer;
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;

  beforeAll(async () => {
    place = await engine.createLocation();
    const clock = createManualClock();
    one = await startServer({ location: place.location, clock });
    other = engine.name === 'postgres' ? await startServer({ location: place.location, clock }) : one;
    await createOrganizationWith(one, 'north', [
      { id: 'ada', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
  });
  afterAll(async () => {
    await other.remove();
    await one.remove();
    await place.remove();
  });

  it('IDT-01 a token of one server is good at the other', async () => {
    const grant = await signIn(one, 'ada');
    expect((await call(other, '/api/v1/sessions', { token: grant.accessToken })).status).toBe(200);
  });

  it('C2 the same refresh at both servers at once gives the same successor, and reuse later ends the session', async () => {
    const grant = await signIn(one, 'ada');
    const body = { refreshToken: grant.refreshToken, deviceId: 'device-of-ada' };
    const ask = (server: TestServer) => call(server, '/api/v1/auth/refresh', { body });
    const answers = await Promise.all([ask(one), ask(other), ask(one), ask(other)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map((answer) => (answer.body as SessionGrant).refreshToken)).size).toBe(1);
    one.clock.advance(11_000);
    expect(codeOf(await call(other, '/api/v1/auth/refresh', { body }))).toBe('refresh_reused');
    const later = await call(one, '/api/v1/sessions', { token: (answers[0].body as SessionGrant).accessToken });
    expect(codeOf(later)).toBe('refresh_reused');
  });

  it('C3 guesses at one account count at both servers together, and so does a success', async () => {
    const guess = (server: TestServer, password: string) =>
      call(server, '/api/v1/auth/sign-in', {
        body: { email: emailOf('rene'), password, deviceId: 'device-of-rene', deviceName: 'Laptop' },
      });
    const codes: (string | undefined)[] = [];
    for (let count = 0; count < 10; count += 1)
      codes.push(codeOf(await guess(count % 2 === 0 ? one : other, `wrong ${String(count)}`)));
    expect(codes).toEqual([...Array<string>(8).fill('wrong_credentials'), 'too_many_attempts', 'too_many_attempts']);
    one.clock.advance(15 * 60_000);
    for (let count = 0; count < 7; count += 1) await guess(one, 'wrong once more');
    await signIn(other, 'rene');
    expect(codeOf(await guess(one, 'wrong again'))).toBe('wrong_credentials');
  });

  it('SYNC-28 a change pushed at one server pokes the socket at the other within a second', async () => {
    const [ada, rene] = [await signIn(other, 'ada'), await signIn(one, 'rene')];
    const { socket, poked } = await hear(other, ada);
    const body = { protocol: 1, epoch: rene.actor.epoch, ops: [createAccount(rene)] };
    const answer = await call(one, '/sync/v1/push', { token: rene.accessToken, body });
    expect(answer.text).toContain('"applied"');
    const startMs = performance.now();
    await poked;
    expect(performance.now() - startMs).toBeLessThan(1000);
    socket.terminate();
  });

  it('SYNC-38 a session ended at one server closes its socket at the other within a second', async () => {
    const [home, lost] = [await signIn(one, 'rene', 'home'), await signIn(other, 'rene', 'lost')];
    const { closed } = await hear(other, lost);
    const startMs = performance.now();
    await call(one, `/api/v1/sessions/${lost.sessionId}`, { method: 'DELETE', token: home.accessToken });
    expect(await closed).toBe(4401);
    expect(performance.now() - startMs).toBeLessThan(1000);
    expect(codeOf(await call(other, '/api/v1/sessions', { token: lost.accessToken }))).toBe('session_revoked');
  });
});
