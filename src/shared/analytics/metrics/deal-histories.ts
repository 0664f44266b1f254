// The history of every deal, for figures that are made of many of them: its moves between stages in the order in which
// they happened, and what else changed. Built when it is first asked for, then moved by each change.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import type { DateChange, HistoryEntry } from '#shared/analytics/metrics/metric-input.ts';
import { isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';

export interface DealHistories {
  /** The moves alone. */
  of(dealId: string): readonly HistoryEntry[];
  /** Everything, in the order in which it was accepted. */
  changesOf(dealId: string): readonly DateChange[];
}

type Kept = HistoryEntry & { readonly id: string; readonly createdAt: string };

interface Story {
  readonly moves: Kept[];
  /** Entries without a move; most deals have none. */
  others: Kept[] | null;
}

const nothing: readonly HistoryEntry[] = [];
const dayOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function toEntry(record: AnyRecord): Kept {
  const occurredAt = String(record['occurredAt']);
  return {
    id: record.id,
    createdAt: record.createdAt,
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

function add(all: Map<string, Story>, record: AnyRecord): void {
  const dealId = record['dealId'];
  if (typeof dealId !== 'string') return;
  let story = all.get(dealId);
  if (story === undefined) all.set(dealId, (story = { moves: [], others: null }));
  insert(isMoveEntry(record) ? story.moves : (story.others ??= []), toEntry(record));
}

function remove(all: Map<string, Story>, record: AnyRecord): void {
  const story = all.get(String(record['dealId']));
  const entries = isMoveEntry(record) ? story?.moves : story?.others;
  const place = entries?.findIndex(({ id }) => id === record.id) ?? -1;
  if (place !== -1) entries?.splice(place, 1);
}

const byAcceptance = (a: Kept, b: Kept): number =>
  a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.atMs - b.atMs;

export function createDealHistories(source: RecordSource): DealHistories {
  let stories: Map<string, Story> | null = null;
  source.subscribe((changes) => {
    if (stories === null) return;
    for (const { entity, before, after } of changes) {
      if (entity !== 'stageChange') continue;
      if (before !== undefined) remove(stories, before);
      if (after !== undefined) add(stories, after);
    }
  });
  function storyOf(dealId: string): Story | undefined {
    if (stories === null) {
      stories = new Map();
      for (const record of source.all('stageChange').values()) add(stories, record);
    }
    return stories.get(dealId);
  }
  return {
    of: (dealId) => storyOf(dealId)?.moves ?? nothing,
    changesOf(dealId) {
      const story = storyOf(dealId);
      if (story === undefined) return nothing;
      // Without others the order of moves is the one that was always told.
      return story.others === null ? story.moves : [...story.moves, ...story.others].sort(byAcceptance);
    },
  };
}
