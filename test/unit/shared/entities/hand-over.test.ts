import { beforeEach, describe, expect, it } from 'vitest';
import { createActor, createCommandWorld } from '#test/support/command-world.ts';

type World = ReturnType<typeof createCommandWorld>;
let world: World;

function person(id: string, values: Readonly<Record<string, unknown>> = {}): void {
  world.put('user', {
    id,
    name: id,
    email: `${id}@example.test`,
    role: 'sales_rep',
    isActive: true,
    teamId: 'team-1',
    ...values,
  });
}

const now = '2026-03-10T09:00:00.000Z';
const march = { periodType: 'month', periodStart: '2026-03-01', fiscalYearStart: 1, currency: 'EUR' };

beforeEach(() => {
  world = createCommandWorld(createActor('org_admin', 'ada'), now);
  person('leo', { managerId: 'mara' });
  person('nina', { teamId: 'team-2' });
  person('mara', { role: 'manager' });
  person('gone', { isActive: false });
  const owned = { ownerId: 'leo', teamId: 'team-1' };
  const deal = {
    name: 'Deal',
    accountId: 'acme',
    pipelineId: 'default',
    stageId: 'prospecting',
    amount: 100,
    currency: 'EUR',
    ...owned,
  };
  world.put('account', { id: 'acme', name: 'Acme', ...owned });
  world.put('account', { id: 'theirs', name: 'Theirs', ownerId: 'nina' });
  world.put('contact', { id: 'kim', firstName: 'Kim', lastName: 'Lee', name: 'Kim Lee', ...owned });
  world.put('deal', { ...deal, id: 'open', status: 'open' });
  world.put('deal', { ...deal, id: 'won', status: 'won' });
  world.put('lead', { id: 'fresh', firstName: 'A', lastName: 'B', name: 'A B', company: 'C', status: 'new', ...owned });
  world.put('lead', {
    id: 'done',
    firstName: 'A',
    lastName: 'B',
    name: 'A B',
    company: 'C',
    status: 'converted',
    ...owned,
  });
  world.put('task', { id: 'todo', title: 'Call', status: 'open', priority: 'medium', ...owned });
  world.put('task', { id: 'did', title: 'Called', status: 'done', priority: 'medium', ...owned });
  world.put('activity', {
    id: 'planned',
    subject: 'Visit',
    activityType: 'meeting',
    occurredAt: '2026-04-01T08:00:00.000Z',
    ...owned,
  });
  world.put('activity', {
    id: 'past',
    subject: 'Visit',
    activityType: 'meeting',
    occurredAt: '2026-01-01T08:00:00.000Z',
    ...owned,
  });
  world.put('team', { id: 'team-1', name: 'One', leadId: 'leo' });
  world.put('territory', { id: 'north', name: 'North', managerId: 'leo' });
  person('rolf', { managerId: 'leo' });
  world.put('quota', { id: 'march', userId: 'leo', amount: 500, ...march, ...owned });
  world.put('quota', { id: 'old', userId: 'leo', amount: 500, ...march, periodStart: '2025-12-01', ...owned });
});

const everything = {
  openDeal: 'nina',
  account: 'nina',
  contact: 'nina',
  lead: 'nina',
  task: 'mara',
  activity: 'nina',
  quota: 'nina',
  teamLead: 'mara',
  territoryManager: 'nina',
  directReport: 'nina',
} as const;
const run = (to: object, deactivate = true): Promise<unknown> =>
  world.run('handOver', { userId: 'leo', to, deactivate });

describe('handing over', () => {
  it('IDT-06 gives each kind to its successor, with the team of the successor, and switches the person off last', async () => {
    await run(everything);
    const ownerOf = (entity: Parameters<World['get']>[0], id: string) => world.get(entity, id).ownerId;
    expect(world.get('deal', 'open')).toMatchObject({ ownerId: 'nina', teamId: 'team-2' });
    expect([ownerOf('account', 'acme'), ownerOf('contact', 'kim'), ownerOf('lead', 'fresh')]).toEqual([
      'nina',
      'nina',
      'nina',
    ]);
    expect([ownerOf('task', 'todo'), ownerOf('activity', 'planned')]).toEqual(['mara', 'nina']);
    expect(world.get('team', 'team-1')['leadId']).toBe('mara');
    expect(world.get('territory', 'north')['managerId']).toBe('nina');
    expect(world.get('user', 'rolf')['managerId']).toBe('nina');
    expect(world.get('user', 'leo')['isActive']).toBe(false);
    expect(world.operations.at(-1)).toMatchObject({ entity: 'user', recordId: 'leo', command: 'user.deactivate' });
    // What is over stays whose it was.
    expect([
      ownerOf('deal', 'won'),
      ownerOf('lead', 'done'),
      ownerOf('task', 'did'),
      ownerOf('activity', 'past'),
    ]).toEqual(['leo', 'leo', 'leo', 'leo']);
    expect(world.get('quota', 'old')['userId']).toBe('leo');
    expect(world.get('account', 'theirs').ownerId).toBe('nina');
  });

  it('IDT-06 adds a quota that still runs to that of the successor', async () => {
    world.put('quota', { id: 'ninas', userId: 'nina', ownerId: 'nina', amount: 200, ...march });
    await run({ quota: 'nina' });
    expect(world.all('quota').filter((quota) => quota['periodStart'] === '2026-03-01')).toMatchObject([
      { id: 'ninas', amount: 700 },
    ]);
    const refusal = async () => {
      world.put('quota', { id: 'march', userId: 'leo', ownerId: 'leo', amount: 500, ...march });
      world.put('quota', { id: 'ninas', userId: 'nina', ownerId: 'nina', amount: 200, ...march, currency: 'USD' });
      return world.refuse('handOver', { userId: 'leo', to: { quota: 'nina' }, deactivate: true });
    };
    expect((await refusal()).details).toMatchObject({ problems: ['currency:quotaCurrencies'] });
  });

  it('IDT-06 gives a successor who reported to the person the manager above', async () => {
    await run({ directReport: 'rolf' });
    expect(world.get('user', 'rolf')['managerId']).toBe('mara');
  });

  it('IDT-06 leaves everything as it is when one thing cannot be given', async () => {
    for (const to of [{ openDeal: 'gone' }, { openDeal: 'leo' }, { openDeal: 'nobody' }])
      await world.refuse('handOver', { userId: 'leo', to: { account: 'nina', ...to }, deactivate: true });
    expect(world.get('account', 'acme').ownerId).toBe('leo');
    expect(world.get('user', 'leo')['isActive']).toBe(true);
    expect(world.operations).toEqual([]);
  });

  it('IDT-06 can be done without switching the person off, and switching off without giving', async () => {
    await run({ closedDeal: 'nina' }, false);
    expect(world.get('deal', 'won').ownerId).toBe('nina');
    expect(world.get('user', 'leo')['isActive']).toBe(true);
    await run({});
    expect(world.get('user', 'leo')['isActive']).toBe(false);
  });

  it('PER-02 is refused to who may not decide over the person, and to everybody about the own user', async () => {
    const rep = createCommandWorld(createActor('sales_rep', 'rene'), now);
    rep.put('user', { id: 'leo', name: 'Leo', email: 'leo@example.test', role: 'sales_rep', isActive: true });
    expect((await rep.refuse('handOver', { userId: 'leo', to: {}, deactivate: true })).code).toBe('action_forbidden');
    person('ada', { role: 'org_admin' });
    const own = await world.refuse('handOver', { userId: 'ada', to: {}, deactivate: true });
    expect(own.details).toMatchObject({ reason: 'ownRights' });
  });
});
