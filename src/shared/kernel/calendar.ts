// Days as text (YYYY-MM-DD) and their arithmetic. The only file of `shared` that may use Date, and only with
// an explicit instant: it never reads the clock.

/** A calendar day without time zone, `YYYY-MM-DD`. */
export type Day = string;

const DAY_MS = 86_400_000;
const DAY_LENGTH = 10;
const DAY_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

export function isDay(value: unknown): value is Day {
  if (typeof value !== 'string' || !DAY_PATTERN.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** ISO 8601 instant in UTC with milliseconds, e.g. `2026-11-21T09:14:00.000Z`. */
export function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value));
}

/** Milliseconds since 1970, or NaN. Takes days and instants. */
export function toEpochMs(value: string): number {
  return Date.parse(value.length === DAY_LENGTH && isDay(value) ? `${value}T00:00:00Z` : value);
}

export function toDay(epochMs: number): Day {
  return new Date(epochMs).toISOString().slice(0, 10);
}

export function addDays(day: Day, count: number): Day {
  return toDay(toEpochMs(day) + count * DAY_MS);
}
