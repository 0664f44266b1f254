import { expect, test } from 'vitest';
import { createActor, createCommandWorld } from '#test/support/command-world.ts';

const createWorld = () => createCommandWorld(createActor('sales_rep', 'user-1'));

test('IMP-07 a record that breaks a rule is refused with every problem, and without its values', async () => {
  const world = createWorld();
  const refusal = await world.refuse('createRecord', {
    entity: 'contact',
    values: { email: 'secret-nonsense', phone: 'abc', unknownField: 1 },
  });
  expect(refusal.code).toBe('invalid');
  expect(refusal.details['problems']).toEqual(['unknownField:unknown']);
  const second = await world.refuse('createRecord', {
    entity: 'contact',
    values: { email: 'secret-nonsense', phone: 'abc' },
  });
  expect(second.details['problems']).toEqual(['name:required', 'email:email', 'phone:phone']);
  expect(JSON.stringify(second.details)).not.toContain('secret');
});

test('CRM-02 the name of a person follows from its parts', async () => {
  const world = createWorld();
  const { recordId } = await world.run('createRecord', {
    entity: 'contact',
    values: { firstName: ' Ada ', lastName: 'Okafor', email: 'Ada@Example.COM' },
  });
  expect(world.get('contact', recordId ?? '')).toMatchObject({ name: 'Ada Okafor', email: 'ada@example.com' });
  await world.run('updateRecord', { entity: 'contact', id: recordId, values: { lastName: 'Lindqvist' } });
  expect(world.get('contact', recordId ?? '')['name']).toBe('Ada Lindqvist');
});

test('CRM-01 a person judges a lead between 0 and 100', async () => {
  const world = createWorld();
  world.put('lead', { id: 'l', name: 'Nora Berg', status: 'new' });
  await world.run('updateRecord', { entity: 'lead', id: 'l', values: { score: 78 } });
  expect(world.get('lead', 'l')['score']).toBe(78);
  const refusal = await world.refuse('updateRecord', { entity: 'lead', id: 'l', values: { score: 178 } });
  expect(refusal.details['problems']).toEqual(['score:range']);
});

test('SYNC-30 an update names only the groups that really change, with the value that was on the screen', async () => {
  const world = createWorld();
  world.put('account', { id: 'a', name: 'Acme', billingStreet: 'Old 1', billingCity: 'Bonn', phone: '+49 1234' });
  const { operations } = await world.run('updateRecord', {
    entity: 'account',
    id: 'a',
    values: { name: 'Acme', billingCity: 'Köln', phone: '+49 99' },
    base: { phone: '+49 55' },
  });
  expect(operations).toHaveLength(1);
  expect(operations[0]?.changes).toEqual([
    { group: 'phone', base: { phone: '+49 55' }, to: { phone: '+49 99' } },
    {
      group: 'billingAddress',
      base: { billingStreet: 'Old 1', billingCity: 'Bonn' },
      to: { billingStreet: 'Old 1', billingCity: 'Köln' },
    },
  ]);
});

test('SYNC-43 tags travel as what was added and removed', async () => {
  const world = createWorld();
  world.put('account', { id: 'a', name: 'Acme', tags: ['one', 'two'] });
  const { operations } = await world.run('updateRecord', {
    entity: 'account',
    id: 'a',
    values: { tags: ['two', 'three'] },
  });
  expect(operations[0]?.changes).toEqual([
    { group: 'tags', base: { tags: ['one', 'two'] }, add: { tags: ['three'] }, remove: { tags: ['one'] } },
  ]);
});

test('IMP-04 a bulk edit that one record refuses changes none and says how many refused', async () => {
  const world = createWorld();
  world.put('account', { id: 'a', name: 'A' });
  world.put('account', { id: 'b', name: 'B', ownerId: 'user-2', teamId: 'team-9' });
  const refusal = await world.refuse('bulkUpdate', {
    entity: 'account',
    ids: ['a', 'b'],
    values: { industry: 'retail' },
  });
  expect(refusal.details).toMatchObject({ refused: 1, of: 2 });
  const { operations } = await world.run('bulkUpdate', {
    entity: 'account',
    ids: ['a', 'a'],
    values: { industry: 'retail' },
  });
  expect(operations).toHaveLength(1);
});

test('IMP-04 a bulk edit is taken back with the value each record had, a bulk deletion as a whole', async () => {
  const world = createCommandWorld(createActor('manager', 'user-1'));
  world.put('account', { id: 'a', name: 'A', industry: 'retail' });
  world.put('account', { id: 'b', name: 'B', industry: 'finance' });
  await world.run('bulkUpdate', { entity: 'account', ids: ['a', 'b'], values: { industry: null } });
  await world.run('updateRecords', {
    entity: 'account',
    changes: [
      { id: 'a', values: { industry: 'retail' } },
      { id: 'b', values: { industry: 'finance' } },
    ],
  });
  expect(world.all('account').map((account) => account['industry'])).toEqual(['retail', 'finance']);
  const deleted = await world.run('deleteRecords', { entity: 'account', ids: ['a', 'b', 'a'] });
  expect(deleted.operations.map(({ kind, recordId }) => [kind, recordId])).toEqual([
    ['delete', 'a'],
    ['delete', 'b'],
  ]);
  expect(new Set(deleted.operations.map(({ txn }) => txn)).size).toBe(1);
  const restored = await world.run('restoreRecords', { entity: 'account', ids: ['a', 'b'] });
  expect(restored.operations.map(({ kind }) => kind)).toEqual(['restore', 'restore']);
});

test('UI-UNDO taking a bulk edit back leaves alone what was changed or deleted since', async () => {
  const world = createCommandWorld(createActor('manager', 'user-1'));
  const ids = ['a', 'b', 'c'];
  for (const id of ids) world.put('account', { id, name: id, tags: ['old'] });
  await world.run('bulkUpdate', { entity: 'account', ids, values: { tags: ['new', 'big'] } });
  await world.run('updateRecord', { entity: 'account', id: 'b', values: { tags: ['mine'] } });
  await world.run('deleteRecord', { entity: 'account', id: 'c' });
  const left = { tags: ['big', 'new'] };
  const changes = ids.map((id) => ({ id, values: { tags: ['old'] }, left }));
  const undone = await world.run('updateRecords', { entity: 'account', changes });
  expect(undone.operations.map(({ recordId }) => recordId)).toEqual(['a']);
  expect(world.get('account', 'a')['tags']).toEqual(['old']);
});

test('PER-03 a bulk deletion that one record refuses deletes none', async () => {
  const world = createCommandWorld(createActor('manager', 'user-1'));
  world.put('account', { id: 'a', name: 'A' });
  world.put('account', { id: 'b', name: 'B', ownerId: 'user-2', teamId: 'team-9' });
  const refusal = await world.refuse('deleteRecords', { entity: 'account', ids: ['a', 'b'] });
  expect(refusal.details).toMatchObject({ refused: 1, of: 2 });
});

test('CRM-09 logging a call with a follow-up makes both in one transaction, on the account of the deal', async () => {
  const world = createWorld();
  world.put('deal', {
    id: 'd',
    name: 'Deal',
    accountId: 'acc',
    primaryContactId: 'con',
    pipelineId: 'default-pipeline',
    stageId: 'proposal',
  });
  const { operations, recordId } = await world.run('logActivity', {
    type: 'call',
    subject: 'Asked for an offer',
    dealId: 'd',
    outcome: 'reached',
    followUp: { subject: 'Send the offer', dueDate: '2026-03-12', priority: 'high' },
  });
  expect(new Set(operations.map((operation) => operation.txn)).size).toBe(1);
  // The activity points to the task: a server that judges them in turn must know the task already.
  expect(operations.map((operation) => operation.entity)).toEqual(['task', 'activity']);
  const [task] = world.all('task');
  expect(task).toMatchObject({
    subject: 'Send the offer',
    dealId: 'd',
    accountId: 'acc',
    status: 'open',
    ownerId: 'user-1',
  });
  expect(world.get('activity', recordId ?? '')).toMatchObject({
    followUpTaskId: task?.id,
    contactId: 'con',
    accountId: 'acc',
  });
});

test('TSK-04 completing a task twice changes it once, and it can be reopened', async () => {
  const world = createWorld();
  const { recordId } = await world.run('createRecord', { entity: 'task', values: { subject: 'Call back' } });
  await world.run('completeTask', { id: recordId, outcome: 'done by phone' });
  expect(world.get('task', recordId ?? '')).toMatchObject({ status: 'done', progress: 100, completedBy: 'user-1' });
  expect((await world.run('completeTask', { id: recordId })).operations).toEqual([]);
  await world.run('reopenTask', { id: recordId });
  expect(world.get('task', recordId ?? '')).toMatchObject({ status: 'open', completedAt: null, progress: null });
});

test('CRM-01 converting a lead makes account, contact and deal, moves its history and closes it, in one transaction', async () => {
  const world = createWorld();
  world.put('lead', {
    id: 'lead-1',
    name: 'Ada Okafor',
    company: 'Okafor Ltd',
    status: 'qualified',
    budget: 5000,
    currency: 'EUR',
    doNotCall: true,
  });
  world.put('activity', {
    id: 'call',
    activityType: 'call',
    subject: 'First call',
    occurredAt: '2026-01-01T10:00:00.000Z',
    leadId: 'lead-1',
  });
  world.put('task', {
    id: 'todo',
    subject: 'Visit',
    priority: 'low',
    status: 'open',
    visibility: 'assigned',
    leadId: 'lead-1',
  });
  const { operations, recordId } = await world.run('convertLead', {
    id: 'lead-1',
    account: { new: {} },
    contact: { new: {} },
    deal: { new: { name: 'Okafor first order', closeDate: '2026-06-30' } },
  });
  expect(recordId).toBe('lead-1.deal');
  expect(new Set(operations.map((operation) => operation.txn)).size).toBe(1);
  expect(world.get('account', 'lead-1.account')).toMatchObject({ name: 'Okafor Ltd', accountType: 'prospect' });
  expect(world.get('contact', 'lead-1.contact')).toMatchObject({ accountId: 'lead-1.account', doNotCall: true });
  expect(world.get('deal', 'lead-1.deal')).toMatchObject({
    amount: 5000,
    leadId: 'lead-1',
    primaryContactId: 'lead-1.contact',
    stageId: 'prospecting',
  });
  expect(world.get('activity', 'call')).toMatchObject({ dealId: 'lead-1.deal', accountId: 'lead-1.account' });
  expect(world.get('task', 'todo')).toMatchObject({ contactId: 'lead-1.contact' });
  expect(world.get('lead', 'lead-1')).toMatchObject({ status: 'converted', convertedDealId: 'lead-1.deal' });
  expect(
    (
      await world.refuse('convertLead', {
        id: 'lead-1',
        account: { none: true },
        contact: { none: true },
        deal: { none: true },
      })
    ).code,
  ).toBe('invalid');
});

test('CRM-01 converting into an existing contact fills blanks and never touches its consent', async () => {
  const world = createWorld();
  world.put('lead', {
    id: 'lead-1',
    name: 'Ada Okafor',
    status: 'new',
    phone: '+49 111',
    jobTitle: 'CTO',
    doNotCall: true,
  });
  world.put('contact', { id: 'c', name: 'Ada O.', phone: '+49 222' });
  await world.run('convertLead', {
    id: 'lead-1',
    account: { none: true },
    contact: { existingId: 'c' },
    deal: { none: true },
  });
  expect(world.get('contact', 'c')).toMatchObject({ name: 'Ada O.', phone: '+49 222', jobTitle: 'CTO' });
  expect(world.get('contact', 'c')).not.toHaveProperty('doNotCall');
});

test('SYNC-46 taking the other value is a patch on top of the kept one and closes the conflict', async () => {
  const world = createWorld();
  world.put('deal', {
    id: 'd',
    name: 'D',
    amount: 100,
    currency: 'EUR',
    pipelineId: 'default-pipeline',
    stageId: 'proposal',
    status: 'open',
  });
  world.put('conflict', {
    id: 'k',
    subjectEntity: 'deal',
    subjectId: 'd',
    group: 'amount',
    base: { amount: 50, currency: 'EUR' },
    kept: { amount: 100, currency: 'EUR' },
    lost: { amount: 70, currency: 'EUR' },
    lostBy: 'user-1',
    severity: 'open',
    state: 'open',
  });
  const { operations } = await world.run('takeOtherValue', { conflictId: 'k' });
  expect(operations[0]?.changes).toEqual([
    { group: 'amount', base: { amount: 100, currency: 'EUR' }, to: { amount: 70, currency: 'EUR' } },
  ]);
  expect(operations[1]?.txn).toBe(operations[0]?.txn);
  expect(world.get('conflict', 'k')).toMatchObject({ state: 'resolved', resolution: 'taken', resolvedBy: 'user-1' });
  expect((await world.run('keepValue', { conflictId: 'k' })).operations).toEqual([]);
});

test('DSK-01 a saved view is made, changed and deleted', async () => {
  const world = createWorld();
  const { recordId } = await world.run('saveView', {
    values: { name: 'Mine', entity: 'deal', filter: { field: 'status', op: 'eq', value: 'open' } },
  });
  await world.run('saveView', { id: recordId, values: { name: 'My open deals' } });
  expect(world.get('savedView', recordId ?? '')).toMatchObject({ name: 'My open deals', ownerId: 'user-1' });
  await world.run('deleteView', { id: recordId });
  expect(world.all('savedView')).toEqual([]);
});

test('PER-03 unknown commands, unknown entities and broken input are refused, not thrown', async () => {
  const world = createWorld();
  expect((await world.refuse('toString', {})).code).toBe('not_found');
  expect((await world.refuse('createRecord', { entity: 'constructor', values: {} })).code).toBe('not_found');
  expect((await world.refuse('updateRecord', null)).code).toBe('invalid');
  expect((await world.refuse('createRecord', { entity: 'stageChange', values: {} })).code).toBe('action_forbidden');
  expect((await world.refuse('updateRecord', { entity: 'deal', id: 'nowhere', values: {} })).code).toBe('not_visible');
});

test('CRM-03 an amount without a currency gets the one of the organization', async () => {
  const world = createWorld();
  world.put('account', { id: 'a', name: 'Acme' });
  await world.run('updateRecord', { entity: 'account', id: 'a', values: { annualRevenue: 100 } });
  expect(world.get('account', 'a')).toMatchObject({ annualRevenue: 100, currency: 'EUR' });
  const id = 'd'.repeat(64);
  await world.run('createRecord', { entity: 'deal', id, values: { name: 'Long id' } });
  expect(world.all('stageChange')[0]?.id.length).toBeLessThanOrEqual(64);
});

test('CRM-13 LED-02 custom fields of a lead go along to those of the same name and kind, as far as that is wanted', async () => {
  const world = createWorld();
  const define = (entity: string, slot: string, values: Readonly<Record<string, unknown>>): void =>
    world.put('customField', { id: `${entity}.${slot}`, entity, slot, ...values });
  const options = (prefix: string) => [
    { value: `${prefix}g`, label: 'Gold' },
    { value: `${prefix}s`, label: 'Silver' },
  ];
  define('lead', 'cfText01', { label: 'Partner ' });
  define('account', 'cfText07', { label: 'partner' });
  define('contact', 'cfText02', { label: 'Partner' });
  define('lead', 'cfChoice01', { label: 'Plan', options: options('l') });
  define('deal', 'cfChoice03', { label: 'Plan', options: options('d') });
  define('lead', 'cfNumber01', { label: 'Seats' });
  define('deal', 'cfText05', { label: 'Seats' });
  define('deal', 'cfDate01', { label: 'Start', isRequired: true });
  const custom = { cfText01: 'Acme Partners', cfChoice01: 'ls', cfNumber01: 5 };
  world.put('lead', { id: 'l', name: 'Ada Okafor', company: 'Acme', status: 'new', ...custom });
  const input = { id: 'l', account: { new: {} }, contact: { new: {} }, without: ['contact.cfText02'] };
  const refusal = await world.refuse('convertLead', { ...input, deal: { new: {} } });
  expect(refusal.details['problems']).toEqual(['cfDate01:required']);
  await world.run('convertLead', { ...input, deal: { new: { cfDate01: '2026-12-01' } } });
  expect(world.get('account', 'l.account')['cfText07']).toBe('Acme Partners');
  expect(world.get('contact', 'l.contact')['cfText02'] ?? null).toBeNull();
  expect(world.get('deal', 'l.deal')).toMatchObject({ cfChoice03: 'ds', cfDate01: '2026-12-01' });
  expect(world.get('deal', 'l.deal')['cfText05'] ?? null).toBeNull();
});
