// The open pipeline of every day, written down once and kept on computers for ninety days.
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import { SNAPSHOT_DAYS, snapshotLines } from '#shared/entities/pipeline-snapshot/snapshot-lines.ts';
import { generateDemoCompany } from '#shared/demo/generate-company.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Change } from '#shared/sync/operation.ts';
import { createAnalyticsJobs } from '#server/analytics/analytics-jobs.ts';
import { createJobEngine } from '#server/jobs/job-engine.ts';
import { readJobs } from '#server/jobs/read-jobs.ts';
import { createLog } from '#server/log/create-log.ts';
import { startHousekeeping } from '#server/retention/start-housekeeping.ts';
import { readOpenPipeline } from '#server/snapshots/open-pipeline.ts';
import { retireSnapshots, writeSnapshots } from '#server/snapshots/write-snapshots.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  change,
  changesFor,
  createSyncWorld,
  seededRecord,
  STARTED_AT_MS,
  type SyncWorld,
  type TestDevice,
} from '#test/support/sync-world.ts';

const silent = createLog('silent', new Writable({ write: (_chunk, _encoding, done) => done() }));
const DAY_MS = 86_400_000;
const FIRST_DAY = new Date(STARTED_AT_MS).toISOString().slice(0, 10);
const [first, second] = defaultStages.map(({ id }) => id);
const worth = {
  name: 'Deal',
  ownerId: 'rep',
  teamId: 'north',
  pipelineId: DEFAULT_PIPELINE_ID,
  stageId: first,
  status: 'open',
  amount: 10_000,
  currency: 'EUR',
  closeDate: '2026-06-30',
  probability: 25,
  forecastCategory: 'pipeline',
};
const compare = (a: string, b: string): number => (a < b ? -1 : 1);
const amount = (from: number, to: number): Change => ({ group: 'amount', base: { amount: from }, to: { amount: to } });

describe.each(sqlEngines)('snapshots of the pipeline on $name', (engine) => {
  let db: SqlDatabase;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const place = await engine.createLocation();
    remove = place.remove;
    db = await openDatabase(place.location);
  });
  afterAll(async () => {
    await db.close();
    await remove();
  });

  async function worldWith(...deals: readonly (readonly [string, object])[]): Promise<SyncWorld> {
    const world = await createSyncWorld(db);
    const pipeline = seededRecord('pipeline', DEFAULT_PIPELINE_ID, { name: 'Sales', stages: defaultStages });
    const records = [pipeline, ...deals.map(([id, values]) => seededRecord('deal', id, { ...worth, ...values }))];
    await seedRecords(db, world.tenantId, records, world.deps.clock);
    return world;
  }
  const pass = (world: SyncWorld, days: number): void => {
    world.clock.nowMs += days * DAY_MS;
  };
  async function write(world: SyncWorld): Promise<readonly string[]> {
    const days = await writeSnapshots(db, world.tenantId, world.clock.nowMs);
    await retireSnapshots(db, world.tenantId, world.clock.nowMs);
    return days;
  }

  /** Day, owner, team, and of each line stage, close month, count, amount and weighted amount. */
  async function snapshotsOn(device: TestDevice): Promise<readonly (readonly unknown[])[]> {
    await device.pullAll();
    return [...device.store.values()]
      .filter(({ kind }) => kind === 'pipelineSnapshot')
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((record) => [record['day'], record.ownerId, record.teamId, linesOf(record)]);
  }
  const linesOf = (record: AnyRecord) =>
    snapshotLines(record)?.map((line) => [line.stageId, line.closeMonth, line.count, line.amount, line.weighted]) ??
    null;

  it('ANA-09 the open deals of a day are added up by owner and team when it is over, once', async () => {
    const world = await worldWith(
      ['d1', {}],
      ['d2', { amount: 5_050 }],
      ['d3', { closeDate: null, amount: null }],
      ['d4', { stageId: second, currency: 'USD' }],
      ['won', { stageId: 'closed_won', status: 'won' }],
      ['other', { ownerId: 'colleague' }],
    );
    expect(await write(world)).toEqual([]);
    pass(world, 1);
    expect(await write(world)).toEqual([FIRST_DAY]);
    const admin = world.device('admin');
    const expected = [
      [first, '2026-06', 2, 15_050, 3_763],
      [first, null, 1, 0, 0],
      [second, '2026-06', 1, 10_000, 2_500],
    ];
    const all = await snapshotsOn(admin);
    expect(all.toSorted((a, b) => (String(a[1]) < String(b[1]) ? 1 : -1))).toEqual([
      [FIRST_DAY, 'rep', 'north', expect.arrayContaining(expected)],
      [FIRST_DAY, 'colleague', 'north', [[first, '2026-06', 1, 10_000, 2_500]]],
    ]);
    const head = await world.headSeq();
    expect(await write(world)).toEqual([]);
    expect(await world.headSeq()).toBe(head);
  });

  it('ANA-09 days that were missed are made from the history: moved, changed, given away, lost, made and deleted since', async () => {
    const world = await worldWith(['d1', {}], ['d2', {}], ['gone', { amount: 1_000 }]);
    const [rep, admin] = [world.device('rep'), world.device('admin')];
    pass(world, 1);
    // Device clocks of this test stand in 2001: what counts of them is the arrival, so the wall is set here.
    const at = (): string => new Date(world.clock.nowMs).toISOString();
    const send = async (device: TestDevice, recordId: string, ...changes: readonly Change[]) => {
      const operation = device.operation({ entity: 'deal', recordId, changes });
      const { verdicts } = await device.push([{ ...operation, captured: { wall: at(), sinceBootMs: 1 } }]);
      expect(verdicts[0]?.status).toBe('applied');
    };
    await send(rep, 'd1', amount(10_000, 12_000));
    const made = { ...worth, name: 'New', amount: 700, openedAt: addDays(FIRST_DAY, 1) };
    await rep.send({ kind: 'create', entity: 'deal', recordId: 'made', changes: changesFor('deal', made) });
    pass(world, 1);
    await send(rep, 'd1', { group: 'stage', base: { stageId: first }, to: { stageId: second, probability: 50 } });
    await send(rep, 'd1', change('closeDate', '2026-06-30', '2026-07-31'));
    pass(world, 1);
    await send(admin, 'd1', { group: 'owner', base: { ownerId: 'rep' }, to: { ownerId: 'colleague' } });
    const lost = { stageId: 'closed_lost', status: 'lost', wonLostReason: 'price', probability: 0 };
    await send(rep, 'd2', { group: 'stage', base: { stageId: first }, to: lost });
    await admin.send({ kind: 'delete', entity: 'deal', recordId: 'gone', baseRev: await world.headSeq() });
    pass(world, 1);
    expect(await write(world)).toEqual([0, 1, 2, 3].map((days) => addDays(FIRST_DAY, days)));
    const lines = new Map(
      (await snapshotsOn(admin)).map(([day, owner, , found]) => [`${String(day)} ${String(owner)}`, found]),
    );
    const day = (days: number, owner: string) => lines.get(`${addDays(FIRST_DAY, days)} ${owner}`);
    expect(day(0, 'rep')).toEqual([[first, '2026-06', 3, 21_000, 5_250]]);
    expect(day(1, 'rep')).toEqual([[first, '2026-06', 4, 23_700, 5_925]]);
    expect(day(2, 'rep')).toEqual(
      expect.arrayContaining([
        [first, '2026-06', 3, 11_700, 2_925],
        [second, '2026-07', 1, 12_000, 6_000],
      ]),
    );
    expect(day(3, 'rep')).toEqual([[first, '2026-06', 1, 700, 175]]);
    expect(day(3, 'colleague')).toEqual([[second, '2026-07', 1, 12_000, 6_000]]);
  });

  it('ANA-09 two server processes write a day once, and a clock that goes back writes none', async () => {
    const world = await worldWith(['d1', {}]);
    pass(world, 3);
    const both = await Promise.all([write(world), write(world)]);
    expect(both.flat().sort()).toEqual([0, 1, 2].map((days) => addDays(FIRST_DAY, days)));
    pass(world, -2);
    expect(await write(world)).toEqual([]);
    expect(await snapshotsOn(world.device('admin'))).toHaveLength(3);
  });

  it('ANA-09 SYNC-20 after ninety days a snapshot leaves the computers and stays on the server; a server away for long makes ninety', async () => {
    const world = await worldWith(['d1', {}]);
    pass(world, 1);
    await write(world);
    const rep = world.device('rep');
    expect(await snapshotsOn(rep)).toHaveLength(1);
    pass(world, 200);
    expect(await write(world)).toHaveLength(SNAPSHOT_DAYS);
    const days = (await snapshotsOn(rep)).map(([day]) => day);
    expect(days).toHaveLength(SNAPSHOT_DAYS);
    expect(days[0]).toBe(addDays(FIRST_DAY, 201 - SNAPSHOT_DAYS));
    const fresh = world.device('rep');
    expect((await snapshotsOn(fresh)).map(([day]) => day)).toEqual(days);
    const kept = await world.rows<{ day: string }>(
      `SELECT data->>'day' AS day FROM record WHERE kind = 'pipelineSnapshot' AND deleted`,
    );
    expect(kept).toEqual([{ day: FIRST_DAY }]);
  });

  it('PER-05 PER-08 SYNC-22 a snapshot is seen like the deals of its owner, without lines where amounts are hidden, and written by nobody', async () => {
    const world = await worldWith(['d1', {}], ['d2', { ownerId: 'stranger', teamId: 'south' }]);
    pass(world, 1);
    await write(world);
    const owners = async (userId: string) => (await snapshotsOn(world.device(userId))).map(([, owner]) => owner);
    expect(await owners('rep')).toEqual(['rep']);
    expect(await owners('manager')).toEqual(['rep']);
    expect(await owners('colleague')).toEqual([]);
    expect(new Set(await owners('viewer'))).toEqual(new Set(['rep', 'stranger']));
    const admin = world.device('admin');
    await admin.pullAll();
    const [snapshot] = [...admin.store.values()].filter(({ kind }) => kind === 'pipelineSnapshot');
    const place = { entity: 'pipelineSnapshot', recordId: snapshot?.id ?? '' };
    const verdicts = [
      await admin.send({ ...place, changes: [change('lines', snapshot?.['lines'], [])] }),
      await admin.send({ ...place, kind: 'delete', baseRev: await world.headSeq() }),
      await admin.send({
        ...place,
        kind: 'create',
        recordId: 'own',
        changes: changesFor('pipelineSnapshot', { day: FIRST_DAY }),
      }),
    ];
    expect(verdicts).toMatchObject(verdicts.map(() => ({ status: 'rejected', code: 'action_forbidden' })));
    const rule = { role: 'sales_rep', entity: 'deal', field: 'amount', mode: 'hidden' };
    await admin.send({ kind: 'create', entity: 'fieldRule', recordId: 'r', changes: changesFor('fieldRule', rule) });
    expect(await snapshotsOn(world.device('rep'))).toEqual([[FIRST_DAY, 'rep', 'north', null]]);
  });

  it('ANA-09 the snapshots of the demo company are those its server would have made of its history', async () => {
    const world = await createSyncWorld(db);
    const nowMs = Date.parse('2026-03-10T09:00:00.000Z');
    const { records } = generateDemoCompany({ seed: 3, nowMs });
    const isWanted = ({ kind }: AnyRecord): boolean => ['deal', 'stageChange', 'pipeline'].includes(kind);
    await seedRecords(db, world.tenantId, records.filter(isWanted), world.deps.clock);
    const told = records.filter(({ kind }) => kind === 'pipelineSnapshot');
    for (const day of ['2025-12-10', '2026-01-31', '2026-03-09']) {
      const made = await db.inTenant(world.tenantId, (session) => readOpenPipeline(session, world.tenantId, day));
      const sorted = made.map(({ ownerId, lines }) => [ownerId, lines.map((line) => line.join(' ')).sort(compare)]);
      const expected = told
        .filter((record) => record['day'] === day)
        .map((record) => [
          record.ownerId,
          (record['lines'] as unknown[][]).map((line) => line.join(' ')).sort(compare),
        ]);
      expect(new Map(sorted as [string, string[]][])).toEqual(new Map(expected as [string, string[]][]));
      expect(made.length).toBeGreaterThan(4);
    }
  });

  it('ANA-09 ANA-10 the housekeeping of a server sends it to the queue for analytics, once a day, and what is too old leaves with it', async () => {
    const world = await worldWith(['d1', {}]);
    pass(world, 2);
    await writeSnapshots(db, world.tenantId, world.clock.nowMs);
    const admin = world.device('admin');
    expect((await snapshotsOn(admin)).length).toBe(2);
    // Long enough for the days that were written to be too old for computers.
    pass(world, SNAPSHOT_DAYS + 3);
    const { clock } = world.deps;
    const engines = [1, 2].map(() => createJobEngine({ database: db, log: silent, times: quickJobs }));
    const sends: string[] = [];
    const errors: unknown[] = [];
    const stops = engines.map((jobs) => {
      const { noteDay } = createAnalyticsJobs(
        { database: db, clock },
        {
          add: (kind) => jobs.add(kind),
          async send(kind, id, data) {
            sends.push(`${kind.queue} ${kind.name ?? ''} ${id}`);
            await jobs.send(kind, id, data);
          },
        },
      );
      // Worlds of other tests are in this database, too.
      const ofThis = (tenantId: TenantId) => (tenantId === world.tenantId ? noteDay(tenantId) : Promise.resolve());
      return startHousekeeping({ db, clock, noteDay: ofThis }, (error) => errors.push(error));
    });
    const done = async () =>
      (await readJobs(db, world.tenantId, { queue: 'analytics', state: 'done' })).map(({ kind }) => kind).sort();
    await expect.poll(done, { timeout: 30_000 }).toEqual(['daily-metrics', 'old-analytics']);
    const days = (await snapshotsOn(admin)).map(([day]) => day);
    expect(days).toHaveLength(SNAPSHOT_DAYS);
    expect(days).not.toContain(FIRST_DAY);
    for (const stop of stops) await stop();
    // Two servers noticed the day; the jobs were the same.
    expect(new Set(sends).size).toBe(2);
    expect(new Set(sends.map((sent) => sent.split(' ')[0]))).toEqual(new Set(['analytics']));
    expect(await noteNothing(world, clock)).toEqual([]);
    for (const jobs of engines) await jobs.stop();
    expect(errors).toEqual([]);
  });

  /** What a day that is written down already would send. */
  async function noteNothing(world: SyncWorld, clock: Clock): Promise<readonly string[]> {
    const sent: string[] = [];
    const { noteDay } = createAnalyticsJobs(
      { database: db, clock },
      {
        add: () => undefined,
        async send(kind) {
          sent.push(kind.queue);
        },
      },
    );
    await noteDay(world.tenantId);
    return sent;
  }
});
