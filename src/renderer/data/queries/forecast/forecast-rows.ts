// The lines of a forecast table: numbers with everybody's adjustments, quota and where one stands against it, what the
// person may do there, and whose deals are behind it.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { ForecastCell, ForecastRow } from '#renderer/data/queries/forecast/forecast-contract.ts';
import { periodOfEntry, showAdjustment, submittedAt } from '#renderer/data/queries/forecast/forecast-entries.ts';
import { commitOf, expectedBy, scenarioBy } from '#renderer/data/queries/forecast/forecast-expected.ts';
import { rightsAt } from '#renderer/data/queries/forecast/forecast-rights.ts';
import { hasDeals, type ForecastWork, type WorkDeps } from '#renderer/data/queries/forecast/forecast-work.ts';
import { keyOfDeal } from '#renderer/data/queries/forecast/period-sums.ts';
import type { Actor } from '#shared/access/actor.ts';
import { emptySums, forecastColumns, openAmountOf, type ForecastColumn } from '#shared/analytics/forecast-sums.ts';
import { totalNumbers } from '#shared/analytics/forecast-totals.ts';
import { userKey, type ForecastNode } from '#shared/analytics/forecast-tree.ts';
import { isSamePeriod } from '#shared/analytics/periods.ts';
import { standingOf } from '#shared/analytics/quota-attainment.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';

export function rowsOf(deps: WorkDeps, work: ForecastWork, actor: Actor): readonly ForecastRow[] {
  const { source } = deps.context;
  const { nodes, query } = work;
  const expected = expectedBy(deps, work, actor, query.method);
  const forecast = scenarioBy(work, query.scenario, expected);
  const held = new Map(work.held.map((record) => [record.id, record]));
  const levels = new Map<string, number>();
  const parents = new Set(nodes.map(({ parent }) => parent));
  const leads = new Set(nodes.flatMap((node) => (node.kind === 'team' ? [node.ownerId] : [])));
  const ownQuota = (node: ForecastNode): number | null => quotaOf(work, node, leads);
  const quotas = new Map(nodes.map((node) => [node.key, ownQuota(node) ?? 0]));
  const below = totalNumbers(nodes, (key) => quotas.get(key) ?? 0);
  const { workingDays } = figuresOf(source.get('organization', ORGANIZATION_ID));
  return nodes
    .filter((node) => isShown(work, node))
    .map((node): ForecastRow => {
      const { key } = node;
      const level = node.parent === null ? 0 : (levels.get(node.parent) ?? -1) + 1;
      levels.set(key, level);
      const sums = work.totals.get(key) ?? emptySums();
      const own = ownQuota(node);
      const quotaBelow = parents.has(key) ? (below.get(key) ?? 0) - (own ?? 0) : null;
      const quota = query.quotaBasis === 'sum' && quotaBelow !== null && quotaBelow > 0 ? quotaBelow : own;
      const { closed } = sums.amount;
      const standing = standingOf({
        quota,
        closed,
        open: openAmountOf(sums),
        commit: commitOf(work, key),
        period: query.period,
        today: deps.context.today(),
        workingDays,
      });
      const submission = (work.submissions.get(key) ?? []).find((record) =>
        isSamePeriod(periodOfEntry(record), query.period),
      );
      return {
        key,
        kind: node.kind,
        id: node.id,
        parent: node.parent,
        name: node.name,
        level,
        hasChildren: parents.has(key),
        ownerId: node.ownerId,
        columns: cellsOf(deps, work, node, actor, held),
        counts: sums.count,
        forecast: forecast(key),
        unpriced: sums.unpriced,
        quota,
        quotaBelow: quotaBelow === 0 ? null : quotaBelow,
        standing,
        submitted:
          submission === undefined ? null : { at: submittedAt(submission), commit: Number(submission['commit']) },
        may: rightsAt(source, actor, node),
        dealsOf: dealsOf(work, node),
      };
    });
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
  held: ReadonlyMap<string, LocalRecord>,
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

export function isBehind(deal: LocalRecord, work: ForecastWork, owners: ReadonlySet<string> | null): boolean {
  const day = deal['closeDate'];
  const { start, end } = work.query.period;
  if (typeof day !== 'string' || day < start || day > end) return false;
  return owners === null || owners.has(keyOfDeal(deal, work.query.hierarchy));
}
