import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keysUnderParent } from '#shared/access/parent-record.ts';
import { keySetOf, meets, scopeKeysOf, territoryKey } from '#shared/access/scope.ts';
import { editShareKey, toShareEntry, viewShareKey, type Grantee, type Share } from '#shared/access/shares.ts';
import { reachOfUsers, TerritoryTree, type TerritoryNode } from '#shared/access/territory-reach.ts';
import type { Actor, RoleName } from '#shared/access/actor.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { collectShareTeamIds } from '#shared/access/compose-actor.ts';
import { collectTeamIds } from '#shared/access/team-tree.ts';
import { propertyRuns } from '#test/support/sample-entities.ts';

const userIds = ['u0', 'u1', 'u2', 'u3'] as const;
const user = fc.constantFrom(...userIds);

/** A forest: every node's parent comes before it. */
const forest: fc.Arbitrary<readonly TerritoryNode[]> = fc
  .array(
    fc.record({
      parent: fc.nat(),
      isRoot: fc.boolean(),
      managerId: fc.option(user, { nil: null }),
      memberIds: fc.uniqueArray(user, { maxLength: 2 }),
      membersMayEdit: fc.boolean(),
      shareWithParent: fc.boolean(),
      shareWithChildren: fc.boolean(),
      recursiveSharing: fc.boolean(),
    }),
    { maxLength: 9 },
  )
  .map((nodes) =>
    nodes.map(({ parent, isRoot, ...node }, index) => ({
      ...node,
      id: `r${index}`,
      parentId: isRoot || index === 0 ? null : `r${parent % index}`,
    })),
  );

/** Steps upward from `from` to `to`; null when `to` is not above `from`. */
function stepsUp(nodes: readonly TerritoryNode[], from: string, to: string): number | null {
  let steps = 0;
  for (let at: string | null = from; at !== null; at = nodes.find(({ id }) => id === at)?.parentId ?? null) {
    if (at === to) return steps;
    steps += 1;
  }
  return null;
}

function isPersonOf(node: TerritoryNode, userId: string): boolean {
  return node.managerId === userId || node.memberIds.includes(userId);
}

/** The rule in words, asked for one user and one territory. */
function mayRead(nodes: readonly TerritoryNode[], userId: string, target: TerritoryNode): boolean {
  return nodes.some((place) => {
    const up = stepsUp(nodes, target.id, place.id);
    const down = stepsUp(nodes, place.id, target.id);
    if (place.managerId === userId && up !== null) return true;
    if (place.memberIds.includes(userId) && up === 0) return true;
    if (!isPersonOf(place, userId)) return false;
    const toParents = target.shareWithParent && up !== null && (up === 1 || (up > 1 && target.recursiveSharing));
    const isDown = target.shareWithChildren || (target.recursiveSharing && !target.shareWithParent);
    const toChildren = isDown && down !== null && (down === 1 || (down > 1 && target.recursiveSharing));
    return toParents || toChildren;
  });
}

function mayEdit(nodes: readonly TerritoryNode[], userId: string, target: TerritoryNode): boolean {
  return nodes.some(
    (place) =>
      (place.managerId === userId && stepsUp(nodes, target.id, place.id) !== null) ||
      (place.id === target.id && place.membersMayEdit && place.memberIds.includes(userId)),
  );
}

describe('the reach of territories', () => {
  it('TER-05 SYNC-16 is the rule in words on every forest', () => {
    fc.assert(
      fc.property(forest, user, (nodes, userId) => {
        const reach = reachOfUsers(nodes).get(userId) ?? { read: [], edit: [] };
        expect(reach.read).toEqual(nodes.filter((node) => mayRead(nodes, userId, node)).map(({ id }) => id));
        expect(reach.edit).toEqual(nodes.filter((node) => mayEdit(nodes, userId, node)).map(({ id }) => id));
      }),
      propertyRuns,
    );
  });

  it('A12 any parents at all, also cycles and missing ones, are walked to an end', () => {
    fc.assert(
      fc.property(forest, fc.array(fc.nat(12)), (nodes, parents) => {
        const wild = nodes.map((node, index) => ({ ...node, parentId: `r${parents[index] ?? 99}` }));
        const tree = new TerritoryTree(wild);
        for (const { id } of wild) {
          expect(tree.ancestorsOf(id).length).toBeLessThan(wild.length);
          expect(tree.descendantsOf(id).some((node) => node.id === id && node.parentId !== id)).toBe(false);
        }
        reachOfUsers(wild);
      }),
      propertyRuns,
    );
  });

  it('TER-03 children and parents are told with all levels, the nearest parent first', () => {
    const node = (id: string, parentId: string | null): TerritoryNode => ({
      id,
      parentId,
      managerId: null,
      memberIds: [],
      membersMayEdit: true,
      shareWithParent: false,
      shareWithChildren: false,
      recursiveSharing: false,
    });
    const tree = new TerritoryTree([node('a', null), node('b', 'a'), node('c', 'b'), node('d', 'a')]);
    expect(tree.ancestorsOf('c').map(({ id }) => id)).toEqual(['b', 'a']);
    expect(tree.descendantsOf('a').map(({ id }) => id)).toEqual(['b', 'd', 'c']);
    expect(tree.childrenOf('a').map(({ id }) => id)).toEqual(['b', 'd']);
  });
});

const teams = [
  { id: 't0', parentId: null, leadId: 'u0' },
  { id: 't1', parentId: 't0', leadId: null },
  { id: 't2', parentId: 't1', leadId: 'u2' },
] as const;
const teamOfUser: Readonly<Record<string, string | null>> = { u0: null, u1: 't1', u2: 't0', u3: 't2' };

function actorOf(userId: string, role: RoleName, nodes: readonly TerritoryNode[]): Actor {
  const teamId = teamOfUser[userId] ?? null;
  const reach = reachOfUsers(nodes).get(userId) ?? { read: [], edit: [] };
  const grantees: readonly Grantee[] = [
    { kind: 'user', id: userId },
    { kind: 'role', id: role },
    ...collectShareTeamIds(userId, teamId, teams).map((id) => ({ kind: 'team', id }) as const),
  ];
  return {
    tenantId: 'tenant',
    userId,
    name: userId,
    email: '',
    role,
    teamIds: collectTeamIds(userId, teamId, teams),
    permissions: permissionsOf(role),
    epoch: 1,
    grants: {
      read: [...reach.read.map((id) => territoryKey(id)), ...grantees.map((one) => viewShareKey(one))],
      update: [...reach.edit.map((id) => territoryKey(id)), ...grantees.map((one) => editShareKey(one))],
    },
  };
}

/** Teams at or below one. */
const below: Readonly<Record<string, readonly string[]>> = { t0: ['t0', 't1', 't2'], t1: ['t1', 't2'], t2: ['t2'] };

/** Does a share reach this person? In words: the person, anyone of the role, anyone of the team or of a team below it,
 * and whoever leads the team or one above it. */
function reaches(share: Share, userId: string, role: string): boolean {
  if (share.kind === 'user') return share.id === userId;
  if (share.kind === 'role') return share.id === role;
  const isMember = (below[share.id] ?? []).includes(teamOfUser[userId] ?? '');
  return isMember || teams.some((team) => team.leadId === userId && (below[team.id] ?? []).includes(share.id));
}

const share: fc.Arbitrary<Share> = fc.oneof(
  fc.record({ mode: fc.constantFrom('view' as const, 'edit'), kind: fc.constant('user' as const), id: user }),
  fc.record({
    mode: fc.constantFrom('view' as const, 'edit'),
    kind: fc.constant('team' as const),
    id: fc.constantFrom('t0', 't1', 't2'),
  }),
  fc.record({
    mode: fc.constantFrom('view' as const, 'edit'),
    kind: fc.constant('role' as const),
    id: fc.constantFrom('manager', 'sales_rep'),
  }),
);

describe('the keys of records and users', () => {
  it('SYNC-16 meet exactly when owner, team, territory or share says so, for seeing and for changing', () => {
    const role = fc.constantFrom<RoleName>('manager', 'sales_rep', 'viewer', 'org_admin');
    const place = fc.record({
      ownerId: fc.option(user, { nil: null }),
      teamId: fc.option(fc.constantFrom('t0', 't1', 't2'), { nil: null }),
      territory: fc.option(fc.nat(8), { nil: null }),
      shares: fc.uniqueArray(share, { maxLength: 3, selector: toShareEntry }),
    });
    fc.assert(
      fc.property(forest, user, role, place, (nodes, userId, roleName, { ownerId, teamId, territory, shares }) => {
        const actor = actorOf(userId, roleName, nodes);
        const territoryNode = nodes[territory ?? -1];
        const record: AnyRecord = {
          id: 'd1',
          kind: 'deal',
          rev: 1,
          ownerId,
          teamId,
          createdAt: '',
          createdBy: null,
          updatedAt: '',
          updatedBy: null,
          territoryId: territoryNode?.id ?? null,
          shares: shares.map((one) => toShareEntry(one)),
        };
        const isTeams = roleName === 'manager' && teamId !== null && actor.teamIds.includes(teamId);
        const isOwn = ownerId === userId || isTeams || roleName === 'org_admin';
        const given = shares.filter((one) => reaches(one, userId, roleName));
        const seen =
          isOwn ||
          roleName === 'viewer' ||
          given.length > 0 ||
          (territoryNode !== undefined && mayRead(nodes, userId, territoryNode));
        const changed =
          roleName !== 'viewer' &&
          (isOwn ||
            given.some(({ mode }) => mode === 'edit') ||
            (territoryNode !== undefined && mayEdit(nodes, userId, territoryNode)));
        const keys = scopeKeysOf(entities.deal, record);
        expect(meets(keySetOf(actor, entities.deal, 'read'), keys)).toBe(seen);
        expect(meets(keySetOf(actor, entities.deal, 'update'), keys)).toBe(changed);
        // What belongs to the deal is seen by the same people, whoever wrote it.
        const note: AnyRecord = { ...record, id: 'n1', kind: 'activity', ownerId: 'u3', dealId: 'd1' };
        const noteKeys = keysUnderParent(entities.activity, note, scopeKeysOf(entities.activity, note), keys);
        expect(meets(keySetOf(actor, entities.activity, 'read'), noteKeys)).toBe(seen);
      }),
      propertyRuns,
    );
  });
});
