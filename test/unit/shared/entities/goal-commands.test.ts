import { describe, expect, test } from 'vitest';
import type { Actor } from '#shared/access/actor.ts';
import { isInScope } from '#shared/access/scope.ts';
import { entities } from '#shared/entities/registry.ts';
import { createActor, createCommandWorld } from '../../../support/command-world.ts';

const mona = createActor('manager', 'mona', ['north']);
const rick = createActor('sales_rep', 'rick', ['north']);

function worldOf(actor: Actor) {
  const world = createCommandWorld(actor);
  world.put('team', { id: 'north', name: 'North', leadId: 'mona' });
  world.put('team', { id: 'south', name: 'South', leadId: 'sam' });
  for (const [id, teamId] of [
    ['mona', 'north'],
    ['rick', 'north'],
    ['rita', 'north'],
    ['sam', 'south'],
  ] as const)
    world.put('user', { id, name: id, teamId, ownerId: null });
  return world;
}

const values = {
  name: 'Calls in March',
  metric: 'activities',
  activityType: 'call',
  targetCount: 40,
  windowType: 'month',
  startsOn: '2026-03-01',
  endsOn: '2026-03-31',
};
const person = (id: string) => ({ entity: 'user', id });
const team = (id: string) => ({ entity: 'team', id });

describe('setting goals', () => {
  test('TSK-05 a manager sets one for the team and one for each person at once, all of it or none', async () => {
    const world = worldOf(mona);
    await world.run('setGoals', { subjects: [team('north'), person('rick'), person('rita')], values });
    expect(
      world.all('goal').map(({ ownerId, teamId, ...goal }) => [goal['userId'] ?? goal['forTeamId'], ownerId, teamId]),
    ).toEqual([
      ['north', 'mona', 'north'],
      ['rick', 'rick', 'north'],
      ['rita', 'rita', 'north'],
    ]);
    expect(world.all('goal')[0]?.['milestones']).toEqual([25, 50, 75, 100]);
    const refusal = await world.refuse('setGoals', { subjects: [person('rick'), person('sam')], values });
    expect(refusal.details['reason']).toBe('notBelow');
    expect(world.all('goal')).toHaveLength(3);
  });

  test('TSK-05 nobody sets the own goal, nobody one of another team, a representative none at all', async () => {
    const reasonOf = async (actor: Actor, subject: object) =>
      (await worldOf(actor).refuse('setGoals', { subjects: [subject], values })).details['reason'];
    expect(await reasonOf(mona, person('mona'))).toBe('ownGoal');
    expect(await reasonOf(mona, team('south'))).toBe('notBelow');
    expect(await reasonOf(rick, person('rick'))).toBe('role');
  });

  test('TSK-05 a person sees the own goals and those of the team, and not those of a colleague', async () => {
    const world = worldOf(mona);
    await world.run('setGoals', { subjects: [team('north'), person('rick'), person('rita')], values });
    const member: Actor = { ...rick, grants: { read: ['s:t:north'], update: [] } };
    const stranger: Actor = {
      ...createActor('sales_rep', 'sid', ['south']),
      grants: { read: ['s:t:south'], update: [] },
    };
    const sees = (actor: Actor) => world.all('goal').map((record) => isInScope(actor, entities.goal, 'read', record));
    expect(sees(member)).toEqual([true, true, false]);
    expect(sees(mona)).toEqual([true, true, true]);
    expect(sees(stranger)).toEqual([false, false, false]);
  });

  test('TSK-05 target, name and milestones change; what it measures, for whom and when does not, nor does it move', async () => {
    const world = worldOf(mona);
    const { recordId } = await world.run('setGoals', { subjects: [person('rick')], values });
    const update = { entity: 'goal', id: recordId };
    await world.run('updateRecord', { ...update, values: { targetCount: 50, name: 'More calls', milestones: [50] } });
    expect(world.get('goal', recordId ?? '')).toMatchObject({ targetCount: 50, name: 'More calls', milestones: [50] });
    const moved = await world.refuse('updateRecord', { ...update, values: { ownerId: 'rita' } });
    expect(moved.details['reason']).toBe('ownership');
  });

  test.each([
    ['a window that is no month', { startsOn: '2026-03-02' }, 'startsOn:periodStart'],
    ['a month that ends early', { endsOn: '2026-03-30' }, 'endsOn:periodEnd'],
    ['days that end before they begin', { windowType: 'custom', endsOn: '2026-02-01' }, 'endsOn:periodEnd'],
    ['no target', { targetCount: null }, 'targetCount:required'],
    ['a target of zero', { targetCount: 0 }, 'targetCount:aboveZero'],
    ['revenue without an amount', { metric: 'wonValue' }, 'targetAmount:required'],
    ['a filter over nothing', { metric: 'recordCount' }, 'countedEntity:required'],
    ['a filter that is none', { metric: 'recordCount', countedEntity: 'deal', filter: { field: 1 } }, 'filter:filter'],
    ['milestones above the target', { milestones: [50, 120] }, 'milestones:milestones'],
    ['the same milestone twice', { milestones: [50, 50] }, 'milestones:milestones'],
  ])('TSK-05 %s is refused with what is wrong', async (_what, wrong, problem) => {
    const refusal = await worldOf(mona).refuse('setGoals', {
      subjects: [person('rick')],
      values: { ...values, ...wrong },
    });
    expect(refusal.details['problems']).toContain(problem);
  });
});
