import { describe, expect, it } from 'vitest';
import { can } from '#shared/access/can.ts';
import { countKeys, previewRights, type RightsPreview } from '#shared/access/preview-rights.ts';
import { createRightsWorld, withChanges, type RightsChange, type RightsRecords } from '#shared/access/rights-world.ts';
import { builtInRoles } from '#shared/access/roles.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

const tenantId = 'tenant';
const stamp = '2026-01-01T00:00:00.000Z';

function record(kind: EntityName, id: string, values: Readonly<Record<string, unknown>> = {}): AnyRecord {
  return {
    id,
    kind,
    rev: 1,
    ownerId: null,
    teamId: null,
    createdAt: stamp,
    createdBy: null,
    updatedAt: stamp,
    updatedBy: null,
    ...values,
  };
}

const rights: RightsRecords = {
  user: [
    record('user', 'ada', { name: 'Ada', role: 'org_admin', isActive: true }),
    record('user', 'mara', { name: 'Mara', role: 'manager', isActive: true, teamId: 'west' }),
    record('user', 'rene', { name: 'Rene', role: 'sales_rep', isActive: true, teamId: 'west' }),
    record('user', 'lena', { name: 'Lena', role: 'sales_rep', isActive: true, teamId: 'east' }),
    record('user', 'vera', { name: 'Vera', role: 'closer', isActive: true, teamId: 'east' }),
    record('user', 'away', { name: 'Away', role: 'manager', isActive: false, teamId: 'west' }),
  ],
  team: [record('team', 'west', { name: 'West', leadId: 'mara' }), record('team', 'east', { name: 'East' })],
  role: [
    record('role', 'closer', {
      name: 'Closer',
      basedOn: 'sales_rep',
      permissions: ['record.read', 'record.update'],
      scopes: { deal: { read: 'team', update: 'own' } },
    }),
  ],
  fieldRule: [],
  piiRule: [],
  territory: [
    record('territory', 'north', { name: 'North', managerId: 'mara', memberIds: ['lena'], memberAccess: 'view' }),
  ],
};

function makeRecords() {
  const all: AnyRecord[] = [];
  const owners = ['mara', 'rene', 'lena', 'vera', 'away'];
  for (let at = 0; at < 60; at += 1) {
    const ownerId = owners[at % owners.length] ?? 'rene';
    const teamId = at % 3 === 0 ? 'east' : 'west';
    const extra = at % 4 === 0 ? { territoryId: 'north' } : {};
    const shares = at % 7 === 0 ? { shares: ['edit:team:east', 'view:user:vera'] } : {};
    all.push(record('deal', `deal-${at}`, { ownerId, teamId, ...extra, ...shares }));
    all.push(record('account', `account-${at}`, { ownerId, teamId, ...extra }));
    // What belongs to a deal is seen with it, whoever wrote it.
    all.push(record('activity', `note-${at}`, { ownerId: 'away', dealId: `deal-${at}`, activityType: 'note' }));
    const visibility = at % 2 === 0 ? 'private' : 'team';
    all.push(record('task', `task-${at}`, { ownerId, teamId, dealId: `deal-${at}`, visibility }));
  }
  const byEntity = new Map<EntityName, Map<string, AnyRecord>>();
  for (const one of all) {
    const { kind } = one;
    const map = byEntity.get(kind) ?? new Map<string, AnyRecord>();
    byEntity.set(kind, map.set(one.id, one));
  }
  return {
    all: (entity: EntityName) => byEntity.get(entity) ?? new Map<string, AnyRecord>(),
    get: (entity: EntityName, id: string) => byEntity.get(entity)?.get(id),
  };
}

const records = makeRecords();
const counts = countKeys(records);
const preview = (...changes: readonly RightsChange[]): RightsPreview =>
  previewRights({ records: rights, counts, changes, tenantId });
const personOf = (answer: RightsPreview, userId: string) => answer.people.find((person) => person.userId === userId);

const changes: readonly (readonly [string, RightsChange])[] = [
  ['a role', { entity: 'user', id: 'rene', values: { role: 'manager' } }],
  ['a custom role', { entity: 'user', id: 'lena', values: { role: 'closer' } }],
  ['a team', { entity: 'user', id: 'mara', values: { teamId: 'east' } }],
  ['being switched off', { entity: 'user', id: 'lena', values: { isActive: false } }],
  ['being switched on', { entity: 'user', id: 'away', values: { isActive: true } }],
  ['a parent team', { entity: 'team', id: 'east', values: { parentId: 'west' } }],
  ['a team lead', { entity: 'team', id: 'east', values: { leadId: 'mara' } }],
  ['the people of a territory', { entity: 'territory', id: 'north', values: { memberIds: ['rene'], managerId: null } }],
  ['a deleted territory', { entity: 'territory', id: 'north', values: null }],
  [
    'the permissions of a role',
    { entity: 'role', id: 'closer', values: { scopes: { deal: { read: 'all', update: 'team' } } } },
  ],
];

describe('the preview of a change of rights', () => {
  it.each(changes)('PER-13 counts for %s what can() says of every record before and after', (_what, change) => {
    const answer = preview(change);
    const before = createRightsWorld(rights, tenantId);
    const after = createRightsWorld(withChanges(rights, [change]), tenantId);
    let total = 0;
    for (const { id } of rights.user) {
      const [was, is] = [before.actorOf(id), after.actorOf(id)];
      for (const entity of ['deal', 'account'] as const) {
        for (const action of ['read', 'update'] as const) {
          const expected = { gained: 0, lost: 0 };
          for (const one of records.all(entity).values()) {
            const question = { action, definition: entities[entity], before: one, after: null } as const;
            // Whether a button is there also takes the permission; reach alone is what is counted.
            const reaches = (actor: typeof was): boolean =>
              actor !== null &&
              can({ actor: { ...actor, permissions: builtInRoles.org_admin.permissions }, ...question }).ok;
            if (reaches(is) && !reaches(was)) expected.gained += 1;
            if (reaches(was) && !reaches(is)) expected.lost += 1;
          }
          const found = personOf(answer, id)?.records.find((one) => one.entity === entity && one.action === action);
          expect({ gained: found?.gained ?? 0, lost: found?.lost ?? 0 }, `${id} ${entity} ${action}`).toEqual(expected);
          total += expected.gained + expected.lost;
        }
      }
    }
    expect(total).toBeGreaterThan(0);
  });

  it('PER-13 counts what belongs to a record with the record, and private tasks for nobody else', () => {
    const answer = personOf(preview({ entity: 'user', id: 'rene', values: { role: 'viewer' } }), 'rene');
    const gained = (entity: string) =>
      answer?.records.find((one) => one.entity === entity && one.action === 'read')?.gained;
    expect(gained('activity')).toBe(gained('deal'));
    expect(gained('task')).toBeLessThan(gained('deal') ?? 0);
  });

  it('PER-13 names permissions that are gained and lost', () => {
    const up = personOf(preview({ entity: 'user', id: 'rene', values: { role: 'manager' } }), 'rene');
    expect(up?.permissionsGained).toContain('team.manage_members');
    expect(up?.permissionsLost).toEqual([]);
    const off = personOf(preview({ entity: 'user', id: 'lena', values: { isActive: false } }), 'lena');
    expect(off).toMatchObject({ isActiveBefore: true, isActiveAfter: false });
    expect(off?.permissionsLost).toContain('record.read');
  });

  it('PER-15 says how fields change for everybody a rule is about', () => {
    const rule: RightsChange = {
      entity: 'fieldRule',
      id: 'rule',
      values: { role: 'sales_rep', entity: 'deal', field: 'amount', mode: 'hidden' },
    };
    const answer = preview(rule);
    expect(answer.people.map(({ userId }) => userId).toSorted()).toEqual(['lena', 'rene']);
    expect(personOf(answer, 'rene')?.fields).toContainEqual({
      entity: 'deal',
      field: 'amount',
      before: 'edit',
      after: 'hidden',
    });
  });

  it('PER-13 says nothing of a change that changes no rights, and nothing of people it does not concern', () => {
    expect(preview({ entity: 'user', id: 'rene', values: { name: 'Renate', managerId: 'mara' } }).people).toEqual([]);
    const answer = preview({ entity: 'user', id: 'rene', values: { teamId: 'east' } });
    expect(answer.people.map(({ userId }) => userId)).not.toContain('lena');
    expect(answer.compared).toBe(6);
  });
});
