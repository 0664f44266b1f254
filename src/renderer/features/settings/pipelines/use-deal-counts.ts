import { useMemo } from 'react';
import { useLive } from '#renderer/data/use-data.ts';

/** Deals by pipeline; null until that is known. */
export function usePipelineCounts(): ReadonlyMap<string, number> | null {
  const { data } = useLive('aggregate', { entity: 'deal', groupBy: 'pipelineId', sums: [] });
  return useMemo(() => toCounts(data?.groups), [data]);
}

/** Deals of a pipeline by stage; null until that is known. */
export function useStageCounts(pipelineId: string): ReadonlyMap<string, number> | null {
  const { data, isCurrent } = useLive('aggregate', {
    entity: 'deal',
    filter: { field: 'pipelineId', op: 'eq', value: pipelineId },
    groupBy: 'stageId',
    sums: [],
  });
  return useMemo(() => toCounts(isCurrent ? data?.groups : undefined), [data, isCurrent]);
}

function toCounts(
  groups: readonly { readonly key: string | null; readonly count: number }[] | undefined,
): ReadonlyMap<string, number> | null {
  return groups === undefined ? null : new Map(groups.map(({ key, count }) => [key ?? '', count]));
}
