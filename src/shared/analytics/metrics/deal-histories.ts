// The stage history of every deal in the order in which it happened, for figures that are made of many of them. Built
// when it is first asked for, then moved by each change.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import type { HistoryEntry } from '#shared/analytics/metrics/metric-input.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';

export interface DealHistories {
  of(dealId: string): readonly HistoryEntry[];
}

type Kept = HistoryEntry & { readonly id: string };

const nothing: readonly HistoryEntry[] = [];
const dayOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function toEntry(record: AnyRecord): Kept {
  const occurredAt = String(record['occurredAt']);
  return {
    id: record.id,
    toStage: String(record['toStage']),
    toType: String(record['toType']),
    occurredAt,
    atMs: toEpochMs(occurredAt),
    closeDateBefore: dayOrNull(record['closeDateBefore']),
    closeDateAfter: dayOrNull(record['closeDateAfter']),
  };
}

/** Keeps the order; histories mostly arrive in it. */
function insert(entries: Kept[], entry: Kept): void {
  let place = entries.length;
  while (place > 0 && (entries[place - 1]?.atMs ?? 0) > entry.atMs) place -= 1;
  entries.splice(place, 0, entry);
}

function add(all: Map<string, Kept[]>, record: AnyRecord): void {
  const dealId = record['dealId'];
  if (typeof dealId !== 'string') return;
  const known = all.get(dealId);
  if (known === undefined) all.set(dealId, [toEntry(record)]);
  else insert(known, toEntry(record));
}

function remove(all: Map<string, Kept[]>, record: AnyRecord): void {
  const dealId = String(record['dealId']);
  const left = all.get(dealId)?.filter(({ id }) => id !== record.id) ?? [];
  if (left.length === 0) all.delete(dealId);
  else all.set(dealId, left);
}

export function createDealHistories(source: RecordSource): DealHistories {
  let entries: Map<string, Kept[]> | null = null;
  source.subscribe((changes) => {
    if (entries === null) return;
    for (const { entity, before, after } of changes) {
      if (entity !== 'stageChange') continue;
      if (before !== undefined) remove(entries, before);
      if (after !== undefined) add(entries, after);
    }
  });
  return {
    of(dealId) {
      if (entries === null) {
        entries = new Map();
        for (const record of source.all('stageChange').values()) add(entries, record);
      }
      return entries.get(dealId) ?? nothing;
    },
  };
}
