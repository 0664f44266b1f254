import { textOrNull, type TimelineSource } from '#shared/timeline/timeline-event.ts';

/** Two people changed the same value: from the day that was found, and once decided, on the day it was. */
export const conflicts: TimelineSource = {
  entities: ['conflict'],
  eventsOf(records, { entity, id }) {
    return records
      .find('conflict', 'subjectId', id)
      .filter((record) => record['subjectEntity'] === entity)
      .map((record) => {
        const resolvedAt = record['state'] === 'resolved' ? textOrNull(record['resolvedAt']) : null;
        return {
          id: `conflict ${record.id}`,
          kind: 'conflict',
          at: resolvedAt ?? record.createdAt,
          actorId: resolvedAt === null ? textOrNull(record['lostBy']) : textOrNull(record['resolvedBy']),
          source: 'sync',
          record,
          about: { entity, id },
        };
      });
  },
};
