// Of the deals that ever reached a stage and were closed in the last twelve months: how many were won. What many deals
// have in common does not change with one of them: it is worked out once a day, and after many changes.
import type { RecordSource } from '#shared/query/record-source.ts';
import type { StageOutcome } from '#shared/analytics/forecast-methods.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';

export const HISTORY_DAYS = 365;
const MANY_CHANGES = 100;

export interface StageOutcomes {
  byStage(today: Day): ReadonlyMap<string, StageOutcome>;
}

export function createStageOutcomes(source: RecordSource): StageOutcomes {
  let known: { readonly today: Day; readonly outcomes: ReadonlyMap<string, StageOutcome> } | null = null;

  source.subscribe((changes) => {
    if (changes.length >= MANY_CHANGES) known = null;
  });

  function collect(today: Day): ReadonlyMap<string, StageOutcome> {
    const since = addDays(today, -HISTORY_DAYS);
    // Who came back to a stage reached it once.
    const reached = new Map<string, Map<string, boolean>>();
    for (const move of source.all('stageChange').values()) {
      const deal = source.get('deal', String(move['dealId']));
      if (deal === undefined) continue;
      const { status, closeDate } = deal;
      if ((status !== 'won' && status !== 'lost') || typeof closeDate !== 'string') continue;
      if (closeDate < since || closeDate > today) continue;
      const stageId = String(move['toStage']);
      const deals = reached.get(stageId);
      if (deals === undefined) reached.set(stageId, new Map([[deal.id, status === 'won']]));
      else deals.set(deal.id, status === 'won');
    }
    const outcomes = new Map<string, StageOutcome>();
    for (const [stageId, deals] of reached) {
      let won = 0;
      for (const isWon of deals.values()) if (isWon) won += 1;
      outcomes.set(stageId, { won, closed: deals.size });
    }
    return outcomes;
  }

  return {
    byStage(today) {
      if (known?.today !== today) known = { today, outcomes: collect(today) };
      return known.outcomes;
    },
  };
}
