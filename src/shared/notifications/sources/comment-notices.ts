// Whoever is mentioned in a comment hears of it (TSK-04), once, and only with the record it is about: a mention widens nothing.
import { parentOf } from '#shared/access/parent-record.ts';
import { comment as definition } from '#shared/entities/comment/comment.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import {
  textIn,
  type Notification,
  type NotificationOrigin,
  type NotificationWorld,
} from '#shared/notifications/notification.ts';

/** As much of it as a message shows. */
const MOST_LETTERS = 140;

/** A mention that came in when it was reworded is as new as that. */
const momentOf = (comment: AnyRecord): string => textIn(comment, 'editedAt') ?? comment.createdAt;

function beginningOf(comment: AnyRecord): string | null {
  const text = (textIn(comment, 'body') ?? '').replaceAll(/\s+/g, ' ').trim();
  if (text.length <= MOST_LETTERS) return text === '' ? null : text;
  // Never half of a character of two units.
  return `${text
    .slice(0, MOST_LETTERS)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}

function deriveComment({ source, actor }: NotificationWorld, comment: AnyRecord): readonly Notification[] {
  const { mentionedIds } = comment;
  const author = comment.ownerId ?? comment.createdBy;
  if (!Array.isArray(mentionedIds) || !mentionedIds.includes(actor.userId) || author === actor.userId) return [];
  const subject = parentOf(definition, comment);
  const record = subject === null ? undefined : source.get(subject.entity, subject.id);
  if (subject === null || record === undefined) return [];
  return [
    {
      key: `comment.mention ${comment.id}`,
      type: 'comment.mention',
      at: momentOf(comment),
      subject,
      title: textIn(record, entities[subject.entity].titleField) ?? '',
      actorId: author,
      facts: { text: beginningOf(comment) },
    },
  ];
}

export const commentOrigin: NotificationOrigin = {
  entity: 'comment',
  derive: deriveComment,
  follows: [
    { field: 'taskId', entity: 'task' },
    { field: 'activityId', entity: 'activity' },
    { field: 'dealId', entity: 'deal' },
    { field: 'leadId', entity: 'lead' },
    { field: 'contactId', entity: 'contact' },
    { field: 'accountId', entity: 'account' },
  ],
  momentOf,
};
