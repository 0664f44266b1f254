import { Type, type Static } from 'typebox';
import type { CommandContext } from '#shared/entities/command.ts';
import { defineCommand, definitionOf, IdInput, outcome } from '#shared/entities/define-command.ts';
import { draftCreate } from '#shared/entities/draft-record.ts';

const OptionalId = Type.Optional(Type.Union([IdInput, Type.Null()]));
const OptionalText = Type.Optional(Type.Union([Type.String({ maxLength: 20_000 }), Type.Null()]));

const FollowUp = Type.Object({
  subject: Type.String({ maxLength: 255 }),
  dueDate: Type.String({ maxLength: 10 }),
  ownerId: OptionalId,
  priority: Type.Optional(Type.String({ maxLength: 20 })),
  category: Type.Optional(Type.String({ maxLength: 20 })),
});

const LogActivity = Type.Object({
  type: Type.String({ maxLength: 20 }),
  subject: Type.String({ maxLength: 255 }),
  body: OptionalText,
  occurredAt: Type.Optional(Type.String({ maxLength: 40 })),
  durationMinutes: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  direction: OptionalText,
  outcome: OptionalText,
  accountId: OptionalId,
  contactId: OptionalId,
  dealId: OptionalId,
  leadId: OptionalId,
  participantIds: Type.Optional(Type.Array(IdInput, { maxItems: 100 })),
  followUp: Type.Optional(Type.Union([FollowUp, Type.Null()])),
});

/** Notes what happened with a customer and, in the same transaction, what to do next (CRM-09). */
export const logActivity = defineCommand(LogActivity, async (context, input) => {
  const links = await linksOf(context, input);
  const followUp = input.followUp ?? null;
  const txn = followUp === null ? null : context.createId();
  const taskId = followUp === null ? null : context.createId();
  const { type, followUp: _followUp, ...fields } = input;
  const values = { occurredAt: context.now, ...fields, ...links, activityType: type };
  const logged = await draftCreate(context, definitionOf('activity'), values, {
    command: 'logActivity',
    txn,
    system: taskId === null ? {} : { followUpTaskId: taskId },
  });
  if (!logged.ok || followUp === null || taskId === null) {
    return logged.ok ? outcome(logged.value.operations, logged.value.record.id) : logged;
  }
  const task = await draftCreate(
    context,
    definitionOf('task'),
    { ...followUp, ...links },
    {
      command: 'logActivity',
      txn,
      id: taskId,
      system: { assignedBy: context.actor.userId },
    },
  );
  if (!task.ok) return task;
  // The activity names the task, so the task goes first: a server looks up what a record points to.
  return outcome([...task.value.operations, ...logged.value.operations], logged.value.record.id);
});

/** What the activity is about; an activity of a deal is one of its account, too. */
async function linksOf(context: CommandContext, input: Static<typeof LogActivity>) {
  const deal = typeof input.dealId === 'string' ? await context.read('deal', input.dealId) : null;
  const contact = typeof input.contactId === 'string' ? await context.read('contact', input.contactId) : null;
  return {
    dealId: input.dealId ?? null,
    contactId: input.contactId ?? deal?.['primaryContactId'] ?? null,
    accountId: input.accountId ?? deal?.['accountId'] ?? contact?.['accountId'] ?? null,
    leadId: input.leadId ?? null,
  };
}
