// Reads days and moments as people type them, in the order of their language: `28.11.2026`, `28 Nov 2026`, `11/28/2026`, and
// `2026-11-28` in any. What cannot be read is nothing: a day is never guessed.
import { readTimeOfDay } from '#shared/entities/task/typed-times.ts';
import { isDay, type Day } from '#shared/kernel/calendar.ts';

type Part = 'day' | 'month' | 'year';

const MONTHS = 12;
const FEWEST_LETTERS = 3;
/** An hour alone may be the beginning of a time. */
const FEWEST_DIGITS_OF_TIME = 3;

const isPart = (type: string): type is Part => type === 'day' || type === 'month' || type === 'year';

function orderOf(locale: string): readonly Part[] {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: 'UTC' }).formatToParts(0);
  return parts.map(({ type }) => type).filter(isPart);
}

/** The number of the month a word begins, in full or shortened. */
function monthOf(word: string, locale: string): string | undefined {
  if (word.length < FEWEST_LETTERS) return undefined;
  const format = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' });
  const typed = word.toLocaleLowerCase(locale);
  const names = Array.from({ length: MONTHS }, (_, month) => format.format(Date.UTC(2024, month, 15)));
  const found = names.findIndex((name) => name.toLocaleLowerCase(locale).startsWith(typed));
  return found === -1 ? undefined : String(found + 1);
}

function partsOf(typed: string, locale: string): Partial<Record<Part, string | undefined>> {
  const [first, second, third, ...rest] = typed.match(/\d+|\p{L}+/gu) ?? [];
  if (first === undefined || second === undefined || third === undefined || rest.length > 0) return {};
  const all = [first, second, third];
  const word = all.find((part) => /\p{L}/u.test(part));
  if (word !== undefined) {
    const [one, other] = all.filter((part) => part !== word);
    const month = monthOf(word, locale);
    return one?.length === 4 ? { year: one, month, day: other } : { day: one, month, year: other };
  }
  const order = first.length === 4 ? (['year', 'month', 'day'] as const) : orderOf(locale);
  return Object.fromEntries(order.map((part, place) => [part, all[place]]));
}

/** `isDone`: the field is left, so that a year of two digits is not the beginning of a longer one. */
export function readDay(text: string, locale: string, isDone = false): Day | null {
  const { day = '', month = '', year = '' } = partsOf(text.trim(), locale);
  const fullYear = year.length === 2 && isDone ? `20${year}` : year;
  const read = `${fullYear}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(read) ? read : null;
}

/** A local time, `2026-11-28 14:30:00`. */
export function readMoment(text: string, locale: string, isDone = false): string | null {
  const typed = text.trim();
  for (const { 0: gap, index } of typed.matchAll(/[T,\s]+(?:(?:um|at)\s+)?/g)) {
    const day = readDay(typed.slice(0, index), locale, isDone);
    const time = typed.slice(index + gap.length);
    const minutes = readTimeOfDay(time);
    if (day === null || minutes === null) continue;
    if (!isDone && time.replaceAll(/\D/g, '').length < FEWEST_DIGITS_OF_TIME) continue;
    const pad = (part: number): string => String(part).padStart(2, '0');
    return `${day} ${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}:00`;
  }
  return null;
}
