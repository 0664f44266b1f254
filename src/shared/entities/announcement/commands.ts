// A team alert is one record for each team that hears it, so that a team sees what was said to it and to no other.
import { Type } from 'typebox';
import { announcementTopics } from '#shared/entities/announcement/announcement.ts';
import { lifeOperation } from '#shared/entities/build-operation.ts';
import {
  defineCommand,
  definitionOf,
  IdInput,
  judge,
  outcome,
  requireRecord,
} from '#shared/entities/define-command.ts';
import { draftCreate } from '#shared/entities/draft-record.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

const MOST_TEAMS = 200;

/** Tells teams something; without teams, everybody of the organization. */
export const sendAnnouncement = defineCommand(
  Type.Object({
    topic: Type.Enum([...announcementTopics]),
    title: Type.String({ minLength: 1, maxLength: 160 }),
    text: Type.Optional(Type.Union([Type.String({ maxLength: 4000 }), Type.Null()])),
    isUrgent: Type.Optional(Type.Boolean()),
    teamIds: Type.Array(IdInput, { maxItems: MOST_TEAMS }),
  }),
  async (context, { teamIds, title, text, isUrgent, topic }) => {
    const definition = definitionOf('announcement');
    const said = {
      topic,
      title,
      text: text ?? null,
      isUrgent: isUrgent === true,
      ownerId: context.actor.userId,
    };
    const places =
      teamIds.length === 0
        ? [{ sharing: 'organization', teamId: null }]
        : [...new Set(teamIds)].map((teamId) => ({ sharing: 'team', teamId }));
    const txn = context.createId();
    const operations: OperationDraft[] = [];
    for (const place of places) {
      const drafted = await draftCreate(
        context,
        definition,
        { ...said, ...place },
        { command: 'sendAnnouncement', txn },
      );
      if (!drafted.ok) return drafted;
      operations.push(...drafted.value.operations);
    }
    return outcome(operations, null);
  },
);

/** Takes back what was said: it leaves the inboxes of everybody. */
export const takeBackAnnouncement = defineCommand(Type.Object({ id: IdInput }), async (context, { id }) => {
  const definition = definitionOf('announcement');
  const found = await requireRecord(context, 'announcement', id);
  if (!found.ok) return found;
  const allowed = await judge(context, 'delete', definition, found.value, null);
  if (!allowed.ok) return allowed;
  return outcome(
    [lifeOperation(context, definition, 'delete', found.value, { command: 'takeBackAnnouncement' })],
    null,
  );
});
