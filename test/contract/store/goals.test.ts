// What the server itself says about goals, whatever a device sends, and whom it gives them to.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { create, idsOn } from '#test/support/scope-operations.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { change, createSyncWorld } from '#test/support/sync-world.ts';

const month = { windowType: 'month', startsOn: '2026-01-01', endsOn: '2026-01-31', fiscalYearStart: 1 };
const measure = { name: 'Deals', metric: 'wonDeals', targetCount: 5, milestones: [50, 100], ...month };
const ofPerson = (userId: string, teamId: string) => ({ ...measure, userId, ownerId: userId, teamId });
const ofTeam = (author: string, teamId: string) => ({ ...measure, forTeamId: teamId, ownerId: author, teamId });

describe.each(sqlEngines)('goals on $name', (engine) => {
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

  it('TSK-05 are set from above, belong to whom they are for, and reach the person, the team and those above', async () => {
    const world = await createSyncWorld(db);
    const [manager, rep] = [world.device('manager'), world.device('rep')];
    const [colleague, stranger] = [world.device('colleague'), world.device('stranger')];
    expect(await create(manager, 'goal', 'g1', ofPerson('rep', 'north'))).toMatchObject({ status: 'applied' });
    expect(await create(manager, 'goal', 'g2', ofTeam('manager', 'north'))).toMatchObject({ status: 'applied' });
    for (const device of [manager, rep, colleague, stranger]) await device.pullAll();
    expect(idsOn(manager, 'goal')).toEqual(['g1', 'g2']);
    expect(idsOn(rep, 'goal')).toEqual(['g1', 'g2']);
    expect(idsOn(colleague, 'goal')).toEqual(['g2']);
    expect(idsOn(stranger, 'goal')).toEqual([]);
  });

  it('TSK-05 nobody sets the own goal, one of another team, or one that belongs to somebody else than it is for', async () => {
    const world = await createSyncWorld(db);
    const [manager, rep] = [world.device('manager'), world.device('rep')];
    const reason = (name: string) => ({ status: 'rejected', why: { reason: name } });
    expect(await create(manager, 'goal', 'g1', ofPerson('manager', 'north'))).toMatchObject(reason('ownGoal'));
    expect(await create(manager, 'goal', 'g2', ofPerson('stranger', 'south'))).toMatchObject(reason('notBelow'));
    expect(await create(manager, 'goal', 'g3', ofTeam('manager', 'south'))).toMatchObject(reason('notBelow'));
    const planted = { ...ofPerson('rep', 'north'), ownerId: 'stranger' };
    expect(await create(manager, 'goal', 'g4', planted)).toMatchObject(reason('ownership'));
    expect(await create(rep, 'goal', 'g5', ofPerson('rep', 'north'))).toMatchObject({ code: 'action_forbidden' });
    expect(await create(manager, 'goal', 'g6', { ...ofPerson('rep', 'north'), endsOn: '2026-01-30' })).toMatchObject({
      status: 'rejected',
      code: 'invalid',
    });
  });

  it('TSK-05 a target is changed from above and by nobody else; whose it is and what it measures never', async () => {
    const world = await createSyncWorld(db);
    const [manager, rep] = [world.device('manager'), world.device('rep')];
    await create(manager, 'goal', 'g1', ofPerson('rep', 'north'));
    const raise = {
      entity: 'goal',
      recordId: 'g1',
      changes: [{ group: 'target', base: { targetCount: 5 }, to: { targetCount: 9 } }],
    };
    await rep.pullAll();
    expect(await rep.send(raise)).toMatchObject({ code: 'action_forbidden' });
    expect(await manager.send(raise)).toMatchObject({ status: 'applied' });
    const edit = { entity: 'goal', recordId: 'g1' };
    expect(await manager.send({ ...edit, changes: [change('metric', 'wonDeals', 'tasksDone')] })).toMatchObject({
      status: 'rejected',
    });
    const move = [
      { group: 'owner', base: { ownerId: 'rep', teamId: 'north' }, to: { ownerId: 'manager', teamId: 'north' } },
    ];
    expect(await manager.send({ ...edit, changes: move })).toMatchObject({ status: 'rejected' });
  });
});
