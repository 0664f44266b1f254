import { describe, expect, test } from 'vitest';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import type { Actor } from '#shared/access/actor.ts';
import { createGoals } from '#shared/analytics/goals/answer-goals.ts';
import type { GoalsQuery, GoalView } from '#shared/analytics/goals/goal-question.ts';
import { milestonesReached } from '#shared/analytics/goals/milestones-reached.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';
import { createActor } from '../../../support/command-world.ts';

// April has 22 working days, May 21 and June 22; until Friday, 15 May, 33 of the 65 are over.
const TODAY = '2026-05-15';
const quarter = { windowType: 'quarter', startsOn: '2026-04-01', endsOn: '2026-06-30', fiscalYearStart: 1 };

type Values = Readonly<Record<string, unknown>>;

function record(kind: EntityName, id: string, values: Values): LocalRecord {
  const stamps = { createdAt: '2026-04-01T08:00:00.000Z', createdBy: null, updatedAt: '', updatedBy: null };
  return { id, kind, rev: 1, ownerId: null, teamId: null, ...stamps, pending: [], ...values };
}

function put(mirror: RecordMirror, ...records: readonly LocalRecord[]): void {
  mirror.change(records.map((each) => ({ entity: each.kind, id: each.id, after: each })));
}

const won = (id: string, ownerId: string, amount: number, closeDate: string, values: Values = {}): LocalRecord =>
  record('deal', id, { ownerId, teamId: 'north', status: 'won', amount, currency: 'EUR', closeDate, ...values });

const goal = (id: string, of: Values, values: Values = {}): LocalRecord =>
  record('goal', id, {
    name: id,
    metric: 'wonValue',
    currency: 'EUR',
    targetAmount: 65_000_00,
    ...quarter,
    ...of,
    ...values,
  });

const rickGoal = { userId: 'rick', ownerId: 'rick', teamId: 'north' };
const teamGoal = { forTeamId: 'north', ownerId: 'mona', teamId: 'north' };

function createWorld(...records: readonly LocalRecord[]): RecordMirror {
  const mirror = createRecordMirror();
  put(
    mirror,
    record('team', 'north', { name: 'North', leadId: 'mona', parentId: null }),
    record('team', 'harbour', { name: 'Harbour', leadId: 'mona', parentId: 'north' }),
    record('user', 'mona', { name: 'Mona', role: 'manager', teamId: 'north' }),
    record('user', 'rick', { name: 'Rick', role: 'sales_rep', teamId: 'north' }),
    record('user', 'rita', { name: 'Rita', role: 'sales_rep', teamId: 'harbour' }),
    ...records,
  );
  return mirror;
}

const mona = createActor('manager', 'mona', ['north', 'harbour']);
const rick = createActor('sales_rep', 'rick', ['north']);
const boss = createActor('org_admin', 'boss', []);

function goalsOn(mirror: RecordMirror, today = TODAY) {
  return createGoals({ source: mirror, today: () => today }, createTimeZone('Europe/Berlin'));
}

function viewsOf(
  mirror: RecordMirror,
  actor: Actor = mona,
  query: GoalsQuery = {},
  today = TODAY,
): ReadonlyMap<string, GoalView> {
  return new Map(
    goalsOn(mirror, today)
      .answer(actor, query)
      .value.goals.map((view) => [view.id, view]),
  );
}

function readyOf(view: GoalView | undefined) {
  if (view?.figure.kind !== 'ready') throw new Error(`no standing: ${view?.figure.kind ?? 'no goal'}`);
  return view.figure;
}

describe('how far a goal is', () => {
  test.each([
    [36_300_00, 'ahead', 1.1],
    [36_299_99, 'onTrack', 1.1],
    [29_700_00, 'onTrack', 0.9],
    [29_699_99, 'behind', 0.9],
    [65_000_00, 'achieved', 1.97],
    [0, 'behind', 0],
  ] as const)('TSK-05 with %i of 65,000 won after 33 of 65 working days it is %s', (amount, state, pace) => {
    const figure = readyOf(viewsOf(createWorld(goal('g', rickGoal), won('d', 'rick', amount, '2026-05-04'))).get('g'));
    expect(figure).toMatchObject({ actual: amount, state, elapsedDays: 33, workingDays: 65, expected: 33_000_00 });
    expect(figure.pace).toBeCloseTo(pace, 2);
  });

  test('TSK-05 a window that is over is achieved or missed, one that has not begun has no pace yet', () => {
    const world = createWorld(goal('g', rickGoal), won('d', 'rick', 60_000_00, '2026-05-04'));
    expect(readyOf(viewsOf(world, mona, {}, '2026-07-01').get('g'))).toMatchObject({
      state: 'missed',
      neededPerDay: null,
    });
    const before = readyOf(viewsOf(world, mona, {}, '2026-03-31').get('g'));
    expect(before).toMatchObject({ state: null, pace: null, expected: null, projected: null });
  });

  test('TSK-05 counts the working days of the organization, and says what each that is left has to bring', () => {
    const world = createWorld(
      record('organization', 'organization', {
        currency: 'EUR',
        workingDays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
      }),
      goal('g', rickGoal, { windowType: 'custom', startsOn: '2026-05-11', endsOn: '2026-05-16', targetAmount: 600_00 }),
      won('d', 'rick', 200_00, '2026-05-12'),
    );
    const figure = readyOf(viewsOf(world).get('g'));
    // Today, Friday, counts as over for the pace, and what is missing can come today and on Saturday.
    expect(figure).toMatchObject({
      workingDays: 6,
      elapsedDays: 5,
      expected: 500_00,
      neededPerDay: 200_00,
      projected: 240_00,
    });
  });

  test.each([
    ['wonDeals', {}, 1],
    ['activities', { activityType: 'call' }, 1],
    ['activities', {}, 2],
    ['newContacts', {}, 1],
    ['tasksDone', {}, 1],
    ['recordCount', { countedEntity: 'lead', filter: { field: 'leadSource', op: 'eq', value: 'event' } }, 1],
    [
      'recordCount',
      { countedEntity: 'deal', countedBy: 'closeDate', filter: { field: 'status', op: 'ne', value: 'won' } },
      1,
    ],
  ] as const)(
    'TSK-05 a goal over %s %o counts what happened in the window, and its list shows exactly that',
    (metric, of, count) => {
      const mine = { ownerId: 'rick', teamId: 'north' };
      const inside = '2026-05-06T10:00:00.000Z';
      const outside = '2026-07-01T10:00:00.000Z';
      // The evening of 31 March in UTC is 1 April in Berlin only from 22:00 on.
      const early = '2026-03-31T21:59:59.000Z';
      const world = createWorld(
        goal('g', rickGoal, { metric, targetAmount: null, currency: null, targetCount: 10, ...of }),
        won('d1', 'rick', 1, '2026-06-30'),
        won('d2', 'rick', 1, '2026-07-01'),
        won('d3', 'rita', 1, '2026-05-01'),
        record('deal', 'd4', { ...mine, status: 'open', closeDate: '2026-05-20' }),
        record('activity', 'a1', { ...mine, activityType: 'call', occurredAt: inside }),
        record('activity', 'a2', { ...mine, activityType: 'meeting', occurredAt: '2026-03-31T22:00:00.000Z' }),
        record('activity', 'a3', { ...mine, activityType: 'call', occurredAt: early }),
        record('activity', 'a4', { ...mine, ownerId: 'rita', activityType: 'call', occurredAt: inside }),
        record('contact', 'c1', { ...mine, createdAt: inside }),
        record('contact', 'c2', { ...mine, createdAt: outside }),
        record('task', 't1', { ...mine, status: 'done', completedAt: inside }),
        record('task', 't2', { ...mine, status: 'open', completedAt: null }),
        record('lead', 'l1', { ...mine, leadSource: 'event', createdAt: inside }),
        record('lead', 'l2', { ...mine, leadSource: 'web', createdAt: inside }),
        record('lead', 'l3', { ...mine, leadSource: 'event', createdAt: outside }),
      );
      expect(readyOf(viewsOf(world).get('g')).actual).toBe(count);
      const records = goalsOn(world).detail(mona, 'g').value?.records;
      if (records === undefined || records === null) throw new Error('no records');
      const { entity, filter } = records;
      const listed = [...world.all(entity).values()].filter((each) =>
        matchesFilter(entities[entity], filter, each, { today: TODAY, fiscalYearStart: 1 }),
      );
      expect(listed).toHaveLength(count);
    },
  );

  test('TSK-05 amounts are added up at the rate of their day, and what has none is said, not counted', () => {
    const rate = { homeCurrency: 'EUR', currency: 'USD', day: '2026-04-01', rate: '0.5' };
    const world = createWorld(
      record('exchangeRate', 'usd', rate),
      goal('g', rickGoal),
      won('d1', 'rick', 100_00, '2026-05-04', { currency: 'USD' }),
      won('d2', 'rick', 100_00, '2026-05-04', { currency: 'CHF' }),
    );
    expect(readyOf(viewsOf(world).get('g'))).toMatchObject({ actual: 50_00, withoutRate: 1 });
    put(world, goal('g', rickGoal, { currency: 'CHF' }));
    expect(viewsOf(world).get('g')?.figure).toEqual({ kind: 'noRate' });
  });

  test('TSK-05 keeps up with every change of a record', () => {
    const world = createWorld(goal('g', rickGoal));
    const goals = goalsOn(world);
    const actual = () => readyOf(goals.answer(mona, {}).value.goals[0]).actual;
    expect(actual()).toBe(0);
    put(world, won('d', 'rick', 7_00, '2026-05-04'));
    expect(actual()).toBe(7_00);
    put(world, won('d', 'rick', 7_00, '2026-05-04', { status: 'open' }));
    expect(actual()).toBe(0);
  });
});

describe('whose goals, and who is told what', () => {
  const sold = [
    won('d1', 'rick', 10_000_00, '2026-05-04'),
    won('d2', 'rita', 20_000_00, '2026-05-05', { teamId: 'harbour' }),
  ];

  test('TSK-07 a manager sees the team with everybody in it and below, who brought what, and who is ahead of whom', () => {
    const rita = { userId: 'rita', ownerId: 'rita', teamId: 'harbour' };
    const world = createWorld(goal('team', teamGoal), goal('g1', rickGoal), goal('g2', rita), ...sold);
    const views = viewsOf(world);
    expect([...views.keys()]).toEqual(['team', 'g2', 'g1']);
    expect(readyOf(views.get('team')).actual).toBe(30_000_00);
    const detail = goalsOn(world).detail(mona, 'team').value;
    expect(detail?.people.map(({ userId, actual, own }) => [userId, actual, own?.id ?? null])).toEqual([
      ['rita', 20_000_00, 'g2'],
      ['rick', 10_000_00, 'g1'],
      ['mona', 0, null],
    ]);
    expect([...viewsOf(world, mona, { team: 'harbour' }).keys()]).toEqual(['g2']);
    expect([...viewsOf(world, mona, { person: 'rick' }).keys()]).toEqual(['g1']);
    expect([...viewsOf(world, mona, { time: 'past' }).keys()]).toEqual([]);
  });

  test('TSK-05 of a goal of the team, whoever sees only the own records is told the own part and no standing', () => {
    const world = createWorld(goal('team', teamGoal), sold[0] ?? goal('none', teamGoal));
    const view = viewsOf(world, rick).get('team');
    expect(view?.figure).toEqual({ kind: 'part', actual: 10_000_00, withoutRate: 0 });
    expect(view?.milestones.every(({ reachedOn }) => reachedOn === null)).toBe(true);
    expect(goalsOn(world).detail(rick, 'team').value).toMatchObject({ course: [], people: [] });
    expect(view?.may).toEqual({ change: false, remove: false });
  });

  test('FLS-01 TSK-05 whoever does not see amounts learns none through a goal: no sum, no pace, no milestone, no records', () => {
    const seen = Object.keys(entities.deal.fields).filter((field) => field !== 'amount');
    const fields = { deal: Object.fromEntries(seen.map((field) => [field, 'edit' as const])) };
    const blind: Actor = { ...rick, fields };
    const byFilter = {
      metric: 'recordCount',
      countedEntity: 'deal',
      targetAmount: null,
      currency: null,
      targetCount: 3,
    };
    const world = createWorld(
      goal('g', rickGoal),
      goal('large', rickGoal, { ...byFilter, filter: { field: 'amount', op: 'gt', value: 5_000_00 } }),
      goal('deals', rickGoal, { metric: 'wonDeals', targetAmount: null, currency: null, targetCount: 1 }),
      ...sold,
    );
    const views = viewsOf(world, blind);
    for (const id of ['g', 'large']) {
      expect(views.get(id)?.figure).toEqual({ kind: 'unseen', entity: 'deal', fields: ['amount'] });
      expect(goalsOn(world).detail(blind, id).value).toMatchObject({ course: [], people: [], records: null });
    }
    expect(readyOf(views.get('deals')).actual).toBe(1);
    expect(milestonesReached([...views.values()]).every(({ goalId }) => goalId === 'deals')).toBe(true);
  });

  test('TSK-05 nobody changes the own goal; the manager above and administrators do', () => {
    const own = { userId: 'mona', ownerId: 'mona', teamId: 'north' };
    const world = createWorld(goal('own', own), goal('g', rickGoal));
    const mayOf = (actor: Actor) => [...viewsOf(world, actor).values()].map(({ id, may }) => [id, may.change]);
    expect(mayOf(mona)).toEqual([
      ['own', false],
      ['g', true],
    ]);
    expect(mayOf(boss)).toEqual([
      ['own', true],
      ['g', true],
    ]);
  });
});

describe('milestones', () => {
  const world = () =>
    createWorld(
      goal('g', rickGoal, { targetAmount: 100_00, milestones: [25, 50, 75] }),
      won('d1', 'rick', 30_00, '2026-04-10'),
      won('d2', 'rick', 30_00, '2026-05-04'),
    );

  test('TSK-10 are reached on the day the sum came to them, and the target is always one', () => {
    expect(viewsOf(world()).get('g')?.milestones).toEqual([
      { percent: 25, amount: 25_00, reachedOn: '2026-04-10' },
      { percent: 50, amount: 50_00, reachedOn: '2026-05-04' },
      { percent: 75, amount: 75_00, reachedOn: null },
      { percent: 100, amount: 100_00, reachedOn: null },
    ]);
  });

  test('TSK-10 have the same id on every device and for ever, so that each is told of once', () => {
    const reached = (mirror: RecordMirror, actor: Actor) =>
      milestonesReached([...viewsOf(mirror, actor).values()]).map(({ id }) => id);
    const mine = world();
    expect(reached(mine, rick)).toEqual(['g.2026-04-01.25', 'g.2026-04-01.50']);
    expect(reached(world(), mona)).toEqual(reached(mine, rick));
    put(mine, won('d2', 'rick', 30_00, '2026-05-04', { status: 'lost' }));
    expect(reached(mine, rick)).toEqual(['g.2026-04-01.25']);
    put(mine, won('d2', 'rick', 80_00, '2026-05-06'));
    expect(milestonesReached([...viewsOf(mine, rick).values()]).at(-1)).toEqual({
      id: 'g.2026-04-01.100',
      goalId: 'g',
      percent: 100,
      isAchievement: true,
      reachedOn: '2026-05-06',
    });
  });
});

describe('the course of a goal', () => {
  test('TSK-05 ends where the figure is, beside the line it should follow, and tells nothing of days to come', () => {
    const mirror = createWorld(
      goal('g', rickGoal),
      won('d1', 'rick', 10_000_00, '2026-04-10'),
      won('d2', 'rick', 5_000_00, '2026-06-20'),
    );
    const detail = goalsOn(mirror).detail(mona, 'g').value;
    const at = (day: string) => detail?.course.find((point) => point.day === day);
    expect(at('2026-04-09')?.actual).toBe(0);
    expect(at('2026-04-10')?.actual).toBe(10_000_00);
    // Entered already, though its day lies ahead.
    expect(at(TODAY)).toEqual({ day: TODAY, actual: 15_000_00, expected: 33_000_00 });
    expect(at('2026-05-18')?.actual).toBeNull();
    expect(detail?.course.at(-1)).toEqual({ day: '2026-06-30', actual: null, expected: 65_000_00 });
    expect(goalsOn(mirror, '2026-08-01').detail(mona, 'g').value?.course.at(-1)?.actual).toBe(15_000_00);
  });
});
