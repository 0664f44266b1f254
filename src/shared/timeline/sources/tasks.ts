import { aboutOf } from '#shared/timeline/sources/activities.ts';
import { linkFields, textOrNull, type TimelineSource } from '#shared/timeline/timeline-event.ts';

/** What is to be done, from the day it was written down; what was done, on the day it was. */
export const tasks: TimelineSource = {
  entities: ['task'],
  eventsOf(records, { entity, id }) {
    const field = linkFields[entity];
    if (field === undefined) return [];
    return records.find('task', field, id).map((record) => {
      const doneAt = textOrNull(record['completedAt']);
      return {
        id: `task ${record.id}`,
        kind: 'task',
        at: doneAt ?? record.createdAt,
        actorId:
          doneAt === null
            ? (record.createdBy ?? record.ownerId)
            : (textOrNull(record['completedBy']) ?? record.ownerId),
        source: 'user',
        record,
        about: aboutOf(record),
      };
    });
  },
};
