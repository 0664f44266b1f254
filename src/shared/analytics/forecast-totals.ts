// Sums of every node of a forecast tree with what hangs below, without anybody's adjustments.
import type { RollUpNode } from '#shared/analytics/forecast-roll-up.ts';
import { addSums, emptySums, type ForecastSums } from '#shared/analytics/forecast-sums.ts';

/** `nodes` in the order of the tree, parents before their children. */
export function totalSums(
  nodes: readonly RollUpNode[],
  ownOf: (key: string) => ForecastSums | undefined,
): ReadonlyMap<string, ForecastSums> {
  const passed = new Map(nodes.map(({ key }) => [key, emptySums()]));
  const totals = new Map<string, ForecastSums>();
  for (const { key, parent, addsUp } of nodes.toReversed()) {
    const sums = passed.get(key) ?? emptySums();
    const own = ownOf(key) ?? emptySums();
    addSums(sums, own);
    totals.set(key, addsUp ? sums : own);
    const above = parent === null ? undefined : passed.get(parent);
    if (above !== undefined) addSums(above, sums);
  }
  return totals;
}

/** The same for one number of each node. */
export function totalNumbers(
  nodes: readonly RollUpNode[],
  ownOf: (key: string) => number,
): ReadonlyMap<string, number> {
  const passed = new Map<string, number>();
  const totals = new Map<string, number>();
  for (const { key, parent, addsUp } of nodes.toReversed()) {
    const own = ownOf(key);
    const sum = (passed.get(key) ?? 0) + own;
    totals.set(key, addsUp ? sum : own);
    if (parent !== null) passed.set(parent, (passed.get(parent) ?? 0) + sum);
  }
  return totals;
}

/**
 * What the quotas below each node come to. Where a node has one of its own, that is what it is measured by and what its
 * parent counts, and those further below are not counted again.
 */
export function quotasBelow(
  nodes: readonly RollUpNode[],
  quotaOf: (key: string) => number | null,
): ReadonlyMap<string, number> {
  const below = new Map<string, number>();
  for (const { key, parent } of nodes.toReversed()) {
    const counted = quotaOf(key) ?? below.get(key) ?? 0;
    if (parent !== null && counted > 0) below.set(parent, (below.get(parent) ?? 0) + counted);
  }
  return below;
}
