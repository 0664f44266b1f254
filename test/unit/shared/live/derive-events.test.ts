import { describe, expect, it } from 'vitest';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { deriveEvents, type RecordStep } from '#shared/live/derive-events.ts';

const me = 'me';
const at = '2026-11-21T09:00:00.000Z';

function record(kind: EntityName, rev: number, values: Readonly<Record<string, unknown>>): AnyRecord {
  const envelope = { createdAt: at, createdBy: 'colleague', updatedAt: at, updatedBy: 'colleague' };
  return { ...envelope, ownerId: 'colleague', teamId: null, id: `${kind}-1`, kind, rev, ...values };
}

function eventsOf(before: AnyRecord | null, after: AnyRecord | null, more: Partial<RecordStep> = {}) {
  return deriveEvents({ before, shown: before, after, viewerId: me, isAnswer: false, ...more });
}
const typesOf = (...step: Parameters<typeof eventsOf>): readonly string[] => eventsOf(...step).map(({ type }) => type);

const deal = (rev: number, values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  record('deal', rev, { name: 'Deal', stageId: 'stage-1', amount: 100, currency: 'EUR', ...values });
const task = (rev: number, values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  record('task', rev, { subject: 'Call', status: 'open', priority: 'medium', dueDate: null, ...values });
const conflict = (rev: number, values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  record('conflict', rev, { subjectEntity: 'deal', subjectId: 'deal-1', state: 'open', lostBy: me, ...values });

describe('events of a deal', () => {
  it('TSK-15 tells another stage, value and owner, with what was before, who did it and when', () => {
    expect(eventsOf(deal(1), deal(2, { stageId: 'stage-2' }))).toEqual([
      {
        type: 'opportunity.stage_changed',
        id: 'opportunity.stage_changed deal-1 2',
        at,
        actorId: 'colleague',
        dealId: 'deal-1',
        fromStageId: 'stage-1',
        toStageId: 'stage-2',
      },
    ]);
    expect(eventsOf(deal(1), deal(2, { amount: 250 }))).toMatchObject([
      { type: 'opportunity.value_updated', fromAmount: 100, toAmount: 250, currency: 'EUR' },
    ]);
    expect(eventsOf(deal(1), deal(2, { ownerId: me }))).toMatchObject([
      { type: 'opportunity.assigned', ownerId: me, previousOwnerId: 'colleague' },
    ]);
  });

  it('TSK-15 tells a deal that is new here only when somebody else gave it to this user', () => {
    expect(typesOf(null, deal(1))).toEqual([]);
    expect(typesOf(null, deal(1, { ownerId: me }))).toEqual(['opportunity.assigned']);
    expect(typesOf(null, deal(1, { ownerId: me, updatedBy: me }))).toEqual([]);
  });
});

describe('events of a task', () => {
  it('TSK-15 tells that a task was assigned, completed, or changed in which fields', () => {
    expect(typesOf(task(1), task(2, { ownerId: me }))).toEqual(['task.assigned']);
    expect(typesOf(null, task(1, { ownerId: me }))).toEqual(['task.assigned']);
    expect(typesOf(task(1), task(2, { status: 'done', completedAt: at }))).toEqual(['task.completed']);
    expect(eventsOf(task(1), task(2, { priority: 'high', dueDate: '2026-12-01' }))).toMatchObject([
      { type: 'task.updated', fields: ['priority', 'dueDate'] },
    ]);
    expect(typesOf(task(1, { status: 'done' }), task(2, { status: 'open' }))).toEqual(['task.updated']);
  });
});

describe('events of the inbox', () => {
  it('TSK-15 tells a new notification and a read one to the people it concerns, and to nobody else', () => {
    expect(eventsOf(null, conflict(1))).toMatchObject([
      { type: 'notification.new', notificationId: 'conflict-1', subjectEntity: 'deal', subjectId: 'deal-1' },
    ]);
    expect(typesOf(conflict(1), conflict(2, { state: 'resolved' }))).toEqual(['notification.read']);
    expect(typesOf(null, conflict(1, { lostBy: 'somebody' }))).toEqual([]);
    expect(typesOf(null, conflict(1, { lostBy: 'somebody', subjectOwnerId: me }))).toEqual(['notification.new']);
    expect(typesOf(null, conflict(1, { state: 'resolved' }))).toEqual([]);
  });
});

describe('what is no event', () => {
  it('TSK-15 a change that was already on the screen was made here', () => {
    const after = deal(2, { stageId: 'stage-2', updatedBy: me });
    expect(typesOf(deal(1), after, { shown: deal(1, { stageId: 'stage-2' }) })).toEqual([]);
    // The same page brings what somebody else changed besides.
    const both = deal(2, { stageId: 'stage-2', amount: 7 });
    expect(typesOf(deal(1), both, { shown: deal(1, { stageId: 'stage-2' }) })).toEqual(['opportunity.value_updated']);
  });

  it('TSK-15 what came with the answer to an own push names no author: the last one is this user', () => {
    const after = deal(3, { amount: 7, updatedBy: me });
    expect(eventsOf(deal(1), after, { isAnswer: true })).toMatchObject([{ actorId: null }]);
    expect(eventsOf(deal(1), after)).toMatchObject([{ actorId: me }]);
  });

  it('SYNC-22 a value that is masked, hidden, lost or newly visible is not told', () => {
    const masked = { $masked: '•••' };
    expect(typesOf(deal(1, { amount: masked }), deal(2, { amount: { $masked: '••' } }))).toEqual([]);
    expect(typesOf(deal(1), deal(2, { amount: masked }))).toEqual([]);
    expect(typesOf(deal(1, { amount: masked }), deal(2))).toEqual([]);
    const { amount: _amount, stageId: _stageId, ...without } = deal(2);
    expect(typesOf(deal(1), without as AnyRecord)).toEqual([]);
    expect(typesOf(without as AnyRecord, deal(3))).toEqual([]);
    const text = JSON.stringify(eventsOf(deal(1, { amount: masked }), deal(2, { amount: masked, stageId: 'stage-2' })));
    expect(text).not.toContain('•••');
  });

  it('TSK-15 a record that left, one that did not change, and kinds without events raise none', () => {
    expect(typesOf(deal(1), null)).toEqual([]);
    expect(typesOf(deal(1), deal(1))).toEqual([]);
    expect(typesOf(record('account', 1, { name: 'A' }), record('account', 2, { name: 'B' }))).toEqual([]);
  });
});
