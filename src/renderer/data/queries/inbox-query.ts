import type { InboxResult } from '#renderer/data/data-contract.ts';
import { INBOX_CLOCK } from '#renderer/data/profile-session.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { Inbox, InboxItem } from '#shared/notifications/inbox.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { titleOf } from '#shared/query/record-titles.ts';

const MOST_ITEMS = 500;

const waits = ({ isRead, isArchived, snoozedUntil }: InboxItem): boolean =>
  !isRead && !isArchived && snoozedUntil === null;

export function answerInbox(source: RecordSource, inbox: Inbox, nowMs: number): LiveAnswer<InboxResult> {
  const all = inbox.items(nowMs);
  // What waits is never pushed out by what is done.
  const open = all.filter(({ isArchived }) => !isArchived);
  const items = [...open, ...all.filter(({ isArchived }) => isArchived)].slice(0, MOST_ITEMS);
  const labels: Record<string, string> = {};
  for (const { actorId } of items) {
    const name = actorId === null ? null : titleOf(source, 'user', actorId);
    if (actorId !== null && name !== null) labels[actorId] = name;
  }
  return {
    value: { items, unread: all.filter(waits).length, labels },
    entities: inbox.entities,
    ids: new Set([INBOX_CLOCK]),
  };
}
