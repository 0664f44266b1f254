// What screens ask of the inbox: the rows that are looked at, how much waits, and which ones a person means who says "all".
import type { InboxQuery, InboxResult, UnreadNotification } from '#renderer/data/data-contract.ts';
import { INBOX_CLOCK } from '#renderer/data/profile-session.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { toLocalDay } from '#shared/kernel/local-day.ts';
import type { Inbox, InboxItem } from '#shared/notifications/inbox.ts';
import { groupItems, isIn, type Folder } from '#shared/notifications/inbox-groups.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { titleOf } from '#shared/query/record-titles.ts';

const waits = ({ isRead, isArchived, snoozedUntil }: InboxItem): boolean =>
  !isRead && !isArchived && snoozedUntil === null;

const countOf = (items: readonly InboxItem[], is: (item: InboxItem) => boolean): number =>
  items.reduce((count, item) => count + (is(item) ? 1 : 0), 0);

function answerOf<Value>(inbox: Inbox, value: Value): LiveAnswer<Value> {
  return { value, entities: inbox.entities, ids: new Set([INBOX_CLOCK]) };
}

export function answerInbox(
  source: RecordSource,
  inbox: Inbox,
  nowMs: number,
  { folder, grouping, limit }: InboxQuery,
): LiveAnswer<InboxResult> {
  const all = inbox.items(nowMs);
  const here = all.filter((item) => isIn(folder, item));
  const groups = groupItems(here, grouping, (at) => toLocalDay(new Date(at)), limit);
  const labels: Record<string, string> = {};
  for (const { items } of groups)
    for (const { actorId } of items) {
      const name = actorId === null ? null : titleOf(source, 'user', actorId);
      if (actorId !== null && name !== null) labels[actorId] = name;
    }
  return answerOf(inbox, {
    folder,
    grouping,
    groups,
    total: here.length,
    unreadHere: countOf(here, ({ isRead }) => !isRead),
    unread: countOf(all, waits),
    labels,
  });
}

export function answerUnreadCount(inbox: Inbox, nowMs: number): LiveAnswer<{ readonly unread: number }> {
  return answerOf(inbox, { unread: countOf(inbox.items(nowMs), waits) });
}

export function listUnread(inbox: Inbox, nowMs: number, folder: Folder): readonly UnreadNotification[] {
  return inbox
    .items(nowMs)
    .filter((item) => !item.isRead && isIn(folder, item))
    .map(({ key, cameAt }) => ({ key, cameAt }));
}
