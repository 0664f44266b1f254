// Meetings and calls that are planned: their owner is reminded before they begin (TSK-13).
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import {
  textIn,
  type Notification,
  type NotificationOrigin,
  type NotificationWorld,
} from '#shared/notifications/notification.ts';

const LEAD_MS = 15 * 60_000;
const CLOCKS_MS = 5 * 60_000;
const planned: readonly unknown[] = ['call', 'meeting', 'demo'];

function deriveActivity({ actor }: NotificationWorld, activity: AnyRecord): readonly Notification[] {
  const occurredAt = textIn(activity, 'occurredAt');
  if (occurredAt === null || activity.ownerId !== actor.userId) return [];
  // Logged afterwards, it was no plan; the clocks of the computer and the server may differ by a little.
  if (toEpochMs(occurredAt) <= toEpochMs(activity.createdAt) + CLOCKS_MS) return [];
  if (!planned.includes(activity['activityType'])) return [];
  return [
    {
      key: `customer.reminder ${activity.id} ${occurredAt}`,
      type: 'customer.reminder',
      at: toInstant(toEpochMs(occurredAt) - LEAD_MS),
      subject: { entity: 'activity', id: activity.id },
      title: textIn(activity, 'subject') ?? '',
      actorId: null,
      facts: { kind: 'meeting', when: occurredAt },
    },
  ];
}

export const activityOrigin: NotificationOrigin = {
  entity: 'activity',
  derive: deriveActivity,
  momentOf: (activity) => textIn(activity, 'occurredAt'),
};
