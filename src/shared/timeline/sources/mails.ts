import { contentIdOf } from '#shared/entities/mail-message/commands.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import {
  linkFields,
  textOrNull,
  type TimelineEvent,
  type TimelineRecords,
  type TimelineSource,
} from '#shared/timeline/timeline-event.ts';

/** Fields through which a mail names its records; with several contacts it is on the timeline of each of them. */
function fieldsOf(entity: EntityName): readonly string[] {
  const field = linkFields[entity];
  if (field === undefined) return [];
  return entity === 'contact' ? [field, 'contactIds'] : [field];
}

/**
 * Mail that is kept with the record. It lies in the mailbox of everybody it went to and is told once; what stood in it comes
 * along when the reader holds it, from whoever's mailbox that may be.
 */
export const mails: TimelineSource = {
  entities: ['mailMessage', 'mailContent'],
  eventsOf(records, { entity, id }) {
    const found = fieldsOf(entity).flatMap((field) => records.find('mailMessage', field, id));
    return found.map((record) => toEvent(records, record, { entity, id }));
  },
};

function toEvent<Row extends AnyRecord>(
  records: TimelineRecords<Row>,
  found: Row,
  about: TimelineEvent['about'],
): TimelineEvent<Row> {
  const mailKey = textOrNull(found['mailKey']);
  const copies = mailKey === null ? [found] : records.find('mailMessage', 'mailKey', mailKey);
  const sent = copies.find((copy) => copy['direction'] === 'outbound');
  const readable = copies.flatMap((record) => {
    const content = records.get('mailContent', contentIdOf(record.id));
    return content === undefined ? [] : [{ record, content }];
  });
  const [told = { record: sent ?? found }] = readable.toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1));
  return {
    id: `mail ${mailKey ?? found.id}`,
    kind: 'email',
    at: textOrNull(told.record['sentAt']) ?? told.record.createdAt,
    // Who wrote to us is none of us.
    actorId: sent?.ownerId ?? null,
    source: 'user',
    about,
    ...told,
  };
}
