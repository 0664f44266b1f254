import type { RecordReference } from '#shared/access/parent-record.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import {
  textOrNull,
  type TimelineEvent,
  type TimelineRecords,
  type TimelineSource,
} from '#shared/timeline/timeline-event.ts';

/** The record was created; a lead became something else. */
export const beginnings: TimelineSource = {
  entities: ['account', 'contact', 'lead', 'deal'],
  eventsOf<Row extends AnyRecord>(records: TimelineRecords<Row>, { entity, id }: RecordReference) {
    const record = records.get(entity, id);
    if (record === undefined) return [];
    const about = { entity, id };
    const created: TimelineEvent<Row> = {
      id: `created ${id}`,
      kind: 'created',
      at: record.createdAt,
      actorId: record.createdBy ?? record.ownerId,
      source: 'user',
      record,
      about,
    };
    const convertedAt = entity === 'lead' ? textOrNull(record['convertedAt']) : null;
    if (convertedAt === null) return [created];
    const actorId = textOrNull(record['convertedBy']) ?? record.ownerId;
    return [
      created,
      {
        id: `conversion ${id}`,
        kind: 'conversion' as const,
        at: convertedAt,
        actorId,
        source: 'user' as const,
        record,
        about,
      },
    ];
  },
};
