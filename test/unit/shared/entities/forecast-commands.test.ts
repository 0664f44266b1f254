import { describe, expect, test } from 'vitest';
import { isInScope } from '#shared/access/scope.ts';
import type { Actor } from '#shared/access/actor.ts';
import { adjustmentKey, compareByReceipt } from '#shared/entities/forecast-adjustment/forecast-adjustment.ts';
import { entities } from '#shared/entities/registry.ts';
import { createActor, createCommandWorld } from '../../../support/command-world.ts';

const period = { periodStart: '2026-01-01', periodEnd: '2026-03-31' };
const place = (entity: 'user' | 'team' | 'territory', id: string) => ({
  hierarchy: entity === 'territory' ? 'territories' : 'managers',
  ...period,
  of: { entity, id },
});
const adjust = (at: ReturnType<typeof place>, value = 2500_00) => ({
  place: at,
  columnMode: 'single',
  category: 'commit',
  value,
  baseValue: 2800_00,
  currency: 'EUR',
  note: 'Two will slip',
});
const submit = (at: ReturnType<typeof place>) => ({
  place: at,
  commit: 100,
  currency: 'EUR',
  numbers: { commit: 100 },
  deals: ['d1:7'],
  dealCount: 1,
});

const mona: Actor = { ...createActor('manager', 'mona', ['north']), grants: { read: ['r:dach'], update: ['r:dach'] } };
const rick = createActor('sales_rep', 'rick', ['north']);

function worldOf(actor: Actor) {
  const world = createCommandWorld(actor);
  for (const [id, teamId] of [
    ['mona', 'north'],
    ['rick', 'north'],
    ['sam', 'south'],
  ] as const)
    world.put('user', { id, name: id, teamId, ownerId: null });
  world.put('team', { id: 'north', name: 'North', leadId: 'mona', ownerId: null, teamId: null });
  world.put('team', { id: 'south', name: 'South', leadId: 'sam', ownerId: null, teamId: null });
  world.put('territory', { id: 'dach', name: 'DACH', managerId: 'tim', ownerId: null, teamId: null });
  world.put('territory', { id: 'uk', name: 'UK', managerId: 'tim', ownerId: null, teamId: null });
  return world;
}

describe('adjusting a forecast', () => {
  test('ANA-20 everybody adjusts the own number; it belongs to its author and goes to the own team', async () => {
    const world = worldOf(rick);
    const { recordId } = await world.run('adjustForecast', adjust(place('user', 'rick')));
    expect(world.get('forecastAdjustment', recordId ?? '')).toMatchObject({
      userId: 'rick',
      ownerId: 'rick',
      teamId: 'north',
      value: 2500_00,
      baseValue: 2800_00,
      note: 'Two will slip',
    });
  });

  test('ANA-20 a manager adjusts the people, teams and territories below; nobody adjusts anybody else', async () => {
    const world = worldOf(mona);
    for (const at of [place('user', 'rick'), place('user', 'mona'), place('team', 'north'), place('territory', 'dach')])
      await world.run('adjustForecast', adjust(at));
    for (const at of [place('user', 'sam'), place('team', 'south'), place('territory', 'uk')]) {
      const refusal = await world.refuse('adjustForecast', adjust(at));
      expect([refusal.code, refusal.details['reason']]).toEqual(['action_forbidden', 'notBelow']);
    }
    const refusal = await worldOf(rick).refuse('adjustForecast', adjust(place('user', 'mona')));
    expect(refusal.details['reason']).toBe('notBelow');
    const viewer = await worldOf(createActor('viewer', 'vera', [])).refuse(
      'adjustForecast',
      adjust(place('user', 'rick')),
    );
    expect(viewer.details['reason']).toBe('role');
  });

  test('ANA-20 what a manager thinks of a number is seen above, never below', async () => {
    const world = worldOf(mona);
    const { recordId } = await world.run('adjustForecast', adjust(place('user', 'rick')));
    const record = world.get('forecastAdjustment', recordId ?? '');
    const sees = (actor: Actor) => isInScope(actor, entities.forecastAdjustment, 'read', record);
    expect([sees(rick), sees(mona), sees(createActor('manager', 'dora', ['north', 'sales']))]).toEqual([
      false,
      true,
      true,
    ]);
    expect(sees(createActor('manager', 'sam', ['south']))).toBe(false);
  });

  test('ANA-20 nobody writes an adjustment in the name of somebody else, and nobody changes one', async () => {
    const world = worldOf(mona);
    const { recordId } = await world.run('adjustForecast', adjust(place('user', 'rick')));
    const { hierarchy, columnMode, category, value, baseValue, currency } = world.get(
      'forecastAdjustment',
      recordId ?? '',
    );
    const values = {
      hierarchy,
      columnMode,
      ...period,
      category,
      value,
      baseValue,
      currency,
      userId: 'rick',
      ownerId: 'rick',
    };
    const forged = await world.refuse('createRecord', { entity: 'forecastAdjustment', values });
    expect(forged.details['reason']).toBe('ownership');
    const changed = await world.refuse('updateRecord', {
      entity: 'forecastAdjustment',
      id: recordId,
      values: { value: 1 },
    });
    expect(changed.code).toBe('action_forbidden');
  });

  test('ANA-20 the author takes an adjustment back, and the one before holds again', async () => {
    const world = worldOf(rick);
    await world.run('adjustForecast', adjust(place('user', 'rick'), 1));
    world.setNow('2026-03-10T10:00:00.000Z');
    const { recordId } = await world.run('adjustForecast', adjust(place('user', 'rick'), 2));
    const newest = () => world.all('forecastAdjustment').toSorted(compareByReceipt)[0]?.['value'];
    expect(newest()).toBe(2);
    await world.run('deleteRecord', { entity: 'forecastAdjustment', id: recordId });
    expect(newest()).toBe(1);
  });

  test('ANA-20 of two with the same key the one received last holds, and what the server has not seen is newest', () => {
    const at = (id: string, rev: number, createdAt = '2026-01-01') => ({ id, rev, createdAt });
    const sorted = [at('old', 5), at('unsent', 0), at('new', 9), at('later', 0, '2026-01-02')].toSorted(
      compareByReceipt,
    );
    expect(sorted.map(({ id }) => id)).toEqual(['later', 'unsent', 'new', 'old']);
    const key = {
      ...period,
      hierarchy: 'managers',
      columnMode: 'single',
      category: 'commit',
      userId: 'a',
      ownerId: 'b',
    };
    expect(adjustmentKey(key)).not.toBe(adjustmentKey({ ...key, userId: null, forTeamId: 'a' }));
    expect(adjustmentKey(key)).toBe(adjustmentKey({ ...key, value: 3, note: 'x' }));
  });

  test('ANA-20 an adjustment is about one person, team or territory of its hierarchy', async () => {
    const wrong = { ...adjust(place('user', 'rick')), place: { ...place('user', 'rick'), hierarchy: 'territories' } };
    const refusal = await worldOf(rick).refuse('adjustForecast', wrong);
    expect(refusal.details['problems']).toEqual(['userId:forecastNode']);
  });
});

describe('submitting a forecast', () => {
  test('ANA-20 everybody submits the own number, a lead that of the team, nobody that of others', async () => {
    const world = worldOf(mona);
    await world.run('submitForecast', submit(place('user', 'mona')));
    const { recordId } = await world.run('submitForecast', submit(place('team', 'north')));
    expect(world.get('forecastSubmission', recordId ?? '')).toMatchObject({
      submittedAt: '2026-03-10T09:00:00.000Z',
      forTeamId: 'north',
      ownerId: 'mona',
      deals: ['d1:7'],
    });
    const refusal = await world.refuse('submitForecast', submit(place('user', 'rick')));
    expect(refusal.details['reason']).toBe('othersForecast');
  });

  test('ANA-20 whoever has no deal submits that', async () => {
    await worldOf(rick).run('submitForecast', { ...submit(place('user', 'rick')), commit: 0, deals: [], dealCount: 0 });
  });

  test('ANA-20 a submitted forecast is frozen: it can be neither changed nor deleted', async () => {
    const world = worldOf(rick);
    const { recordId } = await world.run('submitForecast', submit(place('user', 'rick')));
    const input = { entity: 'forecastSubmission', id: recordId };
    expect((await world.refuse('updateRecord', { ...input, values: { commit: 1 } })).code).toBe('action_forbidden');
    expect((await world.refuse('deleteRecord', input)).code).toBe('action_forbidden');
  });
});

describe('quotas', () => {
  const of = (entity: 'user' | 'territory', id: string) => ({
    of: { entity, id },
    periodType: 'quarter',
    periodStart: '2026-01-01',
    amount: 100_000_00,
  });

  test('ANA-20 a manager sets the quotas of the own people and territories, and a second time changes them', async () => {
    const world = worldOf(mona);
    const { recordId } = await world.run('setQuota', of('user', 'rick'));
    expect(world.get('quota', recordId ?? '')).toMatchObject({ ownerId: 'rick', teamId: 'north', currency: 'EUR' });
    await world.run('setQuota', { ...of('user', 'rick'), amount: 5 });
    expect(world.all('quota').map((record) => record['amount'])).toEqual([5]);
    await world.run('setQuota', of('territory', 'dach'));
    const [own, foreign, far] = [
      await world.refuse('setQuota', of('user', 'mona')),
      await world.refuse('setQuota', of('user', 'sam')),
      await world.refuse('setQuota', of('territory', 'uk')),
    ];
    expect([own, foreign, far].map(({ details }) => details['reason'])).toEqual(['ownQuota', 'notBelow', 'notBelow']);
  });

  test('ANA-20 a representative sees the own quota and sets none; the people of a territory see that of the territory', async () => {
    const world = worldOf(mona);
    await world.run('setQuota', of('user', 'rick'));
    await world.run('setQuota', of('territory', 'dach'));
    const sees = (actor: Actor) => world.all('quota').map((record) => isInScope(actor, entities.quota, 'read', record));
    expect(sees(rick)).toEqual([true, false]);
    expect(sees({ ...createActor('sales_rep', 'tim', []), grants: { read: ['r:dach'], update: [] } })).toEqual([
      false,
      true,
    ]);
    expect((await worldOf(rick).refuse('setQuota', of('user', 'rick'))).details['reason']).toBe('role');
  });

  test.each([
    ['month', '2026-02-02'],
    ['quarter', '2026-02-01'],
    ['quarter', '2025-12-31'],
    ['year', '2026-04-01'],
  ])('ANA-20 a quota for a %s from %s would meet no period and is refused', async (periodType, periodStart) => {
    const refusal = await worldOf(mona).refuse('setQuota', { ...of('user', 'rick'), periodType, periodStart });
    expect(refusal.details['problems']).toEqual(['periodStart:periodStart']);
  });

  test('ANA-20 quotas follow the fiscal year of the organization', async () => {
    const world = worldOf(createActor('org_admin', 'ada', []));
    await world.run('createRecord', {
      entity: 'organization',
      id: 'organization',
      values: { currency: 'USD', fiscalYearStart: 2 },
    });
    const { recordId } = await world.run('setQuota', { ...of('user', 'mona'), periodStart: '2026-02-01' });
    expect(world.get('quota', recordId ?? '')).toMatchObject({ currency: 'USD', fiscalYearStart: 2 });
    const refusal = await world.refuse('setQuota', { ...of('user', 'mona'), amount: 0 });
    expect(refusal.details['problems']).toContain('amount:aboveZero');
  });
});
