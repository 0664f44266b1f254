// A forecast worked out for one question: who is in the tree, what each owns, what hangs below, and what people put in
// place. Everything else the screens ask is read off this.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import {
  adjustmentsByCell,
  adjustmentsOf,
  heldAdjustments,
  quotasOf,
  submissionsByNode,
} from '#shared/analytics/forecast/forecast-entries.ts';
import type { ForecastQuery } from '#shared/analytics/forecast/forecast-contract.ts';
import { keyOfDeal, type PeriodSums, type SumsByKey } from '#shared/analytics/forecast/period-sums.ts';
import { HISTORY_DAYS, type StageOutcomes } from '#shared/analytics/forecast/stage-outcomes.ts';
import type { AnalyticsContext } from '#shared/analytics/analytics-context.ts';
import type { Actor } from '#shared/access/actor.ts';
import { reachOf } from '#shared/access/roles.ts';
import { accuracyAtCheckpoints, meanAccuracy } from '#shared/analytics/forecast-accuracy.ts';
import { RUN_RATE_DAYS, historicalForecast } from '#shared/analytics/forecast-methods.ts';
import { rollUp, type RolledNumbers } from '#shared/analytics/forecast-roll-up.ts';
import {
  addSums,
  emptySums,
  forecastColumns,
  valueOfColumn,
  type ForecastColumn,
  type ForecastSums,
} from '#shared/analytics/forecast-sums.ts';
import { totalNumbers, totalSums } from '#shared/analytics/forecast-totals.ts';
import {
  managersTree,
  NONE_KEY,
  territoriesTree,
  userKey,
  type ForecastNode,
  type ForecastReach,
  type Hierarchy,
} from '#shared/analytics/forecast-tree.ts';
import type { PastPeriod } from '#shared/analytics/forecast/forecast-contract.ts';
import { isSamePeriod, type Period } from '#shared/kernel/periods.ts';
import { periodOfEntry, submittedAt } from '#shared/analytics/forecast/forecast-entries.ts';
import { addDays } from '#shared/kernel/calendar.ts';

export interface WorkDeps {
  readonly context: AnalyticsContext;
  readonly sums: PeriodSums;
  readonly outcomes: StageOutcomes;
}

export interface ForecastWork {
  readonly query: ForecastQuery;
  readonly currency: string;
  readonly nodes: readonly ForecastNode[];
  /** With what hangs below, in the asked period. */
  readonly totals: ReadonlyMap<string, ForecastSums>;
  readonly columns: Readonly<Record<ForecastColumn, ReadonlyMap<string, RolledNumbers>>>;
  readonly quotas: ReadonlyMap<string, number>;
  /** Adjustments of the period, newest first, and those that hold. */
  readonly adjustments: readonly AnyRecord[];
  readonly held: readonly AnyRecord[];
  readonly submissions: ReadonlyMap<string, readonly AnyRecord[]>;
  /** Totals of any other period. */
  totalsOf(periods: readonly Period[]): readonly ReadonlyMap<string, ForecastSums>[];
  /** Closed with open deals by the history of their stages. */
  historical(): ReadonlyMap<string, number>;
  /** Won in the days a run rate looks back to. */
  recent(): ReadonlyMap<string, number>;
  /** Commit by how well each owner's commits came true. */
  trustedCommit(): ReadonlyMap<string, number>;
  past(key: string): readonly PastPeriod[];
}

/** Periods that are over and were submitted, so many of the newest. */
const PAST_PERIODS = 8;

export function reachOfActor(actor: Actor): ForecastReach {
  const scope = reachOf(actor, 'deal', 'read');
  const granted = (actor.grants?.read ?? []).filter((key) => key.startsWith('r:')).map((key) => key.slice(2));
  return { userId: actor.userId, scope, teamIds: actor.teamIds, territoryIds: granted };
}

export function workOut(deps: WorkDeps, query: ForecastQuery, actor: Actor): ForecastWork {
  const { context, sums } = deps;
  const { source } = context;
  const currency = sums.rates().homeCurrency;
  const { hierarchy, period, columnMode } = query;
  const [groups = new Map<string, ForecastSums>()] = sums.of(hierarchy, [period]);
  const quotas = quotasOf(source, query.periodType, period, currency);
  const nodes = nodesOf(context, hierarchy, actor, (id) => hasDeals(groups.get(id)) || quotas.has(userKey(id)));
  const own = ownSums(nodes, groups);
  const adjustments = adjustmentsOf(source, query, currency);
  const held = heldAdjustments(adjustments);
  const cells = adjustmentsByCell(source, nodes, held);
  const submissions = submissionsByNode(source, hierarchy);
  const columns = Object.fromEntries(
    forecastColumns.map((column) => [
      column,
      rollUp(
        nodes,
        (key) => valueOfColumn(own.get(key) ?? emptySums(), column, columnMode),
        (key) => cells.get(`${key} ${column}`),
      ),
    ]),
  ) as Record<ForecastColumn, ReadonlyMap<string, RolledNumbers>>;

  function totalsOf(periods: readonly Period[]): readonly ReadonlyMap<string, ForecastSums>[] {
    return sums.of(hierarchy, periods).map((each) => {
      const ownThen = ownSums(nodes, each);
      return totalSums(nodes, (key) => ownThen.get(key));
    });
  }

  const past = (key: string): readonly PastPeriod[] =>
    pastPeriods(context.today(), submissions.get(key) ?? [], currency, (periods) =>
      totalsOf(periods).map((totals) => totals.get(key)?.amount.closed ?? 0),
    );

  return {
    query,
    currency,
    nodes,
    totals: totalSums(nodes, (key) => own.get(key)),
    columns,
    quotas,
    adjustments,
    held,
    submissions,
    totalsOf,
    past,
    historical: () => historicalTotals(deps, query, nodes, own),
    recent() {
      const today = context.today();
      const [totals] = totalsOf([{ start: addDays(today, -RUN_RATE_DAYS), end: addDays(today, -1) }]);
      return new Map(nodes.map(({ key }) => [key, totals?.get(key)?.amount.closed ?? 0]));
    },
    trustedCommit: () =>
      totalNumbers(nodes, (key) => {
        const commit = own.get(key)?.amount.commit ?? 0;
        return commit === 0 ? 0 : commit * (accuracyOfPast(past(key)) ?? 0);
      }),
  };
}

export function accuracyOfPast(past: readonly PastPeriod[]): number | null {
  return meanAccuracy(past.flatMap(({ accuracy }) => Object.values(accuracy)));
}

/** The twelve months up to today. */
export function lastYear(today: string): Period {
  return { start: addDays(today, -HISTORY_DAYS), end: today };
}

function nodesOf(
  { source }: AnalyticsContext,
  hierarchy: Hierarchy,
  actor: Actor,
  hasNumbers: (userId: string) => boolean,
): readonly ForecastNode[] {
  const reach = reachOfActor(actor);
  if (hierarchy === 'territories') return territoriesTree(source.all('territory').values(), reach);
  const [users, teams] = [source.all('user').values(), source.all('team').values()];
  return managersTree({ users, teams, reach, hasNumbers });
}

export function hasDeals(sums: ForecastSums | undefined): boolean {
  return sums !== undefined && Object.values(sums.count).some((count) => count > 0);
}

/** What nodes own themselves. What belongs to nobody in the tree stands at the node for that, where there is one. */
function ownSums(nodes: readonly ForecastNode[], groups: SumsByKey): ReadonlyMap<string, ForecastSums> {
  const own = new Map<string, ForecastSums>();
  const known = new Set<string>();
  for (const { key, kind, id } of nodes) {
    if ((kind !== 'user' && kind !== 'territory') || id === null) continue;
    known.add(id);
    const sums = groups.get(id);
    if (sums !== undefined) own.set(key, sums);
  }
  if (!nodes.some(({ key }) => key === NONE_KEY)) return own;
  const nobodys = emptySums();
  for (const [id, sums] of groups) if (!known.has(id)) addSums(nobodys, sums);
  own.set(NONE_KEY, nobodys);
  return own;
}

function historicalTotals(
  { context, sums, outcomes }: WorkDeps,
  query: ForecastQuery,
  nodes: readonly ForecastNode[],
  own: ReadonlyMap<string, ForecastSums>,
): ReadonlyMap<string, number> {
  const byStage = outcomes.byStage(context.today());
  const keyOfId = new Map(nodes.flatMap(({ key, id }) => (id === null ? [] : [[id, key] as const])));
  const open = new Map<string, { stageId: string; amount: number; probability: number }[]>();
  for (const deal of sums.openDeals(query.period)) {
    const key = keyOfId.get(keyOfDeal(deal, query.hierarchy)) ?? NONE_KEY;
    const stage = {
      stageId: String(deal['stageId']),
      amount: sums.amountOf(deal) ?? 0,
      probability: typeof deal['probability'] === 'number' ? deal['probability'] : 0,
    };
    const list = open.get(key);
    if (list === undefined) open.set(key, [stage]);
    else list.push(stage);
  }
  return totalNumbers(nodes, (key) =>
    historicalForecast(own.get(key)?.amount.closed ?? 0, open.get(key) ?? [], byStage),
  );
}

/** Periods that are over with what was submitted for them, the newest first. */
function pastPeriods(
  today: string,
  submissions: readonly AnyRecord[],
  currency: string,
  closedIn: (periods: readonly Period[]) => readonly number[],
): readonly PastPeriod[] {
  const over: Period[] = [];
  for (const record of submissions) {
    const period = periodOfEntry(record);
    const isNew =
      period.end < today && record['currency'] === currency && !over.some((each) => isSamePeriod(each, period));
    if (isNew) over.push(period);
  }
  const newest = over.toSorted((a, b) => (a.end < b.end ? 1 : -1)).slice(0, PAST_PERIODS);
  const actuals = closedIn(newest);
  return newest.map((period, index) => {
    const actual = actuals[index] ?? 0;
    const given = submissions
      .filter((record) => isSamePeriod(periodOfEntry(record), period))
      .map((record) => ({ at: submittedAt(record), commit: Number(record['commit']) }));
    return { period, actual, accuracy: accuracyAtCheckpoints(period, given, actual) };
  });
}
