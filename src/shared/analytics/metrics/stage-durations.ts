// When is a deal stale? When it stays in a stage half as long again as won deals of this pipeline stayed there, or,
// while there are too few won deals to tell, longer than the pipeline's own number of days.
import type { DealHistories } from '#shared/analytics/metrics/deal-histories.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { medianOf, staysInOrder } from '#shared/analytics/stage-stays.ts';
import type { Clock } from '#shared/kernel/ports.ts';

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

export function createStageDurations(source: RecordSource, histories: DealHistories, clock: Clock): StageDurations {
  const known = new Map<string, { readonly madeAtMs: number; readonly medians: ReadonlyMap<string, number> }>();

  source.subscribe((changes) => {
    if (changes.length >= MANY_CHANGES) known.clear();
  });

  function calculate(pipelineId: string): ReadonlyMap<string, number> {
    const daysByStage = new Map<string, number[]>();
    for (const deal of source.all('deal').values()) {
      if (deal['status'] !== 'won' || deal['pipelineId'] !== pipelineId) continue;
      for (const [stageId, days] of staysInOrder(histories.of(deal.id))) {
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
