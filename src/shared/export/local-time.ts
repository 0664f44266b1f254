// Instants as the time on somebody's clock. Asking the platform for every value would be most of an export; offsets change
// only at whole quarters of an hour, so that one answer serves them.

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
    const number = (name: string): number => Number(parts[name]);
    const year = parts['era'] === 'BC' ? 1 - number('year') : number('year');
    // Years below 100 mean 19xx to Date.UTC, and are no years anybody exports.
    const there = Date.UTC(year, number('month') - 1, number('day'), number('hour'), number('minute'), number('second'));
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
      const epochMs = Date.parse(instant);
      if (Number.isNaN(epochMs)) return null;
      const iso = new Date(epochMs + offsetMs(epochMs)).toISOString();
      return iso.endsWith('Z') && iso.length === 24 ? `${iso.slice(0, 10)} ${iso.slice(11, 19)}` : iso;
    },
  };
}
