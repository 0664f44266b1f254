import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackup } from '#server/backup/read-backup.ts';
import type { JobKind } from '#server/jobs/job-engine.ts';
import { createJobEngine, type JobEngine } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { createLog } from '#server/log/create-log.ts';
import { plainOperations, type OperationsSettings } from '#server/observe/operations-settings.ts';
import type { DatabaseLocation } from '#server/store/database.ts';
import type { JobList, JobOverview } from '#shared/sync/job-messages.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createManualClock,
  foundCompany,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';
import { Writable } from 'node:stream';

interface Note {
  readonly tenantId: string;
  readonly text: string;
}

const DAY_MS = 86_400_000;
const waiting = { timeout: 30_000, interval: 100 };
const silent = createLog('silent', new Writable({ write: (_chunk, _encoding, done) => done() }));

describe.each(sqlEngines)('background jobs on $name', (engine) => {
  let location: DatabaseLocation;
  let removeLocation: () => Promise<void>;
  let server: TestServer;
  let jobs: JobEngine;
  const folder = mkdtempSync(join(tmpdir(), 'outpost-daily-'));
  const backup = { folder: join(folder, 'backups'), key: { kind: 'keyFile', path: join(folder, 'key') } } as const;
  const settings: OperationsSettings = {
    ...plainOperations,
    backup,
    logFolder: join(folder, 'logs'),
    hasDailyWork: true,
  };
  const worked: string[] = [];
  let isBroken = true;
  const kind: JobKind<Note> = {
    queue: 'notes',
    name: 'note',
    atOnce: 1,
    mostSeconds: 60,
    async work({ text }) {
      worked.push(text);
      if (isBroken && text !== 'good') throw new Error(`cannot tell ${text} to jane@example.com`);
    },
    giveUp: () => Promise.resolve(),
  };

  const startedAt = Date.UTC(2026, 10, 27, 12);

  beforeAll(async () => {
    ({ location, remove: removeLocation } = await engine.createLocation());
    server = await startServer({
      location,
      operations: settings,
      jobTimes: quickJobs,
      clock: createManualClock(startedAt),
    });
    await foundCompany(server, 'north', [
      { id: 'ada', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
    jobs = createJobEngine({ database: server.database, log: silent, times: quickJobs }, [kind]);
  }, 120_000);
  afterAll(async () => {
    await jobs.stop();
    await server.remove();
    await removeLocation();
    rmSync(folder, { recursive: true, force: true });
  });

  const token = async (person = 'ada') => (await signIn(server, person)).accessToken;
  const overview = async (): Promise<JobOverview> =>
    (await call(server, '/api/v1/jobs', { token: await token() })).body as JobOverview;
  const list = async (query = '', person = 'ada'): Promise<JobList> =>
    (await call(server, `/api/v1/jobs/list${query}`, { token: await token(person) })).body as JobList;
  const plan = (name: string) => overview().then(({ plans }) => plans.find((one) => one.name === name));

  it('OBS-04 shows every queue, and nothing to whoever may not see jobs', { timeout: 60_000 }, async () => {
    const { queues, isOperator } = await overview();
    expect(isOperator).toBe(true);
    expect(queues.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['emails', 'campaigns', 'analytics', 'webhooks', 'maintenance']),
    );
    expect(codeOf(await call(server, '/api/v1/jobs', { token: await token('rene') }))).toBe('action_forbidden');
    expect(codeOf(await call(server, '/api/v1/jobs/list', { token: await token('rene') }))).toBe('action_forbidden');
  });

  it(
    'OBS-08 a job that was given up is seen with kind and place of its failure, never with a message, and is tried again',
    { timeout: 90_000 },
    async () => {
      const id = stableId('one');
      await jobs.send(kind, id, { tenantId: 'north', text: 'one' });
      const failed = async () => (await list('?queue=notes&state=failed')).jobs;
      await expect.poll(failed, waiting).toHaveLength(1);
      const [job] = await failed();
      expect(job).toMatchObject({ id, kind: 'note', state: 'failed', tenantId: 'north', attempts: 3, mostAttempts: 3 });
      expect(job?.error).toMatch(/^Error at jobs-admin\.test\.ts:\d+:\d+$/);
      const stored = await server.database.query<{ output: unknown }>(
        `SELECT output FROM outpost_jobs.job WHERE name = 'notes'`,
      );
      expect(JSON.stringify(stored)).not.toMatch(/jane|cannot tell/);
      isBroken = false;
      const body = { queue: 'notes', id, action: 'retry' };
      expect((await call(server, '/api/v1/jobs/action', { token: await token(), body })).status).toBe(200);
      await expect
        .poll(async () => (await list('?queue=notes&state=done')).jobs.map((one) => one.id), waiting)
        .toContain(id);
      const [entry] = await server.database.inTenant('north' as never, (session) =>
        session.query<{ command: string }>(`SELECT command FROM audit WHERE tenant = 'north' AND id = $1`, [id]),
      );
      expect(entry?.command).toBe('job.retry');
    },
  );

  it('OBS-08 nothing of a paused queue runs, on no server, until it is resumed', { timeout: 90_000 }, async () => {
    const pause = async (isPaused: boolean) =>
      call(server, '/api/v1/jobs/queue', {
        method: 'PUT',
        token: await token(),
        body: { queue: 'notes', isPaused },
      });
    expect((await pause(true)).status).toBe(200);
    expect((await overview()).queues.find(({ name }) => name === 'notes')?.isPaused).toBe(true);
    // Another server comes, and knows of it.
    await jobs.stop();
    jobs = createJobEngine({ database: server.database, log: silent, times: quickJobs }, [kind]);
    await jobs.send(kind, stableId('paused'), { tenantId: 'north', text: 'good' });
    const waits = async () => (await overview()).queues.find(({ name }) => name === 'notes')?.counts.waiting;
    await expect.poll(waits, waiting).toBe(1);
    expect(worked).not.toContain('good');
    await pause(false);
    await expect.poll(() => worked, waiting).toContain('good');
  });

  it(
    'ENG-03 makes a backup every day, which opens, once, and made up for after days without a server',
    { timeout: 120_000 },
    async () => {
      expect(await plan('backup')).toMatchObject({
        time: '02:30',
        isOn: true,
        isSetUp: true,
        nextAt: '2026-11-28T02:30:00.000Z',
        last: null,
      });
      await server.planDaily();
      expect(existsSync(backup.folder)).toBe(false);
      server.clock.advance(3 * DAY_MS);
      await Promise.all([server.planDaily(), server.planDaily()]);
      await expect.poll(async () => (await plan('backup'))?.last?.outcome, waiting).toBe('done');
      expect(readdirSync(backup.folder)).toEqual(['outpost-2026-11-30T02-30']);
      const opened = await openBackup(join(backup.folder, 'outpost-2026-11-30T02-30'), backup.key);
      expect(opened.manifest.tenants.map(({ tenantId }) => tenantId)).toContain('north');
      expect((await plan('backup'))?.last?.facts).toMatchObject({ organizations: 1, kept: 1, removed: 0 });
    },
  );

  it(
    'ENG-03 a backup that cannot be written is a failed run, and leaves the older ones',
    { timeout: 90_000 },
    async () => {
      const target = join(backup.folder, 'outpost-2026-12-02T02-30');
      server.clock.advance(2 * DAY_MS);
      writeFileSync(target, 'in the way');
      await server.planDaily();
      await expect.poll(async () => (await plan('backup'))?.last?.outcome, waiting).toBe('failed');
      expect(existsSync(join(backup.folder, 'outpost-2026-11-30T02-30'))).toBe(true);
      rmSync(target);
    },
  );

  it(
    'OBS-08 daily work is moved, switched off and started by whoever runs the server',
    { timeout: 90_000 },
    async () => {
      const change = { name: 'backup', time: '23:15', timeZone: 'Europe/Berlin', isOn: true };
      const put = async (body: object) =>
        call(server, '/api/v1/jobs/plan', { method: 'PUT', token: await token(), body });
      await put(change);
      expect(await plan('backup')).toMatchObject({
        time: '23:15',
        timeZone: 'Europe/Berlin',
        nextAt: '2026-12-02T22:15:00.000Z',
      });
      expect(codeOf(await put({ ...change, timeZone: 'Mars/Olympus' }))).toBe('invalid');
      await put({ ...change, isOn: false });
      expect((await plan('backup'))?.nextAt).toBeNull();
      await call(server, '/api/v1/jobs/plan/run', { token: await token(), body: { name: 'backup' } });
      await expect
        .poll(async () => (await plan('backup'))?.last?.facts['name'], waiting)
        .toBe('outpost-2026-12-02T12-00');
    },
  );

  it(
    'OBS-08 A9 an administrator of one of several organizations sees and changes the own jobs only',
    { timeout: 90_000 },
    async () => {
      await foundCompany(server, 'south', [{ id: 'sue', role: 'org_admin' }]);
      expect((await list('', 'sue')).jobs).toEqual([]);
      const sue = await token('sue');
      const seen = (await call(server, '/api/v1/jobs', { token: sue })).body as JobOverview;
      expect([seen.isOperator, seen.plans, seen.queues.every(({ counts }) => counts.done === 0)]).toEqual([
        false,
        [],
        true,
      ]);
      const body = { queue: 'notes', id: stableId('one'), action: 'retry' };
      expect(codeOf(await call(server, '/api/v1/jobs/action', { token: sue, body }))).toBe('not_found');
      for (const [path, method, wish] of [
        ['/api/v1/jobs/queue', 'PUT', { queue: 'emails', isPaused: true }],
        ['/api/v1/jobs/plan', 'PUT', { name: 'backup', time: '01:00', timeZone: 'UTC', isOn: false }],
        ['/api/v1/jobs/plan/run', 'POST', { name: 'backup' }],
      ] as const)
        expect(codeOf(await call(server, path, { method, token: sue, body: wish }))).toBe('action_forbidden');
    },
  );
});
