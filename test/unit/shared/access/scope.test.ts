import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK } from '#shared/access/field-policy.ts';
import { project } from '#shared/access/project.ts';
import { isInScope, keySetOf, scopeKeysOf } from '#shared/access/scope.ts';
import { entities } from '#shared/entities/registry.ts';
import { createActor, createRecord, everyRole, propertyRuns, sample } from '../../../support/sample-entities.ts';

describe('keys', () => {
  it('PER-08 a record carries its owner, its team and the sight of the organization', () => {
    expect(scopeKeysOf(sample, createRecord())).toEqual(['o:rep', 't:north', 'w']);
    expect(scopeKeysOf(sample, createRecord({ ownerId: null, teamId: null }))).toEqual(['w']);
    expect(scopeKeysOf(entities.product, createRecord({ ownerId: null, teamId: null }))).toEqual(['p']);
    expect(scopeKeysOf(entities.user, createRecord({ id: 'anna', ownerId: null }))).toEqual(['o:anna', 'p', 't:north']);
    expect(scopeKeysOf(entities.importJob, createRecord())).toEqual(['o:rep', 't:north']);
  });

  it('PER-08 a user holds what the role reaches', () => {
    expect(keySetOf(createActor('sales_rep'), sample, 'read')).toEqual({ all: false, keys: ['o:me'] });
    expect(keySetOf(createActor('manager'), sample, 'read')).toEqual({
      all: false,
      keys: ['o:me', 't:north', 't:north-east'],
    });
    expect(keySetOf(createActor('viewer'), sample, 'read')).toEqual({ all: false, keys: ['o:me', 'w'] });
    expect(keySetOf(createActor('sales_rep'), entities.product, 'read')).toEqual({ all: false, keys: ['o:me', 'p'] });
    expect(keySetOf(createActor('org_admin'), sample, 'read')).toEqual({ all: true });
    expect(keySetOf(createActor('viewer'), sample, 'update')).toEqual({ all: false, keys: [] });
  });

  it('SYNC-16 keys that meet are the same as the rule in words, for every role and business record', () => {
    const person = fc.constantFrom('me', 'anna', null);
    const team = fc.constantFrom('north', 'north-east', 'south', null);
    fc.assert(
      fc.property(fc.constantFrom(...everyRole), person, team, (role, ownerId, teamId) => {
        const actor = createActor(role);
        const isTeams = teamId !== null && actor.teamIds.includes(teamId);
        const inWords = {
          super_admin: true,
          org_admin: true,
          viewer: true,
          manager: ownerId === 'me' || isTeams,
          sales_rep: ownerId === 'me',
        };
        expect(isInScope(actor, sample, 'read', createRecord({ ownerId, teamId }))).toBe(inWords[role]);
      }),
      propertyRuns,
    );
  });
});

describe('projection', () => {
  it('SYNC-36 what the entity does not define does not leave', () => {
    const stored = createRecord({ ownerId: 'me', title: 'a', passwordHash: 'secret', deleted: false });
    expect(project(createActor('sales_rep'), sample, stored)).toEqual(createRecord({ ownerId: 'me', title: 'a' }));
  });

  it('SYNC-22 a record out of scope is nothing', () => {
    expect(project(createActor('sales_rep'), sample, createRecord())).toBeNull();
  });

  it('PER-15 hidden fields are absent, masked ones a marker without any part of the value', () => {
    const stored = createRecord({ ownerId: 'me', title: 'Secret title', code: 'C-1', origin: null });
    const fields = { deal: { title: 'mask', origin: 'mask' } } as const;
    const seen = project(createActor('sales_rep', { fields }), sample, stored);
    expect(seen).not.toHaveProperty('code');
    expect(seen).toMatchObject({ title: MASK, origin: null });
    expect(JSON.stringify(seen)).not.toMatch(/Secret|C-1/);
  });

  it('SYNC-16 projecting twice is projecting once', () => {
    const once = project(createActor('org_admin'), sample, createRecord({ title: 'a', extra: 1 }));
    if (once === null) throw new Error('not visible');
    expect(project(createActor('org_admin'), sample, once)).toEqual(once);
  });
});
