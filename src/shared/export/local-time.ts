// Instants as the time on somebody's clock. Asking the platform for every value would be most of an export; offsets change
// only at whole quarters of an hour, so that one answer serves them.

import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';

const QUARTER_MS = 900_000;

export interface LocalTime {
  /** Milliseconds to add to an instant so that its UTC parts are those of the clock there. */
  offsetMs(epochMs: number): number;
  /** `YYYY-MM-DD HH:MM:SS`; null for what is no instant. */
  textOf(instant: string): string | null;
}

/** @throws RangeError for a time zone nobody knows. */
export function createLocalTime(timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
  });
  const offsets = new Map<number, number>();

  function read(epochMs: number): number {
    const parts = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
    const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map((name) =>
      (parts[name] ?? '').padStart(name === 'year' ? 4 : 2, '0'),
    );
    const there = toEpochMs(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    // Before the year 0 and after 9999 nobody's clock differs from the one in Greenwich as far as an export is concerned.
    if (parts['era'] === 'BC' || Number.isNaN(there)) return 0;
    return there - Math.floor(epochMs / 1000) * 1000;
  }

  function offsetMs(epochMs: number): number {
    const quarter = Math.floor(epochMs / QUARTER_MS);
    let known = offsets.get(quarter);
    if (known === undefined) {
      known = read(quarter * QUARTER_MS);
      // A table over many years must not keep an offset for each quarter of an hour of them.
      if (offsets.size > 20_000) offsets.clear();
      offsets.set(quarter, known);
    }
    return known;
  }

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
