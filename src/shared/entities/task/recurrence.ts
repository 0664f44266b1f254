// How a task repeats, and when the next one is due. A rule holds what it is anchored to (the 31st, the 29th of February), so
// that a short month does not move all later ones. Two devices that complete the same task make the same next one: its id
// follows from the series and the number of the occurrence.
import { instantOf, minutesOfDay } from '#shared/analytics/schedule-rule.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { addDays, isDay, toEpochMs, toInstant, type Day } from '#shared/kernel/calendar.ts';
import { isId } from '#shared/kernel/ids.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

export const recurrenceUnits = ['day', 'week', 'month', 'year'] as const;
export type RecurrenceUnit = (typeof recurrenceUnits)[number];

export interface Recurrence {
  readonly unit: RecurrenceUnit;
  /** Every so many days, weeks, months or years. */
  readonly interval: number;
  /** 1 (Monday) to 7 (Sunday), of a weekly one; empty or absent: the weekday of the due date. */
  readonly weekdays?: readonly number[];
  /** Of a monthly or yearly one: the day it is meant for, where a month may be too short for it. */
  readonly dayOfMonth?: number;
  /** `calendar`: by the due date. `completion`: counted from the day it was done. */
  readonly from: 'calendar' | 'completion';
  /** No task is due after this day. */
  readonly until?: Day;
  /** So many tasks in all. */
  readonly count?: number;
  /** Whose clock a time of day is read from. */
  readonly timeZone?: string;
}

const isCount = (value: unknown, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;

export function isRecurrence(value: unknown): value is Recurrence {
  if (!isPlainObject(value)) return false;
  const { unit, interval, weekdays, dayOfMonth, from, until, count, timeZone } = value;
  if (!recurrenceUnits.some((known) => known === unit) || !isCount(interval, 999)) return false;
  if (from !== 'calendar' && from !== 'completion') return false;
  if (weekdays !== undefined && !(Array.isArray(weekdays) && weekdays.every((day) => isCount(day, 7)))) return false;
  if (dayOfMonth !== undefined && !isCount(dayOfMonth, 31)) return false;
  if (until !== undefined && !isDay(until)) return false;
  if (count !== undefined && !isCount(count, 9999)) return false;
  return timeZone === undefined || (typeof timeZone === 'string' && timeZone.length <= 64);
}

const DAY_MS = 86_400_000;
const dayNumber = (day: Day): number => Math.round(toEpochMs(day) / DAY_MS);
/** Day 0 was a Thursday. */
export const weekdayOf = (day: Day): number => ((((dayNumber(day) + 3) % 7) + 7) % 7) + 1;

function partsOf(day: Day): readonly [year: number, month: number, date: number] {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return [year, month, date];
}

/** A day of a month, or the last one of a month that has no such day. Months count on over the year. */
function dayIn(year: number, month: number, date: number): Day {
  const months = year * 12 + month - 1;
  const [inYear, inMonth] = [Math.floor(months / 12), (months % 12) + 1];
  const text = (part: number, length: number): string => String(part).padStart(length, '0');
  const first = `${text(inYear, 4)}-${text(inMonth, 2)}-01`;
  const next = inMonth === 12 ? `${text(inYear + 1, 4)}-01-01` : `${text(inYear, 4)}-${text(inMonth + 1, 2)}-01`;
  return addDays(first, Math.min(date, dayNumber(next) - dayNumber(first)) - 1);
}

/** The next day of the rule after a day it starts from. */
function stepFrom(rule: Recurrence, day: Day): Day {
  const [year, month, date] = partsOf(day);
  switch (rule.unit) {
    case 'day':
      return addDays(day, rule.interval);
    case 'week':
      return nextWeekday(rule, day);
    case 'month':
      return dayIn(year, month + rule.interval, rule.dayOfMonth ?? date);
    case 'year':
      return dayIn(year + rule.interval, month, rule.dayOfMonth ?? date);
  }
}

/** The next of the chosen weekdays in the same week, otherwise the first of them so many weeks later. */
function nextWeekday(rule: Recurrence, day: Day): Day {
  const today = weekdayOf(day);
  const chosen = [...new Set(rule.weekdays ?? [])].toSorted((a, b) => a - b);
  const weekdays = chosen.length === 0 ? [today] : chosen;
  const later = weekdays.find((weekday) => weekday > today);
  if (later !== undefined) return addDays(day, later - today);
  return addDays(day, 1 - today + 7 * rule.interval + (weekdays[0] ?? 1) - 1);
}

/** Most steps that are passed over when a task was left lying: daily ones of ten years. */
const MOST_STEPS = 4000;

/**
 * The day the next task is due; null when the series ends. What was missed meanwhile is passed over: nobody comes back from
 * a holiday to twenty tasks of the same name.
 */
export function nextDueDay(rule: Recurrence, due: Day | null, doneOn: Day, occurrence: number): Day | null {
  if (rule.count !== undefined && occurrence >= rule.count) return null;
  const from = rule.from === 'completion' || due === null ? doneOn : due;
  let next = stepFrom(rule, from);
  for (let step = 0; next <= doneOn && step < MOST_STEPS; step += 1) next = stepFrom(rule, next);
  return rule.until !== undefined && next > rule.until ? null : next;
}

/** The time of day goes on by the clock of the rule: 9:00 stays 9:00 when the clocks change. */
export function moveInstant(instant: string, fromDay: Day, toDay: Day, timeZone: string | undefined): string {
  const days = dayNumber(toDay) - dayNumber(fromDay);
  const at = toEpochMs(instant);
  if (timeZone === undefined) return toInstant(at + days * DAY_MS);
  const zone = createTimeZone(timeZone);
  const local = at + zone.offsetAt(at);
  return toInstant(instantOf(zone, Math.floor(local / DAY_MS) + days, minutesOfDay(local)));
}

/** Id of an occurrence of a series, the same on every device; null when the series has no room for one. */
export function occurrenceId(seriesId: string, occurrence: number): string | null {
  const id = `${seriesId}.r${String(occurrence)}`;
  return isId(id) ? id : null;
}
