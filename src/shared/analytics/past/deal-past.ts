// The deals as they were at the end of past days. A day is put together when it is first asked for, kept, and moved by each
// change: an edit that travels late, a deleted deal, a name that was mended.
import { createDealEntries, type DealEntries } from '#shared/analytics/past/deal-entries.ts';
import { dealOnDay, type Moment } from '#shared/analytics/past/deal-on-day.ts';
import { endOfDay } from '#shared/analytics/past/end-of-day.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { RecordChange, RecordSource } from '#shared/query/record-source.ts';

export interface PastDeals {
  readonly moment: Moment;
  all(): ReadonlyMap<string, AnyRecord>;
  /** Told all changes of the records, those of deals as they are on that day. */
  subscribe(listener: (changes: readonly RecordChange[]) => void): () => void;
}

export interface DealPast {
  on(day: Day): PastDeals;
  readonly entries: DealEntries;
  teamOf(userId: string): string | null;
  stop(): void;
}

/** Days nobody follows that are kept for the next question. */
const KEPT_DAYS = 4;

interface KnownDay extends PastDeals {
  readonly listeners: Set<(changes: readonly RecordChange[]) => void>;
  /** What happened to these deals, and to everything else. */
  tell(dealIds: ReadonlySet<string>, others: readonly RecordChange[]): void;
  /** Deals of that day which belonged to a user then, and to another today. */
  handedFrom(userIds: ReadonlySet<string>): readonly string[];
}

/** `dayOf`: the day of an instant where somebody looks. */
export function createDealPast(source: RecordSource, dayOf: (epochMs: number) => Day): DealPast {
  const entries = createDealEntries(source);
  const days = new Map<Day, KnownDay>();
  const teamOf = (userId: string): string | null => {
    const teamId = source.get('user', userId)?.teamId;
    return typeof teamId === 'string' ? teamId : null;
  };

  const unsubscribe = source.subscribe((changes) => {
    const dealIds = new Set<string>();
    const moved = new Set<string>();
    for (const { entity, id, before, after } of changes) {
      if (entity === 'deal') dealIds.add(id);
      if (entity === 'user' && before?.teamId !== after?.teamId) moved.add(id);
      if (entity !== 'stageChange') continue;
      entries.change(before, after);
      for (const entry of [before, after]) if (entry !== undefined) dealIds.add(String(entry['dealId']));
    }
    if (days.size === 0) return;
    const others = changes.filter(({ entity }) => entity !== 'deal');
    for (const day of days.values()) day.tell(new Set([...dealIds, ...day.handedFrom(moved)]), others);
  });

  function forget(): void {
    for (const [day, { listeners }] of days) {
      if (days.size <= KEPT_DAYS) return;
      if (listeners.size === 0) days.delete(day);
    }
  }

  return {
    entries,
    teamOf,
    on(day) {
      const known = days.get(day) ?? createKnownDay(source, entries, endOfDay(day, dayOf), teamOf);
      days.delete(day);
      days.set(day, known);
      forget();
      return known;
    },
    stop() {
      unsubscribe();
      days.clear();
    },
  };
}

function createKnownDay(
  source: RecordSource,
  entries: DealEntries,
  moment: Moment,
  teamOf: (userId: string) => string | null,
): KnownDay {
  let deals: Map<string, AnyRecord> | null = null;
  const listeners = new Set<(changes: readonly RecordChange[]) => void>();

  function putTogether(): Map<string, AnyRecord> {
    const made = new Map<string, AnyRecord>();
    for (const [id, deal] of source.all('deal')) {
      const then = dealOnDay(deal, entries.of(id), moment, teamOf);
      if (then !== null) made.set(id, then);
    }
    return made;
  }

  function move(known: Map<string, AnyRecord>, id: string): RecordChange | null {
    const deal = source.get('deal', id);
    const before = known.get(id);
    const after = deal === undefined ? undefined : (dealOnDay(deal, entries.of(id), moment, teamOf) ?? undefined);
    if (before === after) return null;
    if (after === undefined) known.delete(id);
    else known.set(id, after);
    return { entity: 'deal', id, before, after };
  }

  return {
    moment,
    listeners,
    all: () => (deals ??= putTogether()),
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell(dealIds, others) {
      const changes = [...others];
      for (const id of deals === null ? [] : dealIds) {
        const change = deals === null ? null : move(deals, id);
        if (change !== null) changes.push(change);
      }
      if (changes.length > 0) for (const listener of listeners) listener(changes);
    },
    handedFrom(userIds) {
      if (userIds.size === 0 || deals === null) return [];
      return [...deals.values()]
        .filter((then) => then !== source.get('deal', then.id) && userIds.has(String(then.ownerId)))
        .map(({ id }) => id);
    },
  };
}
