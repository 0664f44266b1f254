// When a schedule is due, by the clock of its time zone. What has a fixed time of the day happens once a day, also on the day
// an hour is left out or comes twice; what happens every so many minutes keeps its distance.
import { Cron } from 'croner';
import { OutpostError } from '#shared/kernel/errors.ts';

/** A clock that goes back by less was mended, and nothing happens twice. */
const CLOCK_SLACK_MS = 5 * 60_000;

export interface DueRule {
  readonly cron: string;
  readonly zone: string;
}

/** Null: never again. Throws `invalid` for a rule or zone that nobody can read. */
export function nextDue({ cron, zone }: DueRule, afterMs: number): number | null {
  try {
    const rule = new Cron(cron, { timezone: zone, fixedTimeRule: 'no-wildcard' });
    return rule.nextRun(new Date(afterMs))?.getTime() ?? null;
  } catch (error) {
    throw new OutpostError('invalid', 'This schedule cannot be read.', { cron, zone }, { cause: error });
  }
}

/** From where to look on: the time looked at last, unless the clock was set back since. */
export function lookedAt(lastMs: number, nowMs: number): number {
  return lastMs > nowMs + CLOCK_SLACK_MS ? nowMs : lastMs;
}
