import { linkFields, type TimelineSource } from '#shared/timeline/timeline-event.ts';

/** Files that were attached. */
export const files: TimelineSource = {
  entities: ['file'],
  eventsOf(records, { entity, id }) {
    const field = linkFields[entity];
    if (field === undefined) return [];
    return records.find('file', field, id).map((record) => ({
      id: `file ${record.id}`,
      kind: 'file',
      at: record.createdAt,
      actorId: record.ownerId ?? record.createdBy,
      source: 'user',
      record,
      about: { entity, id },
    }));
  },
};
