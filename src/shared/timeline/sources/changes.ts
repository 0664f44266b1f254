import { historySubjects, isHistorySubject } from '#shared/entities/field-change/kept-changes.ts';
import { textOrNull, toSource, type TimelineSource } from '#shared/timeline/timeline-event.ts';

/** Fields that got another value. */
export const changes: TimelineSource = {
  entities: ['fieldChange'],
  eventsOf(records, { entity, id }) {
    if (!isHistorySubject(entity)) return [];
    return records.find('fieldChange', historySubjects[entity], id).map((record) => ({
      id: `fieldChange ${record.id}`,
      kind: 'change',
      at: textOrNull(record['occurredAt']) ?? record.createdAt,
      actorId: record.createdBy,
      source: toSource(record['source']),
      record,
      about: { entity, id },
    }));
  },
};
