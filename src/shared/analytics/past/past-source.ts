// The records as they were at the end of a past day, as a source like any other: whatever is calculated from records is
// calculated from it the same way. Deals are what they were then; of everything else those count that were there, with the
// values of today, because nothing tells others.
import type { PastDeals } from '#shared/analytics/past/deal-past.ts';
import type { Moment } from '#shared/analytics/past/deal-on-day.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { RecordChange, RecordSource } from '#shared/query/record-source.ts';

/** What the past is put together from, beside the records asked about. */
export const pastEntities: readonly EntityName[] = ['deal', 'stageChange', 'user'];

/** `asked`: the entity whose records are asked about. Others are only looked up, and are there as they are today. */
export function createPastSource(source: RecordSource, deals: PastDeals, asked: EntityName): RecordSource {
  const { moment } = deals;
  let kept: Map<string, AnyRecord> | null = null;

  function keep(): Map<string, AnyRecord> {
    const made = new Map<string, AnyRecord>();
    for (const [id, record] of source.all(asked)) if (wasThere(record, moment)) made.set(id, record);
    return made;
  }

  function narrow(change: RecordChange): readonly RecordChange[] {
    if (change.entity !== asked || asked === 'deal') return [change];
    if (kept === null) return [];
    const { id } = change;
    const before = kept.get(id);
    const after = change.after !== undefined && wasThere(change.after, moment) ? change.after : undefined;
    if (before === after) return [];
    if (after === undefined) kept.delete(id);
    else kept.set(id, after);
    return [{ entity: asked, id, before, after }];
  }

  return {
    get: (entity, id) => (entity === 'deal' ? deals.all().get(id) : source.get(entity, id)),
    all(entity) {
      if (entity === 'deal') return deals.all();
      return entity === asked ? (kept ??= keep()) : source.all(entity);
    },
    subscribe: (listener) =>
      deals.subscribe((changes) => {
        const narrowed = changes.flatMap(narrow);
        if (narrowed.length > 0) listener(narrowed);
      }),
  };
}

/** An entry of the history belongs to the day of what it tells, everything else to the day it was made. */
function wasThere(record: AnyRecord, { endMs, endInstant }: Moment): boolean {
  const occurredAt = record.kind === 'stageChange' ? record['occurredAt'] : undefined;
  if (typeof occurredAt === 'string') return toEpochMs(occurredAt) < endMs;
  return record.createdAt !== '' && record.createdAt < endInstant;
}

/** The first day anything is known of; null without records. */
export function firstDayOf(source: RecordSource, asked: EntityName): string | null {
  let first: string | null = null;
  for (const record of source.all(asked).values()) {
    const day = record['openedAt'] ?? record['occurredAt'] ?? record.createdAt;
    if (typeof day === 'string' && day !== '' && (first === null || day < first)) first = day;
  }
  return first === null ? null : first.slice(0, 10);
}
