// A question about a timeline: some kinds, one person, some words, and the part of it that is in sight. The answer says how
// many events there are on each day, so that a screen can lay out all of them while it holds a few.
import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { changedFieldsOf, isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import { subjectOfChange } from '#shared/entities/field-change/kept-changes.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { isOnTimeline, type TimelineRules } from '#shared/timeline/noisy-fields.ts';
import type { EventKind, TimelineEvent } from '#shared/timeline/timeline-event.ts';

export interface TimelineFilter {
  /** Empty: all kinds. */
  readonly kinds: readonly EventKind[];
  readonly personId: string | null;
  /** Words that all occur. */
  readonly text: string;
  /** Fields, as `entity.field`, whose label has the words in it: only a screen knows labels. */
  readonly textFields: readonly string[];
  /** Changes of fields that are left out otherwise. */
  readonly withHidden: boolean;
}

export interface TimelineCounts {
  readonly total: number;
  /** Newest first. */
  readonly days: readonly { readonly day: string; readonly count: number }[];
  /** Of everything, whatever is asked for. */
  readonly kinds: Readonly<Partial<Record<EventKind, number>>>;
  readonly people: readonly string[];
  /** Changes that are left out because of their fields. */
  readonly hidden: number;
}

/** Fields of a change this user sees and wants to see, as `entity.field`; null for what is no change of fields. */
export function fieldsTold(event: TimelineEvent, rules: TimelineRules | null): readonly string[] | null {
  const { record } = event;
  if (record.kind === 'stageChange') {
    if (isMoveEntry(record)) return null;
    return told('deal', changedFieldsOf(record), rules);
  }
  if (record.kind !== 'fieldChange') return null;
  const subject = subjectOfChange(record);
  return subject === null ? [] : told(subject.entity, Object.keys(partOf(record, 'after')), rules);
}

function told(
  entity: 'account' | 'contact' | 'lead' | 'deal',
  fields: readonly string[],
  rules: TimelineRules | null,
): readonly string[] {
  const wanted = rules === null ? fields : fields.filter((field) => isOnTimeline(rules, entities[entity], field));
  return wanted.map((field) => `${entity}.${field}`);
}

function partOf(record: AnyRecord, part: 'before' | 'after'): Readonly<Record<string, unknown>> {
  const values = record[part];
  return isPlainObject(values) ? values : {};
}

const searched = ['subject', 'body', 'name', 'title', 'text', 'company'] as const;
const searchedInMails = ['fromName', 'fromAddress'] as const;
const searchedInContents = ['subject', 'excerpt'] as const;

function valuesOf({ record, content }: TimelineEvent): readonly unknown[] {
  if (record.kind === 'fieldChange')
    return [...Object.values(partOf(record, 'before')), ...Object.values(partOf(record, 'after'))];
  if (record.kind !== 'mailMessage') return searched.map((field) => record[field]);
  const recipients: readonly unknown[] = Array.isArray(record['recipients']) ? record['recipients'] : [];
  return [
    ...searchedInMails.map((field) => record[field]),
    ...recipients.flatMap((each) => (isPlainObject(each) ? [each['name'], each['address']] : [])),
    ...searchedInContents.map((field) => content?.[field]),
  ];
}

function wordsOf(event: TimelineEvent): string {
  return valuesOf(event)
    .flat()
    .map((value) =>
      typeof value === 'string' || typeof value === 'number' ? String(value) : (maskedTextOf(value) ?? ''),
    )
    .join('\n')
    .toLowerCase();
}

/** The events a question leaves, and what there is to choose from. */
export function askTimeline<Row extends AnyRecord>(
  all: readonly TimelineEvent<Row>[],
  filter: TimelineFilter,
  rules: TimelineRules,
  dayOf: (instant: string) => string,
): { readonly events: readonly TimelineEvent<Row>[]; readonly counts: TimelineCounts } {
  const kinds: Partial<Record<EventKind, number>> = {};
  const people = new Set<string>();
  const days = new Map<string, number>();
  const wanted = new Set(filter.kinds);
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const named = new Set(filter.textFields);
  const events: TimelineEvent<Row>[] = [];
  let hidden = 0;
  for (const event of all) {
    const fields = fieldsTold(event, null);
    // Nothing of it is for this user, whatever is chosen.
    if (fields !== null && fields.length === 0) continue;
    if (fields !== null && fieldsTold(event, rules)?.length === 0) {
      hidden += 1;
      if (!filter.withHidden) continue;
    }
    kinds[event.kind] = (kinds[event.kind] ?? 0) + 1;
    if (event.actorId !== null) people.add(event.actorId);
    if (wanted.size > 0 && !wanted.has(event.kind)) continue;
    if (filter.personId !== null && event.actorId !== filter.personId) continue;
    if (words.length > 0 && !(fields?.some((field) => named.has(field)) ?? false)) {
      const text = wordsOf(event);
      if (!words.every((word) => text.includes(word))) continue;
    }
    events.push(event);
    const day = dayOf(event.at);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return {
    events,
    counts: {
      total: events.length,
      days: [...days].map(([day, count]) => ({ day, count })),
      kinds,
      people: [...people],
      hidden,
    },
  };
}
