import { Type } from 'typebox';
import { defineCommand, definitionOf, outcome } from '#shared/entities/define-command.ts';
import { draftCreate } from '#shared/entities/draft-record.ts';
import { markActs, MOST_MARKED } from '#shared/entities/notification-mark/notification-mark.ts';

/** Marks notifications of the user; `through` is the newest moment among them. */
export const markNotifications = defineCommand(
  Type.Object({
    keys: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: MOST_MARKED }),
    act: Type.Enum([...markActs]),
    through: Type.String({ maxLength: 32 }),
    until: Type.Optional(Type.Union([Type.String({ maxLength: 32 }), Type.Null()])),
  }),
  async (context, { keys, act, through, until }) => {
    const values = { keys, act, through, until: until ?? null, ownerId: context.actor.userId, teamId: null };
    const drafted = await draftCreate(context, definitionOf('notificationMark'), values, {
      command: 'markNotifications',
    });
    return drafted.ok ? outcome(drafted.value.operations, drafted.value.record.id) : drafted;
  },
);
