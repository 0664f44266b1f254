// What follows from a change of a task, whatever screen or program made it: when and by whom it was completed, that the time of
// day moves with the day, that nobody completes a task that waits for others without being told, and the next one of a series.
import type { Values } from '#shared/entities/clean-values.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import { invalid } from '#shared/entities/define-command.ts';
import type { AnyRecord, FieldProblem } from '#shared/entities/define-entity.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import { uncheck } from '#shared/entities/task/checklist.ts';
import { isRecurrence, moveInstant, nextDueDay, occurrenceId } from '#shared/entities/task/recurrence.ts';
import { isOpenTask } from '#shared/entities/task/reminders.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { isDay, isInstant, toDay, toEpochMs, type Day } from '#shared/kernel/calendar.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { idsOf, MOST_WAITING, waitsInACircle } from '#shared/entities/task/prerequisites.ts';

/** Values of a change with all that follows from them. */
export async function prepareTaskChange(
  context: CommandContext,
  before: AnyRecord,
  wanted: Values,
): Promise<Result<Values>> {
  const values: Record<string, unknown> = { ...withDay(before, wanted) };
  const { ownerId } = values;
  if (typeof ownerId === 'string' && ownerId !== before.ownerId && values['assignedBy'] === undefined)
    values['assignedBy'] = context.actor.userId;
  const status = values['status'];
  if (status === undefined || status === before['status']) return ok(values);
  if (status !== 'done') {
    if (before['status'] === 'done')
      Object.assign(values, { completedAt: null, completedBy: null, completedDespite: null }, reopenedProgress(values));
    return ok(values);
  }
  const open = await openPrerequisites(context, { ...before, ...values });
  const told = idsOf(values['completedDespite']);
  const unheard = open.filter(({ id }) => !told.includes(id));
  if (unheard.length > 0) return invalid('task', [blockedBy(unheard.length)]);
  return ok({
    ...values,
    progress: 100,
    completedAt: context.now,
    completedBy: context.actor.userId,
    completedDespite: open.length === 0 ? null : open.map(({ id }) => id),
  });
}

function reopenedProgress(values: Values): Values {
  return values['progress'] === undefined ? { progress: null } : {};
}

export const blockedBy = (count: number): FieldProblem => ({
  field: 'prerequisiteIds',
  code: 'blocked',
  message: `This task waits for ${String(count)} other ${count === 1 ? 'task' : 'tasks'} that ${count === 1 ? 'is' : 'are'} not done.`,
});

/** A time of day belongs to a day: it moves with it and goes with it. */
function withDay(before: AnyRecord, values: Values): Values {
  const { dueDate, dueAt } = values;
  if (dueAt !== undefined) {
    if (!isInstant(dueAt) || isDay(dueDate)) return values;
    return isDay(before['dueDate']) ? values : { ...values, dueDate: toDay(toEpochMs(dueAt)) };
  }
  if (dueDate === undefined || !isInstant(before['dueAt'])) return values;
  if (!isDay(dueDate)) return { ...values, dueAt: null };
  if (!isDay(before['dueDate'])) return values;
  const rule = before['recurrence'];
  const zone = isRecurrence(rule) ? rule.timeZone : undefined;
  return { ...values, dueAt: moveInstant(before['dueAt'], before['dueDate'], dueDate, zone) };
}

/** Tasks this one waits for, that are open and that this device has. */
export async function openPrerequisites(context: CommandContext, task: Values): Promise<readonly AnyRecord[]> {
  const found = await Promise.all(idsOf(task['prerequisiteIds']).map((id) => context.read('task', id)));
  return found.filter((other) => other !== null).filter((other) => isOpenTask(other));
}

/** Said here so that it is refused at once, also without a network; the server looks again. */
export async function findCircle(
  context: CommandContext,
  before: AnyRecord,
  after: AnyRecord,
): Promise<FieldProblem | null> {
  const added = idsOf(after['prerequisiteIds']).filter((id) => !idsOf(before['prerequisiteIds']).includes(id));
  if (added.length === 0) return null;
  const known = new Map<string, AnyRecord | null>();
  let level: readonly string[] = added;
  while (level.length > 0 && known.size < MOST_WAITING) {
    const read = await Promise.all(level.map(async (id) => [id, await context.read('task', id)] as const));
    for (const [id, record] of read) known.set(id, record);
    level = [...new Set(read.flatMap(([, record]) => idsOf(record?.['prerequisiteIds'])))].filter(
      (id) => !known.has(id),
    );
  }
  return waitsInACircle(after.id, added, (id) => known.get(id) ?? null);
}

/** The day it is where the task is done. */
function localDay(now: string, timeZone: string | undefined): Day {
  const at = toEpochMs(now);
  return toDay(timeZone === undefined ? at : at + createTimeZone(timeZone).offsetAt(at));
}

const carriedFields = [
  'subject',
  'category',
  'visibility',
  'priority',
  'estimateMinutes',
  'accountId',
  'contactId',
  'dealId',
  'leadId',
  'participantIds',
  'description',
  'recurrence',
  'reminders',
  'tags',
  'ownerId',
  'teamId',
  'assignedBy',
] as const;

export interface NextTask {
  readonly id: string | undefined;
  readonly values: Values;
  readonly system: Values;
}

/** The task that follows one that was completed; null when it does not repeat, the series is over, or the next one is there. */
export async function nextTaskOf(context: CommandContext, done: AnyRecord): Promise<NextTask | null> {
  const rule = done['recurrence'];
  if (!isRecurrence(rule)) return null;
  const occurrence = typeof done['occurrence'] === 'number' ? done['occurrence'] : 1;
  const seriesId = typeof done['seriesId'] === 'string' ? done['seriesId'] : done.id;
  const due = isDay(done['dueDate']) ? done['dueDate'] : null;
  const next = nextDueDay(rule, due, localDay(context.now, rule.timeZone), occurrence);
  const id = occurrenceId(seriesId, occurrence + 1) ?? undefined;
  if (next === null || (id !== undefined && (await context.read('task', id)) !== null)) return null;
  const move = (instant: unknown): string | null =>
    isInstant(instant) && due !== null ? moveInstant(instant, due, next, rule.timeZone) : null;
  const carried: Record<string, unknown> = {};
  for (const field of [...carriedFields, ...Object.keys(done).filter((name) => isCustomSlot(name))])
    if ((done[field] ?? null) !== null) carried[field] = done[field];
  const { assignedBy, ...entered } = carried;
  return {
    id,
    values: {
      ...entered,
      dueDate: next,
      dueAt: move(done['dueAt']),
      reminderAt: move(done['reminderAt']),
      checklist: uncheck(done['checklist']),
    },
    system: {
      seriesId,
      occurrence: occurrence + 1,
      previousId: done.id,
      ...(assignedBy === undefined ? {} : { assignedBy }),
    },
  };
}
