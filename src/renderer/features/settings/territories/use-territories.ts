// What the screen of territories knows: the territories themselves, their people by name, and the figures.
import { useMemo } from 'react';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { toTerritoryNode } from '#shared/access/territory-reach.ts';
import { countedTerritories, rollUp } from '#shared/entities/territory/figures.ts';

const byName = [{ field: 'name', direction: 'asc' }] as const;

export function useTerritories(): readonly LocalRecord[] | undefined {
  return useLive('list', { entity: 'territory', sort: byName, offset: 0, limit: 1000 }).data?.rows;
}

export function useUsers(): readonly LocalRecord[] {
  return useLive('list', { entity: 'user', sort: byName, offset: 0, limit: 1000 }).data?.rows ?? [];
}

/** Accounts by territory, as far as this user sees them, and the territories whose records count for each. */
export function useCounts(territories: readonly LocalRecord[]): {
  readonly accounts: ReadonlyMap<string, number>;
  readonly counted: ReadonlyMap<string, readonly string[]>;
} {
  const { data } = useLive('aggregate', { entity: 'account', groupBy: 'territoryId', sums: [] });
  return useMemo(() => {
    const nodes = territories.map((record) => ({
      ...toTerritoryNode(record),
      addsUp: record['rollupMetrics'] !== false,
    }));
    const own = new Map((data?.groups ?? []).map((group) => [group.key ?? '', group.count]));
    return { accounts: rollUp(nodes, own), counted: countedTerritories(nodes) };
  }, [territories, data]);
}
