// What of the audit is looked for, as it stands in the address of the window: so it can be asked for from elsewhere, and gone
// back from.
import type { AuditFilter } from '#renderer/features/audit/use-entries.ts';

export const textFilters = ['actor', 'action', 'effect', 'entity', 'id', 'session', 'text', 'from', 'until'] as const;
export type TextFilter = (typeof textFilters)[number];
export const switchFilters = ['refused', 'sensitive'] as const;

/** The beginning of a day where the user is; of the day after with `daysLater` 1. */
function startOf(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}

export function toFilter(search: URLSearchParams): AuditFilter {
  const filter: Record<string, string | boolean | number> = {};
  for (const name of textFilters) {
    const value = search.get(name)?.trim() ?? '';
    if (value === '') continue;
    if (name === 'from' || name === 'until') filter[name] = startOf(value, name === 'from' ? 0 : 1);
    else filter[name] = value;
  }
  for (const name of switchFilters) if (search.get(name) === '1') filter[name] = true;
  const upTo = Number(search.get('upTo') ?? 0);
  if (Number.isSafeInteger(upTo) && upTo > 0) filter['before'] = upTo + 1;
  const review = search.get('review');
  if (review === 'open' || review === 'done' || review === 'any') filter['review'] = review;
  return filter;
}
