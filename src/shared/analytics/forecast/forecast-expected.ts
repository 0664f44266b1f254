// The expected number of each node by the chosen method and scenario. What rests on probabilities is not given to somebody
// who does not see them.
import type { ForecastWork, WorkDeps } from '#shared/analytics/forecast/forecast-work.ts';
import type { Actor } from '#shared/access/actor.ts';
import { isPlainlyVisible, openFieldPolicy } from '#shared/access/field-policy.ts';
import {
  runRateForecast,
  scenarioForecast,
  weightedForecast,
  type ForecastMethod,
  type ScenarioName,
} from '#shared/analytics/forecast-methods.ts';
import { emptySums, type ForecastColumn, type ForecastSums } from '#shared/analytics/forecast-sums.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';

export function seesProbability(actor: Actor): boolean {
  return isPlainlyVisible(actor.fields ?? openFieldPolicy, 'deal', 'probability');
}

/** Commit with what is closed, as it is handed up. */
export function commitOf(work: ForecastWork, key: string): number {
  const commit = work.columns.commit.get(key)?.managerAdjusted ?? 0;
  if (work.query.columnMode === 'cumulative') return commit;
  return commit + (work.columns.closed.get(key)?.managerAdjusted ?? 0);
}

/** What people stand for: closed, commit and most likely. */
function stoodFor(work: ForecastWork, key: string): number {
  const at = (column: ForecastColumn): number => work.columns[column].get(key)?.managerAdjusted ?? 0;
  const isCumulative = work.query.columnMode === 'cumulative';
  return isCumulative ? at('most_likely') : at('closed') + at('commit') + at('most_likely');
}

/** Expected numbers of every node by a method; null when they rest on probabilities nobody shows this person. */
export function expectedBy(
  deps: WorkDeps,
  work: ForecastWork,
  actor: Actor,
  method: ForecastMethod,
): ((key: string) => number) | null {
  const sumsOf = (key: string): ForecastSums => work.totals.get(key) ?? emptySums();
  switch (method) {
    case 'weighted':
      return seesProbability(actor) ? (key) => weightedForecast(sumsOf(key)) : null;
    case 'category':
      return (key) => stoodFor(work, key);
    case 'historical': {
      if (!seesProbability(actor)) return null;
      const totals = work.historical();
      return (key) => totals.get(key) ?? 0;
    }
    case 'runRate': {
      const recent = work.recent();
      const { workingDays } = figuresOf(deps.context.source.get('organization', ORGANIZATION_ID));
      const base = { period: work.query.period, today: deps.context.today(), workingDays };
      return (key) => runRateForecast({ ...base, closed: sumsOf(key).amount.closed, recent: recent.get(key) ?? 0 });
    }
  }
}

export function scenarioBy(
  work: ForecastWork,
  name: ScenarioName,
  expected: ((key: string) => number) | null,
): (key: string) => number | null {
  const trusted = name === 'worst' ? work.trustedCommit() : null;
  const needsMethod = name !== 'best' && name !== 'worst';
  return (key) =>
    needsMethod && expected === null
      ? null
      : scenarioForecast(name, {
          expected: expected?.(key) ?? 0,
          sums: work.totals.get(key) ?? emptySums(),
          trustedCommit: trusted?.get(key) ?? 0,
          customFactor: work.query.customFactor,
        });
}
