import type { Filter } from '#shared/query/filter.ts';

/** A condition that says of what, and not yet what: nobody would mean that nothing passes it. */
export function isUnfinished(condition: Filter): boolean {
  if (!('field' in condition) || condition.op === 'isEmpty' || condition.op === 'isNotEmpty') return false;
  const { value } = condition;
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The filter as it stands while a condition of it is still being entered; null when nothing else is left. */
export function finishedPart(filter: Filter | null): Filter | null {
  if (filter === null || !('and' in filter)) return filter === null || isUnfinished(filter) ? null : filter;
  if (!filter.and.some(isUnfinished)) return filter;
  const finished = filter.and.filter((condition) => !isUnfinished(condition));
  return finished.length === 0 ? null : { and: finished };
}
