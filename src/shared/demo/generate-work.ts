import { atOffice, DAY_MS, makeRecord, type DemoWorld } from '#shared/demo/demo-world.ts';
import type { DemoPeople } from '#shared/demo/generate-people.ts';
import { activityTexts, taskSubjects } from '#shared/demo/word-lists.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { addDays, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';

const ACTIVITIES = 3_000;
const TASKS = 400;
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  call: ['reached', 'reached', 'not_reached', 'left_message', 'interested'],
  meeting: ['held', 'held', 'interested', 'cancelled'],
  demo: ['held', 'interested'],
};
const CATEGORIES = ['follow_up', 'follow_up', 'proposal', 'meeting', 'data'] as const;
const PRIORITIES = ['critical', 'high', 'high', 'medium', 'medium', 'medium', 'low'] as const;

/** Calls, meetings, mails and notes along the life of the deals; recent deals have more of them. */
export function generateActivities(
  world: DemoWorld,
  deals: readonly AnyRecord[],
  leads: readonly AnyRecord[],
): readonly AnyRecord[] {
  const { random } = world;
  return Array.from({ length: ACTIVITIES }, () => {
    const isOfLead = random.chance(0.06);
    const subject = isOfLead
      ? random.pick(leads)
      : (deals[Math.floor(deals.length * Math.sqrt(random.unit()))] ?? random.pick(deals));
    const startMs = toEpochMs(subject.createdAt);
    const endMs = typeof subject['closedAt'] === 'string' ? toEpochMs(subject['closedAt']) : world.nowMs;
    const atMs = Math.min(atOffice(random, startMs + random.unit() * (endMs - startMs)), world.nowMs);
    const activityType = random.pick(Object.keys(activityTexts));
    const [title, body] = random.pick(activityTexts[activityType] ?? [['Note', '']]);
    const outcomes = OUTCOMES[activityType];
    return makeRecord(
      'activity',
      world.createId(),
      { atMs, by: subject.ownerId },
      {
        activityType,
        subject: title,
        body,
        occurredAt: toInstant(atMs),
        durationMinutes: outcomes === undefined ? undefined : random.integer(1, 12) * 5,
        direction: activityType === 'note' ? undefined : random.pick(['inbound', 'outbound', 'outbound']),
        outcome: outcomes === undefined ? undefined : random.pick(outcomes),
        accountId: subject['accountId'],
        contactId: subject['primaryContactId'],
        dealId: isOfLead ? undefined : subject.id,
        leadId: isOfLead ? subject.id : undefined,
        ownerId: subject.ownerId,
        teamId: subject.teamId,
      },
    );
  });
}

/** Two thirds are open and due around now, the rest was done. */
export function generateTasks(world: DemoWorld, people: DemoPeople, deals: readonly AnyRecord[]): readonly AnyRecord[] {
  const { random } = world;
  const open = deals.filter((deal) => deal['status'] === 'open');
  return Array.from({ length: TASKS }, () => {
    const isDone = random.chance(0.35);
    const deal = random.pick(isDone ? deals : open);
    const dueDate = addDays(world.today, isDone ? -random.integer(1, 90) : random.integer(-9, 25));
    const doneMs = Math.min(atOffice(random, toEpochMs(dueDate)), world.nowMs);
    const managerId = people.managerIds[deal.teamId ?? ''];
    const isAssigned = random.chance(0.2) && managerId !== undefined;
    return makeRecord(
      'task',
      world.createId(),
      {
        atMs: Math.min(doneMs, world.nowMs) - random.integer(1, 14) * DAY_MS,
        by: isAssigned ? managerId : deal.ownerId,
      },
      {
        subject: random.pick(taskSubjects),
        category: random.pick(CATEGORIES),
        visibility: random.chance(0.04) ? 'private' : random.chance(0.1) ? 'collaborative' : 'assigned',
        priority: random.pick(PRIORITIES),
        status: isDone ? 'done' : random.chance(0.2) ? 'in_progress' : 'open',
        progress: isDone ? 100 : undefined,
        completedAt: isDone ? toInstant(doneMs) : undefined,
        completedBy: isDone ? deal.ownerId : undefined,
        dueDate,
        estimateMinutes: random.chance(0.5) ? random.integer(1, 8) * 15 : undefined,
        assignedBy: isAssigned ? managerId : deal.ownerId,
        accountId: deal['accountId'],
        contactId: deal['primaryContactId'],
        dealId: deal.id,
        ownerId: deal.ownerId,
        teamId: deal.teamId,
      },
    );
  });
}

/** A few lists that people of the demo company saved for themselves. */
export function generateViews(world: DemoWorld, people: DemoPeople): readonly AnyRecord[] {
  const owners = people.users.filter((user) => user.role === 'manager' || user.role === 'sales_rep').slice(0, 2);
  const views = [
    {
      name: 'Closing in 30 days',
      filter: {
        and: [
          { field: 'status', op: 'eq', value: 'open' },
          { field: 'closeDate', op: 'withinDays', value: 30 },
        ],
      },
    },
    {
      name: 'Large open deals',
      filter: {
        and: [
          { field: 'status', op: 'eq', value: 'open' },
          { field: 'amount', op: 'gte', value: 50_000_00 },
        ],
      },
    },
  ];
  return owners.flatMap((owner) =>
    views.map(({ name, filter }, position) =>
      makeRecord(
        'savedView',
        world.createId(),
        { atMs: world.nowMs - 30 * DAY_MS, by: owner.id },
        {
          name,
          entity: 'deal',
          layout: 'list',
          filter,
          sort: [{ field: 'closeDate', direction: 'asc' }],
          columns: ['name', 'accountId', 'stageId', 'amount', 'closeDate', 'ownerId'],
          isShared: false,
          position,
          ownerId: owner.id,
          teamId: owner.teamId,
        },
      ),
    ),
  );
}
