// A day as people write it into a sentence, in English and German.
import { weekdayOf } from '#shared/entities/task/recurrence.ts';
import { addDays, isDay, type Day } from '#shared/kernel/calendar.ts';

const WEEKDAYS: readonly (readonly string[])[] = [
  ['monday', 'montag', 'mon', 'mo'],
  ['tuesday', 'dienstag', 'tue', 'di'],
  ['wednesday', 'mittwoch', 'wed', 'mi'],
  ['thursday', 'donnerstag', 'thu', 'do'],
  ['friday', 'freitag', 'fri', 'fr'],
  ['saturday', 'samstag', 'sat', 'sa', 'sonnabend'],
  ['sunday', 'sonntag', 'sun', 'so'],
];
/** The full names of both languages, as a part of a pattern. */
export const WEEKDAY =
  'mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonnabends?|sonntags?';
/** Short names that are words otherwise count behind “on”, “next” or “am” only. */
const SHORT = { en: 'mon|tue|wed|thu|fri', de: 'Mo|Di|Mi|Do|Fr|Sa' } as const;
const SHORT_AFTER = { en: 'mon|tue|wed|thu|fri|sat|sun', de: 'Mo|Di|Mi|Do|Fr|Sa|So' } as const;

const MONTHS: readonly string[] = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTHS_DE: Readonly<Record<string, number>> = { mär: 3, mrz: 3, mai: 5, okt: 10, dez: 12 };
const MONTH =
  'jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?';

/** 1 (Monday) to 7, by a full or a short name. */
export function weekdayNamed(word: string): number | null {
  const name = word.toLowerCase().replace(/\.$/, '');
  const place = WEEKDAYS.findIndex((names) => names.includes(name) || names.includes(name.replace(/s$/, '')));
  return place === -1 ? null : place + 1;
}

function monthNamed(word: string): number | null {
  const start = word.toLowerCase().slice(0, 3);
  const place = MONTHS.indexOf(start);
  return place === -1 ? (MONTHS_DE[start] ?? null) : place + 1;
}

interface Context {
  readonly today: Day;
  readonly language: 'en' | 'de';
}
type Read = (match: RegExpExecArray, today: Day) => Day | null;

const edge = (pattern: string, flags = 'iu'): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, flags);

const pad = (part: number): string => String(part).padStart(2, '0');

/** Without a year it is the next such day. */
function dayOfDate(today: Day, date: number, month: number | null, year: string | undefined): Day | null {
  if (month === null) return null;
  const full = year === undefined ? Number(today.slice(0, 4)) : Number(year.length === 2 ? `20${year}` : year);
  const day = `${String(full)}-${pad(month)}-${pad(date)}`;
  const next = `${String(full + 1)}-${pad(month)}-${pad(date)}`;
  const wanted = year === undefined && day < today ? next : day;
  return isDay(wanted) ? wanted : null;
}

function addMonths(day: Day, count: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const months = year * 12 + month - 1 + count;
  const first = `${String(Math.floor(months / 12))}-${pad((months % 12) + 1)}-`;
  for (let last = date; last > 28; last -= 1) if (isDay(first + pad(last))) return first + pad(last);
  return first + pad(Math.min(date, 28));
}

/** The next such weekday, never today; with “next” that of the next calendar week. */
function nextWeekday(today: Day, weekday: number, isNextWeek: boolean): Day {
  if (isNextWeek) return addDays(today, 7 - weekdayOf(today) + weekday);
  return addDays(today, ((weekday - weekdayOf(today) + 6) % 7) + 1);
}

const readWeekday: Read = ([, before, word = ''], today) => {
  const weekday = weekdayNamed(word);
  return weekday === null ? null : nextWeekday(today, weekday, /next|nächste/i.test(before ?? ''));
};

const BEFORE = 'on|next|this|coming|by|until|am|bis|nächste[nrs]?|kommende[nrs]?|diese[nrs]?|bis zum';
const LEAD = '(?:(?:on|by|until|am|bis|bis zum) )?';

const fixed: readonly (readonly [RegExp, Read])[] = [
  [edge(`${LEAD}(?:the )?day after tomorrow|${LEAD}übermorgen`), (_, today) => addDays(today, 2)],
  [edge(`${LEAD}(?:today|heute)`), (_, today) => today],
  [edge('(?<!(?:am|jeden|guten) )(?:(?:by|until|bis) )?(?:tomorrow|morgen)'), (_, today) => addDays(today, 1)],
  [edge('(?:in der )?(?:next week|nächster? woche)'), (_, today) => nextWeekday(today, 1, true)],
  [edge('(?:in )?(?:next month|nächste[nrsm]? monat)'), (_, today) => addMonths(today, 1)],
  [
    edge('in (\\d{1,3}|a|an|one|einem|einer) (days?|weeks?|months?|tag(?:en)?|wochen?|monat(?:en)?)'),
    ([, count = '', unit = ''], today) => {
      const many = /^\d/.test(count) ? Number(count) : 1;
      if (/^mon/i.test(unit)) return addMonths(today, many);
      return addDays(today, many * (/^w/i.test(unit) ? 7 : 1));
    },
  ],
  [
    edge(`${LEAD}(\\d{4})-(\\d{2})-(\\d{2})`),
    ([, year, month, date], today) => dayOfDate(today, Number(date), Number(month), year),
  ],
  [
    edge(`${LEAD}(\\d{1,2})\\. ?(\\d{1,2})\\.(?: ?(\\d{4}|\\d{2})(?![.:\\d]))?`),
    ([, date, month, year], today) => dayOfDate(today, Number(date), Number(month), year),
  ],
  [
    edge(`${LEAD}(?:the )?(\\d{1,2})(?:\\.|st|nd|rd|th)? (?:of )?(${MONTH})\\.?(?: (\\d{4}))?`),
    ([, date, month = '', year], today) => dayOfDate(today, Number(date), monthNamed(month), year),
  ],
  [
    edge(`${LEAD}(${MONTH})\\.? (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?(?!:)`),
    ([, month = '', date, year], today) => dayOfDate(today, Number(date), monthNamed(month), year),
  ],
  [edge(`(?:(${BEFORE}) )?(${WEEKDAY})`), readWeekday],
];
const short = {
  en: [
    [edge(`(${BEFORE}) (${SHORT_AFTER.en})`), readWeekday],
    [edge(`()(${SHORT.en})`), readWeekday],
  ],
  de: [
    [edge(`(${BEFORE}) (${SHORT_AFTER.de})\\.?`, 'u'), readWeekday],
    [edge(`()(${SHORT.de})\\.?`, 'u'), readWeekday],
  ],
} as const satisfies Record<string, readonly (readonly [RegExp, Read])[]>;

/** The first way of writing a day that the text has, with the place where it stands. */
export function dayTypedIn(
  text: string,
  { today, language }: Context,
): { readonly day: Day; readonly from: number; readonly to: number } | null {
  for (const [pattern, read] of [...fixed, ...short[language]]) {
    const match = pattern.exec(text);
    const day = match === null ? null : read(match, today);
    if (match !== null && day !== null) return { day, from: match.index, to: match.index + match[0].length };
  }
  return null;
}
