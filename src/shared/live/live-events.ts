// The eleven events of TSK-15. A device raises them itself, from what it pulled and from its live socket: the server never
// sends an event, so no event can say more than the records its user may see. Only maintenance is what somebody announced.

interface OfRecord {
  /** The same change has the same id, however often it is seen. */
  readonly id: string;
  /** When it happened, by the server's clock. */
  readonly at: string;
  /** Who did it; null when that is not known here. */
  readonly actorId: string | null;
}

export interface TaskAssignedEvent extends OfRecord {
  readonly type: 'task.assigned';
  readonly taskId: string;
  readonly assigneeId: string | null;
  /** Null: nobody, or the task is new here. */
  readonly previousAssigneeId: string | null;
}
export interface TaskUpdatedEvent extends OfRecord {
  readonly type: 'task.updated';
  readonly taskId: string;
  readonly fields: readonly string[];
}
export interface TaskCompletedEvent extends OfRecord {
  readonly type: 'task.completed';
  readonly taskId: string;
}
export interface OpportunityStageEvent extends OfRecord {
  readonly type: 'opportunity.stage_changed';
  readonly dealId: string;
  readonly fromStageId: string | null;
  readonly toStageId: string;
}
export interface OpportunityValueEvent extends OfRecord {
  readonly type: 'opportunity.value_updated';
  readonly dealId: string;
  /** Minor units. */
  readonly fromAmount: number | null;
  readonly toAmount: number | null;
  readonly currency: string | null;
}
export interface OpportunityAssignedEvent extends OfRecord {
  readonly type: 'opportunity.assigned';
  readonly dealId: string;
  readonly ownerId: string | null;
  readonly previousOwnerId: string | null;
}
/** A conflict, or an announcement, for the people it concerns. What else is in an inbox follows from the events above. */
export interface NotificationEvent extends OfRecord {
  readonly type: 'notification.new';
  readonly notificationId: string;
  /** The record it is about. */
  readonly subjectEntity: string;
  readonly subjectId: string;
}
export interface NotificationReadEvent extends OfRecord {
  readonly type: 'notification.read';
  readonly notificationId: string;
  readonly subjectEntity: string;
  readonly subjectId: string;
}
interface OfMoment {
  readonly id: string;
  readonly at: string;
}
export interface UserOnlineEvent extends OfMoment {
  readonly type: 'user.online';
  readonly userId: string;
}
export interface UserOfflineEvent extends OfMoment {
  readonly type: 'user.offline';
  readonly userId: string;
}
/** The server stopped in good order, and is back. */
interface MaintenanceNowEvent extends OfMoment {
  readonly type: 'system.maintenance';
  readonly state: 'started' | 'ended' | 'cancelled';
}
/** Somebody who may said before when that will be. */
interface MaintenanceAnnouncedEvent extends OfMoment {
  readonly type: 'system.maintenance';
  readonly state: 'announced';
  readonly from: string;
  readonly until: string;
  readonly text: string;
}
export type MaintenanceEvent = MaintenanceNowEvent | MaintenanceAnnouncedEvent;

export type LiveEvent =
  | TaskAssignedEvent
  | TaskUpdatedEvent
  | TaskCompletedEvent
  | OpportunityStageEvent
  | OpportunityValueEvent
  | OpportunityAssignedEvent
  | NotificationEvent
  | NotificationReadEvent
  | UserOnlineEvent
  | UserOfflineEvent
  | MaintenanceEvent;
export type LiveEventType = LiveEvent['type'];

/** The record an event is about; null for one about a person or the server. */
export function recordOfEvent(event: LiveEvent): string | null {
  if ('taskId' in event) return event.taskId;
  if ('dealId' in event) return event.dealId;
  return 'notificationId' in event ? event.notificationId : null;
}
