import { Type } from 'typebox';
import { defineCommand, definitionOf, IdInput, outcome, requireRecord } from '#shared/entities/define-command.ts';
import { draftUpdate } from '#shared/entities/draft-record.ts';

/** Marks a task as done; a task that is done already stays as it is. */
export const completeTask = defineCommand(
  Type.Object({ id: IdInput, outcome: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])) }),
  async (context, input) => {
    const found = await requireRecord(context, 'task', input.id);
    if (!found.ok) return found;
    if (found.value['status'] === 'done') return outcome([], input.id);
    const result = input.outcome ?? null;
    const values = { status: 'done', progress: 100, ...(result === null ? {} : { outcome: result }) };
    const drafted = await draftUpdate(context, definitionOf('task'), found.value, values, {
      command: 'completeTask',
      system: { completedAt: context.now, completedBy: context.actor.userId },
    });
    return drafted.ok ? outcome(drafted.value.operations, input.id) : drafted;
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
