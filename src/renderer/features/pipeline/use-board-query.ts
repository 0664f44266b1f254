import { useDebouncedValue } from '@mantine/hooks';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { usePipelines } from '#renderer/blocks/use-pipelines.ts';
import type { BoardQuery } from '#renderer/data/data-contract.ts';
import type { Filter } from '#shared/query/filter.ts';

/** Closed deals stay on the board this long; older ones are in the list. */
const CLOSED_WITHIN_DAYS = 90;

/** Before anything was scrolled. */
export const NO_RANGES: BoardQuery['ranges'] = {};

/** What the board shows by the person's choices and these stretches of its cells; null until a pipeline is known. */
export function useBoardQuery(ranges: BoardQuery['ranges']): BoardQuery | null {
  const view = useAppSelector((state) => state.view.board);
  const pipelines = usePipelines();
  const [search] = useDebouncedValue(view.search, 120);
  const pipeline = pipelines.find((item) => item.id === view.pipelineId) ?? pipelines[0];
  if (pipeline === undefined) return null;
  const filter: Filter | null = view.ownerId === null ? null : { field: 'ownerId', op: 'eq', value: view.ownerId };
  return {
    pipelineId: pipeline.id,
    swimlane: view.swimlane,
    closedWithinDays: CLOSED_WITHIN_DAYS,
    ranges,
    ...(filter === null ? {} : { filter }),
    ...(search.trim() === '' ? {} : { search }),
    ...(view.onlyStale ? { onlyStale: true } : {}),
  };
}
