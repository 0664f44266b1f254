// Months, quarters and years of an organization whose year may begin in any month, and the days it works on. A period is
// its first and its last day; who compares periods compares those, so that a quota meets its period exactly or not at all.
import { addDays, isDay, toEpochMs, type Day } from '#shared/kernel/calendar.ts';

export const periodTypes = ['month', 'quarter', 'year'] as const;
export type PeriodType = (typeof periodTypes)[number];

/** Both days belong to it. */
export interface Period {
  readonly start: Day;
  readonly end: Day;
}

const MONTHS: Readonly<Record<PeriodType, number>> = { month: 1, quarter: 3, year: 12 };
const DAY_MS = 86_400_000;

/** Months since the year 0, of a day. */
function monthOf(day: Day): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

function firstDayOf(month: number): Day {
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  return `${year}-${String((((month % 12) + 12) % 12) + 1).padStart(2, '0')}-01`;
}

function periodFrom(type: PeriodType, month: number): Period {
  return { start: firstDayOf(month), end: addDays(firstDayOf(month + MONTHS[type]), -1) };
}

/** The month, quarter or year a day lies in; `fiscalYearStart` is the first month of the year, 1 to 12. */
export function periodOf(type: PeriodType, day: Day, fiscalYearStart: number): Period {
  const month = monthOf(day);
  const offset = (((month - (fiscalYearStart - 1)) % MONTHS[type]) + MONTHS[type]) % MONTHS[type];
  return periodFrom(type, month - offset);
}

/** The period `count` periods later, or earlier. */
export function shiftPeriod(type: PeriodType, period: Period, count: number): Period {
  return periodFrom(type, monthOf(period.start) + count * MONTHS[type]);
}

/** True for the first day of such a period, and for no other day. */
export function isPeriodStart(type: PeriodType, day: unknown, fiscalYearStart: number): boolean {
  return isDay(day) && periodOf(type, day, fiscalYearStart).start === day;
}

/** From today, so many days ahead. */
export function horizonOf(today: Day, days: number): Period {
  return { start: today, end: addDays(today, days) };
}

export function isSamePeriod(left: Period, right: Period): boolean {
  return left.start === right.start && left.end === right.end;
}

/** Days of a period, both ends included; 0 when it ends before it begins. */
export function daysOf({ start, end }: Period): number {
  return Math.max(0, Math.round((toEpochMs(end) - toEpochMs(start)) / DAY_MS) + 1);
}

/** 1 (Monday) to 7 (Sunday). */
export function weekdayOf(day: Day): number {
  const days = Math.floor(toEpochMs(day) / DAY_MS);
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

/** How many days of a period are worked on. */
export function countWorkingDays(period: Period, workingDays: readonly number[]): number {
  const days = daysOf(period);
  const first = weekdayOf(period.start);
  const isWorked = (offset: number): boolean => workingDays.includes(((first - 1 + offset) % 7) + 1);
  let count = Math.floor(days / 7) * workingDays.length;
  for (let offset = 0; offset < days % 7; offset += 1) if (isWorked(offset)) count += 1;
  return count;
}
