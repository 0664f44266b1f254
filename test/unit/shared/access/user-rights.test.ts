import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roleNames, type Actor, type RoleName } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { builtInRoles, permissionsOf, type RecordAction } from '#shared/access/roles.ts';
import { SIGN_IN_GROUP } from '#shared/access/user-rights.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { createActor, createRecord, propertyRuns } from '../../../support/sample-entities.ts';

type Values = Readonly<Record<string, unknown>>;

const user = (id: string, role: RoleName, values: Values = {}): AnyRecord =>
  createRecord({ kind: 'user', id, ownerId: id, teamId: null, name: id, role, isActive: true, ...values });
const as = (role: RoleName, userId = 'me'): Actor => createActor(role, { userId });

function ask(actor: Actor, action: RecordAction, before: AnyRecord | null, values: Values = {}) {
  const isLife = action === 'delete' || action === 'restore' || action === 'read';
  const after = isLife ? null : { ...(before ?? user('new', 'viewer')), ...values };
  const answer = can({ actor, action, definition: entities.user, before, after, groups: Object.keys(values) });
  return answer.ok ? 'ok' : answer.error.code;
}

function messageOf(actor: Actor, action: RecordAction, before: AnyRecord | null, values: Values): string {
  const after = { ...(before ?? user('new', 'viewer')), ...values };
  const answer = can({ actor, action, definition: entities.user, before, after, groups: Object.keys(values) });
  return answer.ok ? '' : answer.error.message;
}

describe('super administrators', () => {
  it('PER-05 are made by super administrators alone, from new users and from old ones', () => {
    expect(ask(as('org_admin'), 'create', null, { role: 'super_admin' })).toBe('action_forbidden');
    expect(ask(as('org_admin'), 'update', user('anna', 'manager'), { role: 'super_admin' })).toBe('field_forbidden');
    expect(ask(as('super_admin'), 'create', null, { role: 'super_admin' })).toBe('ok');
    expect(ask(as('super_admin'), 'update', user('anna', 'manager'), { role: 'super_admin' })).toBe('ok');
    expect(messageOf(as('org_admin'), 'update', user('anna', 'manager'), { role: 'super_admin' })).toBe(
      'You cannot change "Role" of this user. Only a super administrator can make somebody a super administrator, or change the rights of one.',
    );
  });

  it('PER-05 lose their role, activity, address, password or record to super administrators alone', () => {
    const sam = user('sam', 'super_admin');
    const changes: readonly Values[] = [{ role: 'viewer' }, { isActive: false }, { email: 'mine@example.com' }];
    for (const values of changes) {
      expect(ask(as('org_admin'), 'update', sam, values)).toBe('field_forbidden');
      expect(ask(as('super_admin'), 'update', sam, values)).toBe('ok');
    }
    for (const action of ['delete', 'restore'] as const) {
      expect(ask(as('org_admin'), action, sam)).toBe('action_forbidden');
      expect(ask(as('super_admin'), action, sam)).toBe('ok');
    }
    const password = { definition: entities.user, before: sam, after: null, groups: [SIGN_IN_GROUP] };
    expect(can({ actor: as('org_admin'), action: 'update', ...password }).ok).toBe(false);
    expect(can({ actor: as('super_admin'), action: 'update', ...password }).ok).toBe(true);
  });

  it('PER-05 are seen by everyone, and an administrator corrects their telephone number', () => {
    const sam = user('sam', 'super_admin');
    for (const role of roleNames) expect(ask(as(role), 'read', sam)).toBe('ok');
    expect(ask(as('org_admin'), 'update', sam, { phone: '+49 30 1' })).toBe('ok');
  });
});

describe('everybody', () => {
  it('PER-02 leaves the own rights and the own user alone', () => {
    for (const role of ['org_admin', 'super_admin'] as const) {
      for (const values of [{ role: 'viewer' }, { isActive: false }, { teamId: 'north' }])
        expect(ask(as(role), 'update', user('me', role), values)).toBe('field_forbidden');
      expect(ask(as(role), 'delete', user('me', role))).toBe('action_forbidden');
      expect(ask(as(role), 'update', user('me', role), { name: 'Other' })).toBe('ok');
    }
  });

  it('PER-02 gets a new password from administrators, and nobody gives it to the own user', () => {
    const may = (actor: Actor, before: AnyRecord): boolean =>
      can({ actor, action: 'update', definition: entities.user, before, after: null, groups: [SIGN_IN_GROUP] }).ok;
    expect(roleNames.filter((role) => may(as(role), user('anna', 'sales_rep')))).toEqual(['super_admin', 'org_admin']);
    expect(roleNames.filter((role) => may(as(role), user('me', role)))).toEqual([]);
  });
});

describe('a custom role that reaches all users', () => {
  /** May change and create users and reset their passwords, and works like a sales representative otherwise. */
  const desk = createActor('sales_rep', {
    role: 'help-desk',
    permissions: [...permissionsOf('sales_rep'), 'user.create', 'user.update', 'user.delete', 'org.manage_users'],
    scopes: { ...builtInRoles.sales_rep.scopes, user: builtInRoles.org_admin.scopes.user ?? {} },
  });
  const password = (before: AnyRecord): boolean =>
    can({ actor: desk, action: 'update', definition: entities.user, before, after: null, groups: [SIGN_IN_GROUP] }).ok;

  it('PER-02 makes nobody more than it is itself, neither with a new user nor with an old one', () => {
    for (const role of ['org_admin', 'manager', 'another-custom-role', 'super_admin']) {
      expect(ask(desk, 'create', null, { role, ownerId: 'me' }), role).toBe('action_forbidden');
      expect(ask(desk, 'update', user('anna', 'sales_rep'), { role }), role).toBe('field_forbidden');
    }
    expect(ask(desk, 'create', null, { role: 'sales_rep', ownerId: 'me' })).toBe('ok');
    expect(ask(desk, 'update', user('anna', 'sales_rep'), { role: 'help-desk' })).toBe('ok');
    // A viewer reads what this role does not.
    expect(ask(desk, 'update', user('anna', 'sales_rep'), { role: 'viewer' })).toBe('field_forbidden');
  });

  it('PER-02 decides over nobody who may more: not over the password, the address, the activity or the record', () => {
    for (const role of ['org_admin', 'manager'] as const) {
      const target = user('ada', role);
      expect(password(target)).toBe(false);
      for (const values of [{ isActive: false }, { email: 'mine@example.com' }, { role: 'viewer' }])
        expect(ask(desk, 'update', target, values)).toBe('field_forbidden');
      expect(ask(desk, 'delete', target)).toBe('action_forbidden');
      expect(ask(desk, 'update', target, { phone: '+49 30 1' })).toBe('ok');
    }
    expect(password(user('anna', 'sales_rep'))).toBe(true);
    expect(ask(desk, 'update', user('anna', 'sales_rep'), { isActive: false })).toBe('ok');
  });
});

const startingRoles: readonly (readonly RoleName[])[] = [
  ['super_admin', 'super_admin', 'org_admin', 'manager', 'viewer'],
  ['org_admin', 'org_admin', 'org_admin', 'manager', 'viewer'],
];

const act = fc.record({
  actor: fc.nat(4),
  target: fc.nat(4),
  /** Null deletes the user. */
  change: fc.oneof(
    fc.constantFrom(...roleNames).map((role): Values => ({ role })),
    fc.boolean().map((isActive): Values => ({ isActive })),
    fc.constant<Values | null>(null),
  ),
});

it('PER-02 whatever administrators do to each other, one stays, and where there were super administrators one of them', () => {
  fc.assert(
    fc.property(fc.constantFrom(...startingRoles), fc.array(act, { maxLength: 60 }), (roles, acts) => {
      const people = new Map(roles.map((role, index) => [index, user(String(index), role)]));
      for (const { actor, target, change } of acts) {
        const [acting, before] = [people.get(actor), people.get(target)];
        if (acting === undefined || before === undefined || acting['isActive'] === false) continue;
        const action = change === null ? 'delete' : 'update';
        if (ask(as(acting['role'] as RoleName, acting.id), action, before, change ?? {}) !== 'ok') continue;
        if (change === null) people.delete(target);
        else people.set(target, { ...before, ...change });
      }
      const left = [...people.values()].filter((person) => person['isActive'] !== false).map(({ role }) => role);
      expect(left).toContain(roles[0]);
    }),
    propertyRuns,
  );
});
