// For how long somebody puts a notification off: moments as people name them, on the clocks of the person.
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import { instantAt } from '#shared/notifications/quiet-hours.ts';
import { mondayOf } from '#shared/notifications/sources/weekly-notices.ts';

export const snoozeChoices = ['hour', 'evening', 'tomorrow', 'nextWeek'] as const;
export type SnoozeChoice = (typeof snoozeChoices)[number];

const HOUR_MS = 3_600_000;
const MORNING = '09:00';
const EVENING = '18:00';

/** Moments that lie ahead, in order. In the evening there is no "this evening". */
export function snoozeTimes(
  nowMs: number,
  zone: TimeZone,
): readonly { readonly choice: SnoozeChoice; readonly atMs: number }[] {
  const today = zone.dayOf(nowMs);
  const times: Readonly<Record<SnoozeChoice, number>> = {
    hour: nowMs + HOUR_MS,
    evening: instantAt(today, EVENING, zone),
    tomorrow: instantAt(addDays(today, 1), MORNING, zone),
    nextWeek: instantAt(addDays(mondayOf(today), 7), MORNING, zone),
  };
  return snoozeChoices
    .map((choice) => ({ choice, atMs: times[choice] }))
    .filter(({ choice, atMs }) => choice !== 'evening' || atMs > nowMs + HOUR_MS);
}
