// Once a week, on Monday morning: what could be better, and where the reader stands among the people whose deals the reader
// sees (TSK-10). Both look at the whole of the records and are worked out once a day, not with every change.
import { organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { addDays, toEpochMs, toInstant, type Day } from '#shared/kernel/calendar.ts';
import {
  leads,
  numberIn,
  textIn,
  type Notification,
  type NotificationWorld,
} from '#shared/notifications/notification.ts';
import { instantAt } from '#shared/notifications/quiet-hours.ts';

const DAY_MS = 86_400_000;
const MORNING = '08:00';
const FEWEST_OVERDUE = 3;

/** Monday of the week a day lies in. */
export function mondayOf(day: Day): Day {
  // The first of January 1970 was a Thursday.
  const weekday = (Math.floor(toEpochMs(day) / DAY_MS) + 3) % 7;
  return addDays(day, -weekday);
}

interface Standing {
  readonly userId: string;
  readonly worth: number;
}

/** People whose deals were won in the week before, by worth; only what the reader sees of it. */
function standingsOf({ source, zone }: NotificationWorld, monday: Day): readonly Standing[] {
  const [from, to] = [zone.startOf(addDays(monday, -7)), zone.startOf(monday)];
  const money = organizationMoneyOf(source);
  const worth = new Map<string, number>();
  for (const deal of source.all('deal').values()) {
    const closedAt = textIn(deal, 'closedAt');
    if (deal['status'] !== 'won' || closedAt === null || deal.ownerId === null) continue;
    const at = toEpochMs(closedAt);
    if (at < from || at >= to) continue;
    const amount = numberIn(deal, 'amount');
    const converted = amount === null ? null : money.convert(amount, textIn(deal, 'currency'), closedAt.slice(0, 10));
    worth.set(deal.ownerId, (worth.get(deal.ownerId) ?? 0) + (converted ?? 0));
  }
  return [...worth]
    .map(([userId, sum]) => ({ userId, worth: sum }))
    .toSorted((left, right) => right.worth - left.worth || (left.userId < right.userId ? -1 : 1));
}

function rankingOf(world: NotificationWorld, monday: Day, at: string): readonly Notification[] {
  const me = world.actor.userId;
  const own = world.source.get('user', me);
  const isPeer = ({ userId }: Standing): boolean =>
    userId === me ||
    leads(world, userId) ||
    (typeof own?.teamId === 'string' && world.source.get('user', userId)?.teamId === own.teamId);
  const standings = standingsOf(world, monday).filter(isPeer);
  if (standings.length < 2) return [];
  const place = standings.findIndex(({ userId }) => userId === me);
  const first = standings[0]?.userId ?? null;
  if (place < 0 && !standings.some(({ userId }) => leads(world, userId))) return [];
  return [
    {
      key: `performance.ranking ${monday}`,
      type: 'performance.ranking',
      at,
      subject: null,
      title: '',
      actorId: place < 0 ? first : null,
      facts: { place: place + 1, of: standings.length },
    },
  ];
}

function suggestionsOf({ source, actor, zone }: NotificationWorld, monday: Day, at: string): readonly Notification[] {
  const counts = { overdueTasks: 0, pastDeals: 0, withoutStep: 0 };
  const isMine = (record: AnyRecord): boolean => record.ownerId === actor.userId;
  const today = zone.dayOf(toEpochMs(at));
  for (const task of source.all('task').values()) {
    const due = textIn(task, 'dueDate');
    const isOpen = task['status'] !== 'done' && task['status'] !== 'cancelled';
    if (isMine(task) && isOpen && due !== null && due < today) counts.overdueTasks += 1;
  }
  for (const deal of source.all('deal').values()) {
    if (!isMine(deal) || deal['status'] !== 'open') continue;
    const close = textIn(deal, 'closeDate');
    if (close !== null && close < today) counts.pastDeals += 1;
    else if (textIn(deal, 'nextStep') === null && Object.hasOwn(deal, 'nextStep')) counts.withoutStep += 1;
  }
  return Object.entries(counts)
    .filter(([, count]) => count >= FEWEST_OVERDUE)
    .map(([kind, count]) => ({
      key: `performance.suggestion ${kind} ${monday}`,
      type: 'performance.suggestion',
      at,
      subject: null,
      title: '',
      actorId: null,
      facts: { kind, count },
    }));
}

/** What the Monday of this week brings. */
export function weeklyNotices(world: NotificationWorld, today: Day): readonly Notification[] {
  const monday = mondayOf(today);
  const at = toInstant(instantAt(monday, MORNING, world.zone));
  return [...rankingOf(world, monday, at), ...suggestionsOf(world, monday, at)];
}
