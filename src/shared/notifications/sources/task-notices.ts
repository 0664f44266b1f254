// What a task means for its assignee, for whoever gave it, and for those who help with it (TSK-08, TSK-12, TSK-13).
import { isMasked } from '#shared/access/field-policy.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isOpenTask, remindersOf } from '#shared/entities/task/reminders.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import {
  leads,
  textIn,
  type Notification,
  type NotificationOrigin,
  type NotificationWorld,
} from '#shared/notifications/notification.ts';

function commonOf(task: AnyRecord) {
  const subject = task['subject'];
  return {
    subject: { entity: 'task', id: task.id } as const,
    title: typeof subject === 'string' && !isMasked(subject) ? subject : '',
  };
}

function deriveTask(world: NotificationWorld, task: AnyRecord): readonly Notification[] {
  const me = world.actor.userId;
  const found: Notification[] = [];
  const common = commonOf(task);
  const isMine = task.ownerId === me;
  const giver = textIn(task, 'assignedBy') ?? task.createdBy;
  const assignedAt = textIn(task, 'assignedAt') ?? task.createdAt;
  const dueAt = textIn(task, 'dueAt');
  // The day on which it is due here.
  const dueDate = dueAt === null ? textIn(task, 'dueDate') : world.zone.dayOf(toEpochMs(dueAt));
  const facts = { dueDate, dueAt, priority: textIn(task, 'priority') };
  const isGiven = isMine && giver !== null && giver !== me;
  if (isGiven && isOpenTask(task)) {
    found.push({
      key: `task.assigned ${task.id} ${giver}`,
      type: 'task.assigned',
      at: assignedAt,
      actorId: giver,
      facts,
      ...common,
    });
  }
  if (isMine) {
    for (const { id, kind, atMs } of remindersOf(task, world.zone)) {
      const type = kind === 'due' ? 'task.due' : 'task.reminder';
      found.push({ key: `${type} ${id}`, type, at: toInstant(atMs), actorId: null, facts, ...common });
    }
  }
  const helpers: unknown = task['participantIds'];
  const helps = Array.isArray(helpers) && helpers.includes(me);
  const concerns = isMine || helps || giver === me || task.createdBy === me;
  const completedAt = textIn(task, 'completedAt');
  const completedBy = textIn(task, 'completedBy');
  if (task['status'] === 'done') {
    const isNews = completedAt !== null && completedBy !== null && completedBy !== me;
    if (isNews && (concerns || leads(world, task.ownerId)))
      found.push({
        key: `task.completed ${task.id} ${completedAt}`,
        type: 'task.completed',
        at: completedAt,
        actorId: completedBy,
        facts,
        ...common,
      });
    return found;
  }
  const author = task.updatedBy;
  const isUpdate = author !== null && author !== me && task.updatedAt > task.createdAt && task.updatedAt !== assignedAt;
  if (isUpdate && concerns)
    found.push({
      key: `task.updated ${task.id}`,
      type: 'task.updated',
      at: task.updatedAt,
      actorId: author,
      facts,
      ...common,
    });
  return found;
}

export const taskOrigin: NotificationOrigin = { entity: 'task', derive: deriveTask };
