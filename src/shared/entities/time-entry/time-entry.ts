import { defineEntity, type AnyRecord, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';
import { isInstant, toEpochMs } from '#shared/kernel/calendar.ts';

/** Longest time of one entry: somebody forgot the timer. */
export const MOST_MINUTES = 7 * 24 * 60;

/**
 * Time somebody spent on a task (TSK-03). A running timer is an entry without an end: it is a record like any other, so it
 * survives a restart, works offline and is seen on the person's other computers. The server adds the minutes to the task.
 */
export const timeEntry = defineEntity({
  name: 'timeEntry',
  collection: 'tasks',
  label: 'Time entry',
  labelPlural: 'Time entries',
  titleField: 'note',
  audience: 'owner',
  fields: {
    taskId: { type: 'reference', to: 'task', label: 'Task', required: true, indexed: true, listed: true },
    startedAt: { type: 'dateTime', label: 'Started', group: 'time', required: true, indexed: true, listed: true },
    endedAt: { type: 'dateTime', label: 'Ended', group: 'time', listed: true },
    minutes: { type: 'integer', label: 'Minutes', group: 'time', listed: true },
    /** Whose timer runs; empty when it is over. */
    runningFor: {
      type: 'text',
      label: 'Running',
      group: 'time',
      maxLength: 64,
      system: true,
      indexed: true,
      noisy: true,
    },
    note: { type: 'text', label: 'Note', maxLength: 500, listed: true },
    /** Who spent the time; whoever sees the task sees it. */
    ...ownershipFields,
  },
  mergePolicies: { owner: 'immutable', taskId: 'immutable' },
  validate(record) {
    const { startedAt, endedAt, minutes, runningFor } = record;
    const isRunning = (endedAt ?? null) === null;
    if (isRunning !== ((runningFor ?? null) !== null))
      return [{ field: 'endedAt', code: 'timeSpan', message: 'A timer that is over has an end.' }];
    if (isRunning) {
      if ((minutes ?? null) === null && runningFor === record['ownerId']) return [];
      return [{ field: 'minutes', code: 'timeSpan', message: 'A running timer has no minutes yet.' }];
    }
    if (!isInstant(startedAt) || !isInstant(endedAt) || toEpochMs(endedAt) < toEpochMs(startedAt))
      return [{ field: 'endedAt', code: 'timeSpan', message: 'The end is not before the start.' }];
    if (typeof minutes !== 'number' || minutes < 0 || minutes > MOST_MINUTES)
      return [{ field: 'minutes', code: 'timeSpan', message: 'An entry is at most a week long.' }];
    return [];
  },
});
export type TimeEntry = RecordOf<typeof timeEntry>;

const MINUTE_MS = 60_000;

/** Whole minutes between two instants, at least one: who started a timer did something. */
export function minutesBetween(startedAt: string, endedAt: string): number {
  const minutes = Math.round((toEpochMs(endedAt) - toEpochMs(startedAt)) / MINUTE_MS);
  return Math.min(MOST_MINUTES, Math.max(1, minutes));
}

/** Minutes an entry counts; a running timer counts when it is over. */
export function minutesOfEntry(entry: Readonly<Record<string, unknown>> | null | undefined): number {
  const minutes = entry?.['minutes'];
  return typeof minutes === 'number' && Number.isFinite(minutes) ? minutes : 0;
}

/** Running timers, the newest first. Two computers that were apart may have started one each: the newest is the one that runs. */
export function runningOf<Entry extends AnyRecord>(entries: readonly Entry[]): readonly Entry[] {
  return entries
    .filter((entry) => (entry['endedAt'] ?? null) === null)
    .toSorted((a, b) => String(b['startedAt']).localeCompare(String(a['startedAt'])) || (a.id < b.id ? 1 : -1));
}

/** What ends a timer. An end before the start (a clock that went back) counts as the start. */
export function endOfTimer(entry: AnyRecord, endedAt: string): Readonly<Record<string, unknown>> {
  const startedAt = String(entry['startedAt']);
  const end = toEpochMs(endedAt) < toEpochMs(startedAt) ? startedAt : endedAt;
  return { endedAt: end, minutes: minutesBetween(startedAt, end), runningFor: null };
}
