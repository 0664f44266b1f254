import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import type { Change } from '#shared/sync/operation.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  change,
  changesFor,
  createSyncWorld,
  seededRecord,
  type SyncWorld,
  type TestDevice,
} from '#test/support/sync-world.ts';

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
  probability: 10,
  forecastCategory: 'pipeline',
};
const amount = (from: number, to: number): Change => ({
  group: 'amount',
  base: { amount: from, currency: 'EUR' },
  to: { amount: to },
});

describe.each(sqlEngines)('the history of deals on $name', (engine) => {
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

  async function worldWithDeal(): Promise<SyncWorld> {
    const world = await createSyncWorld(db);
    const pipeline = seededRecord('pipeline', DEFAULT_PIPELINE_ID, { name: 'Sales', stages: defaultStages });
    const deal = seededRecord('deal', 'd1', worth);
    await seedRecords(db, world.tenantId, [pipeline, deal], world.deps.clock);
    return world;
  }

  async function historyOn(device: TestDevice): Promise<readonly AnyRecord[]> {
    await device.pullAll();
    const entries = [...device.store.values()].filter(({ kind }) => kind === 'stageChange');
    return entries.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  }

  async function edit(device: TestDevice, ...changes: readonly Change[]): Promise<void> {
    const verdict = await device.send({ entity: 'deal', recordId: 'd1', changes });
    expect(verdict.status, JSON.stringify(verdict)).toMatch(/applied|merged/);
  }

  it('SYNC-57 ANA-08 a change of what a deal is worth without a move has one entry with the values before and after', async () => {
    const world = await worldWithDeal();
    const [rep, admin] = [world.device('rep'), world.device('admin')];
    await edit(rep, amount(10_000, 12_000), change('closeDate', '2026-06-30', '2026-09-30'));
    world.clock.nowMs += 60_000;
    await edit(rep, {
      group: 'stage',
      base: { probability: 10, forecastCategory: 'pipeline' },
      to: { probability: 60, forecastCategory: 'commit', probabilitySource: 'manual', categorySource: 'manual' },
    });
    await edit(rep, { group: 'amount', base: { currency: 'EUR' }, to: { currency: 'USD' } });
    await edit(admin, {
      group: 'owner',
      base: { ownerId: 'rep', teamId: 'north' },
      to: { ownerId: 'colleague', teamId: 'north' },
    });
    await edit(admin, change('nextStep', null, 'Call'));
    const entries = await historyOn(admin);
    expect(entries).toHaveLength(4);
    const still = { dealId: 'd1', fromStage: first, toStage: first, fromType: 'open', toType: 'open' };
    expect(entries).toMatchObject([
      { ...still, createdBy: 'rep', amountBefore: 10_000, amountAfter: 12_000, closeDateAfter: '2026-09-30' },
      { ...still, amountBefore: 12_000, probabilityBefore: 10, probabilityAfter: 60, forecastCategoryAfter: 'commit' },
      { ...still, currencyBefore: 'EUR', currency: 'USD', amountBefore: 12_000, amountAfter: 12_000 },
      { ...still, createdBy: 'admin', ownerBefore: 'rep', ownerAfter: 'colleague', ownerId: 'colleague' },
    ]);
    // Device clocks of this test stand in 2001.
    expect(entries[0]).toMatchObject({ occurredAt: '2001-01-01T00:00:00.000Z', pipelineId: DEFAULT_PIPELINE_ID });
    // Who had the deal has neither it nor its history any more.
    expect(await historyOn(rep)).toEqual([]);
  });

  it('SYNC-57 SYNC-5 sent again there is one entry, and what is refused, lost in a conflict or changes nothing has none', async () => {
    const world = await worldWithDeal();
    const [rep, other, viewer] = [world.device('rep'), world.device('rep'), world.device('viewer')];
    const operation = rep.operation({ entity: 'deal', recordId: 'd1', changes: [amount(10_000, 12_000)] });
    await rep.push([operation]);
    await rep.push([operation]);
    expect(await historyOn(rep)).toHaveLength(1);
    // Typed before the other one was seen: a question, and the value stands.
    const verdict = await other.send({ entity: 'deal', recordId: 'd1', changes: [amount(10_000, 13_000)] });
    expect(verdict.status).toBe('merged');
    await viewer.send({ entity: 'deal', recordId: 'd1', changes: [amount(12_000, 1)] });
    await rep.send({ entity: 'deal', recordId: 'd1', changes: [amount(12_000, -1)] });
    await rep.send({ entity: 'deal', recordId: 'd1', changes: [amount(12_000, 12_000)] });
    expect(await historyOn(rep)).toHaveLength(1);
    // The decision of the question is a change like any other.
    await edit(other, amount(12_000, 13_000));
    expect(await historyOn(rep)).toMatchObject([
      { amountAfter: 12_000 },
      { amountBefore: 12_000, amountAfter: 13_000 },
    ]);
  });

  it('SYNC-57 two devices with the same id of an operation make two entries, and a txn that fails makes none', async () => {
    const world = await worldWithDeal();
    const [rep, manager] = [world.device('rep'), world.device('manager')];
    const opId = 'the-same-id';
    await rep.send({ opId, entity: 'deal', recordId: 'd1', changes: [amount(10_000, 11_000)] });
    await manager.send({ opId, entity: 'deal', recordId: 'd1', changes: [amount(11_000, 12_000)] });
    const good = rep.operation({ txn: 'x', entity: 'deal', recordId: 'd1', changes: [amount(12_000, 13_000)] });
    const bad = rep.operation({ txn: 'x', entity: 'deal', recordId: 'none', changes: [amount(1, 2)] });
    await rep.push([good, bad]);
    const entries = await historyOn(rep);
    expect(entries).toMatchObject([
      { createdBy: 'rep', amountAfter: 11_000 },
      { createdBy: 'manager', amountAfter: 12_000 },
    ]);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(2);
  });

  it('SYNC-57 a move has the entry of its device alone, with what the deal was in truth; without one the server writes it', async () => {
    const world = await worldWithDeal();
    const [rep, manager] = [world.device('rep'), world.device('manager')];
    await edit(manager, amount(10_000, 12_000));
    const move = (from: string | undefined, to: string | undefined): Change => ({
      group: 'stage',
      base: { stageId: from },
      to: { stageId: to, probability: 40 },
    });
    // Somebody who had not seen the new amount, by a clock that goes wrong.
    const entry = {
      dealId: 'd1',
      pipelineId: DEFAULT_PIPELINE_ID,
      fromStage: first,
      toStage: second,
      fromType: 'open',
      toType: 'open',
      amountBefore: 10_000,
      amountAfter: 10_000,
      currency: 'EUR',
      ownerId: 'rep',
      teamId: 'north',
      occurredAt: '2031-01-01T00:00:00.000Z',
    };
    const moving = rep.operation({ txn: 'm', entity: 'deal', recordId: 'd1', changes: [move(first, second)] });
    const history = rep.operation({
      txn: 'm',
      kind: 'create',
      entity: 'stageChange',
      recordId: 'moved',
      changes: changesFor('stageChange', entry),
      dependsOn: [moving.opId],
    });
    const { verdicts } = await rep.push([moving, history]);
    expect(verdicts.map(({ status }) => status)).toEqual(['applied', 'applied']);
    await edit(rep, move(second, first));
    const entries = await historyOn(rep);
    expect(entries).toMatchObject([
      { amountAfter: 12_000 },
      {
        id: 'moved',
        fromStage: first,
        toStage: second,
        amountBefore: 12_000,
        amountAfter: 12_000,
        probabilityBefore: 10,
        probabilityAfter: 40,
        ownerBefore: 'rep',
        ownerAfter: 'rep',
        occurredAt: new Date(world.clock.nowMs).toISOString(),
      },
      { fromStage: second, toStage: first },
    ]);
  });

  it('SYNC-57 SYNC-22 SYNC-23 who does not see an amount has no entry about it, and of others no amount', async () => {
    const world = await worldWithDeal();
    const [admin, rep] = [world.device('admin'), world.device('rep')];
    for (const field of ['amount', 'currency']) {
      const values = { role: 'sales_rep', entity: 'deal', field, mode: 'hidden' };
      await admin.send({
        kind: 'create',
        entity: 'fieldRule',
        recordId: field,
        changes: changesFor('fieldRule', values),
      });
    }
    await rep.pullAll();
    const before = await rep.pull();
    await edit(admin, amount(10_000, 98_765_432));
    const after = await rep.pull();
    expect(after.items).toEqual([]);
    expect(before.items).toEqual([]);
    await edit(admin, amount(98_765_432, 87_654_321), change('closeDate', '2026-06-30', '2026-07-31'));
    const [seen, ...rest] = await historyOn(rep);
    expect(rest).toEqual([]);
    expect(seen).toMatchObject({ closeDateBefore: '2026-06-30', closeDateAfter: '2026-07-31' });
    // Given away and back: what is hidden does not come along with its keys.
    const owner = (from: string, to: string): Change => ({
      group: 'owner',
      base: { ownerId: from },
      to: { ownerId: to },
    });
    await edit(admin, owner('rep', 'admin'));
    await rep.pullAll();
    await edit(admin, owner('admin', 'rep'));
    const fresh = world.device('rep');
    expect(await historyOn(fresh)).toEqual(await historyOn(rep));
    expect(await historyOn(rep)).toHaveLength(3);
    expect(JSON.stringify([...rep.store.values()])).not.toMatch(/98765432|87654321/);
    expect(await rep.reconcile()).toMatchObject({ asked: [], removed: [] });
    expect(await historyOn(admin)).toHaveLength(4);
    // The edit of the amount alone is none of the rep's business, not even by its id.
    const hidden = (await historyOn(admin))[0]?.id ?? '';
    const verdict = await rep.send({ kind: 'delete', entity: 'stageChange', recordId: hidden });
    expect(verdict).toMatchObject({ status: 'rejected', code: 'not_visible' });
  });

  it('SYNC-57 SYNC-22 who sees an amount masked sees masks in its entries', async () => {
    const world = await worldWithDeal();
    const [admin, rep] = [world.device('admin'), world.device('rep')];
    const values = { role: 'sales_rep', entity: 'deal', field: 'amount', mode: 'mask' };
    await admin.send({ kind: 'create', entity: 'fieldRule', recordId: 'r', changes: changesFor('fieldRule', values) });
    await rep.pullAll();
    await edit(admin, amount(10_000, 98_765_432));
    const [entry] = await historyOn(rep);
    expect(entry).toMatchObject({ amountBefore: { $masked: '•••' }, amountAfter: { $masked: '•••' } });
    // Somebody who sees masks changes something else: the entry is complete all the same.
    await edit(rep, change('closeDate', '2026-06-30', '2026-07-31'));
    expect((await historyOn(admin)).at(-1)).toMatchObject({ createdBy: 'rep', amountBefore: 98_765_432 });
  });
});
