// A task as somebody types it in one line: “Call Ann tomorrow 14:00 !high ~30m”, „Jeden Montag 9 Uhr Bericht senden“. Words of both
// languages are understood whatever language is set; short names of weekdays only in the own one, because “so” is no Sunday in English.
import { dayTypedIn, weekdayNamed, WEEKDAY } from '#shared/entities/task/typed-days.ts';
import type { Recurrence, RecurrenceUnit } from '#shared/entities/task/recurrence.ts';
import { weekdayOf } from '#shared/entities/task/recurrence.ts';
import { readDuration, readTimeOfDay } from '#shared/entities/task/typed-times.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';

export const quickAddParts = ['priority', 'estimate', 'repeat', 'day', 'time'] as const;
export type QuickAddPart = (typeof quickAddParts)[number];

export interface QuickAddContext {
  readonly today: Day;
  /** Minutes of the day that are over: a time without a day that has passed is tomorrow's. */
  readonly nowMinutes: number;
  readonly language: 'en' | 'de';
  readonly timeZone?: string;
  /** What stays in the subject although it could be understood. */
  readonly literal?: ReadonlySet<QuickAddPart>;
}

export interface QuickAdd {
  readonly subject: string;
  readonly dueDate: Day | null;
  /** Minutes since midnight of that day. */
  readonly minutes: number | null;
  readonly priority: string | null;
  readonly estimateMinutes: number | null;
  readonly recurrence: Recurrence | null;
  /** What was found in the text, in its order of reading. */
  readonly understood: readonly QuickAddPart[];
}

const PRIORITIES: Readonly<Record<string, string>> = {
  critical: 'critical',
  kritisch: 'critical',
  high: 'high',
  hoch: 'high',
  medium: 'medium',
  mittel: 'medium',
  low: 'low',
  niedrig: 'low',
  '1': 'critical',
  '2': 'high',
  '3': 'medium',
  '4': 'low',
};

const UNITS: readonly (readonly [RecurrenceUnit, RegExp])[] = [
  ['day', /^(daily|days?|tage?|täglich)$/i],
  ['week', /^(weekly|weeks?|wochen?|wöchentlich)$/i],
  ['month', /^(monthly|months?|monate?|monatlich)$/i],
  ['year', /^(yearly|years?|jahre?|jährlich)$/i],
];
const unitNamed = (word: string): RecurrenceUnit | undefined => UNITS.find(([, named]) => named.test(word))?.[0];

/** Whole words only, where letters of every script count as letters. */
const words = (pattern: string, flags = 'iu'): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}!~])(?:${pattern})(?![\\p{L}\\p{N}])`, flags);

const PRIORITY = /(?<!\S)!(\p{L}+|[1-4])(?!\S)/u;
const ESTIMATE =
  /(?<!\S)~ ?(\d+(?:[.,:]\d+)?(?: ?(?:h|hrs?|hours?|std|stunden?)\.?(?: ?\d+)?)?(?: ?(?:m|min|minutes?|minuten)\.?)?)(?!\S)/iu;
const EVERY = words(
  '(?:every|alle|jede[nrs]?) (?:(\\d{1,3}|other|second|zweite[ns]?) )?(days?|weeks?|months?|years?|tage?|wochen?|monate?|jahre?)' +
    `|(?:every|jeden) (${WEEKDAY})` +
    '|(every (?:weekday|working day)|(?:an )?werktags|jeden werktag)',
);
/** “Monthly report” is the name of a report: in English the word counts where nothing follows it. */
const OFTEN = [words('(?:täglich|wöchentlich|monatlich|jährlich)'), words('(?:daily|weekly|monthly|yearly)(?=\\s*$)')];
const TIMES: readonly RegExp[] = [
  words('(?:(?:at|um|ab) )?(\\d{1,2}:\\d{2}(?: ?[ap]m)?)(?: uhr)?'),
  words('(?:(?:um|ab) )?(\\d{1,2}(?:\\.\\d{2})? ?uhr(?: \\d{2})?)'),
  words('(?:at )?(\\d{1,2} ?[ap]m)'),
  words('(?:at|um) (\\d{1,2})'),
  words('(?:at )?(noon|mittags)'),
];

export function readQuickAdd(text: string, context: QuickAddContext): QuickAdd {
  let rest = ` ${text.replaceAll(/\s+/g, ' ').trim()} `;
  const understood: QuickAddPart[] = [];
  /** Takes what a pattern matches out of the text, unless it is meant literally or the value cannot be read. */
  const take = <Value>(
    part: QuickAddPart,
    patterns: readonly RegExp[],
    read: (match: RegExpExecArray) => Value | null,
  ): Value | null => {
    if (context.literal?.has(part) === true) return null;
    for (const pattern of patterns) {
      const match = pattern.exec(rest);
      const value = match === null ? null : read(match);
      if (match === null || value === null) continue;
      rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
      understood.push(part);
      return value;
    }
    return null;
  };

  const priority = take('priority', [PRIORITY], ([, word = '']) => PRIORITIES[word.toLowerCase()] ?? null);
  const estimateMinutes = take('estimate', [ESTIMATE], ([, typed = '']) => readDuration(typed));
  let repeat = take('repeat', [EVERY], ([, count, unit, weekday, working]) =>
    ruleOf({ count, unit, weekday, working }),
  );
  let dueDate: Day | null = null;
  if (context.literal?.has('day') !== true) {
    const day = dayTypedIn(rest, context);
    if (day !== null) {
      dueDate = day.day;
      rest = `${rest.slice(0, day.from)} ${rest.slice(day.to)}`;
      understood.push('day');
    }
  }
  const minutes = take('time', TIMES, ([, typed = '']) => readTimeOfDay(typed));
  repeat ??= take('repeat', OFTEN, ([unit]) => ruleOf({ unit }));
  dueDate ??= repeat === null ? null : firstDayOf(repeat, context.today);
  if (minutes !== null) dueDate ??= minutes > context.nowMinutes ? context.today : addDays(context.today, 1);
  return {
    subject: tidy(rest),
    dueDate,
    minutes,
    priority,
    estimateMinutes,
    recurrence: repeat === null ? null : anchored(repeat, dueDate, context.timeZone),
    understood,
  };
}

interface TypedRule {
  readonly count?: string | undefined;
  readonly unit?: string | undefined;
  readonly weekday?: string | undefined;
  readonly working?: string | undefined;
}

function ruleOf({ count, unit, weekday, working }: TypedRule): Recurrence | null {
  if (working !== undefined) return { unit: 'week', interval: 1, weekdays: [1, 2, 3, 4, 5], from: 'calendar' };
  if (weekday !== undefined) {
    const day = weekdayNamed(weekday);
    return day === null ? null : { unit: 'week', interval: 1, weekdays: [day], from: 'calendar' };
  }
  const found = unitNamed(unit ?? '');
  const interval = count === undefined ? 1 : /^\d/.test(count) ? Number(count) : 2;
  return found === undefined || interval < 1 ? null : { unit: found, interval, from: 'calendar' };
}

/** Today, or the first of the chosen weekdays. */
function firstDayOf(rule: Recurrence, today: Day): Day {
  const ahead = (rule.weekdays ?? [weekdayOf(today)]).map((weekday) => (weekday - weekdayOf(today) + 7) % 7);
  return addDays(today, Math.min(...ahead));
}

function anchored(rule: Recurrence, due: Day | null, timeZone: string | undefined): Recurrence {
  const byDay = rule.unit === 'month' || rule.unit === 'year';
  return {
    ...rule,
    ...(byDay && due !== null ? { dayOfMonth: Number(due.slice(8)) } : {}),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

/** What is left when the words for time are out: no doubled spaces, no comma or dash at an end. */
function tidy(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([,;])/g, '$1')
    .replaceAll(/^[\s,;–-]+|[\s,;–-]+$/g, '');
}
