// What a changed record means for its reader, from the version before and the version now. Both are projections: what the
// reader may not see is in neither, and a masked value is no value, so no event tells of it. A change that was already on
// the screen was made on this device and is no news.
import { isMasked } from '#shared/access/field-policy.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { task as taskDefinition } from '#shared/entities/task/task.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';

export interface RecordStep {
  /** The server's projection before; null when the record was not here. */
  readonly before: AnyRecord | null;
  /** What was on the screen before: `before` with unsent work on top. */
  readonly shown: AnyRecord | null;
  /** The server's projection now; null when it is gone or out of sight. */
  readonly after: AnyRecord | null;
  readonly viewerId: string;
  /** It came with the answer to a push of this device: then the last author is this user, whoever changed what else. */
  readonly isAnswer: boolean;
}

/** Fields of a task that have an event of their own, or follow from one. */
const notUpdates: ReadonlySet<string> = new Set(['ownerId', 'teamId', 'completedAt', 'completedBy', 'assignedBy']);

/** Events of one record, in a fixed order; none for kinds of records without events. */
export function deriveEvents(step: RecordStep): readonly LiveEvent[] {
  const { after } = step;
  if (after === null) return [];
  if (after.kind === 'deal') return dealEvents(step, after);
  if (after.kind === 'task') return taskEvents(step, after);
  if (after.kind === 'announcement') return announcementEvents(step, after);
  if (after.kind === 'notificationMark') return markEvents(step, after);
  return after.kind === 'conflict' ? notificationEvents(step, after) : [];
}

function commonOf({ viewerId, isAnswer }: RecordStep, type: string, after: AnyRecord) {
  const author = after.updatedBy;
  return {
    id: `${type} ${after.id} ${after.rev}`,
    at: after.updatedAt,
    actorId: isAnswer && author === viewerId ? null : author,
  };
}

/** Did this field change, visibly, by another hand than the one at this device? */
function isNews({ before, shown }: RecordStep, after: AnyRecord, field: string): boolean {
  if (before === null || !Object.hasOwn(before, field) || !Object.hasOwn(after, field)) return false;
  if (isMasked(before[field]) || isMasked(after[field]) || isJsonEqual(before[field], after[field])) return false;
  return shown === null || !isJsonEqual(shown[field], after[field]);
}

/** New here, mine, and given to me by somebody else. */
function isGivenToMe({ before, shown, viewerId }: RecordStep, after: AnyRecord): boolean {
  if (before !== null || shown !== null) return false;
  return after.ownerId === viewerId && after.updatedBy !== null && after.updatedBy !== viewerId;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function dealEvents(step: RecordStep, after: AnyRecord): readonly LiveEvent[] {
  const events: LiveEvent[] = [];
  const { before } = step;
  const toStageId = textOrNull(after['stageId']);
  if (isNews(step, after, 'stageId') && toStageId !== null) {
    const type = 'opportunity.stage_changed';
    const fromStageId = textOrNull(before?.['stageId']);
    events.push({ type, ...commonOf(step, type, after), dealId: after.id, fromStageId, toStageId });
  }
  if (isNews(step, after, 'amount')) {
    const type = 'opportunity.value_updated';
    const amountOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
    events.push({
      type,
      ...commonOf(step, type, after),
      dealId: after.id,
      fromAmount: amountOf(before?.['amount']),
      toAmount: amountOf(after['amount']),
      currency: textOrNull(after['currency']),
    });
  }
  if (isNews(step, after, 'ownerId') || isGivenToMe(step, after)) {
    const type = 'opportunity.assigned';
    const previousOwnerId = before?.ownerId ?? null;
    events.push({ type, ...commonOf(step, type, after), dealId: after.id, ownerId: after.ownerId, previousOwnerId });
  }
  return events;
}

function taskEvents(step: RecordStep, after: AnyRecord): readonly LiveEvent[] {
  const events: LiveEvent[] = [];
  const taskId = after.id;
  if (isNews(step, after, 'ownerId') || isGivenToMe(step, after)) {
    const type = 'task.assigned';
    const previousAssigneeId = step.before?.ownerId ?? null;
    events.push({ type, ...commonOf(step, type, after), taskId, assigneeId: after.ownerId, previousAssigneeId });
  }
  if (isNews(step, after, 'status') && after['status'] === 'done') {
    const type = 'task.completed';
    return [...events, { type, ...commonOf(step, type, after), taskId }];
  }
  const fields = Object.keys(taskDefinition.fields).filter(
    (field) => !notUpdates.has(field) && isNews(step, after, field),
  );
  if (fields.length > 0) {
    const type = 'task.updated';
    events.push({ type, ...commonOf(step, type, after), taskId, fields });
  }
  return events;
}

/** A conflict concerns the owner of its record and whoever's value lost. */
function notificationEvents(step: RecordStep, after: AnyRecord): readonly LiveEvent[] {
  const { before, viewerId } = step;
  if (![after.ownerId, after['lostBy'], after['subjectOwnerId']].includes(viewerId)) return [];
  const place = {
    notificationId: after.id,
    subjectEntity: textOrNull(after['subjectEntity']) ?? '',
    subjectId: textOrNull(after['subjectId']) ?? '',
  };
  if (before === null && step.shown === null && after['state'] === 'open') {
    const type = 'notification.new';
    return [{ type, ...commonOf(step, type, after), ...place }];
  }
  if (!isNews(step, after, 'state') || after['state'] !== 'resolved') return [];
  const type = 'notification.read';
  return [{ type, ...commonOf(step, type, after), ...place }];
}

/** Something was said to the reader. */
function announcementEvents(step: RecordStep, after: AnyRecord): readonly LiveEvent[] {
  const isNew = step.before === null && step.shown === null;
  if (!isNew || after.createdBy === step.viewerId) return [];
  const type = 'notification.new';
  const place = { notificationId: after.id, subjectEntity: after.kind, subjectId: after.id };
  return [{ type, ...commonOf(step, type, after), ...place }];
}

/** What the reader read or put aside at another computer. */
function markEvents(step: RecordStep, after: AnyRecord): readonly LiveEvent[] {
  const isNew = step.before === null && step.shown === null;
  const isRead = after['act'] === 'read' || after['act'] === 'archived';
  if (!isNew || !isRead || after.ownerId !== step.viewerId) return [];
  const type = 'notification.read';
  const place = { notificationId: after.id, subjectEntity: after.kind, subjectId: after.id };
  return [{ type, ...commonOf(step, type, after), ...place }];
}
