import { expect, test } from 'vitest';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { mergeOperation } from '#shared/sync/merge.ts';
import { createActor, createCommandWorld } from '#test/support/command-world.ts';

function createWorld() {
  const world = createCommandWorld(createActor('sales_rep', 'user-1'));
  world.put('account', { id: 'acc', name: 'Acme' });
  return world;
}

async function createDeal(world: ReturnType<typeof createWorld>, values: Record<string, unknown> = {}) {
  const { recordId } = await world.run('createRecord', {
    entity: 'deal',
    values: { name: 'Acme rollout', accountId: 'acc', amount: 1_200_00, ...values },
  });
  return recordId ?? '';
}

test('CRM-08 a new deal starts in prospecting with 10 percent, in the name and team of its maker', async () => {
  const world = createWorld();
  const id = await createDeal(world);
  expect(world.get('deal', id)).toMatchObject({
    stageId: 'prospecting',
    probability: 10,
    probabilitySource: 'stage',
    forecastCategory: 'pipeline',
    status: 'open',
    currency: 'EUR',
    openedAt: '2026-03-10',
    ownerId: 'user-1',
    teamId: 'team-1',
  });
});

test('CRM-04 a new deal brings the first entry of its stage history, in the same transaction', async () => {
  const world = createWorld();
  const id = await createDeal(world);
  const [deal, history] = world.operations;
  expect(deal?.txn).not.toBeNull();
  expect(history?.txn).toBe(deal?.txn);
  expect(history?.dependsOn).toEqual([deal?.opId]);
  expect(world.all('stageChange')).toMatchObject([{ dealId: id, toStage: 'prospecting', toType: 'open' }]);
  expect(world.all('stageChange')[0]).not.toHaveProperty('fromStage');
});

test('CRM-07 moving a deal patches the stage group as a whole and writes one entry of the history', async () => {
  const world = createWorld();
  const id = await createDeal(world);
  world.setNow('2026-03-20T10:00:00.000Z');
  const { operations } = await world.run('moveDeal', { id, stageId: 'proposal' });
  expect(operations.map((operation) => [operation.kind, operation.entity])).toEqual([
    ['patch', 'deal'],
    ['create', 'stageChange'],
  ]);
  const [change] = operations[0]?.changes ?? [];
  expect(operations[0]?.changes).toHaveLength(1);
  expect(change?.group).toBe('stage');
  expect(change?.base).toMatchObject({ stageId: 'prospecting', probability: 10 });
  expect(change?.to).toMatchObject({
    stageId: 'proposal',
    probability: 50,
    stageChangedAt: '2026-03-20T10:00:00.000Z',
  });
  expect(Object.keys(change?.base ?? {}).sort()).toEqual(Object.keys(change?.to ?? {}).sort());
});

test('CRM-08 a probability and a category set by hand survive a move, and return when they are cleared', async () => {
  const world = createWorld();
  const id = await createDeal(world);
  await world.run('updateRecord', { entity: 'deal', id, values: { probability: 33, forecastCategory: 'commit' } });
  await world.run('moveDeal', { id, stageId: 'proposal' });
  expect(world.get('deal', id)).toMatchObject({
    probability: 33,
    forecastCategory: 'commit',
    categorySource: 'manual',
  });
  await world.run('updateRecord', { entity: 'deal', id, values: { probability: null, forecastCategory: null } });
  expect(world.get('deal', id)).toMatchObject({
    probability: 50,
    probabilitySource: 'stage',
    forecastCategory: 'best_case',
    categorySource: 'stage',
  });
});

test('CRM-03 losing a deal needs a reason, and "other" needs a note', async () => {
  const world = createWorld();
  const id = await createDeal(world);
  expect((await world.refuse('moveDeal', { id, stageId: 'closed_lost' })).details['problems']).toEqual([
    'wonLostReason:lostReason',
  ]);
  expect((await world.refuse('closeDeal', { id, outcome: 'lost', reason: 'other' })).details['problems']).toEqual([
    'wonLostNotes:lostNotes',
  ]);
  await world.run('closeDeal', { id, outcome: 'lost', reason: 'price' });
  expect(world.get('deal', id)).toMatchObject({
    status: 'lost',
    stageId: 'closed_lost',
    probability: 0,
    forecastCategory: 'omitted',
    closedAt: '2026-03-10T09:00:00.000Z',
    closeDate: '2026-03-10',
  });
});

test('CRM-03 a closed deal is reopened before it is closed differently', async () => {
  const world = createWorld();
  const id = await createDeal(world);
  await world.run('closeDeal', { id, outcome: 'won', reason: 'best_fit' });
  expect(world.get('deal', id)).toMatchObject({ status: 'won', probability: 100, forecastCategory: 'closed' });
  const refusal = await world.refuse('closeDeal', { id, outcome: 'lost', reason: 'price' });
  expect(refusal.details['problems']).toEqual(['stageId:reopenFirst']);
  world.setNow('2026-03-12T09:00:00.000Z');
  await world.run('reopenDeal', { id, stageId: 'negotiation' });
  expect(world.get('deal', id)).toMatchObject({
    status: 'open',
    closedAt: null,
    reopenedAt: '2026-03-12T09:00:00.000Z',
    wonLostReason: null,
    probability: 75,
  });
  expect(world.all('stageChange').map((entry) => entry['toStage'])).toEqual([
    'prospecting',
    'closed_won',
    'negotiation',
  ]);
});

test('CRM-04 a deal that was closed before it was entered keeps its days', async () => {
  const world = createWorld();
  const id = await createDeal(world, { stageId: 'closed_won', openedAt: '2025-01-02', closeDate: '2025-03-04' });
  expect(world.get('deal', id)).toMatchObject({
    status: 'won',
    closedAt: '2025-03-04T00:00:00.000Z',
    openedAt: '2025-01-02',
    probability: 100,
  });
  expect(world.all('stageChange')[0]?.['occurredAt']).toBe('2025-03-04T00:00:00.000Z');
});

test('SYNC-30 moving a deal to the stage it is in does nothing', async () => {
  const world = createWorld();
  const id = await createDeal(world);
  const { operations } = await world.run('moveDeal', { id, stageId: 'prospecting' });
  expect(operations).toEqual([]);
});

test('CRM-11 a representative cannot move a deal of somebody else', async () => {
  const world = createWorld();
  world.put('deal', {
    id: 'foreign',
    name: 'X',
    ownerId: 'user-2',
    stageId: 'prospecting',
    pipelineId: 'default-pipeline',
    status: 'open',
  });
  const refusal = await world.refuse('moveDeal', { id: 'foreign', stageId: 'proposal' });
  expect(['not_visible', 'action_forbidden']).toContain(refusal.code);
});

test('CRM-12 a manager who gives a deal away moves it to the team of the new owner', async () => {
  const world = createCommandWorld(createActor('manager', 'boss', ['team-1', 'team-2']));
  world.put('user', { id: 'user-2', name: 'Two', email: 'two@example.com', role: 'sales_rep', teamId: 'team-2' });
  const { recordId } = await world.run('createRecord', { entity: 'deal', values: { name: 'Give away' } });
  await world.run('reassign', { entity: 'deal', id: recordId, ownerId: 'user-2' });
  expect(world.get('deal', recordId ?? '')).toMatchObject({ ownerId: 'user-2', teamId: 'team-2' });
});

test('SYNC-49 an operation on a record the server has not seen depends on its creation', async () => {
  const world = createWorld();
  const id = await createDeal(world);
  const created = world.operations[0]?.opId;
  const { operations } = await world.run('updateRecord', { entity: 'deal', id, values: { nextStep: 'Call' } });
  expect(operations[0]?.dependsOn).toEqual([created]);
});

test('SYNC-16 what a day of commands leaves on the device is what the server makes of its operations', async () => {
  const world = createWorld();
  const id = await createDeal(world, { tags: ['new'], description: 'first' });
  await world.run('moveDeal', { id, stageId: 'proposal' });
  await world.run('updateRecord', {
    entity: 'deal',
    id,
    values: { tags: ['hot'], amount: 500, description: 'second', probability: 5 },
  });
  await world.run('closeDeal', { id, outcome: 'lost', reason: 'timing', notes: 'next year' });
  await world.run('reopenDeal', { id, stageId: 'qualification' });
  let stored: AnyRecord | null = null;
  for (const operation of world.operations.filter((operation) => operation.recordId === id)) {
    const result = mergeOperation(entities.deal, stored, operation);
    expect(result.kind).toBe('merged');
    if (result.kind !== 'merged') continue;
    expect(result.lost).toEqual([]);
    stored = result.record;
    expect(validateRecord(entities.deal, stored)).toEqual([]);
  }
  const { pending: _pending, ...view } = world.get('deal', id);
  expect({ ...stored, createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' }).toEqual({
    ...view,
    createdAt: '',
    createdBy: '',
    updatedAt: '',
    updatedBy: '',
  });
});
