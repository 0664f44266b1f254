// What is not about business: imports that ended, and what somebody or the server announced (TSK-10 to TSK-13).
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import {
  numberIn,
  textIn,
  type Notification,
  type NotificationOrigin,
  type NotificationWorld,
} from '#shared/notifications/notification.ts';
import type { NotificationType } from '#shared/notifications/notification-types.ts';

function deriveImport({ actor }: NotificationWorld, job: AnyRecord): readonly Notification[] {
  const state = job['state'];
  const at = textIn(job, 'finishedAt') ?? job.updatedAt;
  if (job.ownerId !== actor.userId || (state !== 'done' && state !== 'failed')) return [];
  return [
    {
      key: `system.import ${job.id}`,
      type: 'system.import',
      at,
      subject: { entity: 'importJob', id: job.id },
      title: textIn(job, 'fileName') ?? '',
      actorId: null,
      facts: {
        state,
        created: numberIn(job, 'createdCount') ?? 0,
        updated: numberIn(job, 'updatedCount') ?? 0,
        failed: numberIn(job, 'failedCount') ?? 0,
      },
    },
  ];
}

const typeOfTopic: Readonly<Record<string, NotificationType>> = {
  team: 'team.alert',
  maintenance: 'system.maintenance',
  feature: 'system.feature',
  security: 'system.security',
};

/** Administrators see every announcement, but hear those of their own teams. */
function hears({ actor }: NotificationWorld, said: AnyRecord): boolean {
  if (said['sharing'] === 'organization') return true;
  if (said['sharing'] === 'person') return said.ownerId === actor.userId;
  return said.teamId !== null && actor.teamIds.includes(said.teamId);
}

function deriveAnnouncement(world: NotificationWorld, said: AnyRecord): readonly Notification[] {
  const type = typeOfTopic[textIn(said, 'topic') ?? ''];
  const isFromServer = said['sharing'] === 'person';
  if (type === undefined || !hears(world, said)) return [];
  if (!isFromServer && said.createdBy === world.actor.userId) return [];
  return [
    {
      key: `${type} ${said.id}`,
      type,
      at: said.createdAt,
      subject: null,
      title: textIn(said, 'title') ?? '',
      actorId: isFromServer ? null : said.createdBy,
      facts: { text: textIn(said, 'text'), urgent: said['isUrgent'] === true ? 1 : 0 },
    },
  ];
}

export const importOrigin: NotificationOrigin = { entity: 'importJob', derive: deriveImport };
export const announcementOrigin: NotificationOrigin = {
  entity: 'announcement',
  derive: deriveAnnouncement,
  momentOf: (said) => said.createdAt,
};
