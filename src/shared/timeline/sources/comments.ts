import { linkFields, type TimelineSource } from '#shared/timeline/timeline-event.ts';

/** What colleagues say to each other about the record. */
export const comments: TimelineSource = {
  entities: ['comment'],
  eventsOf(records, { entity, id }) {
    const field = linkFields[entity];
    if (field === undefined) return [];
    return records.find('comment', field, id).map((record) => ({
      id: `comment ${record.id}`,
      kind: 'comment',
      at: record.createdAt,
      actorId: record.createdBy ?? record.ownerId,
      source: 'user',
      record,
      about: { entity, id },
    }));
  },
};
