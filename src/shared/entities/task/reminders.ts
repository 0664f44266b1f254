// When somebody is to be reminded of a task. Pure: whoever tells people (notifications) asks it and decides what is due.
import { instantOf } from '#shared/analytics/schedule-rule.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isDay, isInstant, toEpochMs } from '#shared/kernel/calendar.ts';

/** Minutes before a task is due, by the option of `reminders`. */
export const reminderMinutes: Readonly<Record<string, number>> = {
  m0: 0,
  m5: 5,
  m15: 15,
  m30: 30,
  h1: 60,
  h2: 120,
  d1: 1440,
  d2: 2880,
  w1: 10_080,
};

/** So long before it is due a task can remind. */
export const LONGEST_REMINDER_MINUTES = Math.max(...Object.values(reminderMinutes));

/** A task that is due on a day, without a time, is due when that day's work begins. */
const DAY_BEGINS_MINUTES = 9 * 60;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface TaskReminder {
  /**
   * The same on every device, wherever it is, and another one when the task is moved: what was told once is not told again.
   * It is made of what was set and not of the instant, because a day begins elsewhere at another one.
   */
  readonly id: string;
  readonly taskId: string;
  readonly atMs: number;
  /** `own`: the instant somebody chose. `due`: when it is due, chosen or not. `before`: so many minutes earlier. */
  readonly kind: 'own' | 'due' | 'before';
  readonly minutesBefore: number;
  readonly dueMs: number | null;
}

/** When the task is due, in milliseconds; null for one without a due date. */
export function dueMsOf(task: AnyRecord, zone: TimeZone): number | null {
  if (isInstant(task['dueAt'])) return toEpochMs(task['dueAt']);
  if (!isDay(task['dueDate'])) return null;
  return instantOf(zone, Math.round(toEpochMs(task['dueDate']) / DAY_MS), DAY_BEGINS_MINUTES);
}

export const isOpenTask = (task: Readonly<Record<string, unknown>>): boolean =>
  task['status'] !== 'done' && task['status'] !== 'cancelled';

/** Reminders of an open task in the order of time; none of one that is done. */
export function remindersOf(task: AnyRecord, zone: TimeZone): readonly TaskReminder[] {
  if (!isOpenTask(task)) return [];
  const dueMs = dueMsOf(task, zone);
  const due = isInstant(task['dueAt']) ? task['dueAt'] : String(task['dueDate']);
  const found = new Map<string, TaskReminder>();
  const add = (atMs: number, kind: TaskReminder['kind'], set: string, minutesBefore: number): void => {
    const id = `${task.id}.${kind}.${set}`;
    found.set(id, { id, taskId: task.id, atMs, kind, minutesBefore, dueMs });
  };
  if (dueMs !== null) add(dueMs, 'due', due, 0);
  const chosen: readonly unknown[] = Array.isArray(task['reminders']) ? task['reminders'] : [];
  for (const choice of chosen) {
    const minutes = typeof choice === 'string' ? reminderMinutes[choice] : undefined;
    if (minutes === undefined || minutes === 0 || dueMs === null) continue;
    add(dueMs - minutes * MINUTE_MS, 'before', `${String(minutes)}.${due}`, minutes);
  }
  if (isInstant(task['reminderAt'])) add(toEpochMs(task['reminderAt']), 'own', task['reminderAt'], 0);
  return [...found.values()].toSorted((a, b) => a.atMs - b.atMs);
}
