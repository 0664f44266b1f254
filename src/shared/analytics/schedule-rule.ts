// When a report is due, by the clock of a time zone. A day that a month does not have is its last one; a time that the clock
// leaps over in spring is as much later, one that it passes twice in autumn counts once, the first time. Whoever leaves the
// hour to the server gets a quiet one of the night, always the same, spread so that not everybody's reports fall together.
import { toDayNumber, toDayText } from '#shared/analytics/pivot/buckets.ts';
import { createTimeZone, type TimeZone } from '#shared/analytics/time-zone.ts';

export const frequencies = ['daily', 'weekly', 'monthly'] as const;
export type Frequency = (typeof frequencies)[number];

export interface ScheduleRule {
  readonly frequency: Frequency;
  /** 1 (Monday) to 7 (Sunday), of a weekly report. */
  readonly weekday: number;
  /** 1 to 31, of a monthly report. */
  readonly dayOfMonth: number;
  /** Minutes since midnight. */
  readonly minutes: number;
  readonly timeZone: string;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The quiet hours: from one o'clock on, for four hours. */
const QUIET_FROM_MINUTES = 60;
const QUIET_MINUTES = 240;
/** More days than lie between two months' days. */
const LOOK_DAYS = 64;

const TIME_PATTERN = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Minutes since midnight of `07:30`; null for what is no time of a day. */
export function minutesOf(time: unknown): number | null {
  const found = typeof time === 'string' ? TIME_PATTERN.exec(time) : null;
  return found === null ? null : Number(found[1]) * 60 + Number(found[2]);
}

/** Minutes since midnight of a local time. */
export function minutesOfDay(localMs: number): number {
  return Math.floor((((localMs % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);
}

/** The quiet time that belongs to an id, in minutes since midnight. */
export function quietMinutesOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return QUIET_FROM_MINUTES + (sum % QUIET_MINUTES);
}

function numberOf(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

/** The rule of a schedule's record. */
export function ruleOf(record: Readonly<Record<string, unknown>> & { readonly id: string }): ScheduleRule {
  const frequency = frequencies.find((known) => known === record['frequency']) ?? 'daily';
  const minutes = record['offPeak'] === true ? null : minutesOf(record['time']);
  return {
    frequency,
    weekday: numberOf(record['weekday'], 1),
    dayOfMonth: numberOf(record['dayOfMonth'], 1),
    minutes: minutes ?? quietMinutesOf(record.id),
    timeZone: typeof record['timeZone'] === 'string' ? record['timeZone'] : 'UTC',
  };
}

/** The instant at which the clock of the zone shows this time on this day (a number of days since 1970). */
export function instantOf(zone: TimeZone, day: number, minutes: number): number {
  const local = day * DAY_MS + minutes * MINUTE_MS;
  const before = local - zone.offsetAt(local - DAY_MS);
  const after = local - zone.offsetAt(local + DAY_MS);
  const fits = [before, after].filter((instant) => instant + zone.offsetAt(instant) === local);
  // Nothing fits: the clock leaps over it.
  return fits.length === 0 ? before : Math.min(...fits);
}

function lengthOfMonth(year: number, month: number): number {
  return toDayNumber(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - toDayNumber(year, month, 1);
}

function isDueOn(rule: ScheduleRule, day: number): boolean {
  if (rule.frequency === 'daily') return true;
  // Day 0 was a Thursday.
  if (rule.frequency === 'weekly') return ((((day + 3) % 7) + 7) % 7) + 1 === rule.weekday;
  const [year = 0, month = 1, date = 1] = toDayText(day).split('-').map(Number);
  return date === Math.min(rule.dayOfMonth, lengthOfMonth(year, month));
}

/** The first time after an instant. @throws OutpostError `invalid` for a time zone there is not. */
export function nextDue(rule: ScheduleRule, afterMs: number, zone: TimeZone = createTimeZone(rule.timeZone)): number {
  const first = Math.floor((afterMs + zone.offsetAt(afterMs)) / DAY_MS) - 1;
  for (let day = first; day <= first + LOOK_DAYS; day += 1) {
    if (!isDueOn(rule, day)) continue;
    const due = instantOf(zone, day, rule.minutes);
    if (due > afterMs) return due;
  }
  throw new RangeError('A schedule without a next time.');
}

export interface DueTimes {
  /** The last time that is over; null when there was none since. */
  readonly lastMs: number | null;
  /** Times before it that were missed as well: nobody was there to run them. */
  readonly missed: number;
  readonly nextMs: number;
}

/** What became due after one instant up to another. */
export function dueBetween(rule: ScheduleRule, afterMs: number, untilMs: number): DueTimes {
  const zone = createTimeZone(rule.timeZone);
  let lastMs: number | null = null;
  let missed = -1;
  let nextMs = nextDue(rule, afterMs, zone);
  while (nextMs <= untilMs) {
    lastMs = nextMs;
    missed += 1;
    nextMs = nextDue(rule, lastMs, zone);
  }
  return { lastMs, missed: Math.max(0, missed), nextMs };
}
