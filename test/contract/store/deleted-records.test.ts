import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { MOST_DELETED } from '#shared/sync/deleted-messages.ts';
import { erasePerson } from '#server/privacy/erase-person.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { readDeletedRecords } from '#server/sync/deleted-records.ts';
import { RESTORABLE_MS } from '#server/sync/judge-operation.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { changesFor, createSyncWorld, seededRecord, type SyncWorld } from '#test/support/sync-world.ts';

const SECRET = 'canary: takeover of the other one';

describe.each(sqlEngines)('what can be restored on $name', (engine) => {
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

  const seed = (world: SyncWorld, kind: EntityName, id: string, values: Readonly<Record<string, unknown>>) =>
    seedRecords(db, world.tenantId, [seededRecord(kind, id, values)], world.deps.clock);

  async function discard(world: SyncWorld, userId: string, entity: EntityName, recordId: string): Promise<void> {
    const verdict = await world.device(userId).send({ kind: 'delete', entity, recordId, baseRev: 1_000_000 });
    expect(verdict.status, JSON.stringify(verdict)).toBe('applied');
    world.clock.nowMs += 60_000;
  }

  const listOf = async (world: SyncWorld, userId: string, limit = MOST_DELETED) =>
    readDeletedRecords(db, await world.actorOf(userId), world.clock.nowMs, limit);
  const idsOf = async (world: SyncWorld, userId: string) => (await listOf(world, userId)).records.map(({ id }) => id);

  it('DEL-1 lists what this user could bring back, newest first, with who deleted it', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'account', 'a1', { name: 'Alpha', ownerId: 'rep', teamId: 'north' });
    await seed(world, 'contact', 'c1', { name: 'Erika', ownerId: 'rep', teamId: 'north' });
    await seed(world, 'account', 'kept', { name: 'Kept', ownerId: 'rep', teamId: 'north' });
    await seed(world, 'account', 'other', { name: 'Other', ownerId: 'stranger', teamId: 'south' });
    const deletedAt = expect.stringMatching(/^2026-03-02T08:00:00/) as string;
    await discard(world, 'manager', 'account', 'a1');
    await discard(world, 'admin', 'contact', 'c1');
    await discard(world, 'admin', 'account', 'other');
    expect(await listOf(world, 'manager')).toMatchObject({
      records: [
        { entity: 'contact', id: 'c1', title: 'Erika', isTitleMasked: false, deletedBy: 'admin' },
        { entity: 'account', id: 'a1', title: 'Alpha', isTitleMasked: false, deletedBy: 'manager', deletedAt },
      ],
      hasMore: false,
    });
    expect(await idsOf(world, 'admin')).toEqual(['other', 'c1', 'a1']);
    // The owner saw them, but restores nothing; nor does who only looks at everything.
    expect(await listOf(world, 'rep')).toEqual({ records: [], hasMore: false });
    expect(await listOf(world, 'viewer')).toEqual({ records: [], hasMore: false });
    expect(await listOf(world, 'admin', 2)).toMatchObject({ records: [{ id: 'other' }, { id: 'c1' }], hasMore: true });
  });

  it('DEL-1 a pipeline is listed for who may bring it back', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'pipeline', 'p1', { name: 'Partners', stages: [], ownerId: 'admin' });
    await discard(world, 'admin', 'pipeline', 'p1');
    expect((await listOf(world, 'admin')).records[0]).toMatchObject({ entity: 'pipeline', title: 'Partners' });
    expect(await idsOf(world, 'manager')).not.toContain('p1');
  });

  it('DEL-1 what is listed can be restored, and is then no longer listed', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'account', 'a1', { name: 'Alpha', ownerId: 'rep', teamId: 'north' });
    await discard(world, 'manager', 'account', 'a1');
    world.clock.nowMs += RESTORABLE_MS - 60_000;
    expect(await idsOf(world, 'manager')).toEqual(['a1']);
    const device = world.device('manager');
    expect(await device.send({ kind: 'restore', recordId: 'a1' })).toMatchObject({ status: 'applied' });
    await device.pullAll();
    expect(device.store.get('accounts/a1')).toMatchObject({ name: 'Alpha' });
    expect(await idsOf(world, 'manager')).toEqual([]);
  });

  it('DEL-1 what is older than 30 days or was erased is not listed', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'account', 'old', { name: 'Old', ownerId: 'rep', teamId: 'north' });
    await seed(world, 'contact', 'gone', { name: 'Gone', ownerId: 'rep', teamId: 'north' });
    await discard(world, 'manager', 'account', 'old');
    world.clock.nowMs += RESTORABLE_MS;
    await discard(world, 'manager', 'contact', 'gone');
    expect(await idsOf(world, 'manager')).toEqual(['gone']);
    await db.inTenant(world.tenantId, (session) =>
      erasePerson(
        session,
        world.tenantId,
        { entity: 'contact', id: 'gone' },
        { userId: 'admin', nowMs: world.clock.nowMs },
      ),
    );
    expect(await idsOf(world, 'manager')).toEqual([]);
    expect(await idsOf(world, 'admin')).toEqual([]);
  });

  it('SYNC-22 DEL-1 a hidden title is not told, a masked one stays masked', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'account', 'a1', { name: SECRET, ownerId: 'rep', teamId: 'north' });
    await seed(world, 'contact', 'c1', { name: SECRET, ownerId: 'rep', teamId: 'north' });
    await discard(world, 'manager', 'account', 'a1');
    await discard(world, 'manager', 'contact', 'c1');
    const admin = world.device('admin');
    for (const [entity, mode] of [
      ['account', 'hidden'],
      ['contact', 'mask'],
    ]) {
      const values = { role: 'manager', entity, field: 'name', mode };
      const wish = { kind: 'create', entity: 'fieldRule', recordId: `rule-${String(entity)}` } as const;
      const verdict = await admin.send({ ...wish, changes: changesFor('fieldRule', values) });
      expect(verdict.status, JSON.stringify(verdict)).toBe('applied');
    }
    const list = await listOf(world, 'manager');
    expect(JSON.stringify(list)).not.toContain('canary');
    expect(list.records).toMatchObject([
      { id: 'c1', isTitleMasked: true },
      { id: 'a1', title: null, isTitleMasked: false },
    ]);
    expect((await listOf(world, 'admin')).records).toMatchObject([{ title: SECRET }, { title: SECRET }]);
  });

  it('DEL-1 what follows a record is judged by where that record stands now', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'account', 'a1', { name: 'Alpha', ownerId: 'rep', teamId: 'north' });
    await seed(world, 'activity', 'call', {
      subject: 'Call',
      type: 'call',
      accountId: 'a1',
      ownerId: 'rep',
      teamId: 'north',
    });
    await discard(world, 'manager', 'activity', 'call');
    expect(await idsOf(world, 'manager')).toEqual(['call']);
    const verdict = await world.device('admin').send({
      recordId: 'a1',
      changes: [
        { group: 'ownerId', base: { ownerId: 'rep' }, to: { ownerId: 'stranger' } },
        { group: 'teamId', base: { teamId: 'north' }, to: { teamId: 'south' } },
      ],
    });
    expect(verdict.status, JSON.stringify(verdict)).not.toBe('rejected');
    expect(await idsOf(world, 'manager')).toEqual([]);
  });

  it('DEL-1 a file is listed as long as its record is there and may be changed', async () => {
    const world = await createSyncWorld(db);
    await seed(world, 'account', 'a1', { name: 'Alpha', ownerId: 'rep', teamId: 'north' });
    await seed(world, 'file', 'f1', { name: 'offer.pdf', accountId: 'a1', ownerId: 'rep' });
    await discard(world, 'rep', 'file', 'f1');
    expect(await listOf(world, 'rep')).toMatchObject({ records: [{ entity: 'file', title: 'offer.pdf' }] });
    expect(await idsOf(world, 'viewer')).toEqual([]);
    expect(await idsOf(world, 'stranger')).toEqual([]);
    await discard(world, 'manager', 'account', 'a1');
    expect(await idsOf(world, 'rep')).toEqual([]);
    expect(await idsOf(world, 'manager')).toEqual(['a1']);
  });

  it('DEL-1 more rows than one page are read through', async () => {
    const world = await createSyncWorld(db);
    const records = Array.from({ length: 620 }, (_, index) =>
      seededRecord('account', `a${String(index)}`, { name: 'A', ownerId: 'rep', teamId: 'north' }),
    );
    await seedRecords(db, world.tenantId, records, world.deps.clock);
    await world.rows(`UPDATE record SET deleted = true, deleted_at = $1 WHERE kind = 'account'`, [world.clock.nowMs]);
    const page = await listOf(world, 'manager');
    expect(page.records).toHaveLength(MOST_DELETED);
    expect(page.hasMore).toBe(true);
    expect(new Set((await listOf(world, 'manager', 700)).records.map(({ id }) => id)).size).toBe(620);
  });
});
