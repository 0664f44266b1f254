import { describe, expect, it } from 'vitest';
import { explainAudience } from '#shared/access/explain-audience.ts';
import { toTerritoryNode } from '#shared/access/territory-reach.ts';
import { countedTerritories, rollUp } from '#shared/entities/territory/figures.ts';
import { planAssignments } from '#shared/entities/territory/plan-assignments.ts';
import { compileRules } from '#shared/entities/territory/assignment.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { createActor, createCommandWorld } from '#test/support/command-world.ts';

const asked = { today: '2026-03-02', fiscalYearStart: 1 };

function territory(id: string, parentId: string | null, values: object = {}): AnyRecord {
  const stamps = { createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };
  return { id, kind: 'territory', rev: 1, ownerId: null, teamId: null, ...stamps, name: id, parentId, ...values };
}

const inCountry = (value: string) => ({ field: 'billingCountry', op: 'eq', value });

describe('rules of territories', () => {
  it('TER-01 the first rule in order wins, of the same order the deeper one, and what fits none gets none', () => {
    const assign = compileRules([
      territory('late', null, { ruleFilter: inCountry('DE'), ruleOrder: 5 }),
      territory('early', null, { ruleFilter: inCountry('DE'), ruleOrder: 2 }),
      territory('deeper', 'early', { ruleFilter: inCountry('DE'), ruleOrder: 2 }),
      territory('unordered', null, { ruleFilter: { or: [inCountry('DE'), inCountry('SE')] } }),
    ]);
    const of = (billingCountry: string) => assign({ billingCountry }, asked);
    expect([of('DE'), of('SE'), of('JP')]).toEqual(['deeper', 'unordered', null]);
  });

  it('TER-01 a rule that applies to child territories has to fit for theirs too, over all levels', () => {
    const tree = (ruleToChildren: boolean) => [
      territory('world', null, {
        ruleFilter: { not: { field: 'accountType', op: 'eq', value: 'former' } },
        ruleOrder: 9,
        ruleToChildren,
      }),
      territory('europe', 'world'),
      territory('dach', 'europe', { ruleFilter: inCountry('DE'), ruleOrder: 1 }),
    ];
    const former = { billingCountry: 'DE', accountType: 'former' };
    expect(compileRules(tree(true))(former, asked)).toBeNull();
    expect(compileRules(tree(false))(former, asked)).toBe('dach');
  });

  it('A12 stored junk and stored cycles are no rules and no endless walk', () => {
    const assign = compileRules([
      territory('a', 'b', { ruleFilter: inCountry('DE'), ruleToChildren: true }),
      territory('b', 'a', { ruleFilter: { and: 'nonsense' } }),
      territory('c', null, { ruleFilter: { field: 'noSuchField', op: 'eq', value: 1 } }),
    ]);
    expect(assign({ billingCountry: 'DE' }, asked)).toBe('a');
  });
});

describe('figures of territories', () => {
  it('TER-04 a territory adds up everything below it once, unless it is told not to', () => {
    const node = (id: string, parentId: string | null, addsUp = true) => ({
      ...toTerritoryNode(territory(id, parentId)),
      addsUp,
    });
    const tree = [node('world', null), node('europe', 'world', false), node('dach', 'europe'), node('asia', 'world')];
    const own = new Map([
      ['world', 1],
      ['europe', 2],
      ['dach', 4],
    ]);
    const sums = rollUp(tree, own);
    expect(['world', 'europe', 'dach', 'asia'].map((id) => sums.get(id))).toEqual([7, 2, 4, 0]);
    expect(countedTerritories(tree).get('europe')).toEqual(['europe']);
  });
});

describe('the plan of applying rules', () => {
  it('TER-01 counts who comes and who leaves, and leaves alone what is placed already unless told otherwise', () => {
    const territories = [territory('de', null, { ruleFilter: inCountry('DE') }), territory('other', null)];
    const account = (id: string, billingCountry: string, territoryId: string | null) => ({
      ...territory(id, null),
      billingCountry,
      territoryId,
    });
    const accounts = [
      account('a', 'DE', null),
      account('b', 'DE', 'other'),
      account('c', 'DE', 'de'),
      account('d', 'JP', 'other'),
    ];
    const plan = (isAll: boolean) => planAssignments(territories, accounts, isAll, asked);
    expect(plan(false)).toEqual({
      assignments: [{ accountId: 'a', territoryId: 'de' }],
      counts: [{ territoryId: 'de', coming: 1, going: 0 }],
      unchanged: 2,
      withoutRule: 1,
    });
    expect(plan(true).counts).toEqual([
      { territoryId: 'de', coming: 2, going: 0 },
      { territoryId: 'other', coming: 0, going: 1 },
    ]);
  });
});

describe('who sees a record, in words', () => {
  it('TER-05 A10 names owner, team, the people of the territory with what they may, and each grantee once', () => {
    const territories = [
      toTerritoryNode(territory('world', null, { managerId: 'boss' })),
      toTerritoryNode(territory('dach', 'world', { memberIds: ['anna', 'bob'], memberAccess: 'view' })),
      toTerritoryNode(territory('asia', 'world', { memberIds: ['carl'] })),
    ];
    const record = {
      ...territory('d1', null),
      ownerId: 'rep',
      teamId: 'north',
      territoryId: 'dach',
      shares: ['view:user:eve', 'edit:user:eve', 'view:role:manager', 'junk'],
    };
    expect(explainAudience(record, territories)).toEqual({
      ownerId: 'rep',
      teamId: 'north',
      territoryId: 'dach',
      territoryPeople: [
        { userId: 'boss', mode: 'edit' },
        { userId: 'anna', mode: 'view' },
        { userId: 'bob', mode: 'view' },
      ],
      shares: [
        { kind: 'role', id: 'manager', mode: 'view' },
        { kind: 'user', id: 'eve', mode: 'edit' },
      ],
    });
  });
});

describe('commands about territories and shares', () => {
  it('TER-02 A12 a territory is moved below another one, never below itself', async () => {
    const world = createCommandWorld(createActor('org_admin', 'admin'));
    world.put('territory', { id: 'a', name: 'A' });
    world.put('territory', { id: 'b', name: 'B', parentId: 'a' });
    world.put('territory', { id: 'c', name: 'C', parentId: 'b' });
    expect((await world.refuse('moveTerritory', { id: 'a', parentId: 'c' })).code).toBe('invalid');
    await world.run('moveTerritory', { id: 'c', parentId: 'a' });
    await world.run('moveTerritory', { id: 'b', parentId: null });
    expect([world.get('territory', 'c')['parentId'], world.get('territory', 'b')['parentId']]).toEqual(['a', null]);
  });

  it('TER-06 an account takes its contacts and deals along, but not those that were put elsewhere by hand', async () => {
    const world = createCommandWorld(createActor('org_admin', 'admin'));
    world.put('account', { id: 'acc', name: 'Account', territoryId: 'old' });
    world.put('contact', { id: 'con', name: 'Contact', lastName: 'C', accountId: 'acc', territoryId: 'old' });
    world.put('contact', { id: 'by-hand', name: 'Contact', lastName: 'C', accountId: 'acc', territoryId: 'other' });
    world.put('deal', { id: 'deal', name: 'Deal', accountId: 'acc', pipelineId: 'p', stageId: 's' });
    await world.run('assignTerritories', { assignments: [{ accountId: 'acc', territoryId: 'new' }] });
    const where = [
      world.get('account', 'acc'),
      world.get('contact', 'con'),
      world.get('contact', 'by-hand'),
      world.get('deal', 'deal'),
    ];
    expect(where.map((record) => record['territoryId'])).toEqual(['new', 'new', 'other', 'new']);
    const again = await world.run('assignTerritories', { assignments: [{ accountId: 'acc', territoryId: 'new' }] });
    expect(again.operations).toEqual([]);
  });

  it('A10 a record is shared once with each grantee; sharing again changes what they may do, ending it leaves the others', async () => {
    const world = createCommandWorld(createActor('sales_rep', 'rep'));
    world.put('deal', { id: 'd1', name: 'Deal', pipelineId: 'p', stageId: 's' });
    const target = { entity: 'deal', id: 'd1', granteeKind: 'user', granteeId: 'anna' };
    await world.run('shareRecord', { ...target, mode: 'view' });
    await world.run('shareRecord', { ...target, granteeKind: 'role', granteeId: 'manager', mode: 'view' });
    await world.run('shareRecord', { ...target, mode: 'edit' });
    expect(world.get('deal', 'd1')['shares']).toEqual(['edit:user:anna', 'view:role:manager']);
    await world.run('unshareRecord', target);
    expect(world.get('deal', 'd1')['shares']).toEqual(['view:role:manager']);
    expect((await world.refuse('shareRecord', { ...target, granteeId: 'rep', mode: 'view' })).code).toBe(
      'action_forbidden',
    );
    expect((await world.refuse('shareRecord', { ...target, entity: 'task', mode: 'view' })).code).toBe('invalid');
    expect((await world.refuse('updateRecord', { entity: 'deal', id: 'd1', values: { shares: [] } })).code).toBe(
      'invalid',
    );
  });

  it('A10 SYNC-35 the device refuses what the server would: sharing a record that one only reaches by a share', async () => {
    const actor = { ...createActor('sales_rep', 'rep'), grants: { read: ['s:u:rep'], update: ['e:u:rep'] } };
    const world = createCommandWorld(actor);
    world.put('deal', {
      id: 'd1',
      name: 'Deal',
      pipelineId: 'p',
      stageId: 's',
      ownerId: 'anna',
      teamId: null,
      shares: ['edit:user:rep'],
    });
    await world.run('updateRecord', { entity: 'deal', id: 'd1', values: { nextStep: 'Call' } });
    const target = { entity: 'deal', id: 'd1', granteeKind: 'user', granteeId: 'bob', mode: 'view' };
    expect((await world.refuse('shareRecord', target)).code).toBe('action_forbidden');
    const moved = { entity: 'deal', id: 'd1', values: { territoryId: 'mine' } };
    expect((await world.refuse('updateRecord', moved)).code).toBe('action_forbidden');
    world.put('deal', {
      id: 'd2',
      name: 'Deal',
      pipelineId: 'p',
      stageId: 's',
      ownerId: 'anna',
      teamId: null,
      shares: ['view:user:rep'],
    });
    expect((await world.refuse('updateRecord', { entity: 'deal', id: 'd2', values: { nextStep: 'Call' } })).code).toBe(
      'action_forbidden',
    );
  });
});
