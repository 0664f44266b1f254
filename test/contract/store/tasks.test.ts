import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { openDatabase } from '#server/store/open-database.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { tasksInFull } from '#server/store/migrations/0022-tasks-in-full.ts';
import { changeOfSet, idsOn } from '#test/support/scope-operations.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  change,
  changesFor,
  createSyncWorld,
  seededRecord,
  type SyncWorld,
  type TestDevice,
} from '#test/support/sync-world.ts';

const mine = {
  subject: 'Call',
  status: 'open',
  priority: 'medium',
  visibility: 'assigned',
  ownerId: 'rep',
  teamId: 'north',
};

/** The status of a verdict, or what was wrong. */
async function send(device: TestDevice, wish: Parameters<TestDevice['send']>[0]): Promise<string> {
  const verdict = await device.send(wish);
  if (verdict.status !== 'rejected') return verdict.status;
  return verdict.problems[0]?.code ?? verdict.code;
}

const create = (entity: EntityName, recordId: string, values: Readonly<Record<string, unknown>>) => ({
  kind: 'create' as const,
  entity,
  recordId,
  changes: changesFor(entity, values),
});

const done = { group: 'status', base: { status: 'open' }, to: { status: 'done' } };

describe.each(sqlEngines)('tasks on $name', (engine) => {
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

  async function worldWith(records: readonly (readonly [EntityName, string, object])[]): Promise<SyncWorld> {
    const world = await createSyncWorld(db);
    const seeded = records.map(([kind, id, values]) => seededRecord(kind, id, { ...values }));
    await seedRecords(db, world.tenantId, seeded, world.deps.clock);
    return world;
  }

  it('TSK-01 PER-25 a private task and what belongs to it reach its assignee, the team manager and administrators, nobody else', async () => {
    const world = await worldWith([
      ['deal', 'd1', { name: 'Deal', pipelineId: 'p', stageId: 's', ownerId: 'colleague', teamId: 'north' }],
      [
        'task',
        't1',
        { ...mine, visibility: 'private', dealId: 'd1', participantIds: ['colleague'], assignedBy: 'stranger' },
      ],
      ['task', 't2', { ...mine, visibility: 'collaborative' }],
      ['task', 't3', { ...mine, ownerId: 'stranger', teamId: 'south', visibility: 'collaborative' }],
    ]);
    const rep = world.device('rep');
    await rep.pullAll();
    expect(
      await send(rep, create('comment', 'c1', { body: 'Salary', taskId: 't1', ownerId: 'rep', teamId: 'north' })),
    ).toBe('applied');
    expect(
      await send(rep, create('comment', 'c2', { body: 'All', taskId: 't2', ownerId: 'rep', teamId: 'north' })),
    ).toBe('applied');
    const seen: Record<string, readonly string[]> = {};
    for (const id of ['rep', 'manager', 'admin', 'colleague', 'stranger', 'viewer']) {
      const device = world.device(id);
      await device.pullAll();
      seen[id] = [...idsOn(device, 'task'), ...idsOn(device, 'comment')];
    }
    expect(seen).toEqual({
      rep: ['t1', 't2', 'c1', 'c2'],
      manager: ['t1', 't2', 'c1', 'c2'],
      admin: ['t1', 't2', 't3', 'c1', 'c2'],
      colleague: ['t2', 'c2'],
      stranger: ['t3'],
      viewer: ['t2', 't3', 'c2'],
    });
    const colleague = world.device('colleague');
    await colleague.pullAll();
    // An id that is guessed answers as one that is not there.
    const guess = create('comment', 'c9', { body: 'x', taskId: 't1', ownerId: 'colleague', teamId: 'north' });
    const nothing = create('comment', 'c10', { body: 'x', taskId: 'none', ownerId: 'colleague', teamId: 'north' });
    expect(await send(colleague, guess)).toBe(await send(colleague, nothing));
    // Taken into private, it leaves whoever saw it, with everything that belongs to it.
    expect(
      await send(rep, { entity: 'task', recordId: 't2', changes: [change('visibility', 'collaborative', 'private')] }),
    ).toBe('applied');
    await colleague.pullAll();
    expect([idsOn(colleague, 'task'), idsOn(colleague, 'comment')]).toEqual([[], []]);
  });

  it('TSK-04 a team works together on a collaborative task: a member joins, comments, and changes no comment of others', async () => {
    const world = await worldWith([['task', 't1', { ...mine, visibility: 'collaborative' }]]);
    const [rep, colleague] = [world.device('rep'), world.device('colleague')];
    for (const device of [rep, colleague]) await device.pullAll();
    expect(
      await send(colleague, {
        entity: 'task',
        recordId: 't1',
        changes: [changeOfSet('participantIds', [], ['colleague'])],
      }),
    ).toBe('applied');
    const said = { body: 'Done?', taskId: 't1', ownerId: 'colleague', teamId: 'north' };
    expect(await send(colleague, create('comment', 'c1', said))).toBe('applied');
    await rep.pullAll();
    expect(await send(rep, { entity: 'comment', recordId: 'c1', changes: [change('body', 'Done?', 'Forged')] })).toBe(
      'action_forbidden',
    );
    expect(await send(rep, { kind: 'delete', entity: 'comment', recordId: 'c1', baseRev: 99 })).toBe(
      'action_forbidden',
    );
    expect(await send(rep, create('comment', 'c2', { ...said, body: 'In your name' }))).toBe('action_forbidden');
    expect(await send(rep, create('comment', 'c3', { ...said, ownerId: 'rep', mentionedIds: ['manager'] }))).toBe(
      'applied',
    );
    expect(
      await send(colleague, { entity: 'comment', recordId: 'c1', changes: [change('body', 'Done?', 'Ready?')] }),
    ).toBe('applied');
  });

  it('TSK-03 two devices that each add one half of a circle: the second half is refused', async () => {
    const world = await worldWith([
      ['task', 't1', mine],
      ['task', 't2', mine],
      ['task', 't3', { ...mine, prerequisiteIds: ['t2'] }],
    ]);
    const [one, two] = [world.device('rep'), world.device('rep')];
    for (const device of [one, two]) await device.pullAll();
    const waits = (id: string, other: string) => ({
      entity: 'task',
      recordId: id,
      changes: [changeOfSet('prerequisiteIds', [], [other])],
    });
    expect(await send(one, waits('t1', 't3'))).toBe('applied');
    expect(await send(two, waits('t2', 't1'))).toBe('waitsInACircle');
    expect(await send(two, waits('t2', 't2'))).toBe('waitsForItself');
    // Within one batch and at the same instant, too.
    const world2 = await worldWith([
      ['task', 't1', mine],
      ['task', 't2', mine],
    ]);
    const devices = [world2.device('rep'), world2.device('manager')];
    for (const device of devices) await device.pullAll();
    const answers = await Promise.all(
      devices.map((device, n) => send(device, n === 0 ? waits('t1', 't2') : waits('t2', 't1'))),
    );
    expect(answers.toSorted()).toEqual(['applied', 'waitsInACircle']);
  });

  it('TSK-03 the server completes no task whose author was not told what it waits for, and says nothing of what the author does not see', async () => {
    const world = await worldWith([
      ['task', 't1', { ...mine, prerequisiteIds: ['t2', 'secret'] }],
      ['task', 't2', mine],
      ['task', 'secret', { ...mine, ownerId: 'stranger', teamId: 'south', visibility: 'private' }],
    ]);
    const rep = world.device('rep');
    await rep.pullAll();
    expect(await send(rep, { entity: 'task', recordId: 't1', changes: [done] })).toBe('blocked');
    const told = { ...done, to: { status: 'done', completedDespite: ['t2'] } };
    expect(await send(rep, { entity: 'task', recordId: 't1', changes: [told] })).toBe('applied');
  });

  it('TSK-03 two devices complete the same task of a series: the next one is there once, and nobody is refused', async () => {
    const rule = { unit: 'week', interval: 1, from: 'calendar' };
    const world = await worldWith([['task', 't1', { ...mine, visibility: 'collaborative', recurrence: rule }]]);
    const [rep, colleague] = [world.device('rep'), world.device('colleague')];
    for (const device of [rep, colleague]) await device.pullAll();
    const next = {
      ...mine,
      visibility: 'collaborative',
      recurrence: rule,
      seriesId: 't1',
      occurrence: 2,
      previousId: 't1',
    };
    const complete = (device: TestDevice, txn: string) =>
      device.push([
        device.operation({ entity: 'task', recordId: 't1', changes: [done], txn }),
        device.operation({ kind: 'create', entity: 'task', recordId: 't1.r2', changes: changesFor('task', next), txn }),
      ]);
    const first = await complete(rep, 'one');
    // A colleague makes it for its assignee, which is allowed for nothing else.
    const second = await complete(colleague, 'two');
    expect(first.verdicts.map(({ status }) => status)).toEqual(['applied', 'applied']);
    expect(second.verdicts.map(({ status }) => status)).toEqual(['noop', 'noop']);
    await rep.pullAll();
    expect(idsOn(rep, 'task')).toEqual(['t1', 't1.r2']);
    const forged = { ...next, seriesId: 'x', previousId: 'none' };
    expect(await send(colleague, create('task', 'forged', forged))).not.toBe('applied');
    expect(await send(colleague, create('task', 't1.r2', { ...forged, ownerId: 'colleague' }))).toBe('duplicate');
  });

  it('TSK-03 minutes are added to the task once, however often an entry is sent, changed, deleted and brought back', async () => {
    const world = await worldWith([['task', 't1', { ...mine, spentMinutes: 5 }]]);
    const [rep, manager] = [world.device('rep'), world.device('manager')];
    for (const device of [rep, manager]) await device.pullAll();
    const spent = async () => {
      await manager.pullAll();
      return [...manager.store.values()].find(({ id }) => id === 't1')?.['spentMinutes'];
    };
    const at = (minute: number) => `2026-03-02T08:${String(minute).padStart(2, '0')}:00.000Z`;
    const running = { taskId: 't1', startedAt: at(0), runningFor: 'rep', ownerId: 'rep', teamId: 'north' };
    expect(await send(rep, create('timeEntry', 'e1', running))).toBe('applied');
    expect(await spent()).toBe(5);
    const end = (minutes: number) => ({
      entity: 'timeEntry',
      recordId: 'e1',
      changes: [{ group: 'time', base: { endedAt: null }, to: { endedAt: at(minutes), minutes, runningFor: null } }],
    });
    expect(await send(rep, end(30))).toBe('applied');
    const again = world.device('rep');
    expect(await send(again, end(30))).toBe('noop');
    expect(await spent()).toBe(35);
    expect(await send(manager, end(40))).toBe('action_forbidden');
    expect(await send(rep, { kind: 'delete', entity: 'timeEntry', recordId: 'e1', baseRev: 99 })).toBe('applied');
    expect(await spent()).toBe(5);
    expect(await send(rep, { kind: 'restore', entity: 'timeEntry', recordId: 'e1' })).toBe('applied');
    expect(await spent()).toBe(35);
    expect(await send(rep, create('timeEntry', 'e2', { ...running, ownerId: 'manager', runningFor: 'manager' }))).toBe(
      'action_forbidden',
    );
  });

  it('TSK-01 keys of tasks that were written before follow the rule, with what belongs to them', async () => {
    const world = await worldWith([
      ['task', 't1', { ...mine, visibility: 'private', createdBy: 'colleague', assignedBy: 'colleague' }],
      ['task', 't2', { ...mine, visibility: 'collaborative' }],
      ['conflict', 'c1', { subjectEntity: 'task', subjectId: 't1', group: 'due', state: 'open', ownerId: 'rep' }],
    ]);
    const sql = `SELECT id, scope_keys FROM record WHERE kind IN ('task', 'conflict') ORDER BY id`;
    const written = await world.rows(sql);
    await world.rows(
      `UPDATE record SET scope_keys = ARRAY['o:colleague', 'o:rep', 't:north'] WHERE id IN ('t1', 'c1')`,
    );
    await world.rows(`UPDATE record SET scope_keys = ARRAY['o:rep', 't:north', 'w'] WHERE id = 't2'`);
    for (const statement of tasksInFull.statements)
      if (statement.startsWith('UPDATE record')) await world.rows(statement);
    expect(await world.rows(sql)).toEqual(written);
  });
});
