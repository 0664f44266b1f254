import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { ProfileFile, ProfileState } from '#shared/sync/profile-messages.ts';
import { createStatementTimes } from '#server/observe/statement-times.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import { call, codeOf, foundCompany, signIn, startServer, type TestServer } from '#test/support/start-server.ts';

describe.each(sqlEngines)('measuring what a server on $name does', (engine) => {
  let server: TestServer;
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  const tokens: Record<string, string> = {};
  beforeAll(async () => {
    place = await engine.createLocation();
    server = await startServer({ location: place.location });
    await foundCompany(server, 'north', [
      { id: 'ada', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
    for (const id of ['ada', 'rene']) tokens[id] = (await signIn(server, id)).accessToken;
  }, 60_000);
  afterAll(async () => {
    await server.remove();
    await place.remove();
  });

  const tokenOf = (person: string) => ({ token: tokens[person] ?? '' });
  const look = async (person = 'ada'): Promise<ProfileState> =>
    (await call(server, '/api/v1/profile', tokenOf(person))).body as ProfileState;
  const begin = (person: string, seconds: number) =>
    call(server, '/api/v1/profile', { method: 'POST', body: { seconds }, ...tokenOf(person) });

  it('OBS-09 tells functions, delays and statements of the time that was asked for, without a value or a folder', async () => {
    expect(await look()).toEqual({ mayMeasure: true, runsUntil: null, last: null });
    expect(codeOf(await call(server, '/api/v1/profile/file', tokenOf('ada')))).toBe('not_found');
    const begun = await begin('ada', 1);
    expect(begun.status).toBe(200);
    expect((begun.body as ProfileState).runsUntil).not.toBeNull();
    expect(codeOf(await begin('ada', 1))).toBe('already_running');
    let state = await look();
    for (let round = 0; state.last === null && round < 20; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      await call(server, '/api/v1/sessions', tokenOf('rene'));
      state = await look();
    }
    const { last } = state;
    if (last === null) throw new Error('nothing was measured');
    expect(state.runsUntil).toBeNull();
    expect([last.seconds, last.busy > 0, last.busy <= 1, last.collecting <= last.busy]).toEqual([1, true, true, true]);
    expect(last.delay.p50Ms).toBeLessThanOrEqual(last.delay.maxMs);
    expect(last.functions.length).toBeGreaterThan(3);
    expect(last.functions.map(({ selfMs }) => selfMs)).toEqual(
      last.functions.map(({ selfMs }) => selfMs).toSorted((one, other) => other - one),
    );
    const sessions = last.statements.find(({ text }) => text.includes('session'));
    expect(sessions?.text).toContain('$1');
    expect([(sessions?.calls ?? 0) > 1, (sessions?.totalMs ?? 0) >= (sessions?.maxMs ?? 1)]).toEqual([true, true]);
    const file = (await call(server, '/api/v1/profile/file', tokenOf('ada'))).body as ProfileFile;
    expect(file.name).toMatch(/^outpost-server-\d{14}\.cpuprofile$/);
    const raw = JSON.parse(file.text) as { nodes: { callFrame: { url: string } }[]; samples: number[] };
    expect(raw.samples.length).toBeGreaterThan(10);
    for (const told of [JSON.stringify(last), file.text]) {
      expect(told).not.toContain(process.cwd());
      // As words: a function may renew something.
      for (const hidden of ['rene', 'north']) expect(told).not.toMatch(new RegExp(`\\b${hidden}\\b`));
    }
  });

  it('OBS-09 notes how often and how long each statement is asked, and only while somebody measures', async () => {
    let nowMs = 0;
    const times = createStatementTimes(() => (nowMs += 1));
    const database = times.watch(server.database);
    const ask = async (): Promise<void> => {
      await database.query('SELECT 1 AS one');
      await database.asOwner((session) => session.query('SELECT   2\n AS two'));
      await database.inTenant('north' as TenantId, (session) => session.query('SELECT 1 AS one'));
    };
    await ask();
    times.begin();
    await ask();
    expect(times.end()).toEqual([
      { text: 'SELECT 1 AS one', calls: 2, totalMs: 2, averageMs: 1, maxMs: 1 },
      { text: 'SELECT 2 AS two', calls: 1, totalMs: 1, averageMs: 1, maxMs: 1 },
    ]);
    await ask();
    expect(times.end()).toEqual([]);
  });

  it('OBS-09 is for whoever runs the server: no representative, and no administrator of one organization among several', async () => {
    for (const answer of [
      await begin('rene', 1),
      await call(server, '/api/v1/profile', tokenOf('rene')),
      await call(server, '/api/v1/profile/file', tokenOf('rene')),
    ])
      expect(codeOf(answer)).toBe('action_forbidden');
    expect((await begin('ada', 61)).status).toBe(400);
    await foundCompany(server, 'south', [{ id: 'sue', role: 'org_admin' }]);
    tokens['sue'] = (await signIn(server, 'sue')).accessToken;
    for (const person of ['ada', 'sue']) {
      expect(await look(person)).toEqual({ mayMeasure: false, runsUntil: null, last: null });
      expect(codeOf(await begin(person, 1))).toBe('action_forbidden');
      expect(codeOf(await call(server, '/api/v1/profile/file', tokenOf(person)))).toBe('action_forbidden');
    }
  });
});
