// Through whom a forecast goes up: people into teams into the teams above, or territories into territories. A node is there
// when its numbers can be whole for whoever looks: a representative sees the own one, a manager the own teams, and only who
// reads all deals sees the organization as a whole.
import type { RollUpNode } from '#shared/analytics/forecast-roll-up.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { compareText } from '#shared/query/evaluate-filter.ts';

export const hierarchies = ['managers', 'territories'] as const;
export type Hierarchy = (typeof hierarchies)[number];

export type ForecastNodeKind = 'all' | 'team' | 'user' | 'territory' | 'none';

export interface ForecastNode extends RollUpNode {
  readonly kind: ForecastNodeKind;
  /** Id of the person, team or territory; null for everything and for what belongs to nobody. */
  readonly id: string | null;
  readonly name: string;
  /** Whose number it is: the person, the lead of the team, the manager of the territory. */
  readonly ownerId: string | null;
}

export const ALL_KEY = 'all';
/** What belongs to nobody (any more). */
export const NONE_KEY = 'none';
export const userKey = (id: string): string => `u:${id}`;
export const teamKey = (id: string): string => `t:${id}`;
export const territoryNodeKey = (id: string): string => `r:${id}`;

/** What somebody reads of the deals: all, those of teams, the own ones. */
export interface ForecastReach {
  readonly userId: string;
  readonly scope: 'all' | 'team' | 'own' | 'none';
  readonly teamIds: readonly string[];
  /** Territories whose records are all in reach. */
  readonly territoryIds: readonly string[];
}

/** Roles whose people are shown before they own a deal. */
const SELLING: ReadonlySet<unknown> = new Set(['manager', 'sales_rep']);

export interface ManagersTreeInput {
  readonly users: Iterable<AnyRecord>;
  readonly teams: Iterable<AnyRecord>;
  readonly reach: ForecastReach;
  /** Somebody who is not shown otherwise has something to show: deals in the period, a quota. */
  readonly hasNumbers: (userId: string) => boolean;
}

/** Teams before the people in them, leads before members, then by name. Parents come before their children. */
export function managersTree({ users, teams, reach, hasNumbers }: ManagersTreeInput): readonly ForecastNode[] {
  const seesAll = reach.scope === 'all';
  const mayTeam = (id: string): boolean => seesAll || (reach.scope === 'team' && reach.teamIds.includes(id));
  const shownTeams = [...teams].filter(({ id }) => mayTeam(id));
  const teamIds = new Set(shownTeams.map(({ id }) => id));
  const top = seesAll ? ALL_KEY : null;
  const nodes: ForecastNode[] = [];
  if (seesAll) nodes.push(nodeOf('all', ALL_KEY, null, null, '', null));
  const leads = new Set<unknown>();
  for (const team of shownTeams) {
    const parentId = textOf(team['parentId']);
    const parent = parentId !== null && parentId !== team.id && teamIds.has(parentId) ? teamKey(parentId) : top;
    leads.add(team['leadId']);
    nodes.push(nodeOf('team', teamKey(team.id), team.id, parent, nameOf(team), textOf(team['leadId'])));
  }
  for (const user of users) {
    const isIn = user.teamId !== null && teamIds.has(user.teamId);
    const isReached = seesAll || isIn || (user.id === reach.userId && reach.scope !== 'none');
    const isSelling = user['isActive'] !== false && (SELLING.has(user['role']) || isCustom(user['role']));
    const isShown = hasNumbers(user.id) || (isSelling && (user.teamId !== null || user.id === reach.userId));
    if (!isReached || !isShown) continue;
    const parent = isIn && user.teamId !== null ? teamKey(user.teamId) : top;
    nodes.push(nodeOf('user', userKey(user.id), user.id, parent, nameOf(user), user.id));
  }
  if (seesAll) nodes.push(nodeOf('none', NONE_KEY, null, ALL_KEY, '', null));
  return inOrder(nodes, (node) => (leads.has(node.id) ? 0 : 1));
}

/** A territory whose `rollupMetrics` is off shows its own figures, and those below pass it by. */
export function territoriesTree(territories: Iterable<AnyRecord>, reach: ForecastReach): readonly ForecastNode[] {
  const seesAll = reach.scope === 'all';
  const shown = [...territories].filter(({ id }) => seesAll || reach.territoryIds.includes(id));
  const ids = new Set(shown.map(({ id }) => id));
  const nodes: ForecastNode[] = seesAll ? [nodeOf('all', ALL_KEY, null, null, '', null)] : [];
  for (const territory of shown) {
    const parentId = textOf(territory['parentId']);
    const isBelow = parentId !== null && parentId !== territory.id && ids.has(parentId);
    const parent = isBelow ? territoryNodeKey(parentId) : seesAll ? ALL_KEY : null;
    const node = nodeOf(
      'territory',
      territoryNodeKey(territory.id),
      territory.id,
      parent,
      nameOf(territory),
      textOf(territory['managerId']),
    );
    nodes.push({ ...node, addsUp: territory['rollupMetrics'] !== false });
  }
  if (seesAll) nodes.push(nodeOf('none', NONE_KEY, null, ALL_KEY, '', null));
  return inOrder(nodes, () => 0);
}

/** How far above a node somebody stands: 0 at the top of the tree. Whoever leads nothing above it stands lowest. */
export function seniorityIn(nodes: readonly ForecastNode[]): (adjusterId: string, key: string) => number {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  return (adjusterId, key) => {
    const chain: ForecastNode[] = [];
    let node = byKey.get(key);
    while (node !== undefined && !chain.includes(node)) {
      chain.push(node);
      node = byKey.get(node.parent ?? '');
    }
    const found = chain.findLastIndex(({ kind, ownerId }) => kind !== 'user' && ownerId === adjusterId);
    return found === -1 ? Number.MAX_SAFE_INTEGER : chain.length - 1 - found;
  };
}

function nodeOf(
  kind: ForecastNodeKind,
  key: string,
  id: string | null,
  parent: string | null,
  name: string,
  ownerId: string | null,
): ForecastNode {
  return { kind, key, id, parent, name, ownerId, addsUp: true };
}

const KIND_ORDER: Readonly<Record<ForecastNodeKind, number>> = { all: 0, territory: 1, team: 1, user: 2, none: 3 };

/** Depth first, so that a list of the nodes reads like the tree. What hangs in a circle is left out. */
function inOrder(nodes: readonly ForecastNode[], rank: (node: ForecastNode) => number): readonly ForecastNode[] {
  const sorted = nodes.toSorted(
    (a, b) =>
      KIND_ORDER[a.kind] - KIND_ORDER[b.kind] ||
      rank(a) - rank(b) ||
      compareText(a.name.toLowerCase(), b.name.toLowerCase()) ||
      compareText(a.key, b.key),
  );
  const children = new Map<string | null, ForecastNode[]>();
  for (const node of sorted) {
    const known = children.get(node.parent);
    if (known === undefined) children.set(node.parent, [node]);
    else known.push(node);
  }
  const ordered: ForecastNode[] = [];
  const visit = (node: ForecastNode): void => {
    ordered.push(node);
    for (const child of children.get(node.key) ?? []) visit(child);
  };
  for (const root of children.get(null) ?? []) visit(root);
  return ordered;
}

function isCustom(role: unknown): boolean {
  return typeof role === 'string' && !['super_admin', 'org_admin', 'viewer', 'manager', 'sales_rep'].includes(role);
}

function nameOf(record: AnyRecord): string {
  return textOf(record['name']) ?? '';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
