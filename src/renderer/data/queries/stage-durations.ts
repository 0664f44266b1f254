// When is a deal stale? When it stays in a stage half as long again as won deals of this pipeline stayed there, or,
// while there are too few won deals to tell, longer than the pipeline's own number of days.
import type { FieldIndex } from '#renderer/data/queries/field-index.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';

const DAY_MS = 86_400_000;
const ENOUGH_WON_DEALS = 10;
const STALE_FACTOR = 1.5;
const DEFAULT_STALE_DAYS = 30;
/** What many deals have in common does not change with one of them; with many it does, and they come many at a time. */
const RECALCULATE_AFTER_MS = 600_000;
const MANY_CHANGES = 100;

export interface StageDurations {
  /** Days after which a deal in this stage counts as stale. */
  staleAfterDays(pipelineId: string, stageId: string): number;
}

/** Days each stage of one deal lasted, from its moves; the stage it is in now is not over and does not count. */
export function stageStays(
  moves: readonly { readonly toStage: string; readonly occurredAt: string }[],
): ReadonlyMap<string, number> {
  const sorted = moves.toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
  const stays = new Map<string, number>();
  for (const [index, move] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next === undefined) break;
    const days = (toEpochMs(next.occurredAt) - toEpochMs(move.occurredAt)) / DAY_MS;
    stays.set(move.toStage, (stays.get(move.toStage) ?? 0) + days);
  }
  return stays;
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function toMove(record: LocalRecord): { toStage: string; occurredAt: string } {
  return { toStage: String(record['toStage']), occurredAt: String(record['occurredAt']) };
}

export function createStageDurations(source: RecordSource, index: FieldIndex, clock: Clock): StageDurations {
  const known = new Map<string, { readonly madeAtMs: number; readonly medians: ReadonlyMap<string, number> }>();

  source.subscribe((changes) => {
    if (changes.length >= MANY_CHANGES) known.clear();
  });

  function calculate(pipelineId: string): ReadonlyMap<string, number> {
    const daysByStage = new Map<string, number[]>();
    for (const deal of index.find('deal', 'status', 'won')) {
      if (deal['pipelineId'] !== pipelineId) continue;
      for (const [stageId, days] of stageStays(index.find('stageChange', 'dealId', deal.id).map(toMove))) {
        const list = daysByStage.get(stageId);
        if (list === undefined) daysByStage.set(stageId, [days]);
        else list.push(days);
      }
    }
    const enough = [...daysByStage].filter(([, days]) => days.length >= ENOUGH_WON_DEALS);
    return new Map(enough.map(([stageId, days]) => [stageId, medianOf(days)]));
  }

  return {
    staleAfterDays(pipelineId, stageId) {
      let entry = known.get(pipelineId);
      const nowMs = clock.now();
      if (entry === undefined || nowMs - entry.madeAtMs > RECALCULATE_AFTER_MS) {
        entry = { madeAtMs: nowMs, medians: calculate(pipelineId) };
        known.set(pipelineId, entry);
      }
      const median = entry.medians.get(stageId);
      if (median !== undefined) return median * STALE_FACTOR;
      const own = source.get('pipeline', pipelineId)?.['staleAfterDays'];
      return typeof own === 'number' ? own : DEFAULT_STALE_DAYS;
    },
  };
}
