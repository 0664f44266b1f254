import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { territoriesAndFollowers } from '#server/store/migrations/0008-territories-and-followers.ts';
import { continueFollowing } from '#server/sync/follow-queue.ts';
import { hashOperations } from '#server/sync/op-results.ts';
import { pushTogether } from '#server/sync/push-together.ts';
import { fileValues } from '#test/support/file-operations.ts';
import { create, give, idsOn, share, unshare } from '#test/support/scope-operations.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, changesFor, createSyncWorld, seededRecord, type SyncWorld } from '#test/support/sync-world.ts';

const deal = { name: 'Deal', pipelineId: 'p', stageId: 's', ownerId: 'rep', teamId: 'north' };
const call = {
  subject: 'Call',
  activityType: 'call',
  occurredAt: '2026-03-02T08:00:00.000Z',
  ownerId: 'rep',
  teamId: 'north',
};
const toRep = { ownerId: 'rep', teamId: 'north' };
const toStranger = { ownerId: 'stranger', teamId: 'south' };

describe.each(sqlEngines)('children on $name', (engine) => {
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

  async function worldWith(
    records: readonly (readonly [Parameters<typeof seededRecord>[0], string, object])[],
  ): Promise<SyncWorld> {
    const world = await createSyncWorld(db);
    const seeded = records.map(([kind, id, values]) => seededRecord(kind, id, { ...values }));
    await seedRecords(db, world.tenantId, seeded, world.deps.clock);
    return world;
  }

  /** Keys of everything that follows a record, one line for each different set. */
  async function keysOfChildren(world: SyncWorld, parentId: string): Promise<readonly string[]> {
    const rows = await world.rows<{ keys: string }>(
      `SELECT DISTINCT array_to_string(scope_keys, ' ') AS keys FROM record WHERE subject = $1 ORDER BY keys`,
      [parentId],
    );
    return rows.map(({ keys }) => keys);
  }

  it('SYNC-37 activities and stage changes go with the deal, tasks stay with whoever has to do them', async () => {
    const world = await worldWith([
      ['account', 'a1', { name: 'Account', ownerId: 'rep', teamId: 'north' }],
      ['deal', 'd1', { ...deal, accountId: 'a1' }],
      ['activity', 'on-deal', { ...call, dealId: 'd1', accountId: 'a1' }],
      ['activity', 'on-account', { ...call, accountId: 'a1' }],
      ['activity', 'alone', call],
      [
        'stageChange',
        's1',
        { dealId: 'd1', pipelineId: 'p', toStage: 's', toType: 'open', occurredAt: call.occurredAt, ownerId: 'rep' },
      ],
      ['task', 't1', { subject: 'Call back', dealId: 'd1', ownerId: 'colleague', teamId: 'north' }],
      ['task', 'private', { subject: 'Present', dealId: 'd1', ownerId: 'rep', teamId: null, visibility: 'private' }],
    ]);
    const [rep, stranger, colleague, admin] = ['rep', 'stranger', 'colleague', 'admin'].map((id) => world.device(id));
    if (rep === undefined || stranger === undefined || colleague === undefined || admin === undefined)
      throw new Error('no device');
    for (const device of [rep, stranger, colleague]) await device.pullAll();
    expect(idsOn(rep, 'activity')).toEqual(['alone', 'on-account', 'on-deal']);
    expect(idsOn(rep, 'task')).toEqual(['private', 't1']);
    await give(admin, 'deal', 'd1', toRep, toStranger);
    for (const device of [rep, stranger, colleague]) await device.pullAll();
    expect([idsOn(rep, 'activity'), idsOn(rep, 'stageChange'), idsOn(rep, 'task')]).toEqual([
      ['alone', 'on-account'],
      [],
      ['private'],
    ]);
    // That it changed hands is an entry of its history, too.
    const entries = idsOn(stranger, 'stageChange').filter((id) => id !== 's1');
    expect(entries).toHaveLength(1);
    expect([idsOn(stranger, 'activity'), idsOn(stranger, 'stageChange'), idsOn(stranger, 'task')]).toEqual([
      ['on-deal'],
      [...entries, 's1'],
      ['t1'],
    ]);
    expect(idsOn(colleague, 'task')).toEqual(['t1']);
    for (const device of [rep, stranger, colleague]) {
      const fresh = world.device(device.userId);
      await fresh.pullAll();
      expect(device.store).toEqual(fresh.store);
    }
  });

  it('SYNC-36 SYNC-37 a conflict goes with its record, also from the person whose value lost', async () => {
    const world = await worldWith([
      ['deal', 'd1', { ...deal, amount: 100, currency: 'EUR' }],
      ['task', 't1', { subject: 'Call', dealId: 'd1', ownerId: 'rep', teamId: 'north', dueDate: '2026-03-05' }],
    ]);
    const [rep, manager, stranger, admin] = [
      world.device('rep'),
      world.device('manager'),
      world.device('stranger'),
      world.device('admin'),
    ];
    const amount = (to: number) => [
      { group: 'amount', base: { amount: 100, currency: 'EUR' }, to: { amount: to, currency: 'EUR' } },
    ];
    const due = (to: string) => [{ group: 'due', base: { dueDate: '2026-03-05' }, to: { dueDate: to } }];
    await manager.send({ entity: 'deal', recordId: 'd1', changes: amount(200) });
    expect(await rep.send({ entity: 'deal', recordId: 'd1', changes: amount(300) })).toMatchObject({
      status: 'merged',
    });
    await manager.send({ entity: 'task', recordId: 't1', changes: due('2026-03-06') });
    expect(await rep.send({ entity: 'task', recordId: 't1', changes: due('2026-03-07') })).toMatchObject({
      status: 'merged',
    });
    await Promise.all([rep.pullAll(), stranger.pullAll()]);
    expect(idsOn(rep, 'conflict')).toHaveLength(2);
    await give(admin, 'deal', 'd1', toRep, toStranger);
    await Promise.all([rep.pullAll(), stranger.pullAll()]);
    // The task stays with the rep, who has to do it, and with it what is to be decided about it.
    expect(idsOn(rep, 'conflict')).toHaveLength(1);
    expect(idsOn(stranger, 'conflict')).toHaveLength(2);
    const ofDeal = [...stranger.store.values()].find((record) => record['subjectId'] === 'd1');
    expect(ofDeal).toMatchObject({ ownerId: 'stranger', teamId: 'south' });
  });

  it('SYNC-36 a conflict has the owner of its task, also when the task goes to whom it was visible already', async () => {
    const world = await worldWith([
      [
        'task',
        't1',
        {
          subject: 'Call',
          dueDate: '2026-03-05',
          ownerId: 'rep',
          teamId: 'north',
          participantIds: ['rep', 'colleague'],
        },
      ],
    ]);
    const [rep, manager, admin] = [world.device('rep'), world.device('manager'), world.device('admin')];
    const due = (to: string) => [{ group: 'due', base: { dueDate: '2026-03-05' }, to: { dueDate: to } }];
    await manager.send({ entity: 'task', recordId: 't1', changes: due('2026-03-06') });
    await rep.send({ entity: 'task', recordId: 't1', changes: due('2026-03-07') });
    await give(admin, 'task', 't1', toRep, { ownerId: 'colleague', teamId: 'north' });
    expect(
      await world.rows(
        `SELECT kind, owner, data ->> 'ownerId' AS "ownerId" FROM record WHERE kind IN ('task', 'conflict') ORDER BY kind`,
      ),
    ).toEqual(['conflict', 'task'].map((kind) => ({ kind, owner: 'colleague', ownerId: 'colleague' })));
  });

  it('SYNC-36 SYNC-37 a conflict about a deleted task goes with the record above, as if the task were there', async () => {
    const world = await worldWith([
      ['account', 'a1', { name: 'Account', ...toRep }],
      ['task', 't1', { subject: 'Call', accountId: 'a1', dueDate: '2026-03-05', ...toRep }],
    ]);
    const [rep, manager, stranger] = [world.device('rep'), world.device('manager'), world.device('stranger')];
    const due = (to: string) => [{ group: 'due', base: { dueDate: '2026-03-05' }, to: { dueDate: to } }];
    await manager.send({ entity: 'task', recordId: 't1', changes: due('2026-03-06') });
    await rep.send({ entity: 'task', recordId: 't1', changes: due('2026-03-07') });
    const removal = { kind: 'delete', entity: 'task', recordId: 't1', baseRev: 1_000 } as const;
    expect(await world.device('admin').send(removal)).toMatchObject({ status: 'applied' });
    const seen: (readonly string[])[] = [];
    for (const step of [share, unshare]) {
      await step(rep, 'a1', 'view:user:stranger', 'account');
      await stranger.pullAll();
      seen.push([...idsOn(stranger, 'account'), ...idsOn(stranger, 'task'), ...idsOn(stranger, 'conflict')]);
    }
    expect(seen).toEqual([['a1', expect.any(String)], []]);
  });

  it('SYNC-22 SYNC-36 a conflict made while its record was shared for a moment of a push is not shared for ever', async () => {
    const world = await worldWith([['account', 'a1', { name: 'Account', ...toRep }]]);
    const [rep, manager, stranger] = [world.device('rep'), world.device('manager'), world.device('stranger')];
    await manager.send({ entity: 'account', recordId: 'a1', changes: [change('name', 'Account', 'Theirs')] });
    const shares = (base: readonly string[], part: 'add' | 'remove') =>
      rep.operation({
        entity: 'account',
        recordId: 'a1',
        changes: [{ group: 'shares', base: { shares: base }, [part]: { shares: ['view:user:stranger'] } }],
      });
    const rename = () =>
      rep.operation({ entity: 'account', recordId: 'a1', changes: [change('name', 'Account', 'Mine')] });
    const { verdicts } = await rep.push([shares([], 'add'), rename(), shares(['view:user:stranger'], 'remove')]);
    expect(verdicts.map(({ status }) => status)).toEqual(['applied', 'merged', 'applied']);
    await Promise.all([rep.pullAll(), stranger.pullAll()]);
    expect(idsOn(rep, 'conflict')).toHaveLength(1);
    expect(idsOn(stranger, 'conflict')).toEqual([]);
  });

  it('SYNC-37 a child written in the batch that moves its parent ends up where the parent is, in either order', async () => {
    const world = await worldWith([
      ['deal', 'd1', deal],
      ['deal', 'd2', deal],
    ]);
    const admin = world.device('admin');
    const move = (recordId: string) =>
      admin.operation({ entity: 'deal', recordId, changes: [{ group: 'owner', base: toRep, to: toStranger }] });
    const note = (recordId: string, dealId: string) =>
      admin.operation({
        kind: 'create',
        entity: 'activity',
        recordId,
        changes: changesFor('activity', { ...call, ownerId: 'admin', teamId: null, dealId }),
      });
    const { verdicts } = await admin.push([note('n1', 'd1'), move('d1'), move('d2'), note('n2', 'd2')]);
    expect(verdicts.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied', 'applied']);
    for (const id of ['d1', 'd2']) expect(await keysOfChildren(world, id)).toEqual(['o:stranger t:south w']);
  });

  it('SYNC-37 children written while the parent moves never keep the keys it had', async () => {
    const world = await worldWith([['deal', 'd1', deal]]);
    const [rep, admin] = [world.device('rep'), world.device('admin')];
    const notes = async () => {
      for (let index = 0; index < 20; index += 1)
        await create(rep, 'activity', `n${String(index)}`, { ...call, dealId: 'd1' });
    };
    const moves = async () => {
      for (let index = 0; index < 5; index += 1) {
        await give(admin, 'deal', 'd1', toRep, toStranger);
        await give(admin, 'deal', 'd1', toStranger, toRep);
      }
      await give(admin, 'deal', 'd1', toRep, toStranger);
    };
    await Promise.all([notes(), moves()]);
    const keys = await keysOfChildren(world, 'd1');
    expect(keys.filter((set) => set !== 'o:stranger t:south w')).toEqual([]);
  });

  it('SYNC-32 SYNC-37 what follows a record that moved earlier in the same transaction is judged by where it is now', async () => {
    const world = await worldWith([
      ['deal', 'd1', deal],
      ['activity', 'n1', { ...call, dealId: 'd1' }],
      ['conflict', 'c1', { subjectEntity: 'deal', subjectId: 'd1', group: 'amount', state: 'open', ...toRep }],
    ]);
    const [rep, admin] = [world.device('rep'), world.device('admin')];
    const move = admin.operation({
      entity: 'deal',
      recordId: 'd1',
      changes: [{ group: 'owner', base: toRep, to: toStranger }],
    });
    const late = [
      rep.operation({ entity: 'activity', recordId: 'n1', changes: [change('subject', 'Call', 'Mine')] }),
      rep.operation({ entity: 'conflict', recordId: 'c1', changes: [change('state', 'open', 'resolved')] }),
    ];
    const pushes = [
      { actor: await world.actorOf('admin'), deviceId: admin.id, operations: [move] },
      { actor: await world.actorOf('rep'), deviceId: rep.id, operations: late },
    ].map((push) => ({ ...push, hashes: hashOperations(push.operations) }));
    const ports = { ...world.deps, maskSecret: await world.deps.store.readMaskSecret() };
    const answers = await world.deps.store.inTenant(world.tenantId, (transaction) =>
      pushTogether(transaction, ports, pushes),
    );
    const texts = answers.map((answer) => (answer.ok ? answer.value : ''));
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ verdicts: [{ status: 'applied' }] });
    const refused = { status: 'rejected', code: 'not_visible', record: null };
    expect(JSON.parse(texts[1] ?? '')).toMatchObject({ verdicts: [refused, refused] });
  });

  it('SYNC-37 an activity that is moved to another record follows that one from then on', async () => {
    const world = await worldWith([
      ['deal', 'd1', deal],
      ['deal', 'd2', { ...deal, shares: ['view:user:stranger'] }],
      ['activity', 'n1', { ...call, dealId: 'd1' }],
    ]);
    const [rep, stranger] = [world.device('rep'), world.device('stranger')];
    await stranger.pullAll();
    await rep.send({ entity: 'activity', recordId: 'n1', changes: [change('dealId', 'd1', 'd2')] });
    await stranger.pullAll();
    expect(idsOn(stranger, 'activity')).toEqual(['n1']);
    await unshare(rep, 'd2', 'view:user:stranger');
    await stranger.pullAll();
    expect(idsOn(stranger, 'activity')).toEqual([]);
  });

  it('SYNC-37 more children than fit are narrowed with their parent and get what is new afterwards', async () => {
    const count = 5300;
    const world = await worldWith([
      ['deal', 'd1', { ...deal, shares: ['view:user:colleague'] }],
      ...Array.from(
        { length: count },
        (_, index) => ['activity', `n${String(index).padStart(5, '0')}`, { ...call, dealId: 'd1' }] as const,
      ),
      ['task', 't1', { subject: 'Call', dealId: 'd1', ownerId: 'admin' }],
      ['file', 'f1', fileValues(new Uint8Array(9), { entity: 'activity', id: 'n00000' })],
    ]);
    const [rep, colleague, stranger, admin] = [
      world.device('rep'),
      world.device('colleague'),
      world.device('stranger'),
      world.device('admin'),
    ];
    await rep.pullAll(5000);
    await stranger.pullAll(5000);
    expect([idsOn(rep, 'activity').length, idsOn(rep, 'file')]).toEqual([count, ['f1']]);
    await give(admin, 'deal', 'd1', toRep, toStranger);
    // Written with the move: what old and new circle have in common, and nothing for the new one yet. Its entry of the history is new.
    expect(await keysOfChildren(world, 'd1')).toEqual([
      'o:admin o:stranger s:u:colleague t:south w',
      'o:stranger s:u:colleague t:south w',
      's:u:colleague w',
    ]);
    await rep.pullAll(1000);
    // A file of a call goes with the call, and comes with it.
    expect([idsOn(rep, 'deal'), idsOn(rep, 'activity'), idsOn(rep, 'file')]).toEqual([[], [], []]);
    await stranger.pullAll();
    expect([idsOn(stranger, 'deal'), idsOn(stranger, 'activity'), idsOn(stranger, 'file')]).toEqual([['d1'], [], []]);
    await continueFollowing({ db, clock: world.deps.clock }, world.tenantId, 2000);
    expect(await keysOfChildren(world, 'd1')).toEqual([
      'o:admin o:stranger s:u:colleague t:south w',
      'o:stranger s:u:colleague t:south w',
    ]);
    expect(await world.rows('SELECT 1 AS one FROM follow_queue WHERE tenant = $1', [world.tenantId])).toEqual([]);
    await stranger.pullAll(5000);
    expect([idsOn(stranger, 'activity').length, idsOn(stranger, 'file')]).toEqual([count, ['f1']]);
    await colleague.pullAll(5000);
    expect(idsOn(colleague, 'activity')).toHaveLength(count);
    const head = await world.headSeq();
    const seqs = await world.rows<{ seq: number }>('SELECT DISTINCT seq FROM change WHERE tenant = $1', [
      world.tenantId,
    ]);
    expect(seqs).toHaveLength(head);
  }, 120_000);

  it('SYNC-37 children from before the migration carry the same keys as new ones afterwards', async () => {
    const world = await worldWith([
      ['account', 'a1', { name: 'Account', ownerId: 'manager', teamId: 'north' }],
      ['deal', 'd1', { ...deal, accountId: 'a1' }],
      ['activity', 'on-deal', { ...call, ownerId: 'stranger', dealId: 'd1', accountId: 'a1' }],
      ['activity', 'on-account', { ...call, ownerId: 'stranger', dealId: '', accountId: 'a1' }],
      ['activity', 'alone', call],
      ['task', 't1', { subject: 'Call', dealId: 'd1', ownerId: 'stranger' }],
      ['task', 't2', { subject: 'Call', dealId: 'd1', ownerId: 'stranger', visibility: 'private' }],
      ['conflict', 'c1', { subjectEntity: 'task', subjectId: 't1', group: 'due', state: 'open', ownerId: 'rep' }],
    ]);
    const sql = `SELECT id, subject, scope_keys FROM record WHERE kind IN ('activity', 'task', 'conflict') ORDER BY id`;
    const written = await world.rows(sql);
    await world.rows(`UPDATE record SET subject = NULL WHERE kind IN ('activity', 'task')`);
    await world.rows(
      `UPDATE record SET scope_keys = ARRAY['o:' || owner, 'w'] WHERE subject IS NOT NULL OR id IN ('on-deal', 'on-account', 't1')`,
    );
    for (const statement of territoriesAndFollowers.statements) {
      if (statement.startsWith('UPDATE record')) await world.rows(statement);
    }
    expect(await world.rows(sql)).toEqual(written);
  });

  it('SYNC-28 a share of the parent is no change of it for whoever deletes it meanwhile', async () => {
    const world = await worldWith([['deal', 'd1', deal]]);
    const [rep, manager] = [world.device('rep'), world.device('manager')];
    await manager.pullAll();
    await create(rep, 'activity', 'n1', { ...call, dealId: 'd1' });
    await manager.pullAll();
    const seen = manager.store.get('activities/n1')?.rev ?? 0;
    await share(rep, 'd1', 'view:user:stranger');
    expect(await manager.send({ kind: 'delete', entity: 'activity', recordId: 'n1', baseRev: seen })).toMatchObject({
      status: 'applied',
    });
  });
});
