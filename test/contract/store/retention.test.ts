// What the server need not keep goes; a device that comes back after that loses nothing and does nothing twice.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { verifyAudit } from '#server/audit/verify-audit.ts';
import { expire, LOG_DAYS, RESULT_DAYS } from '#server/retention/expire.ts';
import { pullPage } from '#server/sync/pull.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, changesFor, createSyncWorld, type SyncWorld, type TestDevice } from '#test/support/sync-world.ts';

const DAY_MS = 86_400_000;

describe.each(sqlEngines)('retention on $name', (engine) => {
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

  const create = (device: TestDevice, id: string) =>
    device.send({ kind: 'create', recordId: id, changes: changesFor('account', { name: id, ownerId: device.userId }) });
  const expireAll = (world: SyncWorld) => expire(db, world.tenantId, world.clock.nowMs);
  const count = async (world: SyncWorld, table: string): Promise<number> =>
    (await world.rows<{ count: number }>(`SELECT count(*) AS count FROM ${table}`))[0]?.count ?? -1;
  const pass = (world: SyncWorld, days: number): void => {
    world.clock.nowMs += days * DAY_MS;
  };

  it('SYNC-20 SYNC-16 a device that comes back before its place expired goes on from the log, one that comes later compares and holds the same', async () => {
    const world = await createSyncWorld(db);
    const writer = world.device('rep');
    await create(writer, 'kept');
    await create(writer, 'changed');
    await create(writer, 'deleted');
    const [short, long] = [world.device('rep'), world.device('rep')];
    await long.pullAll();
    pass(world, 1);
    await writer.send({ recordId: 'changed', changes: [change('phone', null, '+49 30 1')] });
    await world.device('admin').send({ kind: 'delete', recordId: 'deleted', baseRev: await world.headSeq() });
    pass(world, 59);
    await short.pullAll();
    pass(world, LOG_DAYS - 58);
    await create(writer, 'new');

    expect((await expireAll(world)).changes).toBeGreaterThan(0);
    const left = await world.rows<{ ts: number }>('SELECT min(ts) AS ts FROM change');
    expect(left[0]?.ts).toBeGreaterThanOrEqual(world.clock.nowMs - LOG_DAYS * DAY_MS);
    expect(await count(world, 'change_key WHERE seq <= (SELECT min_seq FROM tenant_head)')).toBe(0);

    const actor = await world.actorOf('rep');
    const request = (token: string | null) => ({ protocol: 1, token });
    expect((await pullPage(world.deps, actor, short.id, request(short.token))).items).toHaveLength(1);
    await expect(pullPage(world.deps, actor, long.id, request(long.token))).rejects.toMatchObject({
      code: 'bad_token',
    });
    await short.pullAll();
    const { asked, removed } = await long.reconcile();
    expect([asked.filter((name) => !name.startsWith('activities/f.')).toSorted(), removed]).toEqual([
      ['accounts/changed', 'accounts/new'],
      ['accounts/deleted'],
    ]);
    expect(long.store).toEqual(short.store);
    expect([...long.store.values()].find(({ id }) => id === 'changed')).toMatchObject({ phone: '+49 30 1' });
    // Nothing is left to do, and a quiet organization that forgot its whole log still answers.
    expect(await expireAll(world)).toEqual({ changes: 0, results: 0 });
    pass(world, LOG_DAYS + 1);
    await expireAll(world);
    expect(await count(world, 'change')).toBe(0);
    expect((await pullPage(world.deps, actor, long.id, request(long.token))).items).toEqual([]);
    await create(writer, 'later');
    await long.pullAll();
    expect([...long.store.keys()]).toContain('accounts/later');
  });

  it('SYNC-20 the log reaches back twice the offline lease where that is longer', async () => {
    const world = await createSyncWorld(db);
    await create(world.device('rep'), 'a1');
    await world.rows(`UPDATE tenant SET settings = '{"offlineLeaseDays": 80}'`);
    pass(world, 2 * 80 - 1);
    expect((await expireAll(world)).changes).toBe(0);
    pass(world, 2);
    expect((await expireAll(world)).changes).toBeGreaterThan(0);
  });

  it('SYNC-5 an answer is repeated for more than a year; after that what is sent again has no effect and says why', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    await create(device, 'a1');
    const add = device.operation({ recordId: 'a1', changes: [change('phone', null, '+49 30 1')] });
    const first = await device.push([add]);
    pass(world, RESULT_DAYS - 1);
    await expireAll(world);
    expect((await device.push([add])).verdicts).toEqual(first.verdicts);
    pass(world, 2);
    expect((await expireAll(world)).results).toBeGreaterThan(0);
    const seq = await world.headSeq();
    const [again] = (await device.push([add])).verdicts;
    expect(again).toMatchObject({ status: 'rejected', code: 'op_reuse', why: { reason: 'answeredLongAgo' } });
    expect(await world.headSeq()).toBe(seq);
    // The device goes on with its next number.
    expect(await device.send({ recordId: 'a1', changes: [change('phone', '+49 30 1', '+49 30 2')] })).toMatchObject({
      status: 'applied',
    });
  });

  it('SYNC-41 SYNC-55 a deletion typed before the log was forgotten is refused, and the audit keeps everything', async () => {
    const world = await createSyncWorld(db);
    const [device, other] = [world.device('rep'), world.device('admin')];
    await create(device, 'a1');
    await other.pullAll();
    const baseRev = await world.headSeq();
    await device.send({ recordId: 'a1', changes: [change('phone', null, '+49 30 1')] });
    pass(world, LOG_DAYS + 1);
    await expireAll(world);
    expect(await other.send({ kind: 'delete', recordId: 'a1', baseRev })).toMatchObject({ code: 'conflict_manual' });
    expect(await verifyAudit(db, world.tenantId, [], world.clock.nowMs)).toMatchObject({ entries: 3, finding: null });
  });

  it('SYNC-20 pushes and pulls go on while much is removed', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    await create(device, 'a1');
    await db.asOwner((session) =>
      session.query(
        `INSERT INTO change (tenant, seq, n, coll, id, kind, action, groups, keys_before, keys_after, ts)
         SELECT $1, -i, 0, 'accounts', 'old', 'account', 'update', '{}', '{}', '{}', 1 FROM generate_series(1, 12000) AS i`,
        [world.tenantId],
      ),
    );
    pass(world, 1);
    const [expired] = await Promise.all([
      expireAll(world),
      ...Array.from({ length: 5 }, (_item, index) => create(world.device('colleague'), `meanwhile-${String(index)}`)),
    ]);
    expect(expired.changes).toBe(12_000);
    const reader = world.device('admin');
    await reader.pullAll();
    expect([...reader.store.keys()].filter((key) => key.startsWith('accounts/meanwhile'))).toHaveLength(5);
  });
});
