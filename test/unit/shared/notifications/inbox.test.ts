import { describe, expect, it } from 'vitest';
import { createWorld, NOW, recordOf } from '#test/support/notification-world.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

const task = (values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  recordOf('task', 'task-1', { subject: 'Call', status: 'open', assignedBy: 'boss', ...values });
const deal = (values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  recordOf('deal', 'deal-1', {
    name: 'Mill',
    status: 'open',
    amount: 900,
    currency: 'EUR',
    updatedBy: 'me',
    ...values,
  });
const entry = (id: string, values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  recordOf('stageChange', id, { dealId: 'deal-1', pipelineId: 'p', fromStage: 'a', toStage: 'a', ...values });

describe('what a task means', () => {
  it('TSK-08 tells the assignee of a new one, when it is due, and the giver when it is done', () => {
    const { put, types, items } = createWorld();
    put(task({ dueDate: '2026-11-27', reminderAt: '2026-11-27T13:00:00.000Z' }));
    expect(types()).toEqual(['task.reminder', 'task.assigned', 'task.due']);
    put(task({ status: 'done', completedAt: NOW, completedBy: 'me' }));
    expect(types()).toEqual([]);
    put(task({ ownerId: 'other', assignedBy: 'me', status: 'done', completedAt: NOW, completedBy: 'other' }));
    expect(items()).toMatchObject([{ type: 'task.completed', actorId: 'other', title: 'Call' }]);
  });

  it('TSK-08 tells of a change by somebody else to everybody it concerns, and of each later one anew', () => {
    const { put, items, mark } = createWorld();
    const later = { updatedAt: '2026-11-27T10:00:00.000Z', updatedBy: 'other' };
    put(task({ ownerId: 'boss', assignedBy: 'boss', participantIds: ['me'], ...later }));
    expect(items()).toMatchObject([{ type: 'task.updated', actorId: 'other', isRead: false }]);
    mark('read', ['task.updated task-1'], { through: later.updatedAt });
    expect(items()).toMatchObject([{ isRead: true }]);
    put(task({ ownerId: 'boss', participantIds: ['me'], updatedAt: '2026-11-27T11:00:00.000Z', updatedBy: 'other' }));
    expect(items()).toMatchObject([{ isRead: false }]);
    put(task({ ownerId: 'boss', participantIds: ['me'], updatedAt: '2026-11-27T12:00:00.000Z', updatedBy: 'me' }));
    expect(items()).toEqual([]);
  });

  it('TSK-12 tells whoever leads the assignee that a task is done', () => {
    const { put, types } = createWorld();
    put(
      task({
        ownerId: 'rep',
        assignedBy: null,
        createdBy: 'rep',
        status: 'done',
        completedAt: NOW,
        completedBy: 'rep',
      }),
    );
    expect(types()).toEqual([]);
    put(recordOf('user', 'rep', { name: 'Rep', managerId: 'me' }));
    expect(types()).toEqual(['task.completed']);
  });

  it('TSK-08 a reminder is there when it is due and not before, whatever else changes', () => {
    const { put, types, inbox } = createWorld();
    put(task({ assignedBy: null, createdBy: 'me', updatedBy: 'me', reminderAt: '2026-11-27T15:00:00.000Z' }));
    expect(types()).toEqual([]);
    expect(inbox.nextMs(Date.parse(NOW))).toBe(Date.parse('2026-11-27T15:00:00.000Z'));
    expect(types('2026-11-27T15:00:00.000Z')).toEqual(['task.reminder']);
    // A clock that is set back takes it away and brings back the same one: it is not a second one.
    const [first] = createWorldWith('2026-11-27T15:00:00.000Z');
    expect(first).toBe('task.reminder task-1.own.2026-11-27T15:00:00.000Z');
  });
});

describe('reminders of a task', () => {
  it('TSK-03 TSK-08 come as they were chosen, the day before and two hours before, and once when it is due', () => {
    const { put, items } = createWorld();
    const own = { assignedBy: null, createdBy: 'me', updatedBy: 'me' };
    put(task({ ...own, dueAt: '2026-11-30T15:00:00.000Z', dueDate: '2026-11-30', reminders: ['d1', 'h2', 'm0'] }));
    const told = items('2026-11-30T16:00:00.000Z').toReversed();
    expect(told.map(({ type, at }) => [type, at])).toEqual([
      ['task.reminder', '2026-11-29T15:00:00.000Z'],
      ['task.reminder', '2026-11-30T13:00:00.000Z'],
      ['task.due', '2026-11-30T15:00:00.000Z'],
    ]);
    expect(new Set(told.map(({ key }) => key)).size).toBe(3);
    expect(told[0]?.facts).toMatchObject({ dueDate: '2026-11-30', dueAt: '2026-11-30T15:00:00.000Z' });
    // Late in the evening of UTC it is the next day in Berlin.
    put(task({ ...own, dueAt: '2026-11-26T23:30:00.000Z', dueDate: '2026-11-26' }));
    expect(items()).toMatchObject([{ type: 'task.due', facts: { dueDate: '2026-11-27' } }]);
  });
});

function createWorldWith(reminderAt: string): readonly string[] {
  const { put, items } = createWorld();
  put(task({ assignedBy: null, createdBy: 'me', updatedBy: 'me', reminderAt }));
  return items(reminderAt).map(({ key }) => key);
}

describe('what happens to a deal', () => {
  it('TSK-09 tells its owner of moves and probabilities of others, and not of the own ones', () => {
    const { put, items } = createWorld();
    put(
      recordOf('pipeline', 'p', {
        stages: [
          { id: 'a', name: 'Lead in' },
          { id: 'b', name: 'Proposal' },
        ],
      }),
    );
    put(deal());
    put(entry('e-1', { toStage: 'b', toType: 'open' }));
    put(entry('e-2', { probabilityBefore: 20, probabilityAfter: 60 }));
    put(entry('e-3', { toStage: 'b', createdBy: 'me' }));
    expect(items().map(({ type, facts }) => [type, facts])).toEqual([
      ['deal.probability', { before: 20, after: 60 }],
      ['deal.stage', { from: 'Lead in', to: 'Proposal', outcome: 'open' }],
    ]);
  });

  it('TSK-09 TSK-13 tells once of many that somebody did in one go, and one by one of a few', () => {
    const { put, items } = createWorld();
    const give = (count: number, by: string): void => {
      for (let index = 0; index < count; index += 1) {
        const id = `${by}-${String(index)}`;
        put(recordOf('deal', id, { name: id, status: 'open', updatedBy: by }));
        put(entry(`e-${id}`, { dealId: id, fromStage: null, ownerAfter: 'me', createdBy: by }));
      }
    };
    give(5, 'other');
    give(6, 'boss');
    expect(items().filter(({ actorId }) => actorId === 'other')).toHaveLength(5);
    expect(items().filter(({ actorId }) => actorId === 'boss')).toMatchObject([
      { type: 'deal.assigned', subject: null, facts: { inOneGo: 6, entity: 'deal' } },
    ]);
    expect(new Set(items().map(({ key }) => key)).size).toBe(6);
  });

  it('TSK-09 tells of a large one where the organization says from when on, at dated rates, once it gets there', () => {
    const { put, types } = createWorld();
    put(deal({ ownerId: 'rep' }));
    put(recordOf('user', 'rep', { name: 'Rep', managerId: 'me' }));
    put(entry('e-1', { amountBefore: 100, amountAfter: 5_000_000, currency: 'USD' }));
    expect(types()).toEqual([]);
    put(recordOf('organization', 'organization', { currency: 'EUR', highValueThreshold: 4_000_000 }));
    // Without a rate nobody knows.
    expect(types()).toEqual([]);
    put(recordOf('exchangeRate', 'r', { currency: 'USD', homeCurrency: 'EUR', day: '2026-01-01', rate: '0.9' }));
    expect(types()).toEqual(['deal.highValue']);
    put(entry('e-2', { amountBefore: 5_000_000, amountAfter: 6_000_000, currency: 'USD' }));
    expect(types()).toEqual(['deal.highValue']);
  });

  it('D14 tells nothing of values that are hidden or masked, and nothing of what went out of sight', () => {
    const { put, items, remove, types } = createWorld();
    put(recordOf('organization', 'organization', { currency: 'EUR', highValueThreshold: 100 }));
    put(deal({ amount: { $masked: '•••' } }));
    put(entry('e-1', { amountBefore: { $masked: '•••' }, amountAfter: { $masked: '•••' }, currency: 'EUR' }));
    put(entry('e-2', { toStage: 'b', toType: 'open' }));
    expect(types()).toEqual(['deal.stage']);
    expect(JSON.stringify(items())).not.toContain('•••');
    remove('deal', 'deal-1');
    expect(items()).toEqual([]);
  });

  it('TSK-09 TSK-13 tells of a close date that comes near, and of the next step on its day', () => {
    const { put, items } = createWorld();
    put(deal({ closeDate: '2026-11-30', nextStep: 'Send the offer', nextStepDate: '2026-11-27' }));
    expect(items().map(({ type, at }) => [type, at])).toEqual([
      ['customer.reminder', '2026-11-27T08:00:00.000Z'],
      ['deal.closing', '2026-11-27T08:00:00.000Z'],
    ]);
  });
});

describe('what is said and what ended', () => {
  it('TSK-12 an alert reaches its team and nobody else, and not whoever wrote it', () => {
    const { put, types } = createWorld();
    put(recordOf('announcement', 'a-1', { topic: 'team', title: 'Push', sharing: 'team' }));
    put(recordOf('announcement', 'a-2', { topic: 'team', title: 'Not for me', sharing: 'team', teamId: 'team-2' }));
    put(recordOf('announcement', 'a-3', { topic: 'team', title: 'Mine', sharing: 'team', createdBy: 'me' }));
    put(
      recordOf('announcement', 'a-4', { topic: 'security', title: 'New device', sharing: 'person', createdBy: 'me' }),
    );
    expect([...types()].sort()).toEqual(['system.security', 'team.alert']);
  });

  it('TSK-11 an import that ended, well or not', () => {
    const { put, items } = createWorld();
    put(recordOf('importJob', 'i-1', { fileName: 'a.csv', state: 'running' }));
    expect(items()).toEqual([]);
    put(recordOf('importJob', 'i-1', { fileName: 'a.csv', state: 'done', finishedAt: NOW, createdCount: 3 }));
    expect(items()).toMatchObject([{ type: 'system.import', facts: { state: 'done', created: 3 } }]);
  });

  it('TSK-10 last week is told on Monday, made of what the reader sees', () => {
    const { put, items } = createWorld();
    const won = { status: 'won', closedAt: '2026-11-18T09:00:00.000Z', closeDate: null };
    put(recordOf('user', 'me', { name: 'Me' }));
    put(recordOf('user', 'boss', { name: 'Boss' }));
    put(deal({ ...won, id: 'x', amount: 100 }));
    put({ ...deal({ ...won, ownerId: 'boss', amount: 700 }), id: 'deal-2' });
    expect(items()).toMatchObject([
      { type: 'performance.ranking', at: '2026-11-23T07:00:00.000Z', facts: { place: 2, of: 2 } },
    ]);
  });
});

describe('what somebody did with it', () => {
  it('TSK-08 reading, putting aside and taking back hold on every computer, in the order in which the server heard', () => {
    const { put, items, mark } = createWorld();
    put(task());
    const key = 'task.assigned task-1 boss';
    mark('read', [key]);
    expect(items()).toMatchObject([{ isRead: true, isArchived: false }]);
    mark('archived', [key]);
    mark('unread', [key]);
    expect(items()).toMatchObject([{ isRead: false, isArchived: true }]);
    mark('restored', [key]);
    // Unsent: after everything the server has.
    mark('read', [key], { rev: 0 });
    expect(items()).toMatchObject([{ isRead: true, isArchived: false }]);
  });

  it('TSK-08 what is snoozed is away until its time, and comes back unread', () => {
    const { put, items, mark, inbox } = createWorld();
    put(task());
    const until = '2026-11-27T16:00:00.000Z';
    mark('read', ['task.assigned task-1 boss']);
    mark('snoozed', ['task.assigned task-1 boss'], { until });
    expect(items()).toMatchObject([{ snoozedUntil: until }]);
    expect(inbox.nextMs(Date.parse(NOW))).toBe(Date.parse(until));
    expect(items('2026-11-27T16:00:01.000Z')).toMatchObject([{ snoozedUntil: null, cameAt: until, isRead: false }]);
  });

  it('TSK-08 marks of somebody else change nothing', () => {
    const { put, items, mark } = createWorld();
    put(task());
    mark('read', ['task.assigned task-1 boss'], { ownerId: 'boss' });
    expect(items()).toMatchObject([{ isRead: false }]);
  });

  it('TSK-14 what is not wanted is not there; mentions, alerts and security always are', () => {
    const { put, types } = createWorld();
    put(task({ dueDate: '2026-11-27' }));
    put(recordOf('announcement', 'a-1', { topic: 'team', title: 'Push', sharing: 'team' }));
    put(recordOf('notificationPreference', 'n-1', { taskAssignments: false, systemAnnouncements: false }));
    expect(types()).toEqual(['team.alert', 'task.due']);
    put(recordOf('notificationPreference', 'n-1', { taskDeadlines: false, rev: 2 }));
    expect(types()).toEqual(['task.assigned', 'team.alert']);
  });

  it('TSK-08 what is older than thirty days is no news any more', () => {
    const { put, types } = createWorld();
    put(task({ createdAt: '2026-10-01T09:00:00.000Z', updatedAt: '2026-10-01T09:00:00.000Z' }));
    expect(types()).toEqual([]);
  });

  it('TSK-08 an answer that is kept is what a look at everything would come to, whatever changes and however time goes', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = createSeededRandom(seed);
      const { put, remove, items, mark, freshItems } = createWorld();
      const instant = () => toInstant(Date.parse(NOW) + random.integer(-31 * 24, 48) * 3_600_000);
      let repeated = 0;
      for (let step = 0; step < 150; step += 1) {
        const id = `task-${random.integer(1, 8)}`;
        const at = instant();
        const act = random.integer(0, 9);
        if (act < 4) put(task({ id, createdAt: at, updatedAt: at, dueDate: instant().slice(0, 10) }));
        if (act === 4) remove('task', id);
        if (act > 4 && act < 8)
          mark(random.pick(['read', 'archived', 'snoozed']), [`task.assigned ${id} boss`], { until: instant() });
        if (act === 8)
          put(recordOf('notificationPreference', 'n-1', { taskAssignments: random.chance(0.5), rev: step }));
        const now = random.chance(0.5) ? NOW : instant();
        const later = toInstant(Date.parse(now) + random.integer(1, 200) * 3_600_000);
        for (const look of [now, later, now]) expect(items(look)).toEqual(freshItems(look));
        if (items(now) === items(now)) repeated += 1;
      }
      expect(repeated).toBe(150);
    }
  });
});
