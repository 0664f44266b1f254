import { isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import { textOrNull, type TimelineSource } from '#shared/timeline/timeline-event.ts';

/** Moves of a deal between stages, and what else became of what it is worth. Whoever did it stays named when the deal goes to somebody else. */
export const stages: TimelineSource = {
  entities: ['stageChange'],
  eventsOf(records, { entity, id }) {
    if (entity !== 'deal') return [];
    return records.find('stageChange', 'dealId', id).map((record) => ({
      id: `stageChange ${record.id}`,
      kind: isMoveEntry(record) ? 'stage' : 'change',
      at: textOrNull(record['occurredAt']) ?? record.createdAt,
      actorId: record.createdBy ?? record.ownerId,
      source: 'user',
      record,
      about: { entity, id },
    }));
  },
};
