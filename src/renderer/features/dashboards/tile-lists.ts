// Lists on dashboards: which records, in which order, and which fact stands beside each.
import type { ListQuery } from '#renderer/data/data-contract.ts';
import type { PlacesBelow } from '#renderer/features/dashboards/places-below.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';
import type { TileList } from '#shared/entities/dashboard/tiles.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { FieldFilter, Sort } from '#shared/query/filter.ts';

export interface ListShape {
  readonly entity: EntityName;
  readonly and: readonly FieldFilter[];
  readonly sort: Sort;
  /** Shown beside the title. */
  readonly fact: 'amount' | 'closeDate' | 'dueDate' | 'createdAt' | 'occurredAt';
}

const isOpen: FieldFilter = { field: 'status', op: 'eq', value: 'open' };

/** `today` for lists of what is over. */
export function shapeOf(list: TileList | 'feed', today: string): ListShape {
  switch (list) {
    case 'closingSoon':
      return {
        entity: 'deal',
        and: [isOpen, { field: 'closeDate', op: 'withinDays', value: 30 }],
        sort: { field: 'closeDate', direction: 'asc' },
        fact: 'closeDate',
      };
    case 'overdueDeals':
      return {
        entity: 'deal',
        and: [isOpen, { field: 'closeDate', op: 'lt', value: today }],
        sort: { field: 'closeDate', direction: 'asc' },
        fact: 'closeDate',
      };
    case 'largestDeals':
      return { entity: 'deal', and: [isOpen], sort: { field: 'amount', direction: 'desc' }, fact: 'amount' };
    case 'recentlyWon':
      return {
        entity: 'deal',
        and: [{ field: 'status', op: 'eq', value: 'won' }],
        sort: { field: 'closeDate', direction: 'desc' },
        fact: 'amount',
      };
    case 'newLeads':
      return {
        entity: 'lead',
        and: [{ field: 'status', op: 'eq', value: 'new' }],
        sort: { field: 'createdAt', direction: 'desc' },
        fact: 'createdAt',
      };
    case 'dueTasks':
      return {
        entity: 'task',
        and: [{ field: 'status', op: 'in', value: ['open', 'in_progress', 'waiting'] }],
        sort: { field: 'dueDate', direction: 'asc' },
        fact: 'dueDate',
      };
    case 'feed':
      return { entity: 'activity', and: [], sort: { field: 'occurredAt', direction: 'desc' }, fact: 'occurredAt' };
  }
}

export const SHOWN = 20;

export function queryOf(
  { entity, and, sort }: ListShape,
  { owner, pipeline }: MetricFilter,
  places: PlacesBelow,
): ListQuery {
  const isPlaced = Object.hasOwn(entities[entity].fields, 'territoryId');
  const filters: readonly FieldFilter[] = [
    ...and,
    ...(owner === undefined ? [] : [{ field: 'ownerId', op: 'eq', value: owner } as const]),
    ...(places.team === undefined ? [] : [{ field: 'teamId', op: 'in', value: places.team } as const]),
    ...(places.territory === undefined || !isPlaced
      ? []
      : [{ field: 'territoryId', op: 'in', value: places.territory } as const]),
    ...(pipeline === undefined || entity !== 'deal'
      ? []
      : [{ field: 'pipelineId', op: 'eq', value: pipeline } as const]),
  ];
  return { entity, filter: { and: filters }, sort: [sort], offset: 0, limit: SHOWN };
}
