import type { AnyRecord } from '#shared/entities/define-entity.ts';
import {
  linkFields,
  textOrNull,
  type EventKind,
  type TimelineEvent,
  type TimelineSource,
} from '#shared/timeline/timeline-event.ts';

const kinds: Readonly<Record<string, EventKind>> = {
  call: 'call',
  meeting: 'meeting',
  demo: 'meeting',
  email: 'email',
  letter: 'email',
};

/** Calls, meetings, mails and notes that somebody logged; a contact's also those it took part in. */
export const activities: TimelineSource = {
  entities: ['activity'],
  eventsOf(records, { entity, id }) {
    const field = linkFields[entity];
    return field === undefined ? [] : records.find('activity', field, id).map((record) => toEvent(record));
  },
};

function toEvent<Row extends AnyRecord>(record: Row): TimelineEvent<Row> {
  return {
    id: `activity ${record.id}`,
    kind: kinds[String(record['activityType'])] ?? 'note',
    at: textOrNull(record['occurredAt']) ?? record.createdAt,
    actorId: record.ownerId ?? record.createdBy,
    source: 'user',
    record,
    about: aboutOf(record),
  };
}

/** The most special of the records something is about. */
export function aboutOf(record: AnyRecord): TimelineEvent['about'] {
  for (const entity of ['deal', 'lead', 'contact', 'account'] as const) {
    const id = textOrNull(record[linkFields[entity] ?? '']);
    if (id !== null) return { entity, id };
  }
  return { entity: record.kind, id: record.id };
}
