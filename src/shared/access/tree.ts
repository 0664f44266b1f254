// Trees of records that name their parent (teams, territories): whether a move keeps the tree a tree, and where each
// record of it stands. Works on any input, also on a stored cycle.

/** Deeper than any organization is, and small enough that every walk ends soon. */
export const MOST_LEVELS = 100;

export type TreeProblem = 'cycle' | 'tooDeep';

const treeFields: ReadonlyMap<string, string> = new Map([
  ['team', 'parentId'],
  ['territory', 'parentId'],
  ['user', 'managerId'],
]);

/** Field that names what stands above a record of this entity; undefined for one whose records form no tree. */
export function treeFieldOf(entity: string): string | undefined {
  return treeFields.get(entity);
}

/**
 * What is wrong with a place in the tree; null when nothing is. `parentOf` answers for the tree as it would stand, and
 * `heightBelow` says how many levels hang below the record.
 */
export function findTreeProblem(
  id: string,
  parentOf: (id: string) => string | null,
  heightBelow: number,
): TreeProblem | null {
  let level = 0;
  for (let parent = parentOf(id); parent !== null; parent = parentOf(parent)) {
    level += 1;
    if (parent === id) return 'cycle';
    if (level >= MOST_LEVELS) return 'tooDeep';
  }
  // Asked last: below a record in a cycle there is no end of levels either, and that is not what is wrong.
  return level > 0 && level + heightBelow >= MOST_LEVELS ? 'tooDeep' : null;
}

/** Levels below a record: 0 for a leaf. Stops counting at the most there may be. */
export function heightBelow(id: string, parentIds: ReadonlyMap<string, string | null>): number {
  const children = new Map<string, string[]>();
  for (const [child, parent] of parentIds) {
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  let level: readonly string[] = children.get(id) ?? [];
  let height = 0;
  while (level.length > 0 && height < MOST_LEVELS) {
    height += 1;
    level = level.flatMap((member) => children.get(member) ?? []);
  }
  return height;
}

export interface TreePlace {
  /** Ids from the root to the record itself: `/root/…/id/`. Ids, so that renaming moves nothing. */
  readonly path: string;
  /** 0 for a root. */
  readonly level: number;
}

/** Where every record stands. A record whose parent is missing, or that is part of a cycle, counts as a root. */
export function placesOfTree(parentIds: ReadonlyMap<string, string | null>): ReadonlyMap<string, TreePlace> {
  const places = new Map<string, TreePlace>();
  for (const start of parentIds.keys()) {
    const chain: string[] = [];
    let at: string | null = start;
    while (at !== null && parentIds.has(at) && !places.has(at) && !chain.includes(at)) {
      chain.push(at);
      at = parentIds.get(at) ?? null;
    }
    let above = at === null ? undefined : places.get(at);
    for (const id of chain.toReversed()) {
      above =
        above === undefined ? { path: `/${id}/`, level: 0 } : { path: `${above.path}${id}/`, level: above.level + 1 };
      places.set(id, above);
    }
  }
  return places;
}
