import { expect, test } from 'vitest';
import { createWorld, NOW, recordOf } from '#test/support/notification-world.ts';
import { answerInbox, answerUnreadCount, listUnread } from '#renderer/data/queries/inbox-query.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';

const nowMs = toEpochMs(NOW);
const MANY = 1_300;

/** Reminders of two a minute, the newest first. */
function createPile() {
  const world = createWorld();
  for (let at = 0; at < MANY; at += 1)
    world.put(
      recordOf('task', `task-${String(at)}`, {
        subject: `Task ${String(at)}`,
        status: 'open',
        createdBy: 'me',
        updatedBy: 'me',
        reminderAt: toInstant(nowMs - at * 30_000),
      }),
    );
  const ask = (limit: number) =>
    answerInbox(world.source, world.inbox, nowMs, { folder: 'open', grouping: 'type', limit }).value;
  return { ...world, ask };
}

test('TSK-08 an inbox is told by the rows that are looked at, and counted as a whole', () => {
  const { ask, inbox } = createPile();
  const { groups, total, unread, unreadHere } = ask(20);
  expect(groups.map(({ key, count, items }) => [key, count, items.length])).toEqual([['tasks', MANY, 20]]);
  expect([total, unread, unreadHere]).toEqual([MANY, MANY, MANY]);
  expect(groups[0]?.items.map(({ title }) => title)).toEqual(
    ask(5_000)
      .groups[0]?.items.slice(0, 20)
      .map(({ title }) => title),
  );
  expect(answerUnreadCount(inbox, nowMs).value).toEqual({ unread: MANY });
});

test('TSK-08 what is marked as one is everything unread in the folder that is shown, and nothing of the others', () => {
  const { source, ask, inbox, mark } = createPile();
  const [first = '', second = ''] = listUnread(inbox, nowMs, 'open').map(({ key }) => key);
  mark('archived', [first]);
  mark('snoozed', [second], { until: toInstant(nowMs + 60_000) });
  const done = answerInbox(source, inbox, nowMs, { folder: 'done', grouping: 'day', limit: 5 }).value;
  expect(done.groups.flatMap(({ items }) => items.map(({ key }) => key))).toEqual([first]);
  const found = listUnread(inbox, nowMs, 'open');
  expect(found).toHaveLength(MANY - 2);
  expect(listUnread(inbox, nowMs, 'snoozed').map(({ key }) => key)).toEqual([second]);
  for (let from = 0; from < found.length; from += 500)
    mark(
      'read',
      found.slice(from, from + 500).map(({ key }) => key),
    );
  expect([ask(20).unreadHere, ask(20).unread, ask(20).total]).toEqual([0, 0, MANY - 2]);
  expect(listUnread(inbox, nowMs, 'done').map(({ key }) => key)).toEqual([first]);
});
