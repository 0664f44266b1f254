import { Type } from 'typebox';
import type { CommandContext, CommandOutcome } from '#shared/entities/command.ts';
import { defineCommand, definitionOf, IdInput, outcome, requireRecord } from '#shared/entities/define-command.ts';
import { draftUpdate } from '#shared/entities/draft-record.ts';
import { openPrerequisites } from '#shared/entities/task/prepare-task.ts';
import { idsOf } from '#shared/entities/task/prerequisites.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

/** Whoever was told that the task waits for others, and completes it nevertheless. */
const Anyway = Type.Optional(Type.Boolean());

interface Completion {
  readonly command: string;
  readonly outcome?: string | null;
  readonly anyway?: boolean;
}

async function complete(
  context: CommandContext,
  id: string,
  { command, outcome: result = null, anyway = false }: Completion,
): Promise<Result<readonly OperationDraft[]>> {
  const found = await requireRecord(context, 'task', id);
  if (!found.ok) return found;
  if (found.value['status'] === 'done') return ok([]);
  const told = anyway ? (await openPrerequisites(context, found.value)).map((task) => task.id) : [];
  const drafted = await draftUpdate(
    context,
    definitionOf('task'),
    found.value,
    { status: 'done', ...(result === null ? {} : { outcome: result }) },
    { command, ...(told.length === 0 ? {} : { system: { completedDespite: told } }) },
  );
  return drafted.ok ? ok(drafted.value.operations) : drafted;
}

/**
 * Marks a task as done; a task that is done already stays as it is. One that waits for others is completed only by whoever
 * was told so. One that repeats is followed by the next.
 */
export const completeTask = defineCommand(
  Type.Object({
    id: IdInput,
    outcome: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    anyway: Anyway,
  }),
  async (context, { id, ...how }) => {
    const done = await complete(context, id, { command: 'completeTask', ...how });
    return done.ok ? outcome(done.value, id) : done;
  },
);

/** All of them or none: the first that cannot be completed says why. */
export const completeTasks = defineCommand(
  Type.Object({ ids: Type.Array(IdInput, { maxItems: 20_000 }), anyway: Anyway }),
  async (context, { ids, anyway }): Promise<Result<CommandOutcome>> => {
    const operations: OperationDraft[] = [];
    for (const id of new Set(ids)) {
      const done = await complete(context, id, { command: 'completeTasks', ...(anyway === true ? { anyway } : {}) });
      if (!done.ok) return done;
      operations.push(...done.value);
    }
    return outcome(operations, null);
  },
);

export const reopenTask = defineCommand(Type.Object({ id: IdInput }), async (context, { id }) => {
  const found = await requireRecord(context, 'task', id);
  if (!found.ok) return found;
  const status = found.value['status'];
  if (status !== 'done' && status !== 'cancelled') return outcome([], id);
  const drafted = await draftUpdate(
    context,
    definitionOf('task'),
    found.value,
    { status: 'open', progress: null },
    {
      command: 'reopenTask',
      system: { completedAt: null, completedBy: null },
    },
  );
  return drafted.ok ? outcome(drafted.value.operations, id) : drafted;
});

/** Joins a collaborative task, or leaves it (TSK-04). */
export const joinTask = defineCommand(
  Type.Object({ id: IdInput, leaves: Type.Optional(Type.Boolean()) }),
  async (context, { id, leaves }) => {
    const found = await requireRecord(context, 'task', id);
    if (!found.ok) return found;
    const me = context.actor.userId;
    const others = idsOf(found.value['participantIds']).filter((person) => person !== me);
    const drafted = await draftUpdate(
      context,
      definitionOf('task'),
      found.value,
      { participantIds: leaves === true ? others : [...others, me] },
      { command: 'joinTask' },
    );
    return drafted.ok ? outcome(drafted.value.operations, id) : drafted;
  },
);
