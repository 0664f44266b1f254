import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor, RoleName } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { NOT_VISIBLE_MESSAGE } from '#shared/access/refusal-sentences.ts';
import { permissionNames } from '#shared/access/permissions.ts';
import { recordActions, type RecordAction } from '#shared/access/roles.ts';
import { isInScope } from '#shared/access/scope.ts';
import { entityNames, type AnyRecord, type EntityDefinition, type EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import {
  createActor,
  createRecord,
  entityNamed,
  everyRole,
  propertyRuns,
  sample,
} from '../../../support/sample-entities.ts';

const mine = createRecord({ ownerId: 'me', teamId: 'north' });
const teams = createRecord({ ownerId: 'anna', teamId: 'north-east' });
const foreign = createRecord({ ownerId: 'otto', teamId: 'south' });

/** `ok`, or the code of the refusal. */
function judge(
  actor: Actor,
  action: RecordAction,
  before: AnyRecord | null,
  after: AnyRecord | null = null,
  definition: EntityDefinition = sample,
  groups?: readonly string[],
): string {
  const answer = can({ actor, action, definition, before, after, ...(groups === undefined ? {} : { groups }) });
  return answer.ok ? 'ok' : answer.error.code;
}

const as = (role: RoleName, parts: Partial<Actor> = {}) => createActor(role, parts);

describe('denied by default', () => {
  const personal: readonly EntityName[] = ['savedView', 'dataExport', 'notificationMark', 'notificationPreference'];
  it("PER-03 without permissions nobody does anything to the organization's records, whatever the role", () => {
    for (const role of everyRole) {
      for (const name of entityNames) {
        const own = createRecord({ kind: name, ownerId: 'me', id: 'other' });
        for (const action of recordActions) {
          if (personal.includes(name)) continue;
          const answer = judge(
            as(role, { permissions: [] }),
            action,
            action === 'create' ? null : own,
            own,
            entities[name],
          );
          expect(answer, `${role} ${action} ${name}`).not.toBe('ok');
        }
      }
    }
  });

  it('PER-03 with every permission nobody reaches beyond the scope of the role', () => {
    const rep = as('sales_rep', { permissions: permissionNames });
    expect(judge(rep, 'read', foreign)).toBe('not_visible');
    expect(judge(rep, 'delete', mine)).toBe('action_forbidden');
    expect(judge(as('viewer', { permissions: permissionNames }), 'update', mine, mine)).toBe('action_forbidden');
  });

  it('PER-03 a role nobody defined may nothing', () => {
    const stranger = { ...as('sales_rep', { permissions: permissionNames }), role: 'root' as RoleName };
    for (const action of recordActions)
      expect(judge(stranger, action, action === 'create' ? null : mine, mine)).not.toBe('ok');
  });

  it('SYNC-34 absent and out of sight are the same answer', () => {
    for (const action of recordActions.filter((action) => action !== 'create')) {
      const absent = can({ actor: as('sales_rep'), action, definition: sample, before: null, after: null });
      const hidden = can({ actor: as('sales_rep'), action, definition: sample, before: foreign, after: foreign });
      expect(absent).toEqual(hidden);
      expect(absent).toMatchObject({ ok: false, error: { code: 'not_visible', message: NOT_VISIBLE_MESSAGE } });
    }
  });
});

describe('judged before and after', () => {
  it('SYNC-33 nobody makes a record visible to themselves by changing it', () => {
    const person = fc.constantFrom('me', 'anna', 'otto', null);
    const team = fc.constantFrom('north', 'south', null);
    const record = fc.record({
      ownerId: person,
      teamId: team,
      createdBy: person,
      assignedBy: person,
      lostBy: person,
      visibility: fc.constantFrom('assigned', 'private'),
      isShared: fc.boolean(),
    });
    const name = fc.constantFrom(...entityNames);
    fc.assert(
      fc.property(fc.constantFrom(...everyRole), name, record, record, (role, name, before, after) => {
        const actor = as(role);
        const definition = entities[name];
        const stored = createRecord({ kind: name, ...before });
        if (isInScope(actor, definition, 'read', stored)) return;
        expect(judge(actor, 'update', stored, createRecord({ kind: name, ...after }), definition)).toBe('not_visible');
      }),
      propertyRuns,
    );
  });

  it('SYNC-33 a representative neither gives a record away nor takes one over', () => {
    const rep = as('sales_rep');
    expect(judge(rep, 'update', mine, { ...mine, title: 'b' })).toBe('ok');
    expect(judge(rep, 'update', mine, { ...mine, ownerId: 'anna' })).toBe('action_forbidden');
    expect(judge(rep, 'update', foreign, { ...foreign, ownerId: 'me' })).toBe('not_visible');
    expect(judge(rep, 'update', mine, { ...mine, teamId: 'south' })).toBe('action_forbidden');
    expect(judge(rep, 'update', mine, { ...mine, teamId: 'north-east' })).toBe('ok');
  });

  it('PER-11 a manager reassigns inside and out of the own teams, but takes nothing that is out of sight', () => {
    const manager = as('manager');
    expect(judge(manager, 'update', teams, { ...teams, ownerId: 'me' })).toBe('ok');
    expect(judge(manager, 'update', teams, { ...teams, ownerId: 'otto', teamId: 'south' })).toBe('ok');
    expect(judge(manager, 'update', foreign, { ...foreign, teamId: 'north' })).toBe('not_visible');
    expect(judge(manager, 'delete', teams)).toBe('ok');
    expect(judge(manager, 'restore', teams)).toBe('ok');
  });

  it('PER-08 a record is created for oneself, by managers for their teams, by administrators for everyone', () => {
    expect(judge(as('sales_rep'), 'create', null, mine)).toBe('ok');
    expect(judge(as('sales_rep'), 'create', null, teams)).toBe('action_forbidden');
    expect(judge(as('sales_rep'), 'create', null, { ...mine, teamId: 'south' })).toBe('action_forbidden');
    expect(judge(as('manager'), 'create', null, teams)).toBe('ok');
    expect(judge(as('manager'), 'create', null, foreign)).toBe('action_forbidden');
    expect(judge(as('org_admin'), 'create', null, foreign)).toBe('ok');
    expect(judge(as('viewer'), 'create', null, mine)).toBe('action_forbidden');
    expect(judge(as('org_admin'), 'create', mine, mine)).toBe('duplicate');
  });

  it('PER-08 a task for a colleague is assigned by a manager, not by being named in it', () => {
    const task = createRecord({ kind: 'task', ownerId: 'otto', teamId: 'south', assignedBy: 'me', createdBy: 'me' });
    expect(judge(as('sales_rep'), 'create', null, task, entities.task)).toBe('action_forbidden');
  });
});

it('SYNC-33 being named in a task is no right to hand it over', () => {
  const task = createRecord({ kind: 'task', ownerId: 'me', createdBy: 'me', participantIds: ['me'] });
  const named = { ...task, ownerId: 'anna' };
  expect(judge(as('sales_rep'), 'update', task, named, entities.task)).toBe('action_forbidden');
  expect(judge(as('sales_rep'), 'update', named, task, entities.task)).toBe('action_forbidden');
  expect(judge(as('sales_rep'), 'update', named, { ...named, subject: 'b' }, entities.task)).toBe('ok');
});

describe('single entities', () => {
  it('PER-03 everyone changes the own profile, nobody the own rights', () => {
    const profile = createRecord({
      id: 'me',
      kind: 'user',
      name: 'Me',
      role: 'sales_rep',
      isActive: true,
      ownerId: null,
      teamId: 'north',
    });
    const other = { ...profile, id: 'anna' };
    for (const role of everyRole) {
      expect(judge(as(role), 'update', profile, { ...profile, name: 'I' }, entities.user)).toBe('ok');
      for (const change of [{ role: 'org_admin' }, { isActive: false }, { teamId: 'south' }]) {
        expect(judge(as(role), 'update', profile, { ...profile, ...change }, entities.user), role).toBe(
          'field_forbidden',
        );
      }
      const isAdministrator = role === 'org_admin' || role === 'super_admin';
      expect(judge(as(role), 'update', other, { ...other, name: 'I' }, entities.user)).toBe(
        isAdministrator ? 'ok' : 'action_forbidden',
      );
      expect(judge(as(role), 'update', other, { ...other, role: 'manager' }, entities.user)).toBe(
        isAdministrator ? 'ok' : 'action_forbidden',
      );
    }
  });

  it('TSK-12 the hours somebody works are set by the person and by whoever manages the team, and nothing else with them', () => {
    const values = { kind: 'user', role: 'sales_rep', isActive: true, ownerId: null } as const;
    const member = createRecord({ ...values, id: 'anna', name: 'Anna', teamId: 'north' });
    const stranger = { ...member, id: 'otto', teamId: 'south' };
    const alone = { ...member, id: 'eva', teamId: null };
    const set = (role: RoleName, before: AnyRecord, change: object = { weeklyHours: 32 }) =>
      judge(as(role), 'update', before, { ...before, ...change }, entities.user);
    expect(set('manager', member)).toBe('ok');
    expect(judge(as('manager'), 'update', member, null, entities.user, ['weeklyHours'])).toBe('ok');
    expect(set('sales_rep', { ...member, id: 'me' })).toBe('ok');
    expect([set('manager', stranger), set('manager', alone), set('sales_rep', member)]).toEqual([
      'action_forbidden',
      'action_forbidden',
      'action_forbidden',
    ]);
    expect(set('manager', member, { weeklyHours: 32, name: 'Anne' })).toBe('action_forbidden');
    expect(set('manager', member, { weeklyHours: 32, role: 'manager' })).toBe('action_forbidden');
    expect(set('manager', member, { weeklyHours: 32, teamId: 'south' })).toBe('action_forbidden');
  });

  it('PER-10 the catalog is read by everyone and written by administrators', () => {
    for (const name of ['product', 'pipeline', 'territory', 'team'] as const) {
      const record = createRecord({ kind: name, ownerId: null, teamId: null });
      for (const role of everyRole) {
        const isAdministrator = role === 'org_admin' || role === 'super_admin';
        expect(judge(as(role), 'read', record, null, entities[name])).toBe('ok');
        expect(judge(as(role), 'update', record, record, entities[name])).toBe(
          isAdministrator ? 'ok' : 'action_forbidden',
        );
      }
    }
  });

  it("PER-03 a saved view is its owner's, and the team's to read when it is shared", () => {
    const view = createRecord({ kind: 'savedView', ownerId: 'anna', teamId: 'north', isShared: false });
    for (const role of everyRole) {
      expect(judge(as(role), 'read', view, null, entities.savedView)).toBe('not_visible');
      expect(judge(as(role), 'read', { ...view, isShared: true }, null, entities.savedView)).toBe('ok');
      expect(judge(as(role), 'update', { ...view, isShared: true }, { ...view, name: 'x' }, entities.savedView)).toBe(
        'action_forbidden',
      );
      expect(judge(as(role), 'create', null, { ...view, ownerId: 'me' }, entities.savedView)).toBe('ok');
    }
  });

  it('PER-25 TSK-01 a private task is seen by assignee, team manager and administrators only, not by who made or gave it away', () => {
    const task = createRecord({
      kind: 'task',
      ownerId: 'anna',
      createdBy: 'carl',
      assignedBy: 'carl',
      participantIds: ['paul'],
      teamId: 'north',
      visibility: 'private',
    });
    const sees = (actor: Actor, record = task) => judge(actor, 'read', record, null, entities.task);
    expect(sees(as('sales_rep', { userId: 'anna' }))).toBe('ok');
    expect(sees(as('sales_rep', { userId: 'carl' }))).toBe('not_visible');
    expect(sees(as('manager'))).toBe('ok');
    const lookout = { role: 'lookout', scopes: { task: { read: 'team' } }, permissions: ['record.read'] } as const;
    expect(sees(as('manager', lookout))).toBe('not_visible');
    expect(sees(as('manager', lookout), { ...task, visibility: 'assigned' })).toBe('ok');
    expect(sees(as('org_admin'))).toBe('ok');
    expect(sees(as('sales_rep', { userId: 'paul' }))).toBe('not_visible');
    expect(sees(as('manager', { teamIds: ['south'] }))).toBe('not_visible');
    expect(sees(as('viewer'))).toBe('not_visible');
    expect(sees(as('viewer'), { ...task, visibility: 'assigned' })).toBe('ok');
    expect(sees(as('sales_rep', { userId: 'paul' }), { ...task, visibility: 'collaborative' })).toBe('ok');
  });

  it('TSK-01 TSK-04 a collaborative task is seen and worked on by everyone of its team, who deletes and gives away none', () => {
    const task = createRecord({ kind: 'task', ownerId: 'anna', teamId: 'north', visibility: 'collaborative' });
    const rep = as('sales_rep', { userId: 'ben', teamIds: ['north'] });
    expect(judge(rep, 'read', task, null, entities.task)).toBe('ok');
    expect(judge(rep, 'update', task, { ...task, participantIds: ['ben'] }, entities.task)).toBe('ok');
    expect(judge(rep, 'update', task, { ...task, ownerId: 'ben' }, entities.task)).toBe('action_forbidden');
    expect(judge(rep, 'delete', task, null, entities.task)).toBe('action_forbidden');
    const away = as('sales_rep', { userId: 'ben', teamIds: ['south'] });
    expect(judge(away, 'read', task, null, entities.task)).toBe('not_visible');
    expect(judge(rep, 'read', { ...task, visibility: 'assigned' }, null, entities.task)).toBe('not_visible');
  });

  it('SYNC-36 a conflict is seen by who sees its subject and by who lost a value', () => {
    const conflict = createRecord({ kind: 'conflict', ownerId: 'anna', teamId: 'north', lostBy: 'otto' });
    const sees = (actor: Actor) => judge(actor, 'read', conflict, null, entities.conflict);
    expect(sees(as('sales_rep', { userId: 'anna' }))).toBe('ok');
    expect(sees(as('sales_rep', { userId: 'otto' }))).toBe('ok');
    expect(sees(as('manager'))).toBe('ok');
    expect(sees(as('sales_rep'))).toBe('not_visible');
    expect(judge(as('org_admin'), 'create', null, conflict, entities.conflict)).toBe('action_forbidden');
  });
});

describe('fields', () => {
  it('SYNC-31 a masked marker is refused on write', () => {
    const after = { ...mine, title: { $masked: '•••' } };
    expect(judge(as('sales_rep'), 'update', mine, after, sample, ['title'])).toBe('field_forbidden');
    expect(judge(as('sales_rep'), 'create', null, after)).toBe('field_forbidden');
  });

  it('PER-15 a field that is not editable is refused, the others of the record are not', () => {
    for (const mode of ['view', 'mask', 'hidden'] as const) {
      const question = {
        actor: as('sales_rep'),
        action: 'update' as const,
        definition: sample,
        before: mine,
        fieldPolicy: { deal: { title: 'edit' as const, ...(mode === 'hidden' ? {} : { amount: mode }) } },
      };
      const amount = can({ ...question, after: { ...mine, amount: 2 }, groups: ['price'] });
      // A hidden field is refused like one that nobody defined.
      const code = mode === 'hidden' ? 'invalid' : 'field_forbidden';
      expect(amount).toMatchObject({ ok: false, error: { code } });
      expect(can({ ...question, after: { ...mine, title: 'b' }, groups: ['title'] })).toMatchObject({ ok: true });
    }
  });
});

it('PER-03 every refusal says why in a sentence, and who could', () => {
  const refusals = [
    can({ actor: as('sales_rep'), action: 'delete', definition: sample, before: mine, after: null }),
    can({ actor: as('viewer'), action: 'create', definition: sample, before: null, after: mine }),
    can({
      actor: as('manager'),
      action: 'update',
      definition: entityNamed('product', { audience: 'tenant' }),
      before: mine,
      after: mine,
    }),
  ];
  for (const answer of refusals) {
    if (answer.ok) throw new Error('was allowed');
    expect(answer.error.message).toMatch(/^(Your role|You) .*\. .*(administrator|manager).*\.$/);
  }
});
