import { createCipheriv, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFieldPolicy } from '#shared/access/field-policy.ts';
import { project, projectFields } from '#shared/access/project.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { pullPage } from '#server/sync/pull.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, changesFor, createSyncWorld, people, seededRecord, type SyncWorld } from '#test/support/sync-world.ts';

/** What a user should hold, computed the slow way from everything that is stored. */
async function expectedStore(world: SyncWorld, userId: string): Promise<Map<string, AnyRecord>> {
  const actor = await world.actorOf(userId);
  const rows = await world.rows<{ coll: string; data: AnyRecord }>('SELECT coll, data FROM record WHERE NOT deleted');
  const byId = new Map(rows.map(({ data }) => [data.id, data]));
  const expected = new Map<string, AnyRecord>();
  for (const { coll, data } of rows) {
    const definition = entityOf(data.kind);
    // What was changed is seen by whoever sees the record now, whoever had it then.
    const subject = byId.get(String(data['accountId']));
    const owner =
      data.kind === 'fieldChange' ? { ownerId: subject?.ownerId ?? null, teamId: subject?.teamId ?? null } : {};
    const isVisible = definition !== undefined && project(actor, definition, { ...data, ...owner }) !== null;
    const visible = isVisible ? projectFields(actor.fields ?? openFieldPolicy, definition, data) : null;
    if (visible !== null) expected.set(`${coll}/${data.id}`, visible);
  }
  return expected;
}

function sorted(store: ReadonlyMap<string, AnyRecord>): readonly (readonly [string, AnyRecord])[] {
  return [...store].sort(([a], [b]) => (a < b ? -1 : 1));
}

describe.each(sqlEngines)('pulling from $name', (engine) => {
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

  async function createAccount(world: SyncWorld, userId: string, id: string, values: object = {}): Promise<void> {
    const verdict = await world.device(userId).send({
      kind: 'create',
      recordId: id,
      changes: changesFor('account', { name: id, ownerId: userId, ...values }),
    });
    expect(verdict.status).toBe('applied');
  }

  it('SYNC-16 a device that is caught up holds the projection of the visible records, whatever the page size', async () => {
    const world = await createSyncWorld(db);
    for (let index = 0; index < 25; index += 1) {
      await createAccount(world, ['rep', 'colleague', 'stranger'][index % 3] ?? '', `a-${index}`);
    }
    for (const { id } of people) {
      const expected = sorted(await expectedStore(world, id));
      for (const wantItems of [1, 7, 5000]) {
        const device = world.device(id);
        await device.pullAll(wantItems);
        expect(sorted(device.store)).toEqual(expected);
      }
    }
  });

  it('SYNC-15 the begin of a snapshot tells the last number that is known of the device, and no other page does', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    const [first] = await device.pullAll();
    await device.send({
      kind: 'create',
      recordId: 'a-1',
      changes: changesFor('account', { name: 'A', ownerId: 'rep' }),
    });
    const [, ...later] = await device.pullAll();
    device.token = null;
    const [again, ...rest] = await device.pullAll(1);
    expect([first?.lastOpNo, again?.lastOpNo]).toEqual([0, 1]);
    expect([...later, ...rest].map((page) => page.lastOpNo)).toEqual([...later, ...rest].map(() => undefined));
  });

  it('SYNC-20 a page of few visible among many others is not the end', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    await device.pullAll();
    const accounts = Array.from({ length: 60 }, (_, index) =>
      seededRecord('account', `a-${index}`, { name: 'A', ownerId: index % 20 === 19 ? 'rep' : 'stranger' }),
    );
    await seedRecords(db, world.tenantId, accounts, world.deps.clock);
    const pages = await device.pullAll(1);
    expect([...device.store.keys()].filter((key) => key.startsWith('accounts/')).sort()).toEqual([
      'accounts/a-19',
      'accounts/a-39',
      'accounts/a-59',
    ]);
    expect(pages.map((page) => page.caughtUp)).toEqual([false, false, true]);
  });

  it('SYNC-21 a snapshot read while others work, then the log, equals the state at the end', async () => {
    const world = await createSyncWorld(db);
    const random = createSeededRandom(7);
    const owners = ['rep', 'colleague', 'stranger'];
    const seeded = Array.from({ length: 120 }, (_, index) =>
      seededRecord('account', `a-${index}`, { name: 'A', ownerId: random.pick(owners), teamId: null }),
    );
    await seedRecords(db, world.tenantId, seeded, world.deps.clock);
    const readers = people.map(({ id }) => world.device(id));
    const admin = world.device('admin');
    for (let round = 0; round < 40; round += 1) {
      const recordId = `a-${random.integer(0, 119)}`;
      const current = (await world.rows<{ data: AnyRecord }>('SELECT data FROM record WHERE id = $1', [recordId]))[0]
        ?.data;
      const move = {
        group: 'owner',
        base: { ownerId: current?.ownerId, teamId: null },
        to: { ownerId: random.pick(owners), teamId: null },
      };
      const kind = random.pick(['patch', 'patch', 'patch', 'delete', 'restore'] as const);
      await admin.send({ kind, recordId, baseRev: 1_000_000, changes: kind === 'patch' ? [move] : [] });
      await random.pick(readers).pull(random.integer(1, 25));
    }
    for (const reader of readers) {
      await reader.pullAll(9);
      expect(sorted(reader.store)).toEqual(sorted(await expectedStore(world, reader.userId)));
    }
  });

  it('SYNC-28 leaving the scope is a remove for whoever saw it and nothing at all for others', async () => {
    const world = await createSyncWorld(db);
    await createAccount(world, 'rep', 'a1');
    const [before, after, other] = [world.device('rep'), world.device('colleague'), world.device('stranger')];
    for (const device of [before, after, other]) await device.pullAll();
    const idle = JSON.stringify((await other.pull()).items);
    const move = { group: 'owner', base: { ownerId: 'rep', teamId: null }, to: { ownerId: 'colleague', teamId: null } };
    await world.device('admin').send({ recordId: 'a1', changes: [move] });
    expect((await before.pull()).items).toEqual([{ t: 'remove', coll: 'accounts', id: 'a1' }]);
    expect((await after.pull()).items).toMatchObject([
      { t: 'put', coll: 'accounts', record: { id: 'a1', ownerId: 'colleague' } },
      {
        t: 'put',
        coll: 'activities',
        record: { kind: 'fieldChange', accountId: 'a1', after: { ownerId: 'colleague' } },
      },
    ]);
    expect(JSON.stringify((await other.pull()).items)).toBe(idle);
    await world.device('admin').send({ kind: 'delete', recordId: 'a1', baseRev: 1_000_000 });
    expect((await before.pull()).items).toEqual([]);
    expect((await after.pull()).items).toEqual([{ t: 'del', coll: 'accounts', id: 'a1' }]);
  });

  it('SYNC-28 a conflict moves along when its subject changes hands', async () => {
    const world = await createSyncWorld(db);
    const [rep, manager] = [world.device('rep'), world.device('manager')];
    await createAccount(world, 'rep', 'a1', { teamId: 'north', phone: '+49 30 0' });
    await manager.send({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 1')] });
    await rep.send({ recordId: 'a1', changes: [change('phone', '+49 30 0', '+49 30 2')] });
    const conflictsOf = (store: ReadonlyMap<string, AnyRecord>) =>
      [...store.keys()].filter((key) => key.startsWith('inbox/')).length;
    await rep.pullAll();
    expect(conflictsOf(rep.store)).toBe(1);
    const move = {
      group: 'owner',
      base: { ownerId: 'rep', teamId: 'north' },
      to: { ownerId: 'stranger', teamId: 'south' },
    };
    await world.device('admin').send({ recordId: 'a1', changes: [move] });
    await rep.pullAll();
    const stranger = world.device('stranger');
    await stranger.pullAll();
    expect([conflictsOf(rep.store), conflictsOf(stranger.store)]).toEqual([0, 1]);
  });

  it('SYNC-27 after a change of rights an old token gives no record, only what to purge', async () => {
    const world = await createSyncWorld(db);
    await createAccount(world, 'colleague', 'a1', { teamId: 'north' });
    const manager = world.device('manager');
    await manager.pullAll();
    expect(manager.store.has('accounts/a1')).toBe(true);
    await world
      .device('admin')
      .send({ entity: 'team', recordId: 'north', changes: [change('leadId', 'manager', null)] });
    await world.device('admin').send({
      entity: 'user',
      recordId: 'manager',
      changes: [{ group: 'owner', base: { teamId: 'north' }, to: { teamId: null } }],
    });
    const refusal = await manager.pull(2).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'scope_changed',
      details: { dropScopes: { account: ['o:manager', 's:u:manager', 's:r:manager'] } },
    });
    expect(JSON.stringify(refusal)).not.toContain('a1');
    await manager.pullAll();
    expect(manager.store.has('accounts/a1')).toBe(false);
    expect(sorted(manager.store)).toEqual(sorted(await expectedStore(world, 'manager')));
  });

  it('SYNC-8 and A8 tokens of others, of another incarnation and made-up ones give no data', async () => {
    const [world, other] = [await createSyncWorld(db), await createSyncWorld(db)];
    const device = world.device('rep');
    await device.pullAll();
    const token = device.token ?? '';
    const ask = async (userId: string, deviceId: string, value: string, of: SyncWorld = world) =>
      pullPage(of.deps, await of.actorOf(userId), deviceId, { protocol: 1, token: value });
    const flipped = Buffer.from(token, 'base64url');
    flipped[40] = (flipped[40] ?? 0) ^ 1;
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', randomBytes(32), iv);
    const body = Buffer.concat([cipher.update('{}'), cipher.final()]);
    const foreign = Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    for (const value of ['', 'x', 'not a token', flipped.toString('base64url'), foreign]) {
      await expect(ask('rep', device.id, value)).rejects.toMatchObject({ code: 'bad_token' });
    }
    await expect(ask('colleague', device.id, token)).rejects.toMatchObject({ code: 'bad_token' });
    await expect(ask('rep', 'another-device', token)).rejects.toMatchObject({ code: 'bad_token' });
    await expect(ask('rep', device.id, token, other)).rejects.toMatchObject({ code: 'bad_token' });
    expect((await ask('rep', device.id, token)).snapshotStart).toBeUndefined();
    await world.rows(`UPDATE tenant_head SET incarnation = 'restored'`);
    await expect(ask('rep', device.id, token)).rejects.toMatchObject({ code: 'incarnation_changed' });
  });

  it('SYNC-19 applying pages again, also in parallel from one token, changes nothing', async () => {
    const world = await createSyncWorld(db);
    for (let index = 0; index < 12; index += 1) await createAccount(world, 'rep', `a-${index}`);
    const device = world.device('rep');
    await device.pull(5);
    const token = device.token;
    await Promise.all([device.pull(5), device.pull(5)]);
    device.token = token;
    await device.pullAll(4);
    const twice = world.device('rep');
    await twice.pullAll();
    device.token = token;
    await device.pullAll(100);
    expect(sorted(device.store)).toEqual(sorted(twice.store));
  });

  it('SYNC-9 a page never ends inside a txn', async () => {
    const world = await createSyncWorld(db);
    const [writer, reader] = [world.device('rep'), world.device('rep')];
    await reader.pullAll();
    const ops = Array.from({ length: 10 }, (_, index) =>
      writer.operation({
        kind: 'create',
        recordId: `a-${index}`,
        txn: index < 2 ? 'small' : 'large',
        changes: changesFor('account', { name: 'A', ownerId: 'rep' }),
      }),
    );
    await writer.push(ops);
    const pages = await reader.pullAll(3);
    expect(pages.map((page) => page.items.length)).toEqual([2, 8]);
  });

  it('SYNC-23 two organizations that differ only in what a user may not see answer that user alike', async () => {
    const worlds = [await createSyncWorld(db), await createSyncWorld(db)] as const;
    const transcripts: string[] = [];
    for (const [index, world] of worlds.entries()) {
      const device = world.device('rep', 'laptop');
      const pages = [await device.pull(3)];
      await createAccount(world, 'rep', 'mine');
      if (index === 1) {
        for (let count = 0; count < 9; count += 1) await createAccount(world, 'stranger', `hidden-${count}`);
      }
      pages.push(...(await device.pullAll(3)));
      const verdict = await device.send({
        recordId: 'hidden-1',
        opId: 'op-1',
        changes: [change('phone', null, '1234')],
      });
      pages.push(await device.pull(3));
      const plain = JSON.stringify({ pages, verdict }, (key, value: unknown) => {
        if (key === 'token') return String(value).length;
        return ['rev', 'createdAt', 'updatedAt'].includes(key) ? null : value;
      });
      transcripts.push(plain);
    }
    expect(transcripts[1]).toBe(transcripts[0]);
  });

  it('SYNC-23 the last page of a first synchronization is the last, whatever others do out of sight meanwhile', async () => {
    const world = await createSyncWorld(db);
    await createAccount(world, 'rep', 'mine');
    const device = world.device('rep', 'laptop');
    const first = await device.pull(3);
    await createAccount(world, 'stranger', 'hidden');
    const rest = await device.pullAll(1_000);
    expect([first, ...rest].map((page) => page.caughtUp)).toEqual([false, true]);
    await createAccount(world, 'rep', 'mine too');
    expect((await device.pull()).items).toMatchObject([{ t: 'put', record: { id: 'mine too' } }]);
  });

  it('SYNC-2.5 own work comes before everybody else, after people and catalog', async () => {
    const world = await createSyncWorld(db);
    const records = ['admin', 'rep'].flatMap((ownerId) => [
      seededRecord('account', `account-${ownerId}`, { name: 'A', ownerId }),
      seededRecord('contact', `contact-${ownerId}`, { name: 'C', ownerId }),
      seededRecord('task', `task-${ownerId}`, { subject: 'T', ownerId }),
    ]);
    await seedRecords(db, world.tenantId, records, world.deps.clock);
    const device = world.device('admin');
    const pages = await device.pullAll(5000);
    const ids = pages
      .flatMap((page) => page.items)
      .flatMap((item) => (item.t === 'put' ? [String(item.record['id'])] : []));
    expect(ids.slice(people.length + 2)).toEqual([
      'task-admin',
      'contact-admin',
      'account-admin',
      'account-rep',
      'contact-rep',
      'task-rep',
    ]);
  });

  it('B13 a token from before the begin of the log is refused, and a manifest brings the device up to date', async () => {
    const world = await createSyncWorld(db);
    const device = world.device('rep');
    await device.pullAll();
    await createAccount(world, 'rep', 'a1');
    await world.rows('UPDATE tenant_head SET min_seq = seq');
    await expect(device.pull(2)).rejects.toMatchObject({ code: 'bad_token' });
    const { asked, removed } = await device.reconcile();
    expect([asked, removed]).toEqual([['accounts/a1'], []]);
    await device.pullAll();
    expect(sorted(device.store)).toEqual(sorted(await expectedStore(world, 'rep')));
  });

  it('A14 a push and the end of its right at the same instant: whoever comes first in the log decides', async () => {
    const world = await createSyncWorld(db);
    await createAccount(world, 'rep', 'a1');
    for (let round = 0; round < 8; round += 1) {
      const [device, admin] = [world.device('rep'), world.device('admin')];
      const role = (base: string, to: string) =>
        admin.send({ entity: 'user', recordId: 'rep', changes: [change('role', base, to)] });
      const edit = device.operation({ recordId: 'a1', changes: [change('description', null, `round ${round}`)] });
      const [pushed, revoked] = await Promise.allSettled([device.push([edit]), role('sales_rep', 'viewer')]);
      const epochSeq =
        (await world.rows<{ seq: number }>(`SELECT max(seq) AS seq FROM change WHERE id = 'rep'`))[0]?.seq ?? 0;
      expect(revoked.status).toBe('fulfilled');
      if (pushed.status === 'rejected') expect(pushed.reason).toMatchObject({ code: 'scope_changed' });
      else {
        const verdict = pushed.value.verdicts[0];
        const wasFirst = verdict !== undefined && 'seq' in verdict && verdict.seq < epochSeq;
        expect(wasFirst || (verdict?.status === 'rejected' && verdict.code === 'action_forbidden')).toBe(true);
      }
      await role('viewer', 'sales_rep');
    }
  });

  it('B12 odd page sizes are clamped', async () => {
    const world = await createSyncWorld(db);
    for (const wantItems of [0, -1, 2 ** 62]) {
      const page = await world.device('rep').pull(wantItems);
      expect(page.items.length).toBeGreaterThan(0);
    }
  });
});
