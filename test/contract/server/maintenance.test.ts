// Maintenance that is announced ahead: every connected computer hears of it at once, every other one when it connects, and
// nobody of another organization; over two server processes where the engine admits them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { Maintenance, MaintenanceMessage } from '#shared/sync/maintenance.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  spawnServer,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

const HOUR_MS = 3_600_000;

describe.each(sqlEngines)('maintenance on $name', (engine: SqlEngine) => {
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let one: TestServer;
  let other: TestServer;
  const sockets: WebSocket[] = [];

  beforeAll(async () => {
    place = await engine.createLocation();
    one = await startServer({ location: place.location });
    other = engine.name === 'postgres' ? await startServer({ location: place.location }) : one;
    await createOrganizationWith(one, 'north', [
      { id: 'ada', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
    await createOrganizationWith(one, 'south', [{ id: 'sue', role: 'org_admin' }]);
  });
  afterAll(async () => {
    for (const socket of sockets) socket.terminate();
    if (other !== one) await other.remove();
    await one.remove();
    await place.remove();
  });

  /** What a computer hears of maintenance, in order. */
  async function listen(server: TestServer, grant: SessionGrant): Promise<(Maintenance | null)[]> {
    const heard: (Maintenance | null)[] = [];
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/v1/live?presence=1`, {
      headers: { authorization: `Bearer ${grant.accessToken}` },
    });
    sockets.push(socket);
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString('utf8')) as MaintenanceMessage | { readonly t: 'poke' };
      if (message.t === 'maintenance') heard.push(message.planned);
    });
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(1);
    return heard;
  }
  const announce = (grant: SessionGrant, planned: Maintenance | null) =>
    call(one, '/api/v1/organization/maintenance', { method: 'PUT', token: grant.accessToken, body: { planned } });
  const plan = (fromHours: number, untilHours: number, text = ''): Maintenance => ({
    from: new Date(one.clock.now() + fromHours * HOUR_MS).toISOString(),
    until: new Date(one.clock.now() + untilHours * HOUR_MS).toISOString(),
    text,
  });
  async function run(...args: readonly string[]) {
    const where =
      'dataDir' in place.location ? ['--data', place.location.dataDir] : ['--database-url', place.location.databaseUrl];
    const program = spawnServer(['admin', ...args, ...where]);
    return { code: await program.ended(), ...program.output };
  }

  it('TSK-15 an administrator announces maintenance, and everybody of the organization hears it at once or when they connect', async () => {
    const [ada, rene, sue] = [await signIn(one, 'ada'), await signIn(one, 'rene'), await signIn(one, 'sue')];
    const [heard, foreign] = [await listen(other, rene), await listen(one, sue)];
    expect(heard).toEqual([null]);
    expect(codeOf(await announce(rene, plan(1, 2)))).toBe('action_forbidden');
    for (const wrong of [plan(2, 1), plan(-3, -1), { ...plan(1, 2), from: 'tonight' }])
      expect(codeOf(await announce(ada, wrong))).toBe('invalid');

    const planned = plan(1, 2, 'A new disk.');
    expect((await announce(ada, planned)).status).toBe(200);
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual([null, planned]);
    expect(await listen(other, await signIn(one, 'rene', 'later'))).toEqual([planned]);
    const asked = await call(other, '/api/v1/organization/maintenance', { token: rene.accessToken });
    expect(asked.body).toEqual({ planned });
    expect((await announce(ada, null)).status).toBe(200);
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual([null, planned, null]);
    expect(foreign).toEqual([null]);
    const audit = await call(one, '/api/v1/audit/entries', {
      token: ada.accessToken,
      body: { entity: 'organization' },
    });
    expect(audit.body).toMatchObject({
      entries: [{ command: 'cancelMaintenance' }, { command: 'announceMaintenance', actor: 'ada' }],
    });
  });

  it('TSK-15 the operator announces it to all organizations from the command line, and what is over is told to nobody', async () => {
    const sue = await signIn(one, 'sue', 'second');
    const heard = await listen(other, sue);
    const planned = plan(2, 3, 'Moving house.');
    const done = await run(
      'announce-maintenance',
      '--from',
      planned.from,
      '--until',
      planned.until,
      '--text',
      planned.text,
    );
    expect(done.code, done.stderr).toBe(0);
    expect(JSON.parse(done.stdout)).toEqual({ organizations: 2, planned });
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual([null, planned]);
    expect((await run('announce-maintenance', '--from', 'tonight', '--until', planned.until)).code).toBe(2);
    const turned = await run('announce-maintenance', '--from', planned.until, '--until', planned.from);
    expect(turned.code).toBe(2);
    expect(turned.stderr).toContain('--until is later than --from.');
    const offlineDays = { offlineLeaseDays: 20 };
    await call(one, '/api/v1/organization/settings', { method: 'PUT', token: sue.accessToken, body: offlineDays });
    const asked = () => call(one, '/api/v1/organization/maintenance', { token: sue.accessToken });
    expect((await asked()).body).toEqual({ planned });
    expect((await run('cancel-maintenance', '--tenant', 'south')).code).toBe(0);
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual([null, planned, null]);
    const rene = await signIn(one, 'rene', 'third');
    expect(await listen(one, rene)).toEqual([planned]);
  });
});
