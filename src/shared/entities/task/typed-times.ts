// Times of day and durations as people type them, in English and German: 14:30, 2pm, 14.30 Uhr, 930; 45, 1:30, 1h 30, 1,5 Std.

const MINUTES_OF_HOUR = 60;
const HOURS_OF_DAY = 24;
/** Four weeks of nights and days: nobody estimates more in one task. */
const MOST_MINUTES = 40_320;

function minutesAt(hours: number, minutes: number, half?: string): number | null {
  const isHalf = half === 'a' || half === 'p';
  if (minutes >= MINUTES_OF_HOUR || hours > (isHalf ? 12 : HOURS_OF_DAY - 1) || (isHalf && hours === 0)) return null;
  const inDay = isHalf ? (hours % 12) + (half === 'p' ? 12 : 0) : hours;
  return inDay * MINUTES_OF_HOUR + minutes;
}

/** Minutes since midnight; null for what is not a time. */
export function readTimeOfDay(text: string): number | null {
  const typed = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (typed === 'noon' || typed === 'mittags') return 12 * MINUTES_OF_HOUR;
  const [, hours, minutes, half] = /^(\d{1,2})(?:[:.h ](\d{2}))? ?(?:([ap])\.? ?m\.?|uhr|h)?$/.exec(typed) ?? [];
  if (hours !== undefined) return minutesAt(Number(hours), Number(minutes ?? 0), half);
  const [, close, closeMinutes, closeHalf] = /^(\d{1,2})(\d{2})(?: ?([ap])m)?$/.exec(typed) ?? [];
  if (close !== undefined) return minutesAt(Number(close), Number(closeMinutes), closeHalf);
  const [, clock, after] = /^(\d{1,2}) uhr (\d{2})$/.exec(typed) ?? [];
  return clock === undefined ? null : minutesAt(Number(clock), Number(after));
}

const HOURS = '(?:h|hrs?|hours?|std|stunden?)\\.?';
const MINUTES = '(?:m|min|mins|minutes?|minuten?)\\.?';
const DURATION = new RegExp(`^(?:(\\d+(?:[.,]\\d+)?) ?${HOURS})? ?(?:(\\d+) ?(?:${MINUTES})?)?$`, 'i');

/** Minutes; null for what is not a duration. A number alone is minutes. */
export function readDuration(text: string): number | null {
  const typed = text.trim().replaceAll(/\s+/g, ' ');
  const [, clockHours, clockMinutes] = /^(\d{1,3}):([0-5]\d)(?: ?h)?$/i.exec(typed) ?? [];
  const [, hours, minutes] = DURATION.exec(typed) ?? [];
  if (typed === '' || (clockHours ?? hours ?? minutes) === undefined) return null;
  const total =
    Number(clockHours ?? hours?.replace(',', '.') ?? 0) * MINUTES_OF_HOUR + Number(clockMinutes ?? minutes ?? 0);
  return total > MOST_MINUTES ? null : Math.round(total);
}
