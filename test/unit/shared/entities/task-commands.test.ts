import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entities } from '#shared/entities/registry.ts';
import { nextDueDay, type Recurrence } from '#shared/entities/task/recurrence.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { remindersOf } from '#shared/entities/task/reminders.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import { mergeItems } from '#shared/sync/merge-items.ts';
import { createActor, createCommandWorld } from '../../../support/command-world.ts';

const rep = createActor('sales_rep', 'rep');
const weekly: Recurrence = { unit: 'week', interval: 1, weekdays: [1, 4], from: 'calendar' };
const monthly: Recurrence = { unit: 'month', interval: 1, dayOfMonth: 31, from: 'calendar' };

function worldWith(values: Readonly<Record<string, unknown>>) {
  const world = createCommandWorld(rep);
  world.put('task', {
    id: 't1',
    subject: 'Call',
    status: 'open',
    priority: 'medium',
    visibility: 'assigned',
    ...values,
  });
  return world;
}

describe('recurrence', () => {
  it('TSK-03 weekly tasks fall on the chosen weekdays, and every other week begins with the first of them', () => {
    expect(nextDueDay(weekly, '2026-03-02', '2026-03-02', 1)).toBe('2026-03-05');
    expect(nextDueDay(weekly, '2026-03-05', '2026-03-05', 1)).toBe('2026-03-09');
    expect(nextDueDay({ ...weekly, interval: 2 }, '2026-03-05', '2026-03-05', 1)).toBe('2026-03-16');
  });

  it('TSK-03 the 31st is the last day of a shorter month and the 31st again afterwards, the 29th of February likewise', () => {
    const days = ['2026-01-31'];
    for (let n = 1; n < 5; n += 1) days.push(nextDueDay(monthly, days[n - 1] ?? '', days[n - 1] ?? '', n) ?? '');
    expect(days).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
    const yearly: Recurrence = { unit: 'year', interval: 1, dayOfMonth: 29, from: 'calendar' };
    expect(nextDueDay(yearly, '2024-02-29', '2024-02-29', 1)).toBe('2025-02-28');
    expect(nextDueDay(yearly, '2027-02-28', '2027-02-28', 1)).toBe('2028-02-29');
  });

  it('TSK-03 a task left lying is followed by one that is still to come, by the calendar or from the day it was done', () => {
    const daily: Recurrence = { unit: 'day', interval: 3, from: 'calendar' };
    expect(nextDueDay(daily, '2026-03-01', '2026-03-08', 1)).toBe('2026-03-10');
    expect(nextDueDay({ ...daily, from: 'completion' }, '2026-03-01', '2026-03-08', 1)).toBe('2026-03-11');
    expect(nextDueDay(daily, '2026-03-20', '2026-03-08', 1)).toBe('2026-03-23');
  });

  it('TSK-03 a series ends after its last day or its number of tasks', () => {
    expect(nextDueDay({ ...weekly, until: '2026-03-04' }, '2026-03-02', '2026-03-02', 1)).toBeNull();
    expect(nextDueDay({ ...weekly, count: 2 }, '2026-03-02', '2026-03-02', 2)).toBeNull();
    expect(nextDueDay({ ...weekly, count: 3 }, '2026-03-02', '2026-03-02', 2)).toBe('2026-03-05');
  });

  it('TSK-03 whatever the rule, the next task is due after the last one and after the day it was done', () => {
    const day = fc.integer({ min: 0, max: 4000 }).map((n) => addDays('2024-01-01', n));
    const rule = fc.record({
      unit: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
      interval: fc.integer({ min: 1, max: 20 }),
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 4 }),
      dayOfMonth: fc.integer({ min: 1, max: 31 }),
      from: fc.constantFrom('calendar' as const, 'completion' as const),
    });
    fc.assert(
      fc.property(rule, day, day, (each, due, done) => {
        const next = nextDueDay(each, due, done, 1) ?? '';
        expect(next > done).toBe(true);
        if (each.from === 'calendar') expect(next > due).toBe(true);
      }),
    );
  });
});

describe('completing', () => {
  it('TSK-03 completing a task that repeats makes the next one with everything but what was done', async () => {
    const world = worldWith({
      recurrence: { ...weekly, timeZone: 'Europe/Berlin' },
      dueDate: '2026-03-26',
      dueAt: '2026-03-26T08:00:00.000Z',
      checklist: [{ id: 'a', text: 'Look', isDone: true }],
      progress: 50,
      reminders: ['h1'],
    });
    world.setNow('2026-03-26T10:00:00.000Z');
    await world.run('completeTask', { id: 't1', outcome: 'Reached' });
    expect(world.get('task', 't1')).toMatchObject({ status: 'done', progress: 100, completedBy: 'rep' });
    // Nine o'clock stays nine o'clock: the clocks go forward in between.
    expect(world.get('task', 't1.r2')).toMatchObject({
      status: 'open',
      dueDate: '2026-03-30',
      dueAt: '2026-03-30T07:00:00.000Z',
      checklist: [{ id: 'a', text: 'Look', isDone: false }],
      reminders: ['h1'],
      seriesId: 't1',
      occurrence: 2,
      previousId: 't1',
    });
    expect(world.get('task', 't1.r2')['outcome']).toBeUndefined();
    expect(new Set(world.operations.map(({ txn }) => txn)).size).toBe(1);
    await world.run('reopenTask', { id: 't1' });
    await world.run('completeTask', { id: 't1' });
    await world.run('updateRecord', { entity: 'task', id: 't1.r2', values: { status: 'done' } });
    expect(world.all('task').map(({ id }) => id)).toEqual(['t1', 't1.r2', 't1.r3']);
  });

  it('TSK-03 a colleague who completes a task of a series makes the next one for its assignee, and no other task', async () => {
    const world = worldWith({
      ownerId: 'anna',
      visibility: 'collaborative',
      recurrence: weekly,
      dueDate: '2026-03-09',
    });
    await world.run('completeTask', { id: 't1' });
    expect(world.get('task', 't1.r2')).toMatchObject({ ownerId: 'anna' });
    const refused = await world.refuse('createRecord', {
      entity: 'task',
      values: { subject: 'Mine', ownerId: 'anna' },
    });
    expect(refused.details['reason']).toBe('createForOthers');
  });

  it('TSK-03 a task that waits for others is not completed silently, whatever way it is tried', async () => {
    const world = worldWith({ prerequisiteIds: ['t2', 't3', 'unseen'] });
    world.put('task', { id: 't2', subject: 'First', status: 'open' });
    world.put('task', { id: 't3', subject: 'Done', status: 'done' });
    const tries = [
      ['completeTask', { id: 't1' }],
      ['updateRecord', { entity: 'task', id: 't1', values: { status: 'done' } }],
      ['bulkUpdate', { entity: 'task', ids: ['t1'], values: { status: 'done' } }],
      ['completeTasks', { ids: ['t1'] }],
    ] as const;
    for (const [name, input] of tries)
      expect((await world.refuse(name, input)).details['problems']).toEqual(['prerequisiteIds:blocked']);
    await world.run('completeTask', { id: 't1', anyway: true });
    expect(world.get('task', 't1')).toMatchObject({ status: 'done', completedDespite: ['t2'] });
    await world.run('reopenTask', { id: 't1' });
    expect(world.get('task', 't1')['completedDespite']).toBeNull();
  });

  it('TSK-03 tasks never wait for each other in a circle, over any number of others', async () => {
    const world = worldWith({});
    world.put('task', { id: 't2', subject: 'b', status: 'open', prerequisiteIds: ['t3'] });
    world.put('task', { id: 't3', subject: 'c', status: 'open', prerequisiteIds: ['t1'] });
    const refuse = (values: unknown) => world.refuse('updateRecord', { entity: 'task', id: 't1', values });
    expect((await refuse({ prerequisiteIds: ['t2'] })).details['problems']).toEqual(['prerequisiteIds:waitsInACircle']);
    expect((await refuse({ prerequisiteIds: ['t1'] })).details['problems']).toEqual(['prerequisiteIds:waitsForItself']);
  });

  it('TSK-03 the time of day moves with the day, and goes with it', async () => {
    const world = worldWith({ dueDate: '2026-03-10', dueAt: '2026-03-10T14:30:00.000Z' });
    await world.run('updateRecord', { entity: 'task', id: 't1', values: { dueDate: '2026-03-12' } });
    expect(world.get('task', 't1')['dueAt']).toBe('2026-03-12T14:30:00.000Z');
    await world.run('updateRecord', { entity: 'task', id: 't1', values: { dueDate: null } });
    expect(world.get('task', 't1')['dueAt']).toBeNull();
  });
});

describe('reminders', () => {
  it('TSK-03 TSK-08 a task reminds before it is due, when it is due and at a chosen time; moved, it reminds anew', () => {
    const world = worldWith({
      dueDate: '2026-03-10',
      reminders: ['d1', 'm0'],
      reminderAt: '2026-03-09T12:00:00.000Z',
    });
    const berlin = createTimeZone('Europe/Berlin');
    const found = remindersOf(world.get('task', 't1'), berlin);
    expect(found.map(({ kind, atMs }) => [kind, new Date(atMs).toISOString()])).toEqual([
      ['before', '2026-03-09T08:00:00.000Z'],
      ['own', '2026-03-09T12:00:00.000Z'],
      ['due', '2026-03-10T08:00:00.000Z'],
    ]);
    const moved = remindersOf({ ...world.get('task', 't1'), dueDate: '2026-03-11' }, berlin);
    expect(moved.filter(({ id }) => found.some((other) => other.id === id)).map(({ kind }) => kind)).toEqual(['own']);
    expect(remindersOf({ ...world.get('task', 't1'), status: 'done' }, berlin)).toEqual([]);
    // A traveller's computer finds the same ones at other instants.
    const abroad = remindersOf(world.get('task', 't1'), createTimeZone('America/New_York'));
    expect(new Set(abroad.map(({ id }) => id))).toEqual(new Set(found.map(({ id }) => id)));
    expect(abroad.map(({ kind, atMs }) => [kind, new Date(atMs).toISOString()])).toContainEqual([
      'due',
      '2026-03-10T13:00:00.000Z',
    ]);
  });
});

describe('checklists', () => {
  const item = (id: string, text = id, isDone = false) => ({ id, text, isDone });

  it('TSK-03 two people who tick off, reword, add and remove different steps all succeed', () => {
    const base = [item('a'), item('b'), item('c')];
    const merged = mergeItems(
      base,
      [item('a', 'a', true), item('b'), item('c'), item('new')],
      [item('a', 'A better wording'), item('c'), item('b'), item('mine')],
    );
    expect(merged?.isLossless).toBe(true);
    expect(merged?.items).toEqual([
      item('a', 'A better wording', true),
      item('c'),
      item('new'),
      item('b'),
      item('mine'),
    ]);
    expect(mergeItems(base, [item('a'), item('b', 'kept'), item('c')], [item('a'), item('c')])?.items).toContainEqual(
      item('b', 'kept'),
    );
    expect(mergeItems(base, base, [item('a')])?.items).toEqual([item('a')]);
    expect(mergeItems(base, [item('a', 'x')], [item('a', 'y')])).toMatchObject({ isLossless: false });
  });

  it('TSK-03 nothing that one added or changed is missing from a merge, and nothing stands twice', () => {
    const list = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        text: fc.constantFrom('x', 'y'),
        isDone: fc.boolean(),
      }),
      { selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(list, list, list, (base, current, mine) => {
        const ids = (mergeItems(base, current, mine)?.items ?? []).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const known = new Map(base.map((each) => [each.id, JSON.stringify(each)]));
        for (const each of [...current, ...mine])
          if (known.get(each.id) !== JSON.stringify(each)) expect(ids).toContain(each.id);
      }),
    );
  });
});

describe('time', () => {
  it('TSK-03 one timer runs for a person: starting another one ends it in the same transaction', async () => {
    const world = worldWith({});
    world.put('task', { id: 't2', subject: 'Other', status: 'open' });
    await world.run('startTimer', { taskId: 't1' });
    world.setNow('2026-03-10T09:25:00.000Z');
    expect((await world.run('startTimer', { taskId: 't1' })).operations).toEqual([]);
    await world.run('startTimer', { taskId: 't2' });
    const [first, second] = world.all('timeEntry');
    expect(first).toMatchObject({ taskId: 't1', minutes: 25, runningFor: null, ownerId: 'rep' });
    expect(second).toMatchObject({ taskId: 't2', runningFor: 'rep' });
    expect(new Set(world.operations.slice(1).map(({ txn }) => txn)).size).toBe(1);
    world.setNow('2026-03-10T10:00:00.000Z');
    await world.run('stopTimer', { note: 'Offer written' });
    expect(world.all('timeEntry')[1]).toMatchObject({ minutes: 35, runningFor: null, note: 'Offer written' });
    expect((await world.run('stopTimer', {})).operations).toEqual([]);
  });

  it('TSK-03 of two timers that two computers started apart, the older one ends where the newer began', async () => {
    const world = worldWith({});
    const running = { taskId: 't1', runningFor: 'rep', endedAt: null };
    world.put('timeEntry', { id: 'e1', startedAt: '2026-03-10T08:00:00.000Z', ...running });
    world.put('timeEntry', { id: 'e2', startedAt: '2026-03-10T08:40:00.000Z', ...running });
    await world.run('settleTimers', {});
    expect(world.get('timeEntry', 'e1')).toMatchObject({ endedAt: '2026-03-10T08:40:00.000Z', minutes: 40 });
    expect(world.get('timeEntry', 'e2')).toMatchObject({ runningFor: 'rep' });
    expect((await world.run('settleTimers', {})).operations).toEqual([]);
  });
});

describe('comments and templates', () => {
  it('TSK-04 a comment belongs to one record, is reworded by its author only, and says so', async () => {
    const world = worldWith({});
    await world.run('addComment', { entity: 'task', recordId: 't1', body: 'Look @Anna', mentionedIds: ['anna'] });
    const [comment] = world.all('comment');
    expect(comment).toMatchObject({ taskId: 't1', ownerId: 'rep', mentionedIds: ['anna'] });
    await world.run('editComment', { id: comment?.id, body: 'Look again' });
    expect(world.all('comment')[0]).toMatchObject({ body: 'Look again', editedAt: '2026-03-10T09:00:00.000Z' });
    world.put('comment', { id: 'c2', body: 'Theirs', taskId: 't1', ownerId: 'anna' });
    const refused = await world.refuse('editComment', { id: 'c2', body: 'Mine' });
    expect(refused.details['reason']).toBe('authorOnly');
    await world.refuse('addComment', { entity: 'product', recordId: 'p', body: 'x' });
  });

  it('TSK-03 a template makes its tasks together, with days from the start, their steps and what comes first', async () => {
    const world = createCommandWorld(rep);
    world.put('deal', { id: 'd1', name: 'Deal', accountId: 'a1', primaryContactId: 'c1' });
    world.put('account', { id: 'a1', name: 'Account' });
    world.put('contact', { id: 'c1', name: 'Contact' });
    world.put('taskTemplate', {
      id: 'tt',
      name: 'Kick-off',
      skipsWeekends: true,
      items: [
        { key: 'b', subject: 'Send offer', dueInDays: 4, after: ['a'], priority: 'high' },
        { key: 'a', subject: 'Call', dueInDays: 0, checklist: ['Number', 'Agenda'], estimateMinutes: 30 },
      ],
    });
    await world.run('applyTaskTemplate', {
      templateId: 'tt',
      start: '2026-03-10',
      about: { entity: 'deal', id: 'd1' },
    });
    const [call, offer] = world.all('task');
    expect(call).toMatchObject({
      subject: 'Call',
      dueDate: '2026-03-10',
      dealId: 'd1',
      accountId: 'a1',
      contactId: 'c1',
    });
    expect(call?.['checklist']).toMatchObject([{ text: 'Number' }, { text: 'Agenda' }]);
    // The 14th is a Saturday.
    expect(offer).toMatchObject({ subject: 'Send offer', dueDate: '2026-03-16', prerequisiteIds: [call?.id] });
    expect(new Set(world.operations.map(({ txn }) => txn)).size).toBe(1);
    const items = [{ key: 'a', subject: 'Call' }];
    for (const role of ['manager', 'org_admin'] as const) {
      const maker = createCommandWorld(createActor(role, 'boss'));
      await maker.run('createRecord', { entity: 'taskTemplate', values: { name: 'Start', items, ownerId: 'boss' } });
      const [template] = maker.all('taskTemplate');
      await maker.run('updateRecord', { entity: 'taskTemplate', id: template?.id, values: { name: 'Kick-off' } });
      // That of somebody else, too.
      maker.put('taskTemplate', { id: 'theirs', name: 'Theirs', items, ownerId: 'other' });
      await maker.run('updateRecord', { entity: 'taskTemplate', id: 'theirs', values: { name: 'Ours' } });
    }
    await world.refuse('createRecord', { entity: 'taskTemplate', values: { name: 'Mine', items, ownerId: 'rep' } });
    const problem = entities.taskTemplate.validate?.({
      items: [
        { key: 'a', subject: 'x', after: ['b'] },
        { key: 'b', subject: 'y', after: ['a'] },
      ],
    });
    expect(problem).toMatchObject([{ code: 'templateItems' }]);
  });
});
