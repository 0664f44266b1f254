// The records behind a goal as a filter of their list: exactly those that were counted.
import type { GoalSpec } from '#shared/analytics/goals/goal-spec.ts';
import type { LocalDays } from '#shared/analytics/metrics/local-days.ts';
import { entities } from '#shared/entities/registry.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import { typeOfField } from '#shared/query/evaluate-filter.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';

/** `teams`: the team of the goal with those below; `person`: only what somebody of it brought. */
export function recordsOfGoal(spec: GoalSpec, days: LocalDays, teams: readonly string[], person?: string): Filter {
  const { metric, counted, countedBy, activityType, filter, window, subject } = spec;
  const isDay = typeOfField(entities[counted], countedBy) === 'date';
  const bounds: readonly FieldFilter[] = isDay
    ? [
        { field: countedBy, op: 'gte', value: window.start },
        { field: countedBy, op: 'lte', value: window.end },
      ]
    : [
        { field: countedBy, op: 'gte', value: days.startOfDay(window.start) },
        { field: countedBy, op: 'lt', value: days.startOfDay(addDays(window.end, 1)) },
      ];
  const whose: readonly FieldFilter[] = [
    ...(subject.kind === 'team' ? [{ field: 'teamId', op: 'in', value: [...teams] } as const] : []),
    ...(subject.kind === 'user' ? [{ field: 'ownerId', op: 'eq', value: subject.id } as const] : []),
    ...(person === undefined ? [] : [{ field: 'ownerId', op: 'eq', value: person } as const]),
  ];
  const isWon = metric === 'wonValue' || metric === 'wonDeals';
  return {
    and: [
      ...(isWon ? [{ field: 'status', op: 'eq', value: 'won' } as const] : []),
      ...(activityType === null ? [] : [{ field: 'activityType', op: 'eq', value: activityType } as const]),
      ...(filter === null ? [] : 'and' in filter ? filter.and : [filter]),
      ...bounds,
      ...whose,
    ],
  };
}
