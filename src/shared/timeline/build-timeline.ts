// The timeline of a record: everything its sources tell of it and of what belongs to its story, each thing once, newest first.
// A source is a file in `sources/`; another kind of events is another file there and a line here.
import type { RecordReference } from '#shared/access/parent-record.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { activities } from '#shared/timeline/sources/activities.ts';
import { beginnings } from '#shared/timeline/sources/beginnings.ts';
import { changes } from '#shared/timeline/sources/changes.ts';
import { comments } from '#shared/timeline/sources/comments.ts';
import { conflicts } from '#shared/timeline/sources/conflicts.ts';
import { files } from '#shared/timeline/sources/files.ts';
import { mails } from '#shared/timeline/sources/mails.ts';
import { stages } from '#shared/timeline/sources/stages.ts';
import { tasks } from '#shared/timeline/sources/tasks.ts';
import type { TimelineEvent, TimelineRecords, TimelineSource } from '#shared/timeline/timeline-event.ts';

const sources: readonly TimelineSource[] = [
  activities,
  mails,
  comments,
  tasks,
  stages,
  changes,
  files,
  conflicts,
  beginnings,
];

/** Kinds of records a timeline is made of. */
export const timelineEntities: readonly EntityName[] = [...new Set(sources.flatMap(({ entities }) => entities))];

/** Records whose events belong to the story of another: an account's are those of its people and its deals, too. */
const partsOf: Readonly<Partial<Record<EntityName, readonly (readonly [EntityName, string])[]>>> = {
  account: [
    ['contact', 'accountId'],
    ['deal', 'accountId'],
    ['lead', 'convertedAccountId'],
  ],
  contact: [
    ['deal', 'primaryContactId'],
    ['lead', 'convertedContactId'],
  ],
  deal: [['lead', 'convertedDealId']],
};

function subjectsOf(records: TimelineRecords, subject: RecordReference): readonly RecordReference[] {
  const parts = (partsOf[subject.entity] ?? []).flatMap(([entity, field]) =>
    records.find(entity, field, subject.id).map(({ id }) => ({ entity, id })),
  );
  return [subject, ...parts];
}

/** What another system calls an activity. Brought along twice, it happened once. */
function keyOf({ id, kind, record }: TimelineEvent): string {
  const externalId = record['externalId'];
  return record.kind === 'activity' && typeof externalId === 'string' && externalId !== ''
    ? `${kind} ${externalId}`
    : id;
}

function newestFirst(left: TimelineEvent, right: TimelineEvent): number {
  if (left.at !== right.at) return left.at > right.at ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}

export function buildTimeline<Row extends AnyRecord>(
  records: TimelineRecords<Row>,
  subject: RecordReference,
): readonly TimelineEvent<Row>[] {
  const events = new Map<string, TimelineEvent<Row>>();
  for (const each of subjectsOf(records, subject)) {
    for (const source of sources) {
      for (const event of source.eventsOf(records, each)) {
        const key = keyOf(event);
        if (!events.has(key)) events.set(key, event);
      }
    }
  }
  return [...events.values()].sort(newestFirst);
}
