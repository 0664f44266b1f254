// Hours in which nothing is shown outside the windows and nothing is mailed but what cannot wait. They are read on the
// clocks of the person: over midnight, and over the nights in which the clocks change.
import { isPlainObject } from '#shared/kernel/json.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';

export interface QuietHours {
  readonly enabled: boolean;
  /** HH:MM. */
  readonly start: string;
  readonly end: string;
}

export const defaultQuietHours: QuietHours = { enabled: false, start: '20:00', end: '07:00' };

const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

export function isClockTime(value: unknown): value is string {
  return typeof value === 'string' && CLOCK_TIME.test(value);
}

export function isQuietHours(value: unknown): value is QuietHours {
  return (
    isPlainObject(value) &&
    typeof value['enabled'] === 'boolean' &&
    isClockTime(value['start']) &&
    isClockTime(value['end'])
  );
}

function minutesOf(clockTime: string): number {
  return Number(clockTime.slice(0, 2)) * 60 + Number(clockTime.slice(3));
}

/** Minutes since midnight on the clocks of the zone. */
function minuteOfDay(epochMs: number, zone: TimeZone): number {
  const local = Math.floor((epochMs + zone.offsetAt(epochMs)) / MINUTE_MS);
  return ((local % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
}

/** The instant at which the clocks of the zone show this time on a day; where they jump over it, the instant of the jump. */
export function instantAt(day: string, clockTime: string, zone: TimeZone): number {
  const start = zone.startOf(day);
  const wanted = minutesOf(clockTime);
  const guess = start + wanted * MINUTE_MS;
  // The clocks may have changed since midnight.
  const mended = guess + zone.offsetAt(start) - zone.offsetAt(guess);
  return zone.offsetAt(mended) === zone.offsetAt(guess) ? mended : Math.max(mended, guess);
}

/** End of the quiet hours that hold at an instant; null outside of them. Equal times are a whole day: until the next one. */
export function quietUntil(hours: QuietHours, epochMs: number, zone: TimeZone): number | null {
  if (!hours.enabled) return null;
  const now = minuteOfDay(epochMs, zone);
  const [start, end] = [minutesOf(hours.start), minutesOf(hours.end)];
  const isQuiet = start < end ? now >= start && now < end : now >= start || now < end;
  if (!isQuiet) return null;
  const today = zone.dayOf(epochMs);
  const ends = [today, addDays(today, 1)].map((day) => instantAt(day, hours.end, zone));
  return ends.find((at) => at > epochMs) ?? null;
}
