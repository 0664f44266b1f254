// One line of a forecast, explained: every method and scenario beside each other, how sure it is, what was submitted and
// how past forecasts came true, and every number somebody put in place.
import type { ForecastDetail } from '#shared/analytics/forecast/forecast-contract.ts';
import {
  nodeKeyOf,
  periodOfEntry,
  showAdjustment,
  showSubmission,
} from '#shared/analytics/forecast/forecast-entries.ts';
import { expectedBy, scenarioBy, seesProbability } from '#shared/analytics/forecast/forecast-expected.ts';
import { dealsOf, isBehind } from '#shared/analytics/forecast/forecast-rows.ts';
import {
  accuracyOfPast,
  lastYear,
  type ForecastWork,
  type WorkDeps,
} from '#shared/analytics/forecast/forecast-work.ts';
import type { Actor } from '#shared/access/actor.ts';
import { confidenceOf, intervalOf } from '#shared/analytics/forecast-confidence.ts';
import {
  forecastMethods,
  scenarioNames,
  type ForecastMethod,
  type ScenarioName,
} from '#shared/analytics/forecast-methods.ts';
import { emptySums } from '#shared/analytics/forecast-sums.ts';
import type { ForecastNode } from '#shared/analytics/forecast-tree.ts';
import { isSamePeriod } from '#shared/kernel/periods.ts';

export function detailOf(deps: WorkDeps, work: ForecastWork, node: ForecastNode, actor: Actor): ForecastDetail {
  const { context, sums } = deps;
  const { key } = node;
  const { query } = work;
  const expected = new Map(forecastMethods.map((method) => [method, expectedBy(deps, work, actor, method)]));
  const chosen = expected.get(query.method) ?? null;
  const [year] = work.totalsOf([lastYear(context.today())]);
  const history = year?.get(key) ?? emptySums();
  const [won, lost] = [history.count.closed, history.lost];
  const past = work.past(key);
  const accuracy = accuracyOfPast(past);
  const owners = dealsOf(work, node);
  const ids = owners === null ? null : new Set(owners.map((id) => id ?? ''));
  const open = sums
    .openDeals(query.period)
    .filter((deal) => isBehind(deal, work, ids))
    .map((deal) => ({ amount: sums.amountOf(deal) ?? 0, probability: Number(deal['probability'] ?? 0) / 100 }));
  const closed = work.totals.get(key)?.amount.closed ?? 0;
  const seed = `${key} ${query.period.start} ${query.period.end}`;
  return {
    currency: work.currency,
    methods: Object.fromEntries(forecastMethods.map((name) => [name, expected.get(name)?.(key) ?? null])) as Record<
      ForecastMethod,
      number | null
    >,
    scenarios: Object.fromEntries(scenarioNames.map((name) => [name, scenarioBy(work, name, chosen)(key)])) as Record<
      ScenarioName,
      number | null
    >,
    interval: seesProbability(actor) ? intervalOf({ closed, open, history: { won, lost }, seed }) : null,
    confidence: { level: confidenceOf(won + lost, accuracy), closedDeals: won + lost, accuracy },
    submissions: (work.submissions.get(key) ?? [])
      .filter((record) => isSamePeriod(periodOfEntry(record), query.period))
      .map((record) => showSubmission(context.source, record)),
    past,
    adjustments: work.adjustments
      .filter((record) => nodeKeyOf(record) === key)
      .map((record) => ({
        ...showAdjustment(context.source, record, null),
        category: String(record['category']),
        isHeld: work.held.includes(record),
      })),
  };
}
