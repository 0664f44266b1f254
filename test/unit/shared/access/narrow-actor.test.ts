import { describe, expect, it } from 'vitest';
import type { Actor, RoleName } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { narrowActor } from '#shared/access/narrow-actor.ts';
import { permissionNames, type PermissionName } from '#shared/access/permissions.ts';
import { recordActions } from '#shared/access/role-shape.ts';
import { permissionsOf, reachOf } from '#shared/access/roles.ts';
import { roleNames } from '#shared/access/actor.ts';
import { entityNames, type AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

const scopes = ['none', 'own', 'team', 'all'];

function owner(role: RoleName): Actor {
  const name = { name: 'Ada', email: 'ada@example.test' };
  return {
    tenantId: 't',
    userId: 'ada',
    ...name,
    role,
    teamIds: ['north'],
    permissions: permissionsOf(role),
    epoch: 3,
  };
}

const key = (...permissions: readonly PermissionName[]) => ({ id: 'k1', name: 'Nightly export', permissions });

describe('what an API key may do', () => {
  it('API-05 never reaches further than its owner, whatever it was given, for every role and a thousand keys', () => {
    const random = createSeededRandom(11);
    for (let round = 0; round < 1000; round += 1) {
      const person = owner(roleNames[round % roleNames.length] ?? 'viewer');
      const given = permissionNames.filter(() => (random.bytes(1)[0] ?? 0) < 100);
      const narrowed = narrowActor(person, key(...given));
      expect(
        narrowed.permissions.filter((name) => !person.permissions.includes(name) || !given.includes(name)),
      ).toEqual([]);
      for (const entity of entityNames) {
        for (const action of recordActions) {
          const [most, reach] = [reachOf(person, entity, action), reachOf(narrowed, entity, action)];
          if (scopes.indexOf(reach) > scopes.indexOf(most)) throw new Error(`${entity} ${action}: ${most} < ${reach}`);
        }
      }
    }
  });

  it('API-05 reads what its scope names and nothing beside it', () => {
    const narrowed = narrowActor(owner('org_admin'), key('lead.read'));
    expect(reachOf(narrowed, 'lead', 'read')).toBe('all');
    const others = entityNames.filter((entity) => entity !== 'lead' && entity !== 'dataExport');
    expect(
      others.filter((entity) => recordActions.some((action) => reachOf(narrowed, entity, action) !== 'none')),
    ).toEqual([]);
    expect(recordActions.filter((action) => reachOf(narrowed, 'lead', action) !== 'none')).toEqual(['read']);
  });

  it('API-05 with no scope left may nothing, not even change the profile of its owner', () => {
    const narrowed = narrowActor(owner('sales_rep'), key('platform.view_all_tenants'));
    const stamps = { createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };
    const me: AnyRecord = { kind: 'user', id: 'ada', rev: 1, ownerId: 'ada', teamId: null, ...stamps, name: 'Ada' };
    const change = { actor: narrowed, action: 'update', definition: entities.user, before: me } as const;
    expect(narrowed.permissions).toEqual([]);
    expect(can({ ...change, after: { ...me, name: 'Eve' }, groups: ['name'] }).ok).toBe(false);
    expect(can({ ...change, actor: owner('sales_rep'), after: { ...me, name: 'Eve' }, groups: ['name'] }).ok).toBe(
      true,
    );
  });

  it('API-05 PER-02 of an administrator makes nobody what the key itself is not', () => {
    const narrowed = narrowActor(owner('org_admin'), key('user.create', 'user.read'));
    const stamps = { createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };
    const made: AnyRecord = {
      kind: 'user',
      id: 'eve',
      rev: 0,
      ownerId: 'eve',
      teamId: null,
      ...stamps,
      role: 'org_admin',
    };
    const asked = { action: 'create', definition: entities.user, before: null, after: made, groups: ['role'] } as const;
    expect(can({ actor: narrowed, ...asked })).toMatchObject({
      ok: false,
      error: { details: { reason: 'grantsMore' } },
    });
    expect(can({ actor: owner('org_admin'), ...asked }).ok).toBe(true);
  });
});
