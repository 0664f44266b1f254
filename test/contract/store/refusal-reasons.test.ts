// The reason travels with a refusal: what `can()` said at the server is what the author reads in the attention list.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { erasePerson } from '#server/privacy/erase-person.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, changesFor, createSyncWorld, type SyncWorld, type TestDevice } from '#test/support/sync-world.ts';

describe.each(sqlEngines)('the reason of a refusal on $name', (engine) => {
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

  const create = (device: TestDevice, entity: 'account' | 'contact', id: string, values: object = {}) =>
    device.send({
      kind: 'create',
      entity,
      recordId: id,
      changes: changesFor(entity, { name: `Name of ${id}`, ownerId: device.userId, ...values }),
    });
  const answersOf = (world: SyncWorld) => world.rows<{ text: string }>('SELECT verdict::text AS text FROM op_result');

  it('SYNC-47 PER-24 a refusal says the reason with its facts, again when it is sent again', async () => {
    const world = await createSyncWorld(db);
    const rep = world.device('rep');
    await create(rep, 'account', 'a1', { teamId: 'north' });
    const deletion = rep.operation({ kind: 'delete', recordId: 'a1', baseRev: await world.headSeq() });
    const first = await rep.push([deletion]);
    const why = { reason: 'role', entity: 'account', action: 'delete', role: 'sales_rep', who: 'admin' };
    expect(first.verdicts[0]).toMatchObject({
      code: 'action_forbidden',
      why: { ...why, who: expect.any(String) as string },
    });
    expect((await rep.push([deletion])).verdicts).toEqual(first.verdicts);
    expect(await rep.send({ recordId: 'a1', changes: [change('owner', 'rep', 'colleague')] })).toMatchObject({
      status: 'rejected',
    });
    const given = { group: 'owner', base: { ownerId: 'rep' }, to: { ownerId: 'colleague' } };
    expect(await rep.send({ recordId: 'a1', changes: [given] })).toMatchObject({ why: { reason: 'giveAway' } });
  });

  it('SYNC-47 what was deleted meanwhile is named to whoever saw it, and to nobody else', async () => {
    const world = await createSyncWorld(db);
    const [rep, admin, stranger] = [world.device('rep'), world.device('admin'), world.device('stranger')];
    await create(rep, 'account', 'a1', { teamId: 'north' });
    await admin.send({ kind: 'delete', recordId: 'a1', baseRev: await world.headSeq() });
    const edit = { recordId: 'a1', changes: [change('phone', null, '+49 30 1')] };
    const why = { reason: 'deletedMeanwhile', entity: 'account', title: 'Name of a1' };
    expect(await rep.send(edit)).toMatchObject({ code: 'deleted', why });
    const foreign = await stranger.send(edit);
    expect(foreign).toMatchObject({ code: 'not_visible' });
    expect(JSON.stringify(foreign)).not.toContain('Name of');
  });

  it('C10 SYNC-52 the name in an answer goes with the person', async () => {
    const world = await createSyncWorld(db);
    const [rep, admin] = [world.device('rep'), world.device('admin')];
    await create(rep, 'contact', 'wil', { name: 'Wilhelmina Canary', teamId: 'north' });
    await admin.send({ kind: 'delete', entity: 'contact', recordId: 'wil', baseRev: await world.headSeq() });
    await rep.send({ entity: 'contact', recordId: 'wil', changes: [change('phone', null, '+49 30 1')] });
    expect(JSON.stringify(await answersOf(world))).toContain('Canary');
    await db.inTenant(world.tenantId, (session) =>
      erasePerson(
        session,
        world.tenantId,
        { entity: 'contact', id: 'wil' },
        { userId: 'admin', nowMs: world.clock.nowMs },
      ),
    );
    expect(JSON.stringify(await answersOf(world))).not.toContain('Canary');
  });
});
