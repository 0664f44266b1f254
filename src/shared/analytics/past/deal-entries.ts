// The stage history of every deal, whole entries in the order in which they were accepted: each goes on where the last one
// ended, also when an edit made offline arrives late. Entries that are not sent yet come last. Built when it is first asked
// for, then moved by each change.
import type { DatedEntry } from '#shared/analytics/past/deal-on-day.ts';
import { isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { isPendingRecord, type RecordSource } from '#shared/query/record-source.ts';

export interface DealEntries {
  of(dealId: string): readonly DatedEntry[];
  /** Takes in an entry that was changed, came or went. */
  change(before: AnyRecord | undefined, after: AnyRecord | undefined): void;
  /** Since when changes between two moves are told, in milliseconds; null when none is. */
  firstWithoutMoveMs(): number | null;
}

const nothing: readonly DatedEntry[] = [];

function isAfter(left: DatedEntry, right: DatedEntry): boolean {
  const [isLeftUnsent, isRightUnsent] = [isPendingRecord(left.record), isPendingRecord(right.record)];
  if (isLeftUnsent !== isRightUnsent) return isLeftUnsent;
  const [leftAt, rightAt] = [left.record.createdAt, right.record.createdAt];
  return leftAt === rightAt ? left.atMs > right.atMs : leftAt > rightAt;
}

export function createDealEntries(source: RecordSource): DealEntries {
  let all: Map<string, DatedEntry[]> | null = null;
  let firstMs: number | null = null;

  function add(known: Map<string, DatedEntry[]>, record: AnyRecord): void {
    const dealId = record['dealId'];
    const entry: DatedEntry = { atMs: toEpochMs(String(record['occurredAt'])), record };
    if (typeof dealId !== 'string' || Number.isNaN(entry.atMs)) return;
    if (!isMoveEntry(record) && entry.atMs < (firstMs ?? Number.POSITIVE_INFINITY)) firstMs = entry.atMs;
    const entries = known.get(dealId);
    if (entries === undefined) {
      known.set(dealId, [entry]);
      return;
    }
    // Histories mostly arrive in order.
    let place = entries.length;
    for (; place > 0; place -= 1) {
      const before = entries[place - 1];
      if (before === undefined || !isAfter(before, entry)) break;
    }
    entries.splice(place, 0, entry);
  }

  function build(): Map<string, DatedEntry[]> {
    const known = new Map<string, DatedEntry[]>();
    for (const record of source.all('stageChange').values()) add(known, record);
    return known;
  }

  return {
    of: (dealId) => (all ??= build()).get(dealId) ?? nothing,
    change(before, after) {
      if (all === null) return;
      const dealId = String(before?.['dealId']);
      if (before !== undefined) {
        all.set(
          dealId,
          (all.get(dealId) ?? []).filter(({ record }) => record.id !== before.id),
        );
      }
      if (after !== undefined) add(all, after);
    },
    firstWithoutMoveMs() {
      all ??= build();
      return firstMs;
    },
  };
}
