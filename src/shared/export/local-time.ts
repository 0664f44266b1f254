// Instants as the time on somebody's clock, as files show them.
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';

export interface LocalTime {
  /** Milliseconds to add to an instant so that its UTC parts are those of the clock there. */
  offsetMs(epochMs: number): number;
  /** `YYYY-MM-DD HH:MM:SS`; null for what is no instant. */
  textOf(instant: string): string | null;
}

/** Before and after these no clock differs from the one in Greenwich as far as a file is concerned. */
const FIRST_MS = toEpochMs('0001-01-01');
const LAST_MS = toEpochMs('9999-12-30');

/** @throws OutpostError `invalid` for a time zone nobody knows. */
export function createLocalTime(timeZone: string): LocalTime {
  const zone = createTimeZone(timeZone);
  const offsetMs = (epochMs: number): number => (epochMs < FIRST_MS || epochMs > LAST_MS ? 0 : zone.offsetAt(epochMs));
  return {
    offsetMs,
    textOf(instant) {
      const epochMs = toEpochMs(instant);
      if (Number.isNaN(epochMs)) return null;
      const iso = toInstant(epochMs + offsetMs(epochMs));
      return iso.endsWith('Z') && iso.length === 24 ? `${iso.slice(0, 10)} ${iso.slice(11, 19)}` : iso;
    },
  };
}
