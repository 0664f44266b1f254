// What the screen of territories knows: the territories themselves, their people by name, and the figures.
import { useMemo } from 'react';
import type { AggregateResult, LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { toTerritoryNode } from '#shared/access/territory-reach.ts';
import { NO_FIGURES, rollUp, type Figures } from '#shared/entities/territory/figures.ts';
import type { Filter } from '#shared/query/filter.ts';

const byName = [{ field: 'name', direction: 'asc' }] as const;

export function useTerritories(): readonly LocalRecord[] | undefined {
  return useLive('list', { entity: 'territory', sort: byName, offset: 0, limit: 1000 }).data?.rows;
}

export function useUsers(): readonly LocalRecord[] {
  return useLive('list', { entity: 'user', sort: byName, offset: 0, limit: 1000 }).data?.rows ?? [];
}

const status = (value: string): Filter => ({ field: 'status', op: 'eq', value });

/** Figures by territory, as far as this user sees the records. */
export function useFigures(territories: readonly LocalRecord[]): ReadonlyMap<string, Figures> {
  const groupBy = 'territoryId';
  const accounts = useLive('aggregate', { entity: 'account', groupBy, sums: [] }).data;
  const open = useLive('aggregate', {
    entity: 'deal',
    groupBy,
    sums: ['amount', 'weighted'],
    filter: status('open'),
  }).data;
  const won = useLive('aggregate', { entity: 'deal', groupBy, sums: ['amount'], filter: status('won') }).data;
  return useMemo(() => {
    const own = new Map<string, Figures>();
    const put = (
      result: AggregateResult | undefined,
      of: (group: AggregateResult['groups'][number]) => Partial<Figures>,
    ) => {
      for (const group of result?.groups ?? []) {
        if (group.key !== null) own.set(group.key, { ...NO_FIGURES, ...own.get(group.key), ...of(group) });
      }
    };
    put(accounts, (group) => ({ accounts: group.count }));
    put(open, (group) => ({
      open: group.count,
      pipeline: group.sums['amount'] ?? 0,
      weighted: group.sums['weighted'] ?? 0,
    }));
    put(won, (group) => ({ won: group.sums['amount'] ?? 0 }));
    const nodes = territories.map((record) => ({
      ...toTerritoryNode(record),
      addsUp: record['rollupMetrics'] !== false,
    }));
    return rollUp(nodes, own);
  }, [territories, accounts, open, won]);
}
