import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project } from '#shared/access/project.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { BodiesResponse } from '#shared/sync/messages.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { bodiesJson } from '#server/sync/bodies.ts';
import { manifestPage } from '#server/sync/manifest.ts';
import { pullPage } from '#server/sync/pull.ts';
import { pushOperations } from '#server/sync/push.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  change,
  changesFor,
  createSyncWorld,
  people,
  purge,
  seededRecord,
  type SyncWorld,
  type TestDevice,
} from '#test/support/sync-world.ts';

/** What a user should hold, computed the slow way from everything that is stored. */
async function expectedStore(world: SyncWorld, userId: string): Promise<readonly (readonly [string, AnyRecord])[]> {
  const actor = await world.actorOf(userId);
  const rows = await world.rows<{ coll: string; data: AnyRecord }>('SELECT coll, data FROM record WHERE NOT deleted');
  const expected = rows.flatMap(({ coll, data }) => {
    const definition = entityOf(data.kind);
    const visible = definition === undefined ? null : project(actor, definition, data);
    return visible === null ? [] : [[`${coll}/${data.id}`, visible] as const];
  });
  return expected.sort(([a], [b]) => (a < b ? -1 : 1));
}

const sorted = (device: TestDevice) => [...device.store].sort(([a], [b]) => (a < b ? -1 : 1));

async function refusalOf(work: Promise<unknown>): Promise<OutpostError> {
  const refusal = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(refusal instanceof OutpostError)) throw new Error('a refusal was expected');
  return refusal;
}

describe.each(sqlEngines)('a changed scope on $name', (engine) => {
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

  const account = (id: string, ownerId: string, teamId: string | null = null) =>
    seededRecord('account', id, { name: `Name of ${id}`, ownerId, teamId });

  async function worldWith(records: readonly AnyRecord[]): Promise<SyncWorld> {
    const world = await createSyncWorld(db);
    await seedRecords(db, world.tenantId, records, world.deps.clock);
    return world;
  }
  const setTeam = (world: SyncWorld, userId: string, base: string | null, to: string | null) =>
    world.device('admin').send({
      entity: 'user',
      recordId: userId,
      changes: [{ group: 'owner', base: { teamId: base }, to: { teamId: to } }],
    });
  const setLead = (world: SyncWorld, base: string | null, to: string | null) =>
    world.device('admin').send({ entity: 'team', recordId: 'north', changes: [change('leadId', base, to)] });

  it('SYNC-25 the answer to an old position and to a push names kinds and own keys, and nothing that stands in a record', async () => {
    const world = await worldWith([account('a-secret', 'colleague', 'north')]);
    const [device, old] = [world.device('manager'), await world.actorOf('manager')];
    await device.pullAll();
    await setLead(world, 'manager', null);
    await setTeam(world, 'manager', 'north', null);
    const pulled = await refusalOf(device.pull());
    const now = await world.actorOf('manager');
    const stale = { protocol: 1, epoch: old.epoch, ops: [] };
    const pushed = await refusalOf(pushOperations(world.deps, now, device.id, stale));
    for (const refusal of [pulled, pushed]) {
      expect(Object.keys(refusal.details).sort()).toEqual(['dropFields', 'dropScopes', 'epoch']);
      expect(refusal.details['dropFields']).toEqual({});
    }
    const drop = pulled.details['dropScopes'] as Readonly<Record<string, readonly string[]>>;
    const ownKeys = ['o:manager', 's:u:manager', 's:r:manager'];
    expect(drop['account']).toEqual(ownKeys);
    // Reports and dashboards that are shared with everybody stay in reach.
    expect(new Set(Object.values(drop).flat())).toEqual(new Set([...ownKeys, 'p']));
    expect(drop['report']).toEqual(['o:manager', 'p']);
    // The catalog and the people of the organization were not lost.
    expect([drop['user'], drop['team'], drop['product']]).toEqual([undefined, undefined, undefined]);
    expect(JSON.stringify([pulled.details, pushed.details])).not.toContain('secret');
  });

  it('SYNC-25 purging by the answer takes exactly what cannot be seen any more, before any other request', async () => {
    const world = await worldWith([
      account('theirs', 'colleague', 'north'),
      account('mine', 'manager', 'north'),
      account('mine-alone', 'manager'),
    ]);
    const device = world.device('manager');
    await device.pullAll();
    await setLead(world, 'manager', null);
    await setTeam(world, 'manager', 'north', null);
    expect(purge(device.store, await refusalOf(device.pull()))).toEqual(['accounts/theirs']);
    expect(sorted(device)).toEqual(
      // What changed meanwhile (the own user, the team) comes with the manifest.
      sorted(device).filter(([key]) => key !== 'accounts/theirs'),
    );
    const { removed } = await device.reconcile();
    expect(removed).toEqual([]);
    await device.pullAll();
    expect(sorted(device)).toEqual(await expectedStore(world, 'manager'));
  });

  it('SYNC-25 rights that only grew purge nothing', async () => {
    const world = await worldWith([account('south-1', 'stranger', 'south')]);
    const device = world.device('viewer');
    await device.pullAll();
    await world
      .device('admin')
      .send({ entity: 'user', recordId: 'viewer', changes: [change('role', 'viewer', 'org_admin')] });
    const refusal = await refusalOf(device.pull());
    // Letters and files are no business of administrators as such: what the former role alone was shown would go.
    expect(Object.keys(refusal.details['dropScopes'] ?? {}).toSorted()).toEqual(['file', 'mailContent', 'mailMessage']);
    expect(refusal.details['dropFields']).toEqual({});
    expect(purge(device.store, refusal)).toEqual([]);
    await device.pullAll();
    expect(sorted(device)).toEqual(await expectedStore(world, 'viewer'));
  });

  it('SYNC-18 a manifest resync of a caught-up device changes nothing and asks for no body, whatever the page size', async () => {
    const world = await worldWith(
      Array.from({ length: 40 }, (_, index) => account(`a-${index}`, ['rep', 'stranger'][index % 2] ?? '')),
    );
    for (const { id } of people) {
      const device = world.device(id);
      await device.pullAll();
      const before = sorted(device);
      for (const wantItems of [1, 7, 10_000]) {
        const { asked, removed } = await device.reconcile(wantItems);
        expect([asked, removed]).toEqual([[], []]);
      }
      await device.pullAll();
      expect(sorted(device)).toEqual(before);
    }
  });

  it('SYNC-18 a change of scope transfers the differences only', async () => {
    const inTeam = Array.from({ length: 60 }, (_, index) => account(`north-${index}`, 'colleague', 'north'));
    const own = Array.from({ length: 30 }, (_, index) => account(`own-${index}`, 'manager'));
    const south = Array.from({ length: 5 }, (_, index) => account(`south-${index}`, 'stranger', 'south'));
    const world = await worldWith([...inTeam, ...own, ...south]);
    const device = world.device('manager');
    await device.pullAll();
    await setLead(world, 'manager', null);
    await setTeam(world, 'manager', 'north', 'south');
    purge(device.store, await refusalOf(device.pull()));
    const { asked, removed } = await device.reconcile(20);
    // Five accounts of the new team, and the two records the administrator changed.
    expect([...asked].sort()).toEqual([...south.map(({ id }) => `accounts/${id}`), 'people/manager', 'people/north']);
    expect(removed).toEqual([]);
    await device.pullAll();
    expect(sorted(device)).toEqual(await expectedStore(world, 'manager'));
  });

  it('SYNC-18 drift is found and mended: a lost, a spoiled and an invented record', async () => {
    const world = await worldWith([account('a-1', 'rep'), account('a-2', 'rep'), account('a-3', 'rep')]);
    const device = world.device('rep');
    await device.pullAll();
    const before = sorted(device);
    device.store.delete('accounts/a-1');
    device.store.set('accounts/a-2', { ...account('a-2', 'rep'), name: 'spoiled' });
    device.store.set('accounts/a-4', account('a-4', 'rep'));
    const { asked, removed } = await device.reconcile();
    expect([asked, removed]).toEqual([['accounts/a-1', 'accounts/a-2'], ['accounts/a-4']]);
    expect(sorted(device)).toEqual(before);
  });

  it('SYNC-21 a manifest read while everything changes, with the log after it, equals the truth at the end', async () => {
    const random = createSeededRandom(7);
    const world = await worldWith(
      Array.from({ length: 30 }, (_, index) => account(`a-${String(index).padStart(2, '0')}`, 'rep')),
    );
    const writer = world.device('admin');
    const device = world.device('rep');
    await device.pullAll();
    await setTeam(world, 'rep', 'north', 'south');
    const actor = await world.actorOf('rep');
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof manifestPage>> = await manifestPage(world.deps, actor, device.id, {
        protocol: 1,
        cursor,
        wantItems: 5,
      });
      const { ranges } = page;
      for (const { coll, ids, after, upTo } of ranges) {
        for (const key of device.store.keys()) {
          const [at, id = ''] = key.split('/');
          if (at === coll && id > after && (upTo === null || id <= upTo) && !ids.includes(id)) device.store.delete(key);
        }
        const body = { protocol: 1, epoch: actor.epoch, places: [{ coll, ids }] };
        const { items } = JSON.parse(await bodiesJson(world.deps, actor, body)) as BodiesResponse;
        for (const item of items) {
          if (item.t === 'put') device.store.set(`${coll}/${String(item.record['id'])}`, item.record as AnyRecord);
        }
      }
      for (let count = 0; count < 3; count += 1) {
        const recordId = `a-${String(random.integer(0, 33)).padStart(2, '0')}`;
        const kind = (['patch', 'patch', 'delete', 'create'] as const)[random.integer(0, 3)] ?? 'patch';
        const owner = random.integer(0, 1) === 0 ? 'rep' : 'stranger';
        const changes =
          kind === 'create'
            ? changesFor('account', { name: 'New', ownerId: owner })
            : [change('phone', null, String(random.integer(1000, 9999)))];
        await writer.send({ kind, recordId, changes: kind === 'delete' ? [] : changes, baseRev: 1_000_000 });
      }
      cursor = page.cursor;
      device.token = page.token ?? device.token;
    } while (cursor !== null);
    await device.pullAll(4);
    expect(sorted(device)).toEqual(await expectedStore(world, 'rep'));
  });

  it('SYNC-22 equal records of two people, and of one person at two epochs, have fingerprints that do not compare', async () => {
    const world = await worldWith([seededRecord('product', 'p-1', { name: 'Widget' })]);
    const printOf = async (userId: string): Promise<string> => {
      const page = await manifestPage(world.deps, await world.actorOf(userId), 'laptop', { protocol: 1, cursor: null });
      const range = page.ranges.find(({ coll }) => coll === 'catalog');
      expect(range?.ids).toEqual(['p-1']);
      const [, record] = (await expectedStore(world, userId)).find(([key]) => key === 'catalog/p-1') ?? [];
      const hash = createHmac('sha256', Buffer.from(page.key, 'base64')).update(toCanonicalJson(record)).digest();
      expect(range?.prints).toBe(hash.toString('base64url').slice(0, 12));
      return range?.prints ?? '';
    };
    const prints = [await printOf('rep'), await printOf('colleague')];
    await setTeam(world, 'rep', 'north', 'south');
    prints.push(await printOf('rep'));
    expect(new Set(prints).size).toBe(3);
    expect(await printOf('rep')).toBe(prints[2]);
  });

  it('SYNC-34 bodies of hidden, deleted and absent records are the same answer', async () => {
    const world = await worldWith([account('a-1', 'stranger'), account('a-2', 'rep')]);
    const deleted = await world.device('admin').send({ kind: 'delete', recordId: 'a-2', baseRev: 1_000_000 });
    expect(deleted.status).toBe('applied');
    const actor = await world.actorOf('rep');
    const ask = async (id: string) => {
      const body = { protocol: 1, epoch: actor.epoch, places: [{ coll: 'accounts', ids: [id] }] };
      return (await bodiesJson(world.deps, actor, body)).replaceAll(id, 'ID');
    };
    expect(new Set([await ask('a-1'), await ask('a-2'), await ask('a-3')]).size).toBe(1);
    const old = { protocol: 1, epoch: actor.epoch - 1, places: [{ coll: 'accounts', ids: ['a-2'] }] };
    await expect(bodiesJson(world.deps, actor, old)).rejects.toMatchObject({ code: 'scope_changed' });
  });

  it('SYNC-27 A8 places of a manifest that are old, of somebody else or no places give no data', async () => {
    const world = await worldWith(Array.from({ length: 9 }, (_, index) => account(`a-${index}`, 'rep')));
    const device = world.device('rep');
    await device.pullAll();
    const actor = await world.actorOf('rep');
    const page = await manifestPage(world.deps, actor, device.id, { protocol: 1, cursor: null, wantItems: 3 });
    const ask = async (userId: string, deviceId: string, cursor: string | null) =>
      manifestPage(world.deps, await world.actorOf(userId), deviceId, { protocol: 1, cursor });
    for (const cursor of ['', 'x', device.token]) {
      await expect(ask('rep', device.id, cursor)).rejects.toMatchObject({ code: 'bad_token' });
    }
    await expect(ask('colleague', device.id, page.cursor)).rejects.toMatchObject({ code: 'bad_token' });
    await expect(ask('rep', 'another', page.cursor)).rejects.toMatchObject({ code: 'bad_token' });
    const asPosition = { protocol: 1, token: page.cursor };
    await expect(pullPage(world.deps, actor, device.id, asPosition)).rejects.toMatchObject({ code: 'bad_token' });
    await setTeam(world, 'rep', 'north', 'south');
    await expect(ask('rep', device.id, page.cursor)).rejects.toMatchObject({
      code: 'scope_changed',
      details: { dropScopes: {} },
    });
    await world.rows(`UPDATE tenant_head SET incarnation = $1`, [randomUUID()]);
    await expect(ask('rep', device.id, page.cursor)).rejects.toMatchObject({ code: 'incarnation_changed' });
  });

  it('SYNC-29 a user removed from a team and added again holds what one added once holds, and a new device gets nothing an old one had to purge', async () => {
    const world = await worldWith([
      account('north-1', 'colleague', 'north'),
      account('north-2', 'colleague', 'north'),
      account('own', 'manager'),
    ]);
    const old = world.device('manager');
    await old.pullAll();
    await setLead(world, 'manager', null);
    await setTeam(world, 'manager', 'north', null);
    await world.device('admin').send({ recordId: 'north-2', changes: [change('phone', null, '123')] });
    await old.pullAll();
    expect([old.store.has('accounts/north-1'), old.store.has('accounts/own')]).toEqual([false, true]);
    const fresh = world.device('manager');
    const pages = await fresh.pullAll(2);
    expect(JSON.stringify(pages)).not.toContain('north-');
    expect(sorted(fresh)).toEqual(sorted(old));
    await setTeam(world, 'manager', null, 'north');
    await setLead(world, null, 'manager');
    await old.pullAll();
    const once = world.device('manager');
    await once.pullAll();
    await fresh.pullAll();
    expect(sorted(old)).toEqual(await expectedStore(world, 'manager'));
    expect(sorted(old)).toEqual(sorted(once));
    expect(sorted(fresh)).toEqual(sorted(once));
    expect(old.store.get('accounts/north-2')).toMatchObject({ phone: '123' });
  });

  it('A13 nobody lowers or raises the own rights, and everything else in the batch is judged on its own', async () => {
    const world = await worldWith([account('a-1', 'stranger', 'south')]);
    const device = world.device('admin');
    const user = (recordId: string, to: string) =>
      device.operation({ entity: 'user', recordId, changes: [change('role', 'org_admin', to)] });
    const { verdicts } = await device.push([
      user('admin', 'viewer'),
      device.operation({ recordId: 'a-1', changes: [change('phone', null, '1234')] }),
      user('second-admin', 'viewer'),
    ]);
    expect(verdicts.map(({ status }) => status)).toEqual(['rejected', 'applied', 'applied']);
    const second = world.device('second-admin');
    const edit = second.operation({ recordId: 'a-1', changes: [change('phone', '1234', '5678')] });
    expect((await second.push([edit])).verdicts[0]).toMatchObject({ status: 'rejected', code: 'action_forbidden' });
  });

  it('SYNC-25 an operation whose base had to be forgotten is the same operation, and is never applied blindly', async () => {
    const world = await worldWith([account('a-1', 'rep')]);
    const device = world.device('rep');
    const sent = device.operation({ recordId: 'a-1', changes: [change('phone', null, '1234')] });
    expect((await device.push([sent])).verdicts[0]).toMatchObject({ status: 'applied' });
    const forgotten = (operation: typeof sent): typeof sent => ({
      ...operation,
      withoutBase: true,
      changes: operation.changes.map((entry) => ({ ...entry, base: {} })),
    });
    expect((await device.push([forgotten(sent)])).verdicts[0]).toMatchObject({ status: 'applied', opId: sent.opId });
    const later = forgotten(device.operation({ recordId: 'a-1', changes: [change('phone', '1234', '5678')] }));
    expect((await device.push([later])).verdicts[0]).toMatchObject({ status: 'rejected', code: 'conflict_manual' });
    const lost = forgotten(device.operation({ recordId: 'b-1', changes: [change('phone', '1234', '5678')] }));
    expect((await device.push([lost])).verdicts[0]).toMatchObject({ status: 'rejected', code: 'not_visible' });
    const other = { ...sent, changes: [change('phone', null, '9999')] };
    expect((await device.push([other])).verdicts[0]).toMatchObject({ status: 'rejected', code: 'op_reuse' });
  });
});
