// Figures of territories with what hangs below them. Every record is in one territory, so nothing is counted twice
// whatever the switches say and whoever is member of several.
import { TerritoryTree, type TerritoryNode } from '#shared/access/territory-reach.ts';

export const figureNames = ['accounts', 'open', 'pipeline', 'weighted', 'won'] as const;
export type FigureName = (typeof figureNames)[number];
export type Figures = Readonly<Record<FigureName, number>>;

export const NO_FIGURES: Figures = { accounts: 0, open: 0, pipeline: 0, weighted: 0, won: 0 };

/** Figures of every territory: its own, and those of all territories below where it adds them up. */
export function rollUp(
  territories: readonly (TerritoryNode & { readonly addsUp: boolean })[],
  own: ReadonlyMap<string, Partial<Figures>>,
): ReadonlyMap<string, Figures> {
  const tree = new TerritoryTree(territories);
  return new Map(
    territories.map(({ id, addsUp }) => {
      const counted = addsUp ? [id, ...tree.descendantsOf(id).map((node) => node.id)] : [id];
      return [id, counted.reduce((sum, each) => add(sum, own.get(each)), NO_FIGURES)];
    }),
  );
}

function add(sum: Figures, more: Partial<Figures> | undefined): Figures {
  const entries = figureNames.map((name) => [name, sum[name] + (more?.[name] ?? 0)]);
  return Object.fromEntries(entries) as Figures;
}
