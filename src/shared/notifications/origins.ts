// Every kind of record notifications come from. A part of the product that has something to tell adds its origin here.
import { activityOrigin } from '#shared/notifications/sources/activity-notices.ts';
import { commentOrigin } from '#shared/notifications/sources/comment-notices.ts';
import { dealEntryOrigin, dealOrigin } from '#shared/notifications/sources/deal-notices.ts';
import { announcementOrigin, importOrigin } from '#shared/notifications/sources/system-notices.ts';
import { taskOrigin } from '#shared/notifications/sources/task-notices.ts';
import type { NotificationOrigin } from '#shared/notifications/notification.ts';

export const notificationOrigins: readonly NotificationOrigin[] = [
  taskOrigin,
  dealEntryOrigin,
  dealOrigin,
  activityOrigin,
  commentOrigin,
  importOrigin,
  announcementOrigin,
];
