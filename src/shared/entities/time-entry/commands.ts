// Time that was spent on tasks. One timer runs for a person: starting another one ends it, in the same transaction.
import { Type } from 'typebox';
import type { CommandContext } from '#shared/entities/command.ts';
import { defineCommand, definitionOf, IdInput, outcome, requireRecord } from '#shared/entities/define-command.ts';
import { draftCreate, draftUpdate } from '#shared/entities/draft-record.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { endOfTimer, MOST_MINUTES, runningOf } from '#shared/entities/time-entry/time-entry.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

const Note = Type.Optional(Type.Union([Type.String({ maxLength: 500 }), Type.Null()]));

async function myTimers(context: CommandContext): Promise<readonly AnyRecord[]> {
  return runningOf(await context.find('timeEntry', 'runningFor', context.actor.userId));
}

/** Ends timers, the newest now and each older one when the next was started: nobody works on two tasks at once. */
async function end(
  context: CommandContext,
  timers: readonly AnyRecord[],
  endedAt: string,
  options: { readonly command: string; readonly txn?: string },
): Promise<Result<readonly OperationDraft[]>> {
  const operations: OperationDraft[] = [];
  let until = endedAt;
  for (const timer of timers) {
    const drafted = await draftUpdate(
      context,
      definitionOf('timeEntry'),
      timer,
      {},
      { ...options, system: endOfTimer(timer, until) },
    );
    if (!drafted.ok) return drafted;
    operations.push(...drafted.value.operations);
    until = String(timer['startedAt']);
  }
  return ok(operations);
}

export const startTimer = defineCommand(Type.Object({ taskId: IdInput, note: Note }), async (context, input) => {
  const task = await requireRecord(context, 'task', input.taskId);
  if (!task.ok) return task;
  const timers = await myTimers(context);
  const [newest] = timers;
  if (newest?.['taskId'] === input.taskId && timers.length === 1) return outcome([], newest.id);
  const options = { command: 'startTimer', txn: context.createId() };
  const ended = await end(context, timers, context.now, options);
  if (!ended.ok) return ended;
  const values = { taskId: input.taskId, startedAt: context.now, note: input.note ?? null };
  const started = await draftCreate(context, definitionOf('timeEntry'), values, {
    ...options,
    system: { runningFor: context.actor.userId },
  });
  if (!started.ok) return started;
  return outcome([...ended.value, ...started.value.operations], started.value.record.id);
});

export const stopTimer = defineCommand(Type.Object({ note: Note }), async (context, { note }) => {
  const timers = await myTimers(context);
  const [newest] = timers;
  if (newest === undefined) return outcome([], null);
  const options = { command: 'stopTimer', txn: context.createId() };
  const ended = await end(context, timers, context.now, options);
  if (!ended.ok) return ended;
  if (note === undefined) return outcome(ended.value, newest.id);
  const noted = await draftUpdate(context, definitionOf('timeEntry'), newest, { note }, options);
  return noted.ok ? outcome([...ended.value, ...noted.value.operations], newest.id) : noted;
});

/** Two computers without a network started one timer each: the older ones end where the next began. The newest runs on. */
export const settleTimers = defineCommand(Type.Object({}), async (context) => {
  const [newest, ...older] = await myTimers(context);
  if (newest === undefined || older.length === 0) return outcome([], null);
  const options = { command: 'settleTimers', txn: context.createId() };
  const ended = await end(context, older, String(newest['startedAt']), options);
  return ended.ok ? outcome(ended.value, newest.id) : ended;
});

/** Time that was spent without a timer. It ended when it says, or now. */
export const addTime = defineCommand(
  Type.Object({
    taskId: IdInput,
    minutes: Type.Integer({ minimum: 1, maximum: MOST_MINUTES }),
    endedAt: Type.Optional(Type.String({ maxLength: 40 })),
    note: Note,
  }),
  async (context, { taskId, minutes, endedAt = context.now, note = null }) => {
    const task = await requireRecord(context, 'task', taskId);
    if (!task.ok) return task;
    const startedAt = toInstant(toEpochMs(endedAt) - minutes * 60_000);
    const values = { taskId, startedAt, endedAt, minutes, note };
    const made = await draftCreate(context, definitionOf('timeEntry'), values, { command: 'addTime' });
    return made.ok ? outcome(made.value.operations, made.value.record.id) : made;
  },
);
