// The lines of a forecast table: numbers with everybody's adjustments, quota and where one stands against it, what the
// person may do there, and whose deals are behind it.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { ForecastCell, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { periodOfEntry, showAdjustment, submittedAt } from '#shared/analytics/forecast/forecast-entries.ts';
import { commitOf, expectedBy, scenarioBy } from '#shared/analytics/forecast/forecast-expected.ts';
import { rightsAt } from '#shared/analytics/forecast/forecast-rights.ts';
import { hasDeals, type ForecastWork, type WorkDeps } from '#shared/analytics/forecast/forecast-work.ts';
import { keyOfDeal } from '#shared/analytics/forecast/period-sums.ts';
import type { Actor } from '#shared/access/actor.ts';
import { emptySums, forecastColumns, openAmountOf, type ForecastColumn } from '#shared/analytics/forecast-sums.ts';
import { quotasBelow } from '#shared/analytics/forecast-totals.ts';
import { userKey, type ForecastNode } from '#shared/analytics/forecast-tree.ts';
import { isSamePeriod } from '#shared/kernel/periods.ts';
import { standingOf } from '#shared/analytics/quota-attainment.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';

export function rowsOf(deps: WorkDeps, work: ForecastWork, actor: Actor): readonly ForecastRow[] {
  const { nodes, query } = work;
  const leads = new Set(nodes.flatMap((node) => (node.kind === 'team' ? [node.ownerId] : [])));
  const quotas = new Map(nodes.map((node) => [node.key, quotaOf(work, node, leads)]));
  const tree: TreeFacts = {
    levels: levelsOf(nodes),
    parents: new Set(nodes.map(({ parent }) => parent)),
    quotas,
    below: quotasBelow(nodes, (key) => quotas.get(key) ?? null),
    held: new Map(work.held.map((record) => [record.id, record])),
    forecast: scenarioBy(work, query.scenario, expectedBy(deps, work, actor, query.method)),
    workingDays: figuresOf(deps.context.source.get('organization', ORGANIZATION_ID)).workingDays,
  };
  return nodes.filter((node) => isShown(work, node)).map((node) => rowOf(deps, work, actor, tree, node));
}

/** What lines know of each other. */
interface TreeFacts {
  readonly levels: ReadonlyMap<string, number>;
  readonly parents: ReadonlySet<string | null>;
  readonly quotas: ReadonlyMap<string, number | null>;
  readonly below: ReadonlyMap<string, number>;
  readonly held: ReadonlyMap<string, AnyRecord>;
  readonly forecast: (key: string) => number | null;
  readonly workingDays: readonly number[];
}

/** Parents come before their children. */
function levelsOf(nodes: readonly ForecastNode[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const { key, parent } of nodes) levels.set(key, parent === null ? 0 : (levels.get(parent) ?? -1) + 1);
  return levels;
}

function rowOf(deps: WorkDeps, work: ForecastWork, actor: Actor, tree: TreeFacts, node: ForecastNode): ForecastRow {
  const { key } = node;
  const { period, quotaBasis } = work.query;
  const sums = work.totals.get(key) ?? emptySums();
  const own = tree.quotas.get(key) ?? null;
  const quotaBelow = tree.below.get(key) ?? null;
  const quota = quotaBasis === 'sum' && quotaBelow !== null ? quotaBelow : own;
  const standing = standingOf({
    quota,
    closed: sums.amount.closed,
    open: openAmountOf(sums),
    commit: commitOf(work, key),
    period,
    today: deps.context.today(),
    workingDays: tree.workingDays,
  });
  const submission = (work.submissions.get(key) ?? []).find((record) => isSamePeriod(periodOfEntry(record), period));
  const submitted =
    submission === undefined ? null : { at: submittedAt(submission), commit: Number(submission['commit']) };
  return {
    key,
    kind: node.kind,
    id: node.id,
    parent: node.parent,
    name: node.name,
    level: tree.levels.get(key) ?? 0,
    hasChildren: tree.parents.has(key),
    ownerId: node.ownerId,
    columns: cellsOf(deps, work, node, actor, tree.held),
    counts: sums.count,
    forecast: tree.forecast(key),
    unpriced: sums.unpriced,
    quota,
    quotaBelow,
    standing,
    submitted,
    may: rightsAt(deps.context.source, actor, node),
    dealsOf: dealsOf(work, node),
  };
}

/** What belongs to nobody has a line when there is any. */
function isShown(work: ForecastWork, node: ForecastNode): boolean {
  return node.kind !== 'none' || hasDeals(work.totals.get(node.key));
}

/** The quota of a team is its lead's; at the lead's own line it would count twice. */
function quotaOf(work: ForecastWork, node: ForecastNode, leads: ReadonlySet<string | null>): number | null {
  if (node.kind === 'team') return node.ownerId === null ? null : (work.quotas.get(userKey(node.ownerId)) ?? null);
  if (node.kind === 'user' && leads.has(node.id)) return null;
  return work.quotas.get(node.key) ?? null;
}

function cellsOf(
  { context }: WorkDeps,
  work: ForecastWork,
  node: ForecastNode,
  actor: Actor,
  held: ReadonlyMap<string, AnyRecord>,
): ForecastRow['columns'] {
  const show = (applied: { readonly id: string; readonly isStale: boolean } | null) => {
    const record = applied === null ? undefined : held.get(applied.id);
    if (applied === null || record === undefined) return null;
    return { ...showAdjustment(context.source, record, null), isStale: applied.isStale };
  };
  const cells = forecastColumns.map((column): readonly [ForecastColumn, ForecastCell] => {
    const numbers = work.columns[column].get(node.key);
    return [
      column,
      {
        unadjusted: numbers?.unadjusted ?? 0,
        ownerAdjusted: numbers?.ownerAdjusted ?? 0,
        managerAdjusted: numbers?.managerAdjusted ?? 0,
        owner: show(numbers?.owner ?? null),
        manager: show(numbers?.manager ?? null),
        base: (node.ownerId === actor.userId ? numbers?.ownerBase : numbers?.managerBase) ?? 0,
      },
    ];
  });
  return Object.fromEntries(cells) as Record<ForecastColumn, ForecastCell>;
}

/** Whose deals stand behind a line. */
export function dealsOf({ nodes }: ForecastWork, node: ForecastNode): ForecastRow['dealsOf'] {
  if (node.kind === 'all') return null;
  if (node.kind === 'none') return [null];
  const keys = new Set([node.key]);
  if (node.addsUp) for (const { key, parent } of nodes) if (parent !== null && keys.has(parent)) keys.add(key);
  return nodes.flatMap(({ key, kind, id }) => (keys.has(key) && kind !== 'team' && id !== null ? [id] : []));
}

export function isBehind(deal: AnyRecord, work: ForecastWork, owners: ReadonlySet<string> | null): boolean {
  const day = deal['closeDate'];
  const { start, end } = work.query.period;
  if (typeof day !== 'string' || day < start || day > end) return false;
  return owners === null || owners.has(keyOfDeal(deal, work.query.hierarchy));
}
