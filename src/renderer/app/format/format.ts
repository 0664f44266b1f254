// Amounts, days and instants in the user's language and time zone. The only place that formats for people.
import { useTranslation } from 'react-i18next';
import { fractionDigits } from '#shared/words/currency-digits.ts';

export interface Format {
  /** Minor units to text: whole units when large enough not to matter. */
  money(minorUnits: number | null | undefined, currency: string, style?: 'full' | 'short'): string;
  /** Minor units to text without the currency: what a field for an amount starts with. */
  amount(minorUnits: number, currency: string): string;
  number(value: number): string;
  percent(value: number): string;
  day(day: string | null | undefined): string;
  /** With weekday and month in full. */
  longDay(day: string): string;
  /** Day and month of this year (“4 Dec”), month and year of any other (“Jan ’27”). */
  shortDay(day: string | null | undefined): string;
  /** A month `2026-07`: “Jul ’26”. */
  shortMonth(month: string): string;
  /** A day near today in words (“Tomorrow”, “In 3 days”), any other as `shortDay`. */
  nearDay(day: string | null | undefined): string;
  instant(instant: string | null | undefined): string;
  time(instant: string): string;
  /** The time with seconds; with its day when that is not today. */
  seconds(instant: string): string;
  /** A duration: milliseconds below a second, seconds above. */
  millis(ms: number): string;
  /** A size in the largest unit that leaves a whole of it; below a kilobyte in words (“32 bytes”). */
  bytes(count: number): string;
  ago(instant: string): string;
}

const AGO_STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

const BYTE_STEPS: readonly (readonly [string, number])[] = [
  ['gigabyte', 1_000_000_000],
  ['megabyte', 1_000_000],
  ['kilobyte', 1000],
];

const NEAR_DAYS = 6;
const DAY_MS = 86_400_000;

/** Whole days from today, in the user's time zone, to a day. */
function daysFromToday(day: string): number {
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.round((Date.parse(`${day.slice(0, 10)}T00:00:00Z`) - today) / DAY_MS);
}

/** Made when it is first needed: making all of them at the start would hold up the first screen. */
function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

export function createFormat(locale: string): Format {
  const moneyFormats = new Map<string, Intl.NumberFormat>();
  const dates = (options: Intl.DateTimeFormatOptions): (() => Intl.DateTimeFormat) =>
    once(() => new Intl.DateTimeFormat(locale, options));
  const dayFormat = dates({ dateStyle: 'medium', timeZone: 'UTC' });
  const longDayFormat = dates({ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
  const shortDayFormat = dates({ day: 'numeric', month: 'short', timeZone: 'UTC' });
  const monthFormat = dates({ month: 'short', timeZone: 'UTC' });
  const instantFormat = dates({ dateStyle: 'medium', timeStyle: 'short' });
  const timeFormat = dates({ timeStyle: 'short' });
  const secondsFormat = dates({ timeStyle: 'medium' });
  const daySecondsFormat = dates({ dateStyle: 'short', timeStyle: 'medium' });
  const measure = (unit: string, maximumFractionDigits: number): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits });
  const milliFormat = once(() => measure('millisecond', 0));
  const secondFormat = once(() => measure('second', 1));
  const byteFormat = once(
    () => new Intl.NumberFormat(locale, { style: 'unit', unit: 'byte', unitDisplay: 'long', maximumFractionDigits: 0 }),
  );
  const numberFormat = once(() => new Intl.NumberFormat(locale));
  const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }));
  const inDays = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
  const shortDay = (day: string | null | undefined): string => {
    if (day === null || day === undefined || day === '') return '';
    const date = new Date(`${day.slice(0, 10)}T00:00:00Z`);
    if (date.getUTCFullYear() === new Date().getFullYear()) return shortDayFormat().format(date);
    return `${monthFormat().format(date)} ’${String(date.getUTCFullYear()).slice(-2)}`;
  };
  return {
    money(minorUnits, currency, style = 'full') {
      if (minorUnits === null || minorUnits === undefined) return '';
      const digits = fractionDigits(currency);
      const value = minorUnits / 10 ** digits;
      const isShort = style === 'short' && Math.abs(value) >= 10_000;
      const isWhole = value === Math.round(value);
      // Thousands have no short form in German: the digits after the comma would only pretend to be short.
      const shortDigits = Math.abs(value) < 1_000_000 && locale.startsWith('de') ? 0 : 1;
      const key = `${currency}${String(isShort)}${String(isWhole)}${shortDigits}`;
      const format =
        moneyFormats.get(key) ??
        new Intl.NumberFormat(locale, {
          style: 'currency',
          currency,
          currencyDisplay: 'narrowSymbol',
          ...(isShort
            ? { notation: 'compact', maximumFractionDigits: shortDigits }
            : { minimumFractionDigits: isWhole ? 0 : digits, maximumFractionDigits: digits }),
        });
      moneyFormats.set(key, format);
      return format.format(value);
    },
    amount(minorUnits, currency) {
      const digits = fractionDigits(currency);
      const value = minorUnits / 10 ** digits;
      const minimumFractionDigits = value === Math.round(value) ? 0 : digits;
      return value.toLocaleString(locale, { minimumFractionDigits, maximumFractionDigits: digits });
    },
    number: (value) => numberFormat().format(value),
    percent: (value) => `${numberFormat().format(value)} %`,
    day: (day) =>
      day === null || day === undefined || day === ''
        ? ''
        : dayFormat().format(new Date(`${day.slice(0, 10)}T00:00:00Z`)),
    longDay: (day) => longDayFormat().format(new Date(`${day}T00:00:00Z`)),
    shortDay,
    shortMonth: (month) => `${monthFormat().format(new Date(`${month}-01T00:00:00Z`))} ’${month.slice(2, 4)}`,
    nearDay(day) {
      if (day === null || day === undefined || day === '') return '';
      const days = daysFromToday(day);
      if (Math.abs(days) > NEAR_DAYS) return shortDay(day);
      const words = inDays().format(days, 'day');
      return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
    },
    instant: (instant) =>
      instant === null || instant === undefined || instant === '' ? '' : instantFormat().format(new Date(instant)),
    time: (instant) => timeFormat().format(new Date(instant)),
    seconds(instant) {
      const at = new Date(instant);
      return (at.toDateString() === new Date().toDateString() ? secondsFormat() : daySecondsFormat()).format(at);
    },
    millis: (ms) => (ms < 1000 ? milliFormat().format(ms) : secondFormat().format(ms / 1000)),
    bytes(count) {
      // What would be rounded to a thousand of one unit is one of the next.
      const [unit, size] = BYTE_STEPS.find((step) => count >= step[1] * 0.9995) ?? (['byte', 1] as const);
      if (size === 1) return byteFormat().format(count);
      return measure(unit, count / size < 10 ? 1 : 0).format(count / size);
    },
    ago(instant) {
      const seconds = (Date.parse(instant) - Date.now()) / 1000;
      for (const [unit, size] of AGO_STEPS)
        if (Math.abs(seconds) >= size) return relative().format(Math.round(seconds / size), unit);
      return relative().format(0, 'minute');
    },
  };
}

// Making a format costs more than drawing the card that uses it.
const formats = new Map<string, Format>();

/** How numbers and days are written in a language: as this computer writes them, where it speaks it. */
export function localeOf(language: string): string {
  return language === 'de' ? 'de-DE' : navigator.language.startsWith('en') ? navigator.language : 'en-GB';
}

export function formatIn(language: string): Format {
  const locale = localeOf(language);
  let format = formats.get(locale);
  if (format === undefined) formats.set(locale, (format = createFormat(locale)));
  return format;
}

export function useFormat(): Format {
  return formatIn(useTranslation().i18n.language);
}
