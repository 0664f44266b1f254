// Who may be owed a mail now: cheap questions to the database, so that only those people's records are read. What a mail says,
// and whether it is sent at all, is decided with the rights of its recipient when it is written.
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { entities } from '#shared/entities/registry.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { LONGEST_REMINDER_MINUTES } from '#shared/entities/task/reminders.ts';
import { addDays, toDay, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { newestOf, readPreferences, type NotificationPreferences } from '#shared/notifications/preferences.ts';
import { instantAt, quietUntil } from '#shared/notifications/quiet-hours.ts';
import { taskOrigin } from '#shared/notifications/sources/task-notices.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import type { NotificationMailJob } from '#server/notifications/notification-context.ts';
import { zoneOf } from '#server/notifications/read-reader.ts';
import type { SqlSession } from '#server/store/database.ts';

const DAY_MS = 86_400_000;
const MORNING = '08:00';
/** A server that was off for longer does not mail what is past. */
const EARLIEST_MS = LONGEST_REMINDER_MINUTES * 60_000;
const LATE_MS = 12 * 3_600_000;

const mailed: readonly string[] = ['task.assigned', 'task.due', 'task.reminder'];

interface Row {
  readonly data: AnyRecord;
  readonly rev: number;
}

async function readAll(
  session: SqlSession,
  tenantId: TenantId,
  entity: EntityName,
  condition: string,
  values: readonly string[],
) {
  const rows = await session.query<Row>(
    `SELECT data, rev FROM record WHERE tenant = $1 AND coll = $2 AND kind = '${entity}' AND NOT deleted ${condition}`,
    [tenantId, entities[entity].collection, ...values],
  );
  return rows.map(({ data, rev }): AnyRecord => ({ ...data, rev }));
}

export async function findDue(
  session: SqlSession,
  tenantId: TenantId,
  nowMs: number,
): Promise<readonly NotificationMailJob[]> {
  const since = toInstant(nowMs - DAY_MS);
  const people = new Map(
    (await readAll(session, tenantId, 'user', `AND coalesce(data->>'isActive', 'true') <> 'false'`, [])).map(
      (person) => [person.id, person],
    ),
  );
  const wishes = new Map<string, AnyRecord[]>();
  for (const wish of await readAll(session, tenantId, 'notificationPreference', '', []))
    if (wish.ownerId !== null) wishes.set(wish.ownerId, [...(wishes.get(wish.ownerId) ?? []), wish]);
  const tasks = await readAll(
    session,
    tenantId,
    'task',
    `AND data->>'status' NOT IN ('done', 'cancelled') AND (data->>'createdAt' >= $3 OR data->>'updatedAt' >= $3
       OR data->>'reminderAt' BETWEEN $3 AND $4 OR data->>'dueAt' BETWEEN $3 AND $4 OR data->>'dueDate' BETWEEN $5 AND $6
       OR (data->>'reminders' IS NOT NULL AND (data->>'dueAt' BETWEEN $3 AND $7 OR data->>'dueDate' BETWEEN $5 AND $8)))`,
    [
      since,
      toInstant(nowMs),
      addDays(toDay(nowMs), -2),
      addDays(toDay(nowMs), 1),
      // Whoever wants to be told long before it is due is told now.
      toInstant(nowMs + EARLIEST_MS),
      addDays(toDay(nowMs + EARLIEST_MS), 1),
    ],
  );
  const goals = await readAll(session, tenantId, 'goal', `AND data->>'endsOn' >= $3`, [addDays(toDay(nowMs), -7)]);
  const withGoals = new Set(goals.map((goal) => goal['userId']));
  const found: NotificationMailJob[] = [];
  for (const person of people.values()) {
    const preferences = readPreferences(newestOf(wishes.get(person.id) ?? []));
    const zone = createTimeZone(zoneOf(person));
    if (quietUntil(preferences.quietHours, nowMs, zone) !== null) continue;
    const today = zone.dayOf(nowMs);
    const job = { tenantId, userId: person.id, day: today };
    const source: RecordSource = {
      get: (entity, id) => (entity === 'user' ? people.get(id) : undefined),
      all: () => new Map(),
      subscribe: () => () => undefined,
    };
    const world = { source, actor: { userId: person.id, teamIds: [], permissions: [] }, zone };
    for (const task of tasks) {
      if (task.ownerId !== person.id) continue;
      for (const { key, type, at } of taskOrigin.derive(world, task))
        if (mailed.includes(type) && at >= since && toEpochMs(at) <= nowMs) found.push({ ...job, what: 'notice', key });
    }
    const sinceMorning = nowMs - instantAt(today, MORNING, zone);
    if (sinceMorning >= 0 && sinceMorning < LATE_MS)
      found.push(...morningMails(job, preferences, withGoals.has(person.id)));
  }
  return found;
}

function isMonday(day: string): boolean {
  return (Math.floor(toEpochMs(day) / DAY_MS) + 3) % 7 === 0;
}

function morningMails(
  job: Pick<NotificationMailJob, 'tenantId' | 'userId' | 'day'>,
  { emailDigest, goalAlerts }: NotificationPreferences,
  hasGoals: boolean,
): readonly NotificationMailJob[] {
  const isWeekStart = isMonday(job.day);
  return [
    ...(emailDigest === 'daily' || (emailDigest === 'weekly' && isWeekStart)
      ? [{ ...job, what: 'digest' as const, key: emailDigest }]
      : []),
    ...(goalAlerts && hasGoals ? [{ ...job, what: 'goals' as const, key: '' }] : []),
    ...(goalAlerts && isWeekStart ? [{ ...job, what: 'weekly' as const, key: '' }] : []),
  ];
}
