// What a task means for its assignee, for whoever gave it, and for those who help with it (TSK-08, TSK-12, TSK-13).
import { isMasked } from '#shared/access/field-policy.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import {
  leads,
  textIn,
  type Notification,
  type NotificationOrigin,
  type NotificationWorld,
} from '#shared/notifications/notification.ts';
import { instantAt } from '#shared/notifications/quiet-hours.ts';

/** A task that is due on a day is announced at the beginning of work. */
const MORNING = '09:00';

const isOpen = (task: AnyRecord): boolean => task['status'] !== 'done' && task['status'] !== 'cancelled';

function commonOf(task: AnyRecord) {
  const subject = task['subject'];
  return {
    subject: { entity: 'task', id: task.id } as const,
    title: typeof subject === 'string' && !isMasked(subject) ? subject : '',
  };
}

interface TaskMoment {
  readonly type: 'task.reminder' | 'task.due';
  readonly at: string;
  /** As it was set, so that it names the same moment on every computer. */
  readonly set: string;
}

/** The moments at which an open task wants to be remembered, in order: as set, and when it is due. */
function taskMoments(task: AnyRecord, zone: NotificationWorld['zone']): readonly TaskMoment[] {
  if (!isOpen(task)) return [];
  const moments: TaskMoment[] = [];
  const reminderAt = textIn(task, 'reminderAt');
  if (reminderAt !== null) moments.push({ type: 'task.reminder', at: reminderAt, set: reminderAt });
  const [dueAt, dueDate] = [textIn(task, 'dueAt'), textIn(task, 'dueDate')];
  if (dueAt !== null) moments.push({ type: 'task.due', at: dueAt, set: dueAt });
  else if (dueDate !== null)
    moments.push({ type: 'task.due', at: toInstant(instantAt(dueDate, MORNING, zone)), set: dueDate });
  return moments;
}

function deriveTask(world: NotificationWorld, task: AnyRecord): readonly Notification[] {
  const me = world.actor.userId;
  const found: Notification[] = [];
  const common = commonOf(task);
  const isMine = task.ownerId === me;
  const giver = textIn(task, 'assignedBy') ?? task.createdBy;
  const assignedAt = textIn(task, 'assignedAt') ?? task.createdAt;
  const dueDate = textIn(task, 'dueDate');
  const facts = { dueDate, priority: textIn(task, 'priority') };
  const isGiven = isMine && giver !== null && giver !== me;
  if (isGiven && isOpen(task)) {
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
    for (const { type, at, set } of taskMoments(task, world.zone))
      found.push({ key: `${type} ${task.id} ${set}`, type, at, actorId: null, facts, ...common });
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
