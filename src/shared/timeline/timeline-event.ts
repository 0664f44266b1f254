// What happened to a record, as one list over everything that tells of it. An event is a record that is there anyway, with
// what every event has: its kind, who did it, when it happened and what made it happen. Nothing of it is stored.
import type { RecordReference } from '#shared/access/parent-record.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';

/** Kinds in the order in which a screen offers them. */
export const eventKinds = [
  'call',
  'meeting',
  'email',
  'note',
  'comment',
  'task',
  'stage',
  'change',
  'file',
  'created',
  'conversion',
  'conflict',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** What made it happen. */
export const eventSources = ['user', 'workflow', 'import', 'api', 'sync'] as const;
export type EventSource = (typeof eventSources)[number];

export interface TimelineEvent<Row extends AnyRecord = AnyRecord> {
  /** The same on every computer, at every time. */
  readonly id: string;
  readonly kind: EventKind;
  readonly at: string;
  readonly actorId: string | null;
  readonly source: EventSource;
  readonly record: Row;
  /** What stood in a mail, when the reader may know it. */
  readonly content?: Row;
  /** What it happened to. */
  readonly about: RecordReference;
}

/** Where the sources of events find records. */
export interface TimelineRecords<Row extends AnyRecord = AnyRecord> {
  get(entity: EntityName, id: string): Row | undefined;
  /** Records whose field has this value. */
  find(entity: EntityName, field: string, value: string): readonly Row[];
}

/** One kind of records that tell of what happened. */
export interface TimelineSource {
  /** Kinds of records it reads: the timeline changes when one of them does. */
  readonly entities: readonly EntityName[];
  /** Everything it knows of one record. What two records tell of is told once, by its id. */
  eventsOf<Row extends AnyRecord>(
    records: TimelineRecords<Row>,
    subject: RecordReference,
  ): readonly TimelineEvent<Row>[];
}

/** Field through which activities, tasks, files and entries of histories name a record of this kind. */
export const linkFields: Readonly<Partial<Record<EntityName, string>>> = {
  account: 'accountId',
  contact: 'contactId',
  deal: 'dealId',
  lead: 'leadId',
};

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function toSource(value: unknown): EventSource {
  return eventSources.find((source) => source === value) ?? 'user';
}
