import { Type } from 'typebox';
import { defineCommand, definitionOf, outcome, ValuesInput } from '#shared/entities/define-command.ts';
import { draftCreate, draftUpdate } from '#shared/entities/draft-record.ts';
import { newestOf } from '#shared/notifications/preferences.ts';

/** Changes what the user wants to be told. */
export const saveNotificationPreferences = defineCommand(
  Type.Object({ values: ValuesInput }),
  async (context, { values }) => {
    const definition = definitionOf('notificationPreference');
    const existing = newestOf(await context.find('notificationPreference', 'ownerId', context.actor.userId));
    const options = { command: 'saveNotificationPreferences' };
    const drafted =
      existing === null
        ? await draftCreate(context, definition, { ...values, ownerId: context.actor.userId, teamId: null }, options)
        : await draftUpdate(context, definition, existing, values, options);
    return drafted.ok ? outcome(drafted.value.operations, drafted.value.record.id) : drafted;
  },
);
