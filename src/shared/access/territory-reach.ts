// Who reaches the records of which territory. A manager reaches the whole subtree, a member the own territory; three
// switches of a territory show its records (never more than seeing) to the people of the territories above or below. The
// tree is expanded here, into what a user holds, and never into records: moving a subtree rewrites nobody's records.
// Bounded for any input: a cycle or a missing parent ends a walk.
import type { AnyRecord } from '#shared/entities/define-entity.ts';

/** What decides about access in a territory's record. */
export interface TerritoryNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly managerId: string | null;
  readonly memberIds: readonly string[];
  /** May members change the records of the territory, or only see them? */
  readonly membersMayEdit: boolean;
  readonly shareWithParent: boolean;
  readonly shareWithChildren: boolean;
  /** Shares not with the next level alone but with all levels; without a direction: with all below. */
  readonly recursiveSharing: boolean;
}

export interface TerritoryReach {
  readonly read: readonly string[];
  readonly edit: readonly string[];
}

export function toTerritoryNode(record: AnyRecord): TerritoryNode {
  return {
    id: record.id,
    parentId: idOf(record['parentId']),
    managerId: idOf(record['managerId']),
    memberIds: Array.isArray(record['memberIds'])
      ? record['memberIds'].filter((id): id is string => typeof id === 'string')
      : [],
    membersMayEdit: record['memberAccess'] !== 'view',
    shareWithParent: record['shareWithParent'] === true,
    shareWithChildren: record['shareWithChildren'] === true,
    recursiveSharing: record['recursiveSharing'] === true,
  };
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export class TerritoryTree {
  readonly #byId: ReadonlyMap<string, TerritoryNode>;
  readonly #children = new Map<string, TerritoryNode[]>();

  constructor(nodes: readonly TerritoryNode[]) {
    this.#byId = new Map(nodes.map((node) => [node.id, node]));
    for (const node of nodes) {
      if (node.parentId === null) continue;
      const siblings = this.#children.get(node.parentId);
      if (siblings === undefined) this.#children.set(node.parentId, [node]);
      else siblings.push(node);
    }
  }

  get nodes(): readonly TerritoryNode[] {
    return [...this.#byId.values()];
  }

  /** All territories above, the nearest first (TER-03: all parents). */
  ancestorsOf(id: string): readonly TerritoryNode[] {
    const found = new Set<TerritoryNode>();
    let node = this.#parentOf(id);
    while (node !== undefined && node.id !== id && !found.has(node)) {
      found.add(node);
      node = this.#parentOf(node.id);
    }
    return [...found];
  }

  childrenOf(id: string): readonly TerritoryNode[] {
    return this.#children.get(id) ?? [];
  }

  /** All territories below (TER-03: all children). */
  descendantsOf(id: string): readonly TerritoryNode[] {
    const found = new Set<TerritoryNode>(this.childrenOf(id));
    // A set grows while it is walked: every territory is visited once.
    for (const node of found) for (const child of this.childrenOf(node.id)) if (child.id !== id) found.add(child);
    return [...found];
  }

  #parentOf(id: string): TerritoryNode | undefined {
    const parentId = this.#byId.get(id)?.parentId ?? null;
    return parentId === null ? undefined : this.#byId.get(parentId);
  }
}

/** Territories whose records each user sees and may change; users who are nobody's members are not named. */
export function reachOfUsers(nodes: readonly TerritoryNode[]): ReadonlyMap<string, TerritoryReach> {
  const tree = new TerritoryTree(nodes);
  const read = new Map<string, Set<string>>();
  const edit = new Map<string, Set<string>>();
  for (const node of nodes) {
    if (node.managerId !== null) {
      for (const reached of [node, ...tree.descendantsOf(node.id)]) {
        put(read, node.managerId, reached.id);
        put(edit, node.managerId, reached.id);
      }
    }
    for (const memberId of node.memberIds) {
      put(read, memberId, node.id);
      if (node.membersMayEdit) put(edit, memberId, node.id);
    }
    for (const audience of audienceOf(tree, node)) {
      for (const person of peopleOf(audience)) put(read, person, node.id);
    }
  }
  return new Map(
    [...read].map(([userId, ids]) => [userId, { read: [...ids].sort(), edit: [...(edit.get(userId) ?? [])].sort() }]),
  );
}

/** Territories whose people see the records of this one because of its switches. */
function audienceOf(tree: TerritoryTree, node: TerritoryNode): readonly TerritoryNode[] {
  const isDownward = node.shareWithChildren || (node.recursiveSharing && !node.shareWithParent);
  const found: TerritoryNode[] = [];
  if (node.shareWithParent) found.push(...tree.ancestorsOf(node.id).slice(0, node.recursiveSharing ? undefined : 1));
  if (isDownward) found.push(...(node.recursiveSharing ? tree.descendantsOf(node.id) : tree.childrenOf(node.id)));
  return found;
}

function peopleOf(node: TerritoryNode): readonly string[] {
  return node.managerId === null ? node.memberIds : [node.managerId, ...node.memberIds];
}

function put(into: Map<string, Set<string>>, userId: string, territoryId: string): void {
  const known = into.get(userId);
  if (known === undefined) into.set(userId, new Set([territoryId]));
  else known.add(territoryId);
}
