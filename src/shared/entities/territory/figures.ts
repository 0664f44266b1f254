// Figures of territories with what hangs below them. Every record is in one territory, so nothing is counted twice
// whatever the switches say and whoever is member of several.
import { TerritoryTree, type TerritoryNode } from '#shared/access/territory-reach.ts';

export interface CountingTerritory extends TerritoryNode {
  /** Its figures include those of all territories below. */
  readonly addsUp: boolean;
}

/** Territories whose records count for each one: itself, and all below where it adds them up. */
export function countedTerritories(territories: readonly CountingTerritory[]): ReadonlyMap<string, readonly string[]> {
  const tree = new TerritoryTree(territories);
  return new Map(
    territories.map(({ id, addsUp }) => [id, addsUp ? [id, ...tree.descendantsOf(id).map((node) => node.id)] : [id]]),
  );
}

/** Counts of every territory from those of the single territories. */
export function rollUp(
  territories: readonly CountingTerritory[],
  own: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  return new Map(
    [...countedTerritories(territories)].map(([id, counted]) => [
      id,
      counted.reduce((sum, each) => sum + (own.get(each) ?? 0), 0),
    ]),
  );
}
