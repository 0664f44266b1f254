// Who may tell whom something, and who hears it: judged by the server, whatever a device says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { create, idsOn } from '#test/support/scope-operations.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, createSyncWorld, seededRecord, type SyncWorld } from '#test/support/sync-world.ts';

const alert = { topic: 'team', title: 'Push', sharing: 'team', teamId: 'north' };

describe.each(sqlEngines)('announcements on $name', (engine) => {
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

  const say = async (world: SyncWorld, person: string, id: string, values: object): Promise<string> => {
    const verdict = await create(world.device(person), 'announcement', id, { ...alert, ownerId: person, ...values });
    return verdict.status === 'rejected' ? verdict.code : verdict.status;
  };
  const hears = async (world: SyncWorld, person: string): Promise<readonly string[]> => {
    const device = world.device(person);
    await device.pullAll();
    return idsOn(device, 'announcement');
  };

  it('A1 TSK-13 an alert pushed by somebody without the right reaches nobody', async () => {
    const world = await createSyncWorld(db);
    for (const person of ['rep', 'viewer', 'colleague'])
      expect([person, await say(world, person, `a-${person}`, {})]).toEqual([person, 'action_forbidden']);
    for (const person of ['rep', 'manager', 'colleague', 'viewer', 'admin'])
      expect([person, await hears(world, person)]).toEqual([person, []]);
  });

  it('A1 TSK-13 a manager tells the own team something, in the own name, and nobody else', async () => {
    const world = await createSyncWorld(db);
    expect(await say(world, 'manager', 'all', { sharing: 'organization', teamId: null })).toBe('action_forbidden');
    expect(await say(world, 'manager', 'news', { topic: 'security' })).toBe('action_forbidden');
    expect(await say(world, 'manager', 'others', { teamId: 'south' })).toBe('action_forbidden');
    expect(await say(world, 'manager', 'as', { ownerId: 'admin' })).toBe('action_forbidden');
    // What only the server says to one person.
    expect(await say(world, 'manager', 'one', { sharing: 'person', ownerId: 'rep' })).toBe('action_forbidden');
    expect(await say(world, 'admin', 'one', { sharing: 'person', ownerId: 'rep' })).toBe('action_forbidden');
    expect(await say(world, 'manager', 'own', {})).toBe('applied');
    expect(await hears(world, 'rep')).toEqual(['own']);
    expect(await hears(world, 'stranger')).toEqual([]);
    expect(await say(world, 'admin', 'everybody', { sharing: 'organization', teamId: null })).toBe('applied');
    expect(await hears(world, 'stranger')).toEqual(['everybody']);
  });

  it('A2 TSK-13 what was said is never changed, and taken back by whoever said it or an administrator alone', async () => {
    const world = await createSyncWorld(db);
    const said = { ...alert, ownerId: 'manager' };
    await seedRecords(db, world.tenantId, [seededRecord('announcement', 'a1', said)], world.deps.clock);
    const wish = { entity: 'announcement', recordId: 'a1' } as const;
    for (const person of ['rep', 'manager', 'admin']) {
      const device = world.device(person);
      await device.pullAll();
      const verdict = await device.send({ ...wish, changes: [change('title', 'Push', 'Pull')] });
      expect([person, verdict.status]).toEqual([person, 'rejected']);
    }
    const rep = world.device('rep');
    await rep.pullAll();
    expect(await rep.send({ ...wish, kind: 'delete', changes: [] })).toMatchObject({ code: 'action_forbidden' });
    const manager = world.device('manager');
    await manager.pullAll();
    const taken = await manager.send({ ...wish, kind: 'delete', baseRev: 1_000_000, changes: [] });
    expect(taken).toMatchObject({ status: 'applied' });
  });
});
