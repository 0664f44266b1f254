// What the server itself says about quotas, adjustments and submitted forecasts, whatever a device sends.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { create, idsOn } from '#test/support/scope-operations.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, createSyncWorld, seededRecord, type SyncWorld } from '#test/support/sync-world.ts';

const period = { periodStart: '2026-01-01', periodEnd: '2026-03-31' };
const adjustment = (author: string, teamId: string | null, of: object) => ({
  hierarchy: 'managers',
  columnMode: 'single',
  ...period,
  category: 'commit',
  value: 100,
  baseValue: 90,
  currency: 'EUR',
  ownerId: author,
  teamId,
  ...of,
});
const quotaOf = (userId: string, teamId: string | null, periodStart = '2026-01-01') => ({
  userId,
  periodType: 'quarter',
  periodStart,
  fiscalYearStart: 1,
  amount: 1000,
  currency: 'EUR',
  ownerId: userId,
  teamId,
});

describe.each(sqlEngines)('forecasts on $name', (engine) => {
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

  async function worldOf(): Promise<SyncWorld> {
    const world = await createSyncWorld(db);
    const lead = seededRecord('user', 'south-lead', {
      name: 'Lead',
      email: 'lead@example.com',
      role: 'manager',
      teamId: 'south',
      isActive: true,
    });
    await seedRecords(db, world.tenantId, [lead], world.deps.clock);
    return world;
  }

  it('ANA-20 a manager adjusts people of the own team and nobody else, and below nobody learns of it', async () => {
    const world = await worldOf();
    const [manager, rep, viewer] = [world.device('manager'), world.device('rep'), world.device('viewer')];
    const send = (id: string, userId: string) =>
      create(manager, 'forecastAdjustment', id, adjustment('manager', 'north', { userId }));
    expect(await send('a1', 'rep')).toMatchObject({ status: 'applied' });
    expect(await send('a2', 'stranger')).toMatchObject({ code: 'action_forbidden', why: { reason: 'notBelow' } });
    const own = create(rep, 'forecastAdjustment', 'a3', adjustment('rep', 'north', { userId: 'rep' }));
    expect(await own).toMatchObject({ status: 'applied' });
    for (const device of [manager, rep, viewer]) await device.pullAll();
    expect(idsOn(manager, 'forecastAdjustment')).toEqual(['a1', 'a3']);
    expect(idsOn(rep, 'forecastAdjustment')).toEqual(['a3']);
    expect(idsOn(viewer, 'forecastAdjustment')).toEqual(['a1', 'a3']);
  });

  it('ANA-20 nobody writes in the name of others, into foreign teams, or changes what was written', async () => {
    const world = await worldOf();
    const [manager, rep] = [world.device('manager'), world.device('rep')];
    const forged = adjustment('rep', 'north', { userId: 'rep' });
    expect(await create(manager, 'forecastAdjustment', 'a1', forged)).toMatchObject({ why: { reason: 'ownership' } });
    const planted = adjustment('rep', 'south', { userId: 'rep' });
    expect(await create(rep, 'forecastAdjustment', 'a2', planted)).toMatchObject({ status: 'rejected' });
    const own = adjustment('rep', 'north', { userId: 'rep' });
    expect(await create(rep, 'forecastAdjustment', 'a3', own)).toMatchObject({ status: 'applied' });
    const edit = { entity: 'forecastAdjustment', recordId: 'a3', changes: [change('value', 100, 200)] };
    expect(await rep.send(edit)).toMatchObject({ code: 'action_forbidden' });
    const remove_ = { kind: 'delete', entity: 'forecastAdjustment', recordId: 'a3' } as const;
    expect(await rep.send({ ...remove_, baseRev: await world.headSeq() })).toMatchObject({ status: 'applied' });
  });

  it('ANA-20 two devices of one person that adjust the same number apart from each other both keep it', async () => {
    const world = await worldOf();
    const [laptop, desk] = [world.device('rep', 'laptop'), world.device('rep', 'desk')];
    const own = adjustment('rep', 'north', { userId: 'rep' });
    await create(laptop, 'forecastAdjustment', 'earlier', { ...own, value: 1 });
    await create(desk, 'forecastAdjustment', 'later', { ...own, value: 2 });
    await laptop.pullAll();
    const revs = [...laptop.store.values()].filter(({ kind }) => kind === 'forecastAdjustment');
    expect(revs.toSorted((a, b) => b.rev - a.rev).map(({ id }) => id)).toEqual(['later', 'earlier']);
  });

  it('ANA-20 quotas are set from above, for whole periods, and belong to whom they are for', async () => {
    const world = await worldOf();
    const [manager, rep, lead] = [world.device('manager'), world.device('rep'), world.device('south-lead')];
    expect(await create(manager, 'quota', 'q1', quotaOf('rep', 'north'))).toMatchObject({ status: 'applied' });
    expect(await create(manager, 'quota', 'q2', quotaOf('manager', 'north'))).toMatchObject({
      why: { reason: 'ownQuota' },
    });
    expect(await create(lead, 'quota', 'q3', quotaOf('rep', 'north'))).toMatchObject({ why: { reason: 'notBelow' } });
    expect(await create(manager, 'quota', 'q4', quotaOf('stranger', 'north'))).toMatchObject({
      why: { reason: 'ownership' },
    });
    expect(await create(rep, 'quota', 'q5', quotaOf('rep', 'north'))).toMatchObject({ code: 'action_forbidden' });
    expect(await create(manager, 'quota', 'q6', quotaOf('rep', 'north', '2026-02-01'))).toMatchObject({
      code: 'invalid',
    });
    await rep.pullAll();
    expect(idsOn(rep, 'quota')).toEqual(['q1']);
    const raise = { entity: 'quota', recordId: 'q1', changes: [{ group: 'amount', base: {}, to: { amount: 2000 } }] };
    expect(await rep.send(raise)).toMatchObject({ code: 'action_forbidden' });
    expect(await manager.send(raise)).toMatchObject({ status: 'applied' });
  });

  it('ANA-20 a forecast is submitted by whom it belongs to and stays as it was submitted', async () => {
    const world = await worldOf();
    const [manager, rep] = [world.device('manager'), world.device('rep')];
    const frozen = (author: string) => ({
      hierarchy: 'managers',
      ...period,
      userId: 'rep',
      submittedAt: '2026-01-05T08:00:00.000Z',
      commit: 100,
      currency: 'EUR',
      numbers: {},
      deals: ['d1:4'],
      dealCount: 1,
      ownerId: author,
      teamId: 'north',
    });
    expect(await create(manager, 'forecastSubmission', 's1', frozen('manager'))).toMatchObject({
      why: { reason: 'othersForecast' },
    });
    expect(await create(rep, 'forecastSubmission', 's2', frozen('rep'))).toMatchObject({ status: 'applied' });
    await manager.pullAll();
    expect(idsOn(manager, 'forecastSubmission')).toEqual(['s2']);
    const edit = { entity: 'forecastSubmission', recordId: 's2', changes: [change('commit', 100, 200)] };
    expect(await rep.send(edit)).toMatchObject({ status: 'rejected' });
    const remove_ = { kind: 'delete', entity: 'forecastSubmission', recordId: 's2' } as const;
    expect(await world.device('admin').send({ ...remove_, baseRev: await world.headSeq() })).toMatchObject({
      status: 'rejected',
    });
  });
});
