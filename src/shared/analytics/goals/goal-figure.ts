// How far a goal is. Pace and states are those of quotas: a goal is a quota over anything that is counted.
import type { CountedEvent } from '#shared/analytics/goals/counted-events.ts';
import type { CoursePoint, GoalMilestone, GoalStanding, GoalTime } from '#shared/analytics/goals/goal-question.ts';
import { countWorkingDays, daysOf, type Period } from '#shared/kernel/periods.ts';
import { standingOf } from '#shared/analytics/quota-attainment.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';

export interface GoalPlace {
  readonly target: number;
  readonly window: Period;
  readonly today: Day;
  readonly workingDays: readonly number[];
}

export function timeOf({ start, end }: Period, today: Day): GoalTime {
  if (today < start) return 'upcoming';
  return today > end ? 'past' : 'current';
}

export function sumOfEvents(events: readonly CountedEvent[]): {
  readonly actual: number;
  readonly withoutRate: number;
} {
  let actual = 0;
  let withoutRate = 0;
  for (const { amount } of events) {
    if (amount === null) withoutRate += 1;
    else actual += amount;
  }
  return { actual, withoutRate };
}

/** Working days of a window until the end of a day. */
function elapsedBy(day: Day, { window, workingDays }: GoalPlace): number {
  const end = day > window.end ? window.end : day;
  return end < window.start ? 0 : countWorkingDays({ start: window.start, end }, workingDays);
}

export function standingOfGoal(place: GoalPlace, events: readonly CountedEvent[]): GoalStanding {
  const { target, window, today, workingDays } = place;
  const { actual, withoutRate } = sumOfEvents(events);
  const all = countWorkingDays(window, workingDays);
  const elapsed = elapsedBy(today, place);
  const { pace, state } = standingOf({
    quota: target,
    closed: actual,
    open: 0,
    commit: 0,
    period: window,
    today,
    workingDays,
  });
  // Today counts as over for the pace; what is still missing can come today, too.
  const left = all - elapsedBy(addDays(today, -1), place);
  const isOver = today > window.end;
  return {
    actual,
    attainment: actual / target,
    elapsedDays: elapsed,
    workingDays: all,
    expected: elapsed === 0 || all === 0 ? null : (target * elapsed) / all,
    pace,
    state,
    projected: elapsed === 0 || isOver ? null : (actual / elapsed) * all,
    neededPerDay: actual >= target || isOver || left <= 0 ? null : (target - actual) / left,
    withoutRate,
  };
}

/** `events` in the order of their days; null where the user is told no standing. */
export function milestonesOfGoal(
  target: number,
  percents: readonly number[],
  events: readonly CountedEvent[] | null,
  today: Day,
): readonly GoalMilestone[] {
  return percents.map((percent) => {
    const needed = (target * percent) / 100;
    return { percent, amount: Math.ceil(needed), reachedOn: events === null ? null : reachedOn(needed, events, today) };
  });
}

function reachedOn(needed: number, events: readonly CountedEvent[], today: Day): Day | null {
  let sum = 0;
  let first: Day | null = null;
  for (const { day, amount } of events) {
    sum += amount ?? 0;
    // What lies ahead is entered already, so it is reached by now.
    if (first === null && sum >= needed) first = day > today ? today : day;
    if (sum < needed) first = null;
  }
  return first;
}

/** Days of a long window are drawn in steps; the first, the last and today always. */
const MOST_POINTS = 100;

export function courseOfGoal(place: GoalPlace, events: readonly CountedEvent[]): readonly CoursePoint[] {
  const { target, window, today, workingDays } = place;
  const length = daysOf(window);
  const step = Math.max(1, Math.ceil(length / MOST_POINTS));
  const all = countWorkingDays(window, workingDays);
  const days = Array.from({ length: Math.ceil(length / step) }, (_, at) => addDays(window.start, at * step));
  const shown = new Set([...days, window.end, ...(today >= window.start && today <= window.end ? [today] : [])]);
  let at = 0;
  let sum = 0;
  return [...shown].toSorted().map((day) => {
    // On the last day that is told lies everything, also what is entered for days to come.
    const isLast = day === today || (day === window.end && today > window.end);
    const rest = events.slice(at);
    const told = isLast ? rest : rest.filter((event) => event.day <= day);
    at += told.length;
    sum += sumOfEvents(told).actual;
    const expected = all === 0 ? 0 : (target * elapsedBy(day, place)) / all;
    return { day, actual: day <= today ? sum : null, expected };
  });
}
