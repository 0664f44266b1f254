// The time a figure is about, as days of a calendar, and the time it is compared with. A period that is still running is
// compared with the same part of the one before: half a quarter with half a quarter.
import { addDays, isDay, toEpochMs, type Day } from '#shared/kernel/calendar.ts';

export const periodNames = [
  'thisMonth',
  'thisQuarter',
  'thisYear',
  'lastMonth',
  'lastQuarter',
  'lastYear',
  'last30Days',
  'last90Days',
  'last365Days',
  'always',
] as const;
export type PeriodName = (typeof periodNames)[number];

/** Both days belong to it. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

export type MetricPeriod = PeriodName | DayRange;

const DAY_MS = 86_400_000;
const ALWAYS: DayRange = { from: '0000-01-01', to: '9999-12-31' };

function monthStart(day: Day, months: number): Day {
  const index = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const year = String(Math.floor(index / 12)).padStart(4, '0');
  return `${year}-${String((index % 12) + 1).padStart(2, '0')}-01`;
}

/** The unit of so many months that holds the day, moved by whole units; the year begins in the given month. */
function unitOf(day: Day, months: number, units: number, yearStart: number): DayRange {
  const into = (Number(day.slice(5, 7)) - yearStart + 12) % months;
  const from = monthStart(day, units * months - into);
  return { from, to: addDays(monthStart(from, months), -1) };
}

const calendarUnits: Readonly<Partial<Record<PeriodName, readonly [months: number, units: number]>>> = {
  thisMonth: [1, 0],
  thisQuarter: [3, 0],
  thisYear: [12, 0],
  lastMonth: [1, -1],
  lastQuarter: [3, -1],
  lastYear: [12, -1],
};

const rollingDays: Readonly<Partial<Record<PeriodName, number>>> = {
  last30Days: 30,
  last90Days: 90,
  last365Days: 365,
};

export function daysBetween(from: Day, to: Day): number {
  return Math.round((toEpochMs(to) - toEpochMs(from)) / DAY_MS);
}

/** The days of a period as of today; the organization's year begins in the month `yearStart`. */
export function rangeOf(period: MetricPeriod, today: Day, yearStart = 1): DayRange {
  if (typeof period !== 'string') return period.from <= period.to ? period : { from: period.to, to: period.from };
  const unit = calendarUnits[period];
  if (unit !== undefined) return unitOf(today, unit[0], unit[1], yearStart);
  const days = rollingDays[period];
  return days === undefined ? ALWAYS : { from: addDays(today, 1 - days), to: today };
}

/** What a period is compared with; null for all time. */
export function rangeBefore(period: MetricPeriod, today: Day, yearStart = 1): DayRange | null {
  if (period === 'always') return null;
  const range = rangeOf(period, today, yearStart);
  const unit = typeof period === 'string' ? calendarUnits[period] : undefined;
  if (unit === undefined) {
    const length = daysBetween(range.from, range.to) + 1;
    return { from: addDays(range.from, -length), to: addDays(range.from, -1) };
  }
  const before = unitOf(today, unit[0], unit[1] - 1, yearStart);
  if (range.to <= today) return before;
  const sameDay = addDays(before.from, daysBetween(range.from, today));
  return { from: before.from, to: sameDay < before.to ? sameDay : before.to };
}

/** A period that came from outside (a stored dashboard). */
export function isMetricPeriod(value: unknown): value is MetricPeriod {
  if (typeof value === 'string') return (periodNames as readonly string[]).includes(value);
  if (typeof value !== 'object' || value === null) return false;
  const { from, to } = value as Partial<Record<'from' | 'to', unknown>>;
  return isDay(from) && isDay(to);
}
