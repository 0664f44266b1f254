// Periods that are named and stay relative until a filter is asked: this quarter, last month. Weeks begin on Monday;
// quarters and years are those of the organization.
import { addDays, type Day } from '#shared/kernel/calendar.ts';
import { periodOf, shiftPeriod, weekdayOf, type Period } from '#shared/kernel/periods.ts';
import type { AskedOn } from '#shared/query/filter.ts';

const turns = { last: -1, this: 0, next: 1 } as const;
const units = { Week: 'week', Month: 'month', Quarter: 'quarter', Year: 'year' } as const;

export type NamedPeriod = 'yesterday' | 'today' | 'tomorrow' | `${keyof typeof turns}${keyof typeof units}`;

/** In the order in which they are offered: by length, the past first. */
export const namedPeriods: readonly NamedPeriod[] = [
  'yesterday',
  'today',
  'tomorrow',
  'lastWeek',
  'thisWeek',
  'nextWeek',
  'lastMonth',
  'thisMonth',
  'nextMonth',
  'lastQuarter',
  'thisQuarter',
  'nextQuarter',
  'lastYear',
  'thisYear',
  'nextYear',
];

/** First and last day; null for a name that means no period. */
export function namedPeriodOf(name: unknown, asked: AskedOn): Period | null {
  let known = periods.get(asked);
  if (known === undefined) periods.set(asked, (known = new Map()));
  let period = known.get(name);
  if (period === undefined) known.set(name, (period = workOut(name, asked)));
  return period;
}

/** A filter asks the same of every record. */
const periods = new WeakMap<AskedOn, Map<unknown, Period | null>>();

function workOut(name: unknown, { today, fiscalYearStart }: AskedOn): Period | null {
  if (name === 'yesterday') return single(addDays(today, -1));
  if (name === 'today') return single(today);
  if (name === 'tomorrow') return single(addDays(today, 1));
  const parts = typeof name === 'string' ? /^(last|this|next)(Week|Month|Quarter|Year)$/.exec(name) : null;
  if (parts === null) return null;
  const count = turns[parts[1] as keyof typeof turns];
  const unit = units[parts[2] as keyof typeof units];
  if (unit !== 'week') return shiftPeriod(unit, periodOf(unit, today, fiscalYearStart), count);
  const monday = addDays(today, 1 - weekdayOf(today) + 7 * count);
  return { start: monday, end: addDays(monday, 6) };
}

const single = (day: Day): Period => ({ start: day, end: day });
